package securitycontext

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// firstHighID is the first user and group that distributions leave alone: below
// are their services, the people of the node and what useradd gives by default.
const firstHighID = 10000

// identity is a field that decides as whom processes run.
type identity struct {
	field string // in a security context: "runAsUser"
	noun  string
	of    func(*corev1.SecurityContext) *int64
	ofPod func(*corev1.PodSecurityContext) *int64
}

// asksForHighID is [eachLowID] for a server.
func asksForHighID(field string) *audit.Admission {
	low := func(given string) string { return fmt.Sprintf("%s > 0 && %s < %d", given, given, firstHighID) }
	own := "c.?securityContext." + field
	return &audit.Admission{
		Except:    "variables.windows || !variables.podSpec.?hostUsers.orValue(true)",
		Container: low(own + ".orValue(0)"),
		Object: low("variables.podSecurityContext.?"+field+".orValue(1)") +
			" && variables.containers.exists(c, !" + own + ".hasValue())",
	}
}

// eachLowID returns a Check that reports pods whose processes may have an
// identity below [firstHighID]. Number 0 is not reported: other rules say worse
// of it. In a user namespace of its own no number of a pod is one of the node.
func eachLowID(id identity) audit.Check {
	return eachLinux(func(p *audit.Pass, w *kube.Workload) {
		if apart(w) {
			return
		}
		low := func(n *int64) bool { return n == nil || (*n > 0 && *n < firstHighID) }
		for c := range w.Containers() {
			if given := id.of(own(c)); given != nil && low(given) {
				f := inContainer(c, "securityContext."+id.field, fmt.Sprintf("runs as %s %d", id.noun, *given))
				f.Detail = fmt.Sprintf("%s is %d, below %d.", id.field, *given, firstHighID)
				p.Report(f)
			}
		}
		inheriting := containersThat(w, func(c kube.Container) bool { return id.of(own(c)) == nil })
		given := id.ofPod(shared(w))
		if len(inheriting) == 0 || !low(given) {
			return
		}
		f := audit.Finding{
			Path:    w.Field("securityContext." + id.field),
			Message: fmt.Sprintf("pod leaves its %s to the images", id.noun),
			Detail:  fmt.Sprintf("%s is set neither for the pod nor for %s.", id.field, strings.Join(inheriting, ", ")),
		}
		if given != nil {
			f.Message = fmt.Sprintf("pod runs as %s %d", id.noun, *given)
			f.Detail = fmt.Sprintf("%s is %d, below %d, which holds for %s.", id.field, *given, firstHighID, strings.Join(inheriting, ", "))
		}
		p.Report(f)
	})
}
