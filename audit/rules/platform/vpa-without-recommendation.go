package platform

import (
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var vpaWithoutRecommendation = &audit.Rule{
	ID:       "vpa-without-recommendation",
	Title:    "A VerticalPodAutoscaler recommends nothing",
	Severity: audit.Low,
	Rationale: "It looks as if somebody saw to the requests, and nobody does: they stay as they were written, " +
		"also in modes in which it would set them.",
	Remediation: "See whether the recommender runs and gets figures from metrics.k8s.io; whether the target selects pods; and what ConfigUnsupported says.",
	Since:       "3",
	Subjects:    []kube.Resource{kube.VerticalPodAutoscalers},
	Timed:       true,
	Check:       eachDecoded([]kube.Resource{kube.VerticalPodAutoscalers}, judgeRecommendation),
}

// conditioned is what is read of a VerticalPodAutoscaler here: autoscaling.k8s.io/v1 has the
// conditions RecommendationProvided, LowConfidence, NoPodsMatched, FetchingHistory and
// ConfigUnsupported.
type conditioned struct {
	Status struct {
		Conditions []metav1.Condition `json:"conditions"`
	} `json:"status"`
}

func judgeRecommendation(p *audit.Pass, o *conditioned) {
	for _, name := range []string{"ConfigUnsupported", "NoPodsMatched"} {
		if c := meta.FindStatusCondition(o.Status.Conditions, name); c != nil && c.Status == metav1.ConditionTrue && p.Cluster.Lasted(c.LastTransitionTime, reconciling) {
			p.Report(audit.Finding{Path: "spec.targetRef", Message: "it recommends nothing: " + name, Detail: reasoned(c)})
			return
		}
	}
	c := meta.FindStatusCondition(o.Status.Conditions, "RecommendationProvided")
	switch {
	case c == nil || c.Status == metav1.ConditionUnknown:
		p.NotApplicable() // nobody has looked at it yet, or does any more
	case c.Status == metav1.ConditionTrue:
	case !p.Cluster.Lasted(c.LastTransitionTime, reconciling):
		p.NotApplicable() // it has just been made
	default:
		p.Report(audit.Finding{Message: "it recommends nothing" + reasonOf(c), Detail: reasoned(c)})
	}
}
