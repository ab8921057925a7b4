package securitycontext

import (
	"fmt"

	"k8s.io/pod-security-admission/api"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var psaEnforceViolatedByRunningPods = &audit.Rule{
	ID:       "psa-enforce-violated-by-running-pods",
	Title:    "Pods break the level that the namespace enforces",
	Severity: audit.Medium,
	Rationale: "Admission judges pods when they are made: those from before the label run on. " +
		"When the next rollout, node failure or scale-up needs a new one, it is refused and the workload shrinks.",
	Remediation: "Change the workloads so that they pass the level, or move them to a namespace with a level that they pass.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.Namespaces},
	Consults:    kube.WorkloadResources(),
	Check: audit.EachNamespace(func(p *audit.Pass, name string) {
		namespace, ok := judgedNamespace(p, name)
		if !ok {
			return
		}
		at, set := enforced(p.Cluster, namespace)
		if !set || at.Level == api.LevelPrivileged {
			p.NotApplicable()
			return
		}
		var refused []string
		for _, w := range p.Cluster.WorkloadsIn(name) {
			reasons, err := refusal(p.Cluster, at, w)
			if err != nil {
				p.Unknown(err.Error())
				return
			}
			if len(reasons) > 0 {
				refused = append(refused, describeRefusal(w, reasons))
			}
		}
		switch {
		case len(refused) > 0:
			message := fmt.Sprintf("%d workloads break level %s, which the namespace enforces", len(refused), at.Level)
			if len(refused) == 1 {
				message = fmt.Sprintf("a workload breaks level %s, which the namespace enforces", at.Level)
			}
			p.Report(audit.Finding{
				Path: enforcePath, Message: message,
				Detail: fmt.Sprintf("Pod Security admission refuses, at %s: %s. Whether it exempts their users or runtime classes, the API does not show.",
					at, someOf(refused)),
			})
		case !readsWorkloads(p.Cluster, name):
			unproven(p)
		}
	}),
}
