package workload

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit/ownership"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// name is a workload as the address names it.
type name struct{ kind, namespace, name string }

// inputs are what facts are made of.
type inputs struct {
	shown    *score.Assessment
	of       name
	findings order
	pods     order
}

// order is what the rows of a table are sorted by.
type order struct {
	column     string
	descending bool
}

// facts are all that is told of a workload. They never change.
type facts struct {
	in       inputs
	workload *kube.Workload // nil if there is none
	home     *score.Namespace
	pods     []*kube.Pod // in their order
	ready    int
	findings []*score.Finding // in their order
	twins    map[*score.Finding]int
	counts   score.Counts
	points   float64 // what its findings cost
	gain     float64 // what the namespace would gain without them
	summary  []entry
	samples  map[string]sample // by container
	loads    []entry           // the use of each container, for the box at the top
	// texts are the panes that are text, by the names of panes.
	texts map[string][]entry
}

// gather finds the facts. What depends on the size of the namespace is looked up in
// indexes, but for its findings, which are gone through once.
func gather(ctx context.Context, in inputs, history map[string][]sample) *facts {
	c := in.shown.Cluster
	f := &facts{in: in, workload: kubeWorkload(c, in.of)}
	if f.workload == nil {
		return f
	}
	w := f.workload
	f.home = in.shown.Namespace(w.Ref.Namespace)
	f.pods = slices.Clone(c.PodsOf(w))
	for _, p := range f.pods {
		if p.Status.PodSaid != nil && p.Status.Ready {
			f.ready++
		}
	}
	f.findFindings()
	if ctx.Err() != nil {
		return nil
	}
	sortPods(f.pods, in.pods)
	sortFindings(f.findings, in.findings)
	f.samples = samplesOf(c, w, f.pods)
	f.summary = f.summarize()
	containers, loads := f.tellContainers(history)
	f.loads = loads
	f.texts = map[string][]entry{containersPane: containers, networkPane: f.tellNetwork(), identityPane: f.tellIdentity()}
	if ctx.Err() != nil {
		return nil
	}
	return f
}

func kubeWorkload(c *kube.Cluster, n name) *kube.Workload {
	return screen.FindWorkload(c, n.kind, n.namespace, n.name)
}

// findFindings finds what was found of the workload and its pods.
func (f *facts) findFindings() {
	if f.home == nil {
		return
	}
	for _, finding := range f.home.Findings {
		if finding.Subject != f.workload.Ref {
			continue
		}
		f.findings = append(f.findings, finding)
		f.points += finding.Points
		if finding.Open() {
			f.counts[finding.Severity]++
		}
	}
	if len(f.findings) > 0 {
		f.twins = screen.Twins(f.home.Findings)
		f.gain = f.home.GainOfSubject(f.workload.Ref)
	}
}

// sortFindings sorts findings, which come in the order of the result.
func sortFindings(findings []*score.Finding, by order) {
	slices.SortStableFunc(findings, func(a, b *score.Finding) int {
		column := 0
		switch by.column {
		case "sev":
			column = screen.CompareSeverity(a, b)
		case "points":
			column = cmp.Compare(a.Points, b.Points)
		case "container":
			column = strings.Compare(a.Container, b.Container)
		case "message":
			column = strings.Compare(screen.Wrong(a), screen.Wrong(b))
		case "rule":
			column = strings.Compare(a.Rule.ID, b.Rule.ID)
		}
		if by.descending {
			column = -column
		}
		return cmp.Or(column, cmp.Compare(b.Points, a.Points))
	})
}

// summarize tells how the workload is, in a few lines.
func (f *facts) summarize() []entry {
	entries := []entry{f.replicas(), {label: "runs", text: strings.Join(images(f.workload), ", ")}}
	entries = append(entries, f.cost())
	entries = append(entries, f.covers()...)
	entries = append(entries, f.writer()...)
	if c := f.in.shown.Cluster; !c.Info.Offline && len(f.pods) > 0 && len(f.samples) == 0 {
		entries = append(entries, entry{label: "use", text: "nothing was measured of its pods", tone: faint})
	}
	return entries
}

