package cause

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/audit/triage/placement"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var topologySpread = &Pattern{
	ID: "topology-spread", Family: "scheduling", Title: "the pods cannot be spread as they ask to be",
	Signals: []string{unschedulable}, Mechanism: change.Capacity, Reads: []kube.Resource{kube.Nodes, kube.Pods},
	Speaks:      "the scheduler says that a topology spread constraint is not met (decisive); the nodes have too few values of its label, or those where a pod may still go do not take it (structural); the workload is new, was scaled or rolled out, or a node went (temporal)",
	Contradicts: "nodes do not do for other reasons as well (−10)",
	Unchecked:   "whether an autoscaler could bring a node with another value of the label",
	gate: func(q *inquiry, s *subject) bool {
		_, says := reasons(said(s), message.TopologySpread, message.TopologyLabel)
		_, found := q.unspread(s)
		return says && found
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		why, _ := reasons(said(s), message.TopologySpread, message.TopologyLabel)
		w.isDecisive("the scheduler says: %s", why)
		d, _ := q.unspread(s)
		w.isStructural("%s", d.line())
		q.otherReasons(s, w)
		w.isTemporal(q, q.best(change.Capacity, q.placedAnew(s)))
	},
	title: func(q *inquiry, s *subject) string {
		d, _ := q.unspread(s)
		switch {
		case len(d.pods) == 0:
			return fmt.Sprintf("%s is to be spread over %s, which no node has", s.name(), d.TopologyKey)
		case d.short():
			return fmt.Sprintf("%s is to be spread over %s, and there are %d", s.name(), domainsOf(d.TopologyKey, int(*d.MinDomains)), len(d.pods))
		}
		return fmt.Sprintf("%s is to be spread over %s, and only %s may take the next pod", s.name(), domainsOf(d.TopologyKey, len(d.pods)), listed(d.open()))
	},
	fix: func(q *inquiry, s *subject) string {
		d, _ := q.unspread(s)
		switch {
		case len(d.pods) == 0:
			return fmt.Sprintf("Label the nodes with %s, or spread %s over a label that they have.", d.TopologyKey, s.name())
		case d.short():
			return fmt.Sprintf("Lower minDomains to %d, or add nodes with another %s; whenUnsatisfiable ScheduleAnyway makes it a wish.", len(d.pods), d.TopologyKey)
		}
		return fmt.Sprintf("Make room where %s is %s, or raise maxSkew; whenUnsatisfiable ScheduleAnyway makes it a wish.", d.TopologyKey, listed(d.open()))
	},
	commands: func(q *inquiry, s *subject) []Command {
		d, _ := q.unspread(s)
		return append([]Command{
			q.list(kube.Nodes, "", "which "+d.TopologyKey+" the nodes have", "-L", d.TopologyKey),
			q.describe(orPod(s), "how it is to be spread, and what the scheduler says"),
		}, q.podsOrNone(s)...)
	},
}

// distribution is how the pods that a topology spread constraint counts are spread now.
type distribution struct {
	*corev1.TopologySpreadConstraint
	pods map[string]int // by the value of the label, of the nodes that count
}

// short reports whether there are fewer domains than are asked for.
func (d *distribution) short() bool { return d.MinDomains != nil && len(d.pods) < int(*d.MinDomains) }

// open returns the domains that one more pod may go to, sorted: the fewest pods of any
// domain count, and none where there are too few domains
// (pkg/scheduler/framework/plugins/podtopologyspread).
func (d *distribution) open() []string {
	least := 0
	if !d.short() {
		first := true
		for _, n := range d.pods {
			if first || n < least {
				least, first = n, false
			}
		}
	}
	var all []string
	for domain, n := range d.pods {
		if n+1-least <= int(d.MaxSkew) {
			all = append(all, domain)
		}
	}
	slices.Sort(all)
	return all
}

// tight reports whether it keeps a pod from some node.
func (d *distribution) tight() bool { return len(d.open()) < len(d.pods) || len(d.pods) == 0 }

// line says how the pods are spread, and what is asked for.
func (d *distribution) line() string {
	if len(d.pods) == 0 {
		return "no node that it may run on has the label " + d.TopologyKey
	}
	var counts []string
	for domain, n := range d.pods {
		counts = append(counts, fmt.Sprintf("%s %d", domain, n))
	}
	slices.Sort(counts)
	is := fmt.Sprintf("its pods by %s: %s", d.TopologyKey, listed(counts))
	switch open := d.open(); {
	case d.short():
		return fmt.Sprintf("%s; it asks for %d domains (minDomains), and with %d each may have no more than %d (maxSkew)", is, *d.MinDomains, len(d.pods), d.MaxSkew)
	default:
		return fmt.Sprintf("%s; with no more than %d between them (maxSkew) the next may go to %s alone", is, d.MaxSkew, listed(open))
	}
}

