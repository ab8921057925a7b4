package cause

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// networkPatterns are why traffic does not arrive.
func networkPatterns() []*Pattern { return []*Pattern{serviceSelector, clusterDNS, loadBalancer} }

var serviceSelector = &Pattern{
	ID: "service-selector", Family: "network", Title: "a Service selects the wrong pods, or a port that they do not have",
	Signals: []string{"svc-no-endpoints", "svc-port-mismatch", "ingress-backend"}, Mechanism: change.TrafficLost, Reads: []kube.Resource{kube.Pods},
	Speaks:      "it selects no pod, and the pods of a workload lack one of its labels; or no container has the port that it names (structural); those pods are ready (contrast); labels or the Service changed (temporal)",
	Contradicts: "the pods that it selects are not ready: it is they (no signal)",
	Unchecked:   "who calls it",
	gate: func(q *inquiry, s *subject) bool {
		return q.only(s, func(x *triage.Watched) bool {
			if x.Object.Kind != kube.Services.Kind {
				return false
			}
			service, ok := q.Cluster.Services.Get(x.Object.Namespace, x.Object.Name)
			if !ok {
				return false
			}
			return x.Detector.ID == "svc-port-mismatch" || len(q.selected(service)) == 0
		})
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		service, _ := q.Cluster.Services.Get(s.signal.Object.Namespace, s.signal.Object.Name)
		if s.signal.Detector.ID == "svc-port-mismatch" {
			w.isStructural("%s %s", s.signal.Object.Short(), s.signal.Message)
			if well := countServing(q.selected(service)); well > 0 {
				w.isContrast("the %d pods that it selects are ready", well)
			}
		} else if near, key := q.nearMisses(service); len(near) > 0 {
			w.isStructural("it selects %s=%s, and the pods of %s have %s", key, service.Spec.Selector[key], near[0].Ref, labelOf(near[0], key))
			if last := q.relabelled(near[0], key, service.Spec.Selector[key]); last != "" {
				w.isWeak("the rollout changed just that: %s", last)
			}
			if well := q.serving(near[0]); well > 0 {
				w.isContrast("%d pods of %s are ready and get no traffic from it", well, near[0].Ref.Short())
			}
		} else {
			w.isWeak("it selects no pod")
		}
		w.isTemporal(q, q.best(change.TrafficLost, func(r *change.Ranked) bool {
			if r.Change.Object == s.signal.Object {
				return true
			}
			near, _ := q.nearMisses(service)
			return slices.ContainsFunc(near, func(n *kube.Workload) bool { return rolledOut(n, change.Label, change.Other)(r) })
		}))
	},
	title: func(q *inquiry, s *subject) string {
		service, _ := q.Cluster.Services.Get(s.signal.Object.Namespace, s.signal.Object.Name)
		if s.signal.Detector.ID == "svc-port-mismatch" {
			return s.signal.Object.Short() + " names a port that its pods do not have"
		}
		if near, key := q.nearMisses(service); len(near) > 0 {
			return fmt.Sprintf("%s selects no pod: label %s of %s differs", s.signal.Object.Short(), key, near[0].Ref.Short())
		}
		return s.signal.Object.Short() + " selects no pod"
	},
	fix: func(q *inquiry, s *subject) string {
		service, _ := q.Cluster.Services.Get(s.signal.Object.Namespace, s.signal.Object.Name)
		if s.signal.Detector.ID == "svc-port-mismatch" {
			return "Name a port in targetPort that the containers have, or name the port in the containers."
		}
		if near, key := q.nearMisses(service); len(near) > 0 {
			return fmt.Sprintf("Set %s in the selector of %s to what the pods of %s have, or the other way around.", key, s.signal.Object.Short(), near[0].Ref.Short())
		}
		return "Find out which workload it is for; if there is none any more, delete it."
	},
	commands: func(q *inquiry, s *subject) []Command {
		ref := s.signal.Object
		return []Command{
			q.get(ref, "what it selects, and its ports", "-o", "yaml"),
			q.list(kube.Pods, ref.Namespace, "which labels the pods have", "--show-labels"),
			q.slices(ref.Namespace, ref.Name, "its endpoints"),
		}
	},
}

