package capacity

import (
	"fmt"
	"strings"
)

// Summary is how the cluster is filled in a line.
func (c *Capacity) Summary() string {
	switch {
	case c.Unknown != "":
		return "nobody can tell: " + c.Unknown
	case c.PodsUnknown != "":
		return fmt.Sprintf("%s with %s; what is requested of them nobody can tell: %s", Counted(len(c.All), "node"), c.Allocatable, c.PodsUnknown)
	}
	return fmt.Sprintf("%s, %d take pods; requested %s and %s",
		Counted(len(c.All), "node"), c.TakePods,
		Part(c.Requested.CPU, c.Allocatable.CPU, Cores), Part(c.Requested.Memory, c.Allocatable.Memory, GiB))
}

// Part writes a part of a whole, with its share: "3 of 4 cores (75 %)".
func Part(part, whole int64, unit func(int64) string) string {
	number, _, _ := strings.Cut(unit(part), " ")
	text := number + " of " + unit(whole)
	if share, ok := Share(part, whole); ok {
		text += fmt.Sprintf(" (%.0f %%)", 100*share)
	}
	return text
}

// Counted writes how many there are of something.
func Counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Said is what there is to say of the whole cluster, in sentences, the most important
// first. Money is told only if there are prices.
func (c *Capacity) Said(p Prices) []string {
	all := append(c.saidOfNodes(), c.saidOfUse(p)...)
	if p.Known() && c.Unknown == "" && c.PodsUnknown == "" {
		all = append(all, fmt.Sprintf("At the given prices the nodes cost %s a month, and %s of it is for what nobody requests.",
			Figure(p.Month(c.Allocatable)), Figure(p.Month(c.Allocatable.Over(c.Requested)))))
	}
	return all
}

func (c *Capacity) saidOfNodes() []string {
	if c.Unknown != "" || c.PodsUnknown != "" {
		return nil
	}
	var all []string
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	if n := len(c.Losses); n > 0 {
		worst := c.Losses[0]
		add("%s cannot be lost without pods that find no place. Of %s: %s.", Counted(n, "node"), worst.Node.Name, worst.Lacks())
	}
	if share, ok := Share(c.Limits.Memory, c.Allocatable.Memory); ok && share > 1 {
		add("Memory limits are %.0f %% of the memory there is.", 100*share)
	}
	if c.Least > 0 && c.Least < c.TakePods {
		add("What is requested fits on %d of the %s that take pods at the best.", c.Least, Counted(c.TakePods, "node"))
	}
	if c.Hole != nil {
		add("The largest hole is %s, on %s.", c.Hole.Free(), c.Hole.Name)
	}
	if c.Stranded.CPU > 0 {
		add("Of %s that are free, %s are stranded: pods like those that are there use up memory, or the number of pods, before.", Cores(c.Free.CPU), Figure(c.Stranded.Cores()))
	}
	if c.Stranded.Memory > 0 {
		add("Of %s that are free, %s are stranded: pods like those that are there use up CPU, or the number of pods, before.", GiB(c.Free.Memory), Figure(c.Stranded.GiB()))
	}
	return all
}

func (c *Capacity) saidOfUse(p Prices) []string {
	if c.NamespacesUnknown != "" {
		return []string{"What pods ask for nobody can tell: " + c.NamespacesUnknown + "."}
	}
	var all []string
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	if c.UseUnknown != "" {
		add("What is in use nobody can tell: %s.", c.UseUnknown)
	} else {
		money := ""
		if p.Known() {
			money = ", which is " + Figure(p.Month(c.Sum.Use.Waste)) + " a month at the given prices"
		}
		add("Requested and not used: %s%s. That is by %s.", c.Sum.Use.Waste, money, c.Sum.Use.Evidence())
	}
	if c.Sum.Pending > 0 {
		add("%s on no node yet.", are(c.Sum.Pending, "pod"))
	}
	if n := max(c.Sum.WithoutCPU, c.Sum.WithoutMemory); n > 0 {
		add("Of %s, %d request no CPU and %d no memory: the scheduler takes them for nothing.", Counted(c.Sum.Containers, "container"), c.Sum.WithoutCPU, c.Sum.WithoutMemory)
	}
	if a := c.Sum.Advice; a.Pods > 0 {
		add("VerticalPodAutoscalers recommend %s in the place of %s, for %s.", a.Target, a.Requests, Counted(a.Pods, "pod"))
	}
	return all
}

func are(n int, what string) string {
	if n == 1 {
		return "1 " + what + " is"
	}
	return fmt.Sprintf("%d %ss are", n, what)
}

// Evidence says what the use is known by: "an instant of 3 pods and figures of 2 pods over
// some time; that of 1 pod is not known".
func (u *Use) Evidence() string {
	var parts []string
	if u.Sampled > 0 {
		parts = append(parts, "one sample of "+Counted(u.Sampled, "pod")+", which is an instant and no peak")
	}
	if u.Measured > 0 {
		parts = append(parts, "what was measured of "+Counted(u.Measured, "pod")+" over an hour or more")
	}
	text := strings.Join(parts, ", and ")
	if text == "" {
		text = "nothing"
	}
	if u.Unknown > 0 {
		text += fmt.Sprintf("; of %s it is not known", Counted(u.Unknown, "pod"))
	}
	return text
}