// domainsOf says how many domains of a label in the words that people have for it:
// "3 zones", "2 nodes", "4 values of example.com/rack".
func domainsOf(key string, n int) string {
	word, known := map[string]string{corev1.LabelTopologyZone: "zone", corev1.LabelTopologyRegion: "region", corev1.LabelHostname: "node"}[key]
	switch {
	case !known:
		return fmt.Sprintf("%d values of %s", n, key)
	case n == 1:
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// listed writes the first few of some names.
func listed(all []string) string {
	const shown = 5
	if len(all) > shown {
		return fmt.Sprintf("%s and %d more", strings.Join(all[:shown], ", "), len(all)-shown)
	}
	return strings.Join(all, ", ")
}

// unspread returns the first constraint of the subject's pod that must hold and keeps it
// from nodes; false if there is none.
func (q *inquiry) unspread(s *subject) (*distribution, bool) {
	if s.pod == nil {
		return nil, false
	}
	for i := range s.pod.Spec.TopologySpreadConstraints {
		c := &s.pod.Spec.TopologySpreadConstraints[i]
		if c.WhenUnsatisfiable != corev1.DoNotSchedule {
			continue
		}
		if d := q.distribution(s.pod, c); d != nil && d.tight() {
			return d, true
		}
	}
	return nil, false
}

// distribution counts the pods of a constraint on the nodes that count for it: by
// default those that the pod's node affinity allows, whatever their taints (KEP-3094).
// It is nil if the constraint cannot be read.
func (q *inquiry) distribution(pod *kube.Pod, c *corev1.TopologySpreadConstraint) *distribution {
	selector, err := metav1.LabelSelectorAsSelector(c.LabelSelector)
	if err != nil {
		return nil
	}
	for _, key := range c.MatchLabelKeys {
		if value, has := pod.Labels[key]; has {
			same, _ := labels.SelectorFromSet(labels.Set{key: value}).Requirements()
			selector = selector.Add(same...)
		}
	}
	d := &distribution{c, map[string]int{}}
	on := map[string]string{} // domains by node
	for n := range q.Cluster.Nodes.All() {
		if domain, has := n.Labels[c.TopologyKey]; has && included(pod, c, n) {
			on[n.Name] = domain
			d.pods[domain] = 0
		}
	}
	for _, other := range q.Cluster.Pods.In(pod.Namespace) {
		domain, counts := on[other.Node]
		if counts && !other.Finished() && other.Deleted().IsZero() && selector.Matches(labels.Set(other.Labels)) {
			d.pods[domain]++
		}
	}
	return d
}

// included reports whether a node counts for a constraint.
func included(pod *kube.Pod, c *corev1.TopologySpreadConstraint, n *corev1.Node) bool {
	if c.NodeAffinityPolicy == nil || *c.NodeAffinityPolicy == corev1.NodeInclusionPolicyHonor {
		if matches, err := placement.Matches(pod.Spec, n); err != nil || !matches {
			return false
		}
	}
	honored := c.NodeTaintsPolicy != nil && *c.NodeTaintsPolicy == corev1.NodeInclusionPolicyHonor
	return !honored || len(placement.Untolerated(pod.Spec, n)) == 0
}

// otherReasons notes against a rule on where pods go that nodes do not do for other
// reasons as well.
func (q *inquiry) otherReasons(s *subject, w *weighing) {
	if why, says := reasons(said(s), message.Capacity, message.Taint, message.Cordoned, message.Selector); says {
		w.hardly("nodes do not do for other reasons as well: %s", why)
	}
}

// placedAnew is a test for [inquiry.best]: what makes pods look for nodes that did not,
// or takes nodes from them.
func (q *inquiry) placedAnew(s *subject) func(*change.Ranked) bool {
	return func(r *change.Ranked) bool {
		if s.workload == nil || r.Change.Owner != s.workload.Ref {
			return r.Change.Kind == change.Node
		}
		return r.Change.Action == change.Created || kinds(change.Scale, change.Autoscale)(r) || rolledOut(s.workload, change.Scheduling, change.Label)(r)
	}
}
