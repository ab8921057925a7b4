package controlplane

import (
	"cmp"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nsStuck = &triage.Detector{
	ID:    "ns-stuck",
	Title: "A namespace cannot be deleted",
	About: "A namespace is Terminating, and its conditions say what holds it up: an API that cannot be asked (NamespaceDeletionDiscoveryFailure), objects " +
		"that cannot be deleted, or that wait for a finalizer whose controller is gone (NamespaceContentRemaining, NamespaceFinalizersRemaining; " +
		"core/v1 NamespaceConditionType). Large namespaces take their time: what still shrinks is no problem, so that it must last for ten minutes.",
	Reads: []kube.Resource{kube.Namespaces},
	Rung:  triage.Effects,
	After: 10 * time.Minute,
	Wide:  true,
	Check: func(p *triage.Pass) {
		for n := range p.Cluster.Namespaces.All() {
			if n.DeletionTimestamp == nil {
				continue
			}
			s := triage.Signal{Object: kube.Namespaces.Ref("", n.Name), Since: n.DeletionTimestamp.Time, Severity: triage.S4}
			for _, c := range n.Status.Conditions {
				if c.Status != corev1.ConditionTrue {
					continue
				}
				switch c.Type {
				case corev1.NamespaceDeletionDiscoveryFailure, corev1.NamespaceDeletionGVParsingFailure:
					s.Severity, s.Cause, s.Message = triage.S3, "discovery", "waits for an API that cannot be asked"
				case corev1.NamespaceDeletionContentFailure:
					s.Cause, s.Message = "content", "has objects that cannot be deleted"
				case corev1.NamespaceContentRemaining, corev1.NamespaceFinalizersRemaining:
					if s.Cause == "" || s.Cause == "remaining" {
						s.Cause, s.Message = "remaining", cmp.Or(waits(c.Message), s.Message, "waits for objects with finalizers")
					}
				default:
					continue
				}
				s.Raw = strings.TrimSpace(s.Raw + " " + c.Message)
			}
			if s.Cause != "" {
				p.Report(s)
			}
		}
	},
}

// waits says which finalizers hold a namespace up, by what NamespaceFinalizersRemaining
// says: "…: example.com/cleanup in 2 resource instances, …" (pkg/controller/namespace/deletion,
// status_condition_utils.go); "" if it says something else.
func waits(message string) string {
	_, list, found := strings.Cut(message, "finalizers remaining: ")
	if !found {
		return ""
	}
	var names []string
	for part := range strings.SplitSeq(list, ", ") {
		name, _, counted := strings.Cut(part, " in ")
		if !counted {
			return ""
		}
		names = append(names, name)
	}
	return "waits for objects with the finalizer " + strings.Join(names, " or ")
}
