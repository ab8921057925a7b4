package securitycontext

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// own returns a container's security context, an empty one if it has none.
func own(c kube.Container) *corev1.SecurityContext {
	if c.SecurityContext == nil {
		return &corev1.SecurityContext{}
	}
	return c.SecurityContext
}

// shared returns the security context that a workload's containers share, an
// empty one if there is none.
func shared(w *kube.Workload) *corev1.PodSecurityContext {
	if w.Pod.Spec.SecurityContext == nil {
		return &corev1.PodSecurityContext{}
	}
	return w.Pod.Spec.SecurityContext
}

// effective returns the value that holds for a container: its own, else the
// pod's, nil if neither sets one (core/v1 SecurityContext).
func effective[T any](container, pod *T) *T {
	if container != nil {
		return container
	}
	return pod
}

func isTrue(b *bool) bool { return b != nil && *b }

func isZero(n *int64) bool { return n != nil && *n == 0 }

// mustNotBeRoot reports whether the kubelet refuses to start the container as
// user 0. Windows has no such user.
func mustNotBeRoot(w *kube.Workload, c kube.Container) bool {
	return !w.Windows() && isTrue(effective(own(c).RunAsNonRoot, shared(w).RunAsNonRoot))
}

// isRoot reports whether the container is told to run as user 0.
func isRoot(w *kube.Workload, c kube.Container) bool {
	return isZero(effective(own(c).RunAsUser, shared(w).RunAsUser))
}

// named returns how messages call a container: "init container migrate".
func named(c kube.Container) string { return c.Kind.String() + " " + c.Name }

// inContainer starts a finding about a field of a container.
func inContainer(c kube.Container, field, message string) audit.Finding {
	return audit.Finding{Container: c.Name, Path: c.Field(field), Message: named(c) + " " + message}
}

// impliedByPrivileged returns the rule that makes lesser findings about a
// container consequences: a privileged container has every capability, is not
// confined by seccomp or AppArmor, sees /proc unmasked, and may always escalate.
func impliedByPrivileged(c kube.Container) string {
	if isTrue(own(c).Privileged) {
		return privilegedContainer.ID
	}
	return ""
}

// fixable keeps fixes where they help: an ephemeral container cannot be changed,
// and a consequence goes with its cause.
func fixable(f *audit.Finding, c kube.Container, fixes ...audit.Fix) {
	if f.Implied == "" && c.Kind != kube.Ephemeral {
		f.Fixes = fixes
	}
}

// setField is [audit.SetField] with a risk.
func setField(title, path string, value any, risk string) audit.Fix {
	fix := audit.SetField(title, path, value)
	fix.Risk = risk
	return fix
}

// removeField is the fix that takes one field away.
func removeField(title, path, risk string) audit.Fix {
	return audit.Fix{Title: title, Edits: []audit.Edit{{Op: audit.Remove, Path: path}}, Risk: risk}
}

// eachLinux is [audit.EachWorkload] for what Windows does not have.
func eachLinux(judge func(*audit.Pass, *kube.Workload)) audit.Check {
	return audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if w.Windows() {
			p.NotApplicable()
			return
		}
		judge(p, w)
	})
}

// containersThat returns the names of the containers of which something holds.
func containersThat(w *kube.Workload, holds func(kube.Container) bool) []string {
	var names []string
	for c := range w.Containers() {
		if holds(c) {
			names = append(names, c.Name)
		}
	}
	return names
}

// someOf lists the first few of what may be thousands.
func someOf(all []string) string {
	const few = 5
	if len(all) <= few {
		return strings.Join(all, "; ")
	}
	return fmt.Sprintf("%s; and %d more", strings.Join(all[:few], "; "), len(all)-few)
}
