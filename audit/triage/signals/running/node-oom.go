package running

import (
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeOOM = &triage.Detector{
	ID:    "node-oom",
	Title: "A node ran out of memory",
	About: "The kernel killed a process because the node as a whole had no memory left, not because a container was at its limit: event SystemOOM of the node, " +
		"which the kubelet writes for the root cgroup alone (pkg/kubelet/oom/oom_watcher_linux.go). The victim is whoever the kernel chose, not who used the memory.",
	Reads: []kube.Resource{kube.Events},
	Rung:  triage.Nodes,
	Wide:  true,
	Check: func(p *triage.Pass) {
		killed := map[string][]*corev1.Event{}
		for _, e := range p.Cluster.Events.In(corev1.NamespaceDefault) { // those about nodes are there
			if e.Reason == "SystemOOM" && e.InvolvedObject.Kind == kube.Nodes.Kind {
				killed[e.InvolvedObject.Name] = append(killed[e.InvolvedObject.Name], e)
			}
		}
		for name, events := range killed {
			slices.SortStableFunc(events, func(a, b *corev1.Event) int { return triage.Happened(a).Compare(triage.Happened(b)) })
			last := events[len(events)-1]
			s := triage.Signal{
				Object: kube.Nodes.Ref("", name), Severity: triage.S2, Raw: last.Message,
				Since: triage.Began(events[0]), Until: triage.Happened(last).Add(30 * time.Minute),
				Message: "ran out of memory as a whole",
			}
			times := 0
			var victims []string
			for _, e := range events {
				times += triage.Times(e)
				if began := triage.Began(e); began.Before(s.Since) {
					s.Since = began
				}
				if victim, found := oomVictim(e.Message); found && !slices.Contains(victims, victim) {
					victims = append(victims, victim)
				}
			}
			if times > 1 {
				s.Message += fmt.Sprintf(" %d times", times)
			}
			if len(victims) > 0 {
				s.Message += ", killed " + strings.Join(victims, ", ")
			}
			p.Report(s)
		}
	},
}

// oomVictim reads which process the kernel killed, without its number: "System OOM
// encountered, victim process: java, pid: 1234" (pkg/kubelet/oom/oom_watcher_linux.go).
func oomVictim(text string) (name string, found bool) {
	_, tail, found := strings.Cut(text, "System OOM encountered, victim process: ")
	if !found {
		return "", false
	}
	name, _, found = strings.Cut(tail, ", pid: ")
	return name, found && name != ""
}