// relabelled says how the last rollout of a workload changed a label of its pods from
// what a Service selects; "" if it did not.
func (q *inquiry) relabelled(w *kube.Workload, key, selected string) string {
	for i := range q.Changes {
		ch := &q.Changes[i]
		if ch.Kind != change.Rollout || ch.Object != w.Ref {
			continue
		}
		for _, d := range ch.Differences {
			if d.Field == change.Label && strings.HasSuffix(d.Path, "."+key) && d.Before == selected {
				return d.String()
			}
		}
	}
	return ""
}

func labelOf(w *kube.Workload, key string) string {
	if value, has := w.Pod.Labels[key]; has {
		return key + "=" + value
	}
	return "no label " + key
}

func countServing(pods []*kube.Pod) int {
	n := 0
	for _, pod := range pods {
		if triage.Serving(pod) {
			n++
		}
	}
	return n
}

var clusterDNS = &Pattern{
	ID: "cluster-dns", Family: "network", Title: "cluster DNS is down",
	Signals: []string{"dns-unhealthy"}, Mechanism: change.TrafficLost, Reads: []kube.Resource{kube.EndpointSlices},
	Speaks:      "most pods behind its Service are not ready (structural); workloads fail after it that have nothing else in common (contrast); its ConfigMap or its Deployment changed (temporal); messages of failed lookups (weak)",
	Contradicts: "what fails is on one node only: rather its local cache or its network (−35)",
	Unchecked:   "the logs of CoreDNS",
	gate:        func(*inquiry, *subject) bool { return true },
	weigh: func(q *inquiry, s *subject, w *weighing) {
		w.isStructural("%s", s.signal.Message)
		effects := q.after(s.signal, "crash-loop", "probe-readiness", "probe-liveness", "restart-burst")
		if n := len(owners(effects)); n > 1 {
			w.isContrast("%d workloads fail since, which have nothing else in common", n)
		}
		lookups := 0
		for _, x := range effects.signals {
			if x.Cause == string(message.ProbeName) || strings.Contains(x.Raw, "no such host") || strings.Contains(x.Raw, "i/o timeout") {
				lookups++
			}
		}
		if lookups > 0 {
			w.isWeak("%d of them fail to resolve names", lookups)
		}
		if found := q.spread(effects); found.pods > 2 && len(found.nodes) == 1 {
			w.strongly("all that fails is on node %s", found.nodes[0])
		}
		w.isTemporal(q, q.best(change.TrafficLost, func(r *change.Ranked) bool {
			return r.Change.Object == corefile() || s.workload != nil && r.Change.Object == s.workload.Ref
		}))
	},
	title: func(q *inquiry, s *subject) string {
		if r := q.best(change.TrafficLost, ofObject(corefile())); r != nil {
			return "cluster DNS is down since its configuration changed (" + s.signal.Message + ")"
		}
		return "cluster DNS is down (" + s.signal.Message + ")"
	},
	fix: func(q *inquiry, s *subject) string {
		if r := q.best(change.TrafficLost, ofObject(corefile())); r != nil {
			return "Restore " + r.Change.Object.String() + ", then restart " + s.name() + "."
		}
		return "Bring " + s.name() + " back before anything else: all that calls by name depends on it."
	},
	commands: func(q *inquiry, s *subject) []Command {
		pods := q.list(kube.Pods, metaSystem, "which pods of it are ready, and where", "-l", "k8s-app=kube-dns", "-o", "wide")
		logs := q.kubectl(metaSystem, "why it ends or does not answer", "logs", "-l", "k8s-app=kube-dns", "--tail=50").
			needs(may("list", kube.Pods, metaSystem, ""), kube.Right{Verb: "get", Resource: kube.Pods.Plural, Subresource: "log", Namespace: metaSystem})
		logs.Sensitive = true
		return append([]Command{pods, logs, q.whoWrote(corefile())}, q.rollback(s.workload)...)
	},
}

const metaSystem = "kube-system"

// corefile is the configuration of CoreDNS, by the name that kubeadm and most others
// give it.
func corefile() kube.Ref { return kube.ConfigMaps.Ref(metaSystem, "coredns") }

// after returns the signals by some detectors that began when another one did or
// later, as a subject that has them all.
func (q *inquiry) after(of *triage.Watched, detectors ...string) *subject {
	s := &subject{signal: of}
	for _, x := range q.anywhere(detectors...) {
		if !x.Onset.Before(of.Onset) && x.Object.Namespace != metaSystem {
			s.signals = append(s.signals, x)
		}
	}
	return s
}