// replicas says how many of the pods that are wanted are ready.
func (f *facts) replicas() entry {
	c, w := f.in.shown.Cluster, f.workload
	if c.Info.Offline {
		if wanted, known := c.DesiredReplicas(w); known {
			return entry{label: "replicas", text: fmt.Sprintf("%d declared; manifests say nothing of what runs", wanted)}
		}
		return entry{label: "replicas", text: "manifests say nothing of what runs", tone: faint}
	}
	wanted := len(f.pods)
	if w.Replicas != nil {
		wanted = int(*w.Replicas)
	}
	e := entry{label: "ready", text: fmt.Sprintf("%d of %d", f.ready, wanted), tone: well}
	switch {
	case w.RunsToCompletion():
		e.label, e.text, e.tone = "pods", screen.Plural(len(f.pods), "pod")+scheduled(w), plain
		return e
	case wanted == 0:
		e.text, e.tone = "scaled to 0", faint
	case f.ready == 0:
		e.tone = doubtful
	case f.ready < wanted:
		e.tone = doubtful
	}
	if len(f.pods) != wanted {
		e.text += fmt.Sprintf("; %s", screen.Plural(len(f.pods), "pod"))
	}
	if nodes := nodesOf(f.pods); nodes > 0 {
		e.text += " on " + screen.Plural(nodes, "node")
	}
	return e
}

// scheduled says when a CronJob runs.
func scheduled(w *kube.Workload) string {
	if job, ok := w.Object.(*batchv1.CronJob); ok {
		return "; runs at " + job.Spec.Schedule
	}
	return ""
}

func nodesOf(pods []*kube.Pod) int {
	nodes := map[string]bool{}
	for _, p := range pods {
		if p.Node != "" {
			nodes[p.Node] = true
		}
	}
	return len(nodes)
}

// images are those of the containers, each once.
func images(w *kube.Workload) []string {
	var all []string
	for c := range w.Containers() {
		if !slices.Contains(all, c.Image) {
			all = append(all, c.Image)
		}
	}
	return all
}

// cost says what the findings cost.
func (f *facts) cost() entry {
	e := entry{label: "score"}
	switch {
	case f.home == nil || !f.home.Scored:
		e.text, e.tone = "the namespace is not scored", faint
	case len(f.findings) == 0:
		e.text, e.tone = fmt.Sprintf("nothing was found; %s has %.1f %s", f.home.Name, f.home.Score, f.home.Grade), well
	default:
		e.text = fmt.Sprintf("costs %.2f points of %s (%.1f %s); %+.1f without them", f.points, f.home.Name, f.home.Score, f.home.Grade, f.gain)
	}
	return e
}

// covers says what scales the workload and what protects its pods.
func (f *facts) covers() []entry {
	c, w := f.in.shown.Cluster, f.workload
	if w.RunsToCompletion() || w.PerNode() {
		return nil
	}
	var told []string
	for _, h := range c.AutoscalersOf(w) {
		text := fmt.Sprintf("HPA %s keeps %d to %d", h.Name, kube.MinReplicas(h), h.Spec.MaxReplicas)
		if !c.Info.Offline {
			text += fmt.Sprintf(", now %d", h.Status.CurrentReplicas)
		}
		told = append(told, text)
	}
	if _, blind := c.Blind(kube.HorizontalPodAutoscalers, w.Ref.Namespace); len(told) == 0 && !blind {
		told = append(told, "no autoscaler")
	}
	budgets := 0
	for _, b := range c.BudgetsSelecting(w) {
		budgets++
		text := "budget " + b.Name
		if least := b.Spec.MinAvailable; least != nil {
			text += " keeps " + amount(least)
		}
		if most := b.Spec.MaxUnavailable; most != nil {
			text += " lets go " + amount(most)
		}
		if !c.Info.Offline {
			text += fmt.Sprintf(", %s allowed now", screen.Plural(int(b.Status.DisruptionsAllowed), "disruption"))
		}
		told = append(told, text)
	}
	if _, blind := c.Blind(kube.PodDisruptionBudgets, w.Ref.Namespace); budgets == 0 && !blind {
		told = append(told, "no disruption budget")
	}
	if len(told) == 0 {
		return nil
	}
	return []entry{{label: "covered", text: strings.Join(told, "; ")}}
}

func amount(n *intstr.IntOrString) string { return n.String() }

// writer says whom the object belongs to, or who wrote it last; nothing where nobody
// knows.
func (f *facts) writer() []entry {
	c, w := f.in.shown.Cluster, f.workload
	if owner := ownership.Of(c, w.Ref); !owner.IsZero() {
		return []entry{{label: "owner", text: owner.String(), tone: doubtful}}
	}
	if !w.Controller.IsZero() {
		return []entry{{label: "owner", text: fmt.Sprintf("made by %s %s: change it there", w.Controller.Kind, w.Controller.Name), tone: doubtful}}
	}
	if origin, ok := c.Origin(w.Ref); ok {
		return []entry{{label: "written", text: fmt.Sprintf("%s:%d", origin.File, origin.Line)}}
	}
	if r, ok := kube.ResourceOf(w.Ref.Group, w.Ref.Kind); ok && w.Held {
		if written, known := c.WrittenAs(r, w.Object); known && written.Manager != "" {
			return []entry{{label: "written", text: "last by " + written.Manager + " (" + written.APIVersion + ")"}}
		}
	}
	return nil
}
