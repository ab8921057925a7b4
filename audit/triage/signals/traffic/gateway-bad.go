package traffic

import (
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var gatewayBad = &triage.Detector{
	ID:    "gateway-bad",
	Title: "A Gateway or a route is not in effect",
	About: "A Gateway is not Accepted or Programmed, one of its listeners is Conflicted or has references that are not resolved, or a parent of a route does " +
		"not accept it or cannot resolve its backends (gateway.networking.k8s.io/v1 conditions), and the controller has seen the newest generation. " +
		"What is Unknown has not been decided yet, and conditions of an old generation say nothing.",
	Reads: []kube.Resource{kube.Gateways, kube.HTTPRoutes},
	Helps: []kube.Resource{kube.GRPCRoutes, kube.TLSRoutes, kube.TCPRoutes},
	Rung:  triage.Configuration,
	After: time.Minute,
	Check: func(p *triage.Pass) {
		for _, o := range p.Cluster.Custom(kube.Gateways).In(p.Namespace) {
			if s, bad := badGateway(o); bad {
				p.Report(s)
			}
		}
		for _, r := range []kube.Resource{kube.HTTPRoutes, kube.GRPCRoutes, kube.TLSRoutes, kube.TCPRoutes} {
			for _, o := range p.Cluster.Custom(r).In(p.Namespace) {
				if s, bad := badRoute(r, o); bad {
					p.Report(s)
				}
			}
		}
	},
}

// badGateway returns the signal of a Gateway that is not in effect.
func badGateway(o *unstructured.Unstructured) (triage.Signal, bool) {
	gateway, err := kube.Decode[struct {
		Metadata struct {
			Generation int64 `json:"generation"`
		} `json:"metadata"`
		Status struct {
			Conditions []metav1.Condition `json:"conditions"`
			Listeners  []struct {
				Name       string             `json:"name"`
				Conditions []metav1.Condition `json:"conditions"`
			} `json:"listeners"`
		} `json:"status"`
	}](o)
	if err != nil || o.GetDeletionTimestamp() != nil {
		return triage.Signal{}, false
	}
	s := triage.Signal{Object: kube.Gateways.Ref(o.GetNamespace(), o.GetName()), Severity: triage.S2}
	for _, of := range []string{"Accepted", "Programmed"} {
		if c := current(gateway.Status.Conditions, of, metav1.ConditionFalse, gateway.Metadata.Generation); c != nil {
			return described(s, c, "is not "+of), true
		}
	}
	for _, l := range gateway.Status.Listeners {
		if c := current(l.Conditions, "Conflicted", metav1.ConditionTrue, gateway.Metadata.Generation); c != nil {
			return described(s, c, fmt.Sprintf("listener %s is in conflict with another", l.Name)), true
		}
		if c := current(l.Conditions, "ResolvedRefs", metav1.ConditionFalse, gateway.Metadata.Generation); c != nil {
			return described(s, c, fmt.Sprintf("listener %s has references that are not resolved", l.Name)), true
		}
	}
	return s, false
}

// badRoute returns the signal of a route that a parent does not let have its effect.
func badRoute(r kube.Resource, o *unstructured.Unstructured) (triage.Signal, bool) {
	route, err := kube.Decode[struct {
		Metadata struct {
			Generation int64 `json:"generation"`
		} `json:"metadata"`
		Spec struct {
			ParentRefs []struct {
				Name string `json:"name"`
			} `json:"parentRefs"`
		} `json:"spec"`
		Status struct {
			Parents []struct {
				ParentRef struct {
					Name string `json:"name"`
				} `json:"parentRef"`
				Conditions []metav1.Condition `json:"conditions"`
			} `json:"parents"`
		} `json:"status"`
	}](o)
	if err != nil || o.GetDeletionTimestamp() != nil {
		return triage.Signal{}, false
	}
	named := map[string]bool{}
	for _, parent := range route.Spec.ParentRefs {
		named[parent.Name] = true
	}
	s := triage.Signal{Object: r.Ref(o.GetNamespace(), o.GetName()), Severity: triage.S2}
	for _, parent := range route.Status.Parents {
		if !named[parent.ParentRef.Name] {
			continue // it is no parent any more
		}
		if c := current(parent.Conditions, "Accepted", metav1.ConditionFalse, route.Metadata.Generation); c != nil {
			return described(s, c, "is not accepted by "+parent.ParentRef.Name), true
		}
		if c := current(parent.Conditions, "ResolvedRefs", metav1.ConditionFalse, route.Metadata.Generation); c != nil {
			return described(s, c, "has backends that are not resolved"), true
		}
	}
	return s, false
}

// current returns a condition that has a status and is of the newest generation,
// nil if there is none.
func current(conditions []metav1.Condition, of string, status metav1.ConditionStatus, generation int64) *metav1.Condition {
	for i := range conditions {
		c := &conditions[i]
		if c.Type == of && c.Status == status && (c.ObservedGeneration == 0 || c.ObservedGeneration >= generation) {
			return c
		}
	}
	return nil
}

// described fills in what a condition says.
func described(s triage.Signal, c *metav1.Condition, message string) triage.Signal {
	s.Since, s.Raw, s.Cause, s.Message = c.LastTransitionTime.Time, c.Message, slugOf(c.Reason), message+": "+c.Reason
	return s
}
