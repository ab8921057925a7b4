package workloadhealth

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var namespaceNotActive = &audit.Rule{
	ID:       "namespace-not-active",
	Title:    "A namespace does not go away",
	Severity: audit.High,
	Rationale: "It is being deleted and cannot be: nothing new may be created in it, and what is left is in between. " +
		"Whoever deleted it waits, and who wants to create it anew cannot.",
	Remediation: "Its conditions name what is left. For finalizers, see whether the controller that removes them still runs; " +
		"for discovery, delete or repair the APIService whose backend does not answer. Taking finalizers away by hand leaves behind what they guard.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Namespaces},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes the deletion of a namespace may take.",
		Value: 10,
	}},
	Check: audit.EachNamespace(func(p *audit.Pass, name string) {
		namespace, held := p.Cluster.Namespaces.Get("", name)
		if !held || namespace.Status.Phase == "" && namespace.DeletionTimestamp == nil {
			p.NotApplicable() // known by name alone, or a manifest
			return
		}
		if namespace.DeletionTimestamp == nil && namespace.Status.Phase == corev1.NamespaceActive {
			return
		}
		var since metav1.Time
		if namespace.DeletionTimestamp != nil {
			since = *namespace.DeletionTimestamp
		}
		if !p.Cluster.Lasted(since, p.Number("graceMinutes")) {
			return
		}
		f := audit.Finding{Message: "its deletion does not come to an end"}
		if !since.IsZero() {
			f.Detail = "It is being deleted since " + kube.Moment(since) + "."
		}
		var causes []string
		for _, c := range namespace.Status.Conditions {
			if c.Status == corev1.ConditionTrue {
				causes = append(causes, c.Reason)
				f.Detail = strings.TrimPrefix(f.Detail+" "+quote(c.Message), " ")
			}
		}
		if len(causes) > 0 {
			f.Message += ": " + strings.Join(causes, ", ")
		}
		p.Report(f)
	}),
}
