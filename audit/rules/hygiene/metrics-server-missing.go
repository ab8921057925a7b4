package hygiene

import (
	"cmp"
	"iter"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var metricsServerMissing = &audit.Rule{
	ID:       "metrics-server-missing",
	Title:    "Nobody measures what pods use",
	Severity: audit.Low,
	Rationale: "Without the API metrics.k8s.io HorizontalPodAutoscalers do not scale by CPU or memory, `kubectl top` says nothing, " +
		"and requests are guesses.",
	Remediation: "Install metrics-server, or an adapter that serves metrics.k8s.io; if it is installed, see why it does not answer.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.APIServices},
	Check:       audit.Each(metricsAPI, judgeMetricsAPI),
}

// metricsAPIName is how the APIService of the resource metrics is called.
const metricsAPIName = "v1beta1.metrics.k8s.io"

// metricsAPI yields the one subject, which may not exist.
func metricsAPI(c *kube.Cluster) iter.Seq2[audit.Subject, *unstructured.Unstructured] {
	return func(yield func(audit.Subject, *unstructured.Unstructured) bool) {
		service, _ := c.Custom(kube.APIServices).Get("", metricsAPIName)
		yield(audit.Subject{Ref: kube.APIServices.Ref("", metricsAPIName)}, service)
	}
}

// judgeMetricsAPI gets nil where there is no such APIService.
func judgeMetricsAPI(p *audit.Pass, service *unstructured.Unstructured) {
	if p.Cluster.Info.Offline {
		p.NotApplicable()
		return
	}
	if service == nil {
		p.Report(audit.Finding{
			Message: "metrics.k8s.io is not served",
			Detail:  "There is no APIService " + metricsAPIName + ".",
		})
		return
	}
	if c, says := conditionOf(service, "Available"); says && c.status != "True" {
		p.Report(audit.Finding{
			Message: "metrics.k8s.io does not answer: " + cmp.Or(c.reason, "no reason given"),
			Detail:  "The API server says: " + c.message,
		})
	}
}
