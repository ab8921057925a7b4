package securitycontext

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/pod-security-admission/policy"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var securityContextEmpty = &audit.Rule{
	ID:       "security-context-empty",
	Title:    "No security context",
	Severity: audit.Low,
	Rationale: "Neither the pod nor the container says what the program may do, so everything holds that Kubernetes allows by default: " +
		"root, every system call, a writable image.",
	Remediation: "Start from the restricted level of Pod Security: runAsNonRoot, no privilege escalation, all capabilities dropped, " +
		"and the runtime's seccomp profile.",
	Controls: []string{"CIS-5.7.3", "OWASP22-K01", "OWASP25-K01"},
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.podSecurityContext.size() > 0",
		Container: "c.?securityContext.orValue({}).size() == 0",
	},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if !equality.Semantic.DeepEqual(shared(w), &corev1.PodSecurityContext{}) {
			return
		}
		silent := containersThat(w, func(c kube.Container) bool {
			return *own(c) == corev1.SecurityContext{}
		})
		if len(silent) == 0 {
			return
		}
		p.Report(audit.Finding{
			Path: w.Field("securityContext"), Message: "pod has no security context",
			Detail:  "Neither the pod nor " + strings.Join(silent, ", ") + " sets anything in securityContext.",
			Implied: impliedByDefaults(p.Cluster, w),
		})
	}),
}

// impliedByDefaults returns the rule that says what is wrong with the defaults
// of the API for a container; "" if none does.
func impliedByDefaults(c *kube.Cluster, w *kube.Workload) string {
	for _, judged := range []struct {
		by   policy.CheckID
		rule *audit.Rule
	}{{"runAsNonRoot", runAsNonRootNotEnforced}, {"allowPrivilegeEscalation", allowPrivilegeEscalation}} {
		if s := standardOf(c, judged.by, w); s.check != nil && s.forbids(nil, &corev1.Container{}) {
			return judged.rule.ID
		}
	}
	return ""
}
