package platform

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apiServiceUnavailable = &audit.Rule{
	ID:       "api-service-unavailable",
	Title:    "An aggregated API does not answer",
	Severity: audit.High,
	Rationale: "What asks for all APIs fails at this one: no namespace is deleted any more, for that looks into every API, " +
		"and tools that look for all kinds, those of an upgrade among them, stop or see a part.",
	Remediation: "Bring the pods of its Service back. Where whoever served the API was uninstalled, delete the APIService as well: `kubectl delete apiservice NAME`.",
	Since:       "3",
	Subjects:    []kube.Resource{kube.APIServices},
	Check: audit.EachCustom(kube.APIServices, func(p *audit.Pass, o *unstructured.Unstructured) {
		api, err := kube.Decode[kube.APIService](o)
		if err != nil {
			p.Unknown(err.Error())
			return
		}
		if p.Cluster.Info.Offline || api.Spec.Service == nil {
			p.NotApplicable() // a manifest, or the API server serves it by itself
			return
		}
		condition := api.Available()
		switch {
		case condition == nil || condition.Status == metav1.ConditionUnknown:
			p.Unknown("the API server has not said whether it answers")
		case condition.Status == metav1.ConditionFalse:
			f := audit.Finding{
				Path:    "spec.service",
				Message: "it is not available: " + condition.Reason,
				Detail: fmt.Sprintf("Service %s/%s is to answer for it, and has not since %s.",
					api.Spec.Service.Namespace, api.Spec.Service.Name, kube.Moment(condition.LastTransitionTime)),
			}
			if condition.Message != "" {
				f.Detail += " The API server says: " + condition.Message
			}
			p.Report(f)
		}
	}),
}
