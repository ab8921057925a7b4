package securitycontext

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var sccAllowPrivileged = &audit.Rule{
	ID:       "scc-allow-privileged",
	Title:    "Constraints that allow privileged containers",
	Severity: audit.Medium,
	Rationale: "Whoever may use these SecurityContextConstraints can run a privileged container, " +
		"which is root on its node by another name.",
	Remediation: "Set allowPrivilegedContainer to false and allow the single capabilities that are needed. " +
		"Leave the constraints named privileged, which come with OpenShift, to the platform's own accounts.",
	Controls: []string{"OWASP22-K01", "OWASP25-K01"},
	Since:    "2",
	Subjects: []kube.Resource{kube.SecurityContextConstraints},
	Check: audit.EachCustom(kube.SecurityContextConstraints, func(p *audit.Pass, o *unstructured.Unstructured) {
		if allowed, _, _ := unstructured.NestedBool(o.Object, "allowPrivilegedContainer"); !allowed {
			return
		}
		users, _, _ := unstructured.NestedStringSlice(o.Object, "users")
		groups, _, _ := unstructured.NestedStringSlice(o.Object, "groups")
		f := audit.Finding{
			Path: "allowPrivilegedContainer", Message: "constraints allow privileged containers",
			Detail: "allowPrivilegedContainer is true. Named in them are " + listOr("no users", users) + " and " + listOr("no groups", groups) +
				"; roles may give them to others.",
		}
		// It comes with OpenShift and cannot be done without.
		if o.GetName() == "privileged" && !slices.ContainsFunc(groups, everybody) {
			f.Severity = audit.Info
		} else {
			f.Fixes = []audit.Fix{setField("allow no privileged containers", f.Path, false,
				"Privileged pods that these constraints admit are refused when they are made again.")}
		}
		p.Report(f)
	}),
}

// everybody reports whether a group has all who can sign in, or all pods.
func everybody(group string) bool {
	return group == "system:authenticated" || group == "system:unauthenticated" || group == "system:serviceaccounts"
}

func listOr(none string, names []string) string {
	if len(names) == 0 {
		return none
	}
	return strings.Join(names, ", ")
}
