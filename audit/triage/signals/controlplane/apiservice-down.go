package controlplane

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apiserviceDown = &triage.Detector{
	ID:    "apiservice-down",
	Title: "An aggregated API is not available",
	About: "The condition Available of an APIService is False: the server that serves the API for the API server is gone or does not answer " +
		"(ServiceNotFound, EndpointsNotFound, MissingEndpoints, FailedDiscoveryCheck; kube-aggregator). Whoever asks for it fails: for metrics the " +
		"autoscalers and kubectl top, for any of them the deletion of namespaces, which has to look into every API.",
	Reads: []kube.Resource{kube.APIServices},
	Helps: []kube.Resource{kube.Services, kube.Pods, kube.Deployments},
	Rung:  triage.Admission,
	After: time.Minute,
	Paged: 5 * time.Minute,
	Wide:  true,
	Check: func(p *triage.Pass) {
		for o := range p.Cluster.Custom(kube.APIServices).All() {
			api, err := kube.Decode[kube.APIService](o)
			if err != nil || api.Spec.Service == nil || o.GetDeletionTimestamp() != nil {
				continue
			}
			c := api.Available()
			if c == nil || c.Status != metav1.ConditionFalse {
				continue
			}
			s := triage.Signal{
				Object: kube.APIServices.Ref("", o.GetName()), Since: c.LastTransitionTime.Time, Raw: c.Message, Severity: triage.S2,
				Cause: reasonOf(c.Reason), Message: "is not available: " + c.Reason,
				Keys: []triage.Key{
					{Kind: triage.ByAPIService, Name: o.GetName()}, {Kind: triage.ByService, Name: api.Spec.Service.Namespace + "/" + api.Spec.Service.Name},
				},
			}
			if service, known := p.Cluster.Services.Get(api.Spec.Service.Namespace, api.Spec.Service.Name); known {
				if served := p.Cluster.WorkloadsServed(service); len(served) == 1 {
					s.Workload = served[0].Ref
				}
			}
			p.Report(s)
		}
	},
}

// reasonOf returns a slug for why an aggregated API is not available.
func reasonOf(reason string) string {
	switch reason {
	case "ServiceNotFound", "ServicePortError", "ServiceAccessError":
		return "service"
	case "EndpointsNotFound", "MissingEndpoints", "EndpointsAccessError":
		return "no-endpoints"
	case "FailedDiscoveryCheck":
		return "no-answer"
	}
	return "unparsed"
}
