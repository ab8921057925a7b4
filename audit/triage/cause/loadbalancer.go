package cause

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var loadBalancer = &Pattern{
	ID: "load-balancer", Family: "network", Title: "nobody makes the load balancer of a Service, or its provider refuses it",
	Signals: []string{"lb-pending"}, Mechanism: change.TrafficLost, Reads: []kube.Resource{kube.Services, kube.Events},
	Speaks:      "its controller says why it cannot make one (decisive); no Service of its class has an address (structural); other Services have one (contrast); it is new or changed (temporal); a controller has taken it on (weak)",
	Contradicts: "no other Service has an address either: rather the controller itself (−10)",
	Unchecked:   "the logs of the controller, and what its provider says",
	gate: func(q *inquiry, s *subject) bool {
		_, held := q.Cluster.Services.Get(s.signal.Object.Namespace, s.signal.Object.Name)
		return held
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		service, _ := q.Cluster.Services.Get(s.signal.Object.Namespace, s.signal.Object.Name)
		if s.signal.Raw != "" {
			w.isDecisive("its controller says: %s", clip(message.Scrub(s.signal.Raw)))
		}
		alike, others := q.balanced(service)
		switch {
		case alike > 0:
			w.isContrast("other Services%s have an address (%d)", ofClass(service), alike)
		case others > 0:
			w.isContrast("Services of another class have an address (%d)", others)
		default:
			w.hardly("no other Service has an address: rather the controller itself is at fault")
		}
		switch {
		case s.signal.Raw != "":
		case alike == 0 && service.Spec.LoadBalancerClass != nil:
			w.isStructural("no Service%s has an address, and no controller has said anything of this one", ofClass(service))
		default:
			w.unknown("why: no event of its controller is held any more, or it never answered")
		}
		if slices.Contains(service.Finalizers, cleanup) {
			w.isWeak("a controller has taken it on: it has the finalizer %s", cleanup)
		}
		w.isTemporal(q, q.best(change.TrafficLost, ofObject(s.signal.Object)))
	},
	title: func(q *inquiry, s *subject) string {
		service, _ := q.Cluster.Services.Get(s.signal.Object.Namespace, s.signal.Object.Name)
		if s.signal.Raw != "" {
			return fmt.Sprintf("no load balancer for %s: %s", s.signal.Object.Short(), refusedBy(s.signal.Raw).why)
		}
		if alike, _ := q.balanced(service); alike == 0 && service.Spec.LoadBalancerClass != nil {
			return fmt.Sprintf("nobody makes load balancers%s, which %s asks for", ofClass(service), s.signal.Object.Short())
		}
		return "no controller has answered for " + s.signal.Object.Short()
	},
	fix: func(q *inquiry, s *subject) string {
		service, _ := q.Cluster.Services.Get(s.signal.Object.Namespace, s.signal.Object.Name)
		if s.signal.Raw != "" {
			return refusedBy(s.signal.Raw).fix
		}
		if alike, _ := q.balanced(service); alike == 0 && service.Spec.LoadBalancerClass != nil {
			return "Install the controller of that class, or make the Service again with the right one: loadBalancerClass cannot be changed."
		}
		return "Look whether the controller of load balancers runs and may write Services."
	},
	commands: func(q *inquiry, s *subject) []Command {
		ref := s.signal.Object
		return []Command{
			q.describe(ref, "what its controller says, in its events"),
			q.list(kube.Services, "", "which other Services have an address"),
			q.list(kube.Pods, metaSystem, "whether the cloud's controller runs", "-o", "wide"),
		}
	},
}

// cleanup is the finalizer that a controller of load balancers sets first (KEP-980).
const cleanup = "service.kubernetes.io/load-balancer-cleanup"

// balanced returns how many other Services have the address of a load balancer, of the
// same class and of another.
func (q *inquiry) balanced(of *corev1.Service) (alike, others int) {
	for s := range q.Cluster.Services.All() {
		switch {
		case s.Spec.Type != corev1.ServiceTypeLoadBalancer || len(s.Status.LoadBalancer.Ingress) == 0:
		case balancerClass(s) == balancerClass(of):
			alike++
		default:
			others++
		}
	}
	return alike, others
}

// balancerClass returns the class of a Service's load balancer, "" for the cluster's own.
func balancerClass(s *corev1.Service) string {
	if s.Spec.LoadBalancerClass == nil {
		return ""
	}
	return *s.Spec.LoadBalancerClass
}

func ofClass(s *corev1.Service) string {
	if class := balancerClass(s); class != "" {
		return " of class " + class
	}
	return ""
}

// refusal is why a provider does not make a load balancer.
type refusal struct{ why, fix string }

// refusedBy reads what a controller says of its provider. Each has words of its own;
// these are those of AWS, Azure, Google Cloud and OpenStack.
func refusedBy(raw string) refusal {
	text := strings.ToLower(raw)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
	}
	switch {
	case has("quota", "limitexceeded", "limit exceeded", "too many"):
		return refusal{"a quota of the provider is used up", "Raise the quota with the provider, or free what is not used: load balancers, addresses, rules."}
	case has("accessdenied", "unauthorized", "not authorized", "authorizationfailed", "permission", "forbidden"):
		return refusal{"its controller lacks a permission", "Give the identity of the controller the permission that the message names."}
	case has("subnet", "no available ip", "insufficientfreeaddresses"):
		return refusal{"no subnet or address does", "Tag or name a subnet for it, or free addresses there."}
	}
	return refusal{"its controller cannot make it", "Mend what the message says; the controller tries again by itself."}
}
