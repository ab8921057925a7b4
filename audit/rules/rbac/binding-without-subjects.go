package rbac

import (
	"iter"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var bindingWithoutSubjects = &audit.Rule{
	ID:       "binding-without-subjects",
	Title:    "A binding gives its role to nobody",
	Severity: audit.Info,
	Rationale: "It has no effect today. What its role allows looks reviewed, and the next subject that somebody adds " +
		"gets all of it.",
	Remediation: "Delete the binding, or add the subjects that were meant.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Consults:    access.Resources(),
	Check:       audit.Each(ownBindings, judgeSubjectless),
}

// ownBindings yields the bindings that the server did not make by itself:
// system:node, for one, is empty on purpose. A ClusterRoleBinding with subjects
// counts where they are and not for the cluster as a whole.
func ownBindings(c *kube.Cluster) iter.Seq2[audit.Subject, *access.Binding] {
	return func(yield func(audit.Subject, *access.Binding) bool) {
		for _, b := range access.Of(c).Bindings {
			counts := !b.Bootstrap && (len(b.Subjects) == 0 || !b.Wide())
			if counts && !yield(audit.Subject{Ref: b.Ref, Namespace: b.Ref.Namespace}, b) {
				return
			}
		}
	}
}

func judgeSubjectless(p *audit.Pass, b *access.Binding) {
	if len(b.Subjects) > 0 {
		return
	}
	p.Report(audit.Finding{
		Path:    "subjects",
		Message: "nobody is bound to " + b.Role.String(),
		Detail:  b.Ref.String() + " has no subject that is anybody: a ServiceAccount takes a namespace in a ClusterRoleBinding.",
		Fixes:   unbind(b, "delete the binding", "What adds subjects to it later on, a controller or a pipeline, has to make it again."),
	})
}
