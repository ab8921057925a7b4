package workload

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// tellContainers tells of each container, and of the loads alone for the box at the top.
func (f *facts) tellContainers(history map[string][]sample) (all, loads []entry) {
	w := f.workload
	containers := slices.Collect(w.Containers())
	slices.SortStableFunc(containers, func(a, b kube.Container) int { return cmp.Compare(a.Kind, b.Kind) }) // what runs, before what has run
	for _, c := range containers {
		if len(all) > 0 {
			all = append(all, blank())
		}
		all = append(all, entry{text: c.Name + kindOf(c), tone: heading}, entry{label: "image", text: c.Image})
		both := []entry{}
		for _, m := range measures() {
			both = append(both, f.load(c, m, history[c.Name]))
		}
		all = append(all, both...)
		if e, ok := f.measured(c); ok {
			all = append(all, e)
		}
		all = append(all, entry{label: "ports", text: ports(c), tone: faintIf(len(c.Ports) == 0)})
		if c.LongRunning() && !w.RunsToCompletion() {
			all = append(all, probes(c)...)
		}
		all = append(all, confinement(w.Pod.Spec, c)...)
		if c.LongRunning() {
			loads = append(loads, entry{text: c.Name + kindOf(c), tone: heading})
			loads = append(loads, both...)
		}
	}
	if shared := sharedWithNode(w.Pod.Spec); len(shared) > 0 {
		all = append(all, blank(), entry{text: "The pod", tone: heading}, entry{label: "shares", text: strings.Join(shared, ", "), tone: doubtful})
	}
	return all, loads
}

func kindOf(c kube.Container) string {
	if c.Kind == kube.Main {
		return ""
	}
	return "  " + c.Kind.String()
}

func faintIf(yes bool) tone {
	if yes {
		return faint
	}
	return plain
}

func ports(c kube.Container) string {
	var all []string
	for _, p := range c.Ports {
		text := fmt.Sprintf("%d/%s", p.ContainerPort, orTCP(p.Protocol))
		if p.Name != "" {
			text += " " + p.Name
		}
		if p.HostPort != 0 {
			text += fmt.Sprintf(" on port %d of the node", p.HostPort)
		}
		all = append(all, text)
	}
	if len(all) == 0 {
		return "none declared"
	}
	return strings.Join(all, ", ")
}

func orTCP(p corev1.Protocol) corev1.Protocol {
	if p == "" {
		return corev1.ProtocolTCP
	}
	return p
}

// probes tells what asks the container how it is.
func probes(c kube.Container) []entry {
	var entries []entry
	for _, p := range []struct {
		label string
		probe *corev1.Probe
	}{{"liveness", c.LivenessProbe}, {"readiness", c.ReadinessProbe}, {"startup", c.StartupProbe}} {
		switch {
		case p.probe != nil:
			entries = append(entries, entry{label: p.label, text: probe(p.probe)})
		case p.label != "startup":
			entries = append(entries, entry{label: p.label, text: "no probe", tone: faint})
		}
	}
	return entries
}

// The defaults of a probe (api/core/v1, Probe).
const (
	probePeriod   = 10
	probeFailures = 3
)

func probe(p *corev1.Probe) string {
	text := "asks in a way that is not known here"
	switch {
	case p.HTTPGet != nil:
		text = "GET :" + port(p.HTTPGet.Port) + p.HTTPGet.Path
	case p.TCPSocket != nil:
		text = "connects to port " + port(p.TCPSocket.Port)
	case p.GRPC != nil:
		text = fmt.Sprintf("asks gRPC on port %d", p.GRPC.Port)
	case p.Exec != nil:
		text = "runs " + strings.Join(p.Exec.Command, " ")
	}
	period, failures := p.PeriodSeconds, p.FailureThreshold
	if period == 0 {
		period = probePeriod
	}
	if failures == 0 {
		failures = probeFailures
	}
	text += fmt.Sprintf(" every %d s, fails after %d", period, failures)
	if p.InitialDelaySeconds > 0 {
		text += fmt.Sprintf(", from %d s on", p.InitialDelaySeconds)
	}
	return text
}

func port(p intstr.IntOrString) string { return p.String() }

// confinement tells what the container may do on its node: what is dangerous, then what
// holds it in.
func confinement(pod *corev1.PodSpec, c kube.Container) []entry {
	own := c.SecurityContext
	if own == nil {
		own = &corev1.SecurityContext{}
	}
	shared := pod.SecurityContext
	if shared == nil {
		shared = &corev1.PodSecurityContext{}
	}
	var may, kept []string
	say := func(dangerous bool, yes, no string) {
		if dangerous {
			may = append(may, yes)
		} else {
			kept = append(kept, no)
		}
	}
	if is(own.Privileged) {
		may = append(may, "is privileged: all of the node")
	}
	nonRoot, user := first(own.RunAsNonRoot, shared.RunAsNonRoot), first(own.RunAsUser, shared.RunAsUser)
	switch {
	case user != nil && *user == 0:
		may = append(may, "runs as root")
	case user != nil:
		kept = append(kept, fmt.Sprintf("runs as user %d", *user))
	default:
		say(!is(nonRoot), "may run as root", "never runs as root")
	}
	escalates := own.AllowPrivilegeEscalation == nil || *own.AllowPrivilegeEscalation
	say(escalates, "may gain privileges", "gains no privileges")
	dropped := own.Capabilities != nil && slices.ContainsFunc(own.Capabilities.Drop, func(c corev1.Capability) bool { return strings.EqualFold(string(c), "ALL") })
	say(!dropped, "keeps the runtime's capabilities", "drops all capabilities")
	if own.Capabilities != nil && len(own.Capabilities.Add) > 0 {
		may = append(may, "adds "+joined(own.Capabilities.Add))
	}
	say(!is(own.ReadOnlyRootFilesystem), "writes its root file system", "read-only root file system")
	profile := first(own.SeccompProfile, shared.SeccompProfile)
	confined := profile != nil && profile.Type != corev1.SeccompProfileTypeUnconfined
	name := ""
	if confined {
		name = "seccomp " + string(profile.Type)
	}
	say(!confined, "no seccomp profile", name)
	entries := []entry{{label: "may", text: strings.Join(may, ", "), tone: doubtful}, {label: "held in", text: strings.Join(kept, ", "), tone: well}}
	return slices.DeleteFunc(entries, func(e entry) bool { return e.text == "" })
}

func is(b *bool) bool { return b != nil && *b }

// first returns what the container says or, if it says nothing, the pod.
func first[T any](own, shared *T) *T {
	if own != nil {
		return own
	}
	return shared
}

func joined[T ~string](list []T) string {
	texts := make([]string, len(list))
	for i, text := range list {
		texts[i] = string(text)
	}
	return strings.Join(texts, ", ")
}

// sharedWithNode names what the pod shares with its node.
func sharedWithNode(pod *corev1.PodSpec) []string {
	var all []string
	for _, s := range []struct {
		yes  bool
		what string
	}{{pod.HostNetwork, "the network of its node"}, {pod.HostPID, "the processes of its node"}, {pod.HostIPC, "the memory of its node (IPC)"}} {
		if s.yes {
			all = append(all, s.what)
		}
	}
	paths := 0
	for i := range pod.Volumes {
		if h := pod.Volumes[i].HostPath; h != nil {
			if paths++; paths <= 3 {
				all = append(all, "its path "+h.Path)
			}
		}
	}
	if more := paths - 3; more > 0 {
		all = append(all, screen.Plural(more, "further path"))
	}
	return all
}
