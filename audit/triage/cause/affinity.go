package cause

import (
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/audit/triage/placement"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podAffinity = &Pattern{
	ID: "pod-affinity", Family: "scheduling", Title: "the pod is to be beside others, or apart from them, and no node allows it",
	Signals: []string{unschedulable}, Mechanism: change.Capacity, Reads: []kube.Resource{kube.Nodes, kube.Pods},
	Speaks:      "the scheduler says that a rule on other pods is not met (decisive); each domain has a pod that it must be apart from, no pod is there that it must be beside, or pods that run want it elsewhere (structural); the workload is new, was scaled or rolled out, or a node went (temporal)",
	Contradicts: "nodes do not do for other reasons as well (−10)",
	Unchecked:   "whether the rule is meant to be strict",
	gate: func(_ *inquiry, s *subject) bool {
		_, says := reasons(said(s), message.PodAffinity, message.PodAntiAffinity, message.ExistingAntiAffinity)
		return says && s.pod != nil
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		why, _ := reasons(said(s), message.PodAffinity, message.PodAntiAffinity, message.ExistingAntiAffinity)
		w.isDecisive("the scheduler says: %s", why)
		if is, found := q.companyOf(s); found {
			w.isStructural("%s", is.line)
		}
		q.otherReasons(s, w)
		w.isTemporal(q, q.best(change.Capacity, q.placedAnew(s)))
	},
	title: func(q *inquiry, s *subject) string {
		if is, found := q.companyOf(s); found {
			return s.name() + " " + is.title
		}
		return "rules on other pods leave " + s.name() + " no node"
	},
	fix: func(q *inquiry, s *subject) string {
		if is, found := q.companyOf(s); found {
			return is.fix
		}
		return "Make the rule preferred instead of required, or make room for it to be met."
	},
	commands: func(q *inquiry, s *subject) []Command {
		return append([]Command{
			q.describe(orPod(s), "what the scheduler says"),
			q.get(s.pod.Ref(), "the rule, in spec.affinity", "-o", "jsonpath={.spec.affinity}"),
		}, q.podsOrNone(s)...)
	},
}

// company is which other pods keep a pod from finding a node, or are missing.
type company struct{ line, title, fix string }

// companyOf works out why a rule on other pods is not met, in the order in which the
// scheduler asks; false if the objects do not tell.
func (q *inquiry) companyOf(s *subject) (company, bool) {
	says := func(kind message.SchedulerReason) bool { _, is := reasons(said(s), kind); return is }
	affinity := s.pod.Spec.Affinity
	switch {
	case says(message.PodAffinity) && affinity != nil && affinity.PodAffinity != nil:
		return q.lonely(s.pod, affinity.PodAffinity.RequiredDuringSchedulingIgnoredDuringExecution)
	case says(message.PodAntiAffinity) && affinity != nil && affinity.PodAntiAffinity != nil:
		return q.crowded(s, affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution)
	case says(message.ExistingAntiAffinity):
		return q.unwanted(s.pod)
	}
	return company{}, false
}

// lonely finds a term that no pod meets which runs somewhere.
func (q *inquiry) lonely(pod *kube.Pod, terms []corev1.PodAffinityTerm) (company, bool) {
	for i := range terms {
		if len(q.meeting(pod, &terms[i])) > 0 {
			continue
		}
		wanted := metav1.FormatLabelSelector(terms[i].LabelSelector)
		return company{
			line:  fmt.Sprintf("it is to be beside pods with %s by %s, and none has a node", wanted, terms[i].TopologyKey),
			title: "is to be beside pods with " + wanted + ", and there are none",
			fix:   "Bring those pods up first, or correct the selector of the rule.",
		}, true
	}
	return company{}, false
}

// crowded finds a term whose domains all have a pod that it keeps away from.
func (q *inquiry) crowded(s *subject, terms []corev1.PodAffinityTerm) (company, bool) {
	for i := range terms {
		taken := map[string]bool{}
		for _, other := range q.meeting(s.pod, &terms[i]) {
			taken[other.Node] = true
		}
		domains := map[string]bool{} // whether a pod of them is in the way
		for n := range q.Cluster.Nodes.All() {
			if matches, err := placement.Matches(s.pod.Spec, n); err != nil || !matches {
				continue
			}
			if domain, has := n.Labels[terms[i].TopologyKey]; has {
				domains[domain] = domains[domain] || taken[n.Name]
			}
		}
		full := 0
		for held := range maps.Values(domains) {
			if held {
				full++
			}
		}
		if full == 0 {
			continue
		}
		away, fix := metav1.FormatLabelSelector(terms[i].LabelSelector), "Add nodes, or make the rule preferred instead of required."
		if q.meets(s.pod, &terms[i], s.pod) {
			fix = fmt.Sprintf("Ask for no more than %d replicas, add nodes, or make the rule preferred instead of required.", len(domains))
		}
		return company{
			line:  fmt.Sprintf("it is to be apart from pods with %s by %s, and %d of %s have one", away, terms[i].TopologyKey, full, domainsOf(terms[i].TopologyKey, len(domains))),
			title: fmt.Sprintf("is to be apart from pods with %s, and %d of %s have one", away, full, domainsOf(terms[i].TopologyKey, len(domains))),
			fix:   fix,
		}, true
	}
	return company{}, false
}

// unwanted finds who of those that run wants to be apart from a pod.
func (q *inquiry) unwanted(pod *kube.Pod) (company, bool) {
	for other := range q.Cluster.Pods.All() {
		if other.Node == "" || other.Finished() || other.Spec.Affinity == nil || other.Spec.Affinity.PodAntiAffinity == nil {
			continue
		}
		terms := other.Spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution
		if !slices.ContainsFunc(terms, func(t corev1.PodAffinityTerm) bool { return q.meets(other, &t, pod) }) {
			continue
		}
		name := other.Ref().Short()
		if w := q.Cluster.WorkloadOf(other); w != nil {
			name = w.Ref.Short()
		}
		return company{
			line:  "pods of " + name + " that run are to be apart from it",
			title: "is kept away by pods of " + name,
			fix:   "Add nodes, or change the anti-affinity of " + name + ": it is that one's rule.",
		}, true
	}
	return company{}, false
}

// meeting returns the pods that have a node and that a term of a pod selects.
func (q *inquiry) meeting(pod *kube.Pod, term *corev1.PodAffinityTerm) []*kube.Pod {
	var all []*kube.Pod
	for other := range q.Cluster.Pods.All() {
		if other.Node != "" && !other.Finished() && q.meets(pod, term, other) {
			all = append(all, other)
		}
	}
	return all
}

// meets reports whether a term of a pod selects another one. A term without namespaces
// is about those of its own pod's (core/v1 PodAffinityTerm).
func (q *inquiry) meets(pod *kube.Pod, term *corev1.PodAffinityTerm, other *kube.Pod) bool {
	near := slices.Contains(term.Namespaces, other.Namespace) ||
		len(term.Namespaces) == 0 && term.NamespaceSelector == nil && other.Namespace == pod.Namespace
	if !near && term.NamespaceSelector != nil {
		n, held := q.Cluster.Namespaces.Get("", other.Namespace)
		selector, err := metav1.LabelSelectorAsSelector(term.NamespaceSelector)
		near = err == nil && (selector.Empty() || held && selector.Matches(labels.Set(n.Labels)))
	}
	if !near {
		return false
	}
	selector, err := metav1.LabelSelectorAsSelector(term.LabelSelector)
	return err == nil && selector.Matches(labels.Set(other.Labels))
}
