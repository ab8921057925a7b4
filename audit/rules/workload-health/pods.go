package workloadhealth

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// members are the pods of a workload that have a status and are to stay.
type members struct {
	ref      kube.Ref
	workload *kube.Workload // nil for a pod without a controller that has failed
	spec     *corev1.PodSpec
	path     string      // the field path of spec
	pods     int         // those that have not finished, or all where they are meant to
	troubled []*kube.Pod // those that rules may mind, by name
}

// roster has the members of a namespace.
type roster struct {
	of     map[*kube.Workload]*members
	failed []*members // pods without a controller that have failed and are workloads no more
}

// rosters has them by namespace. Nearly all pods are well: each rule looks at
// the few that are not.
var rosters = kube.DeriveFor(func(c *kube.Cluster, namespace string) roster {
	r := roster{of: map[*kube.Workload]*members{}}
	for _, w := range c.WorkloadsIn(namespace) {
		m := &members{ref: w.Ref, workload: w, spec: w.Pod.Spec, path: w.Pod.Path}
		ends, known := ends(w.Pod.Spec), false
		for _, pod := range c.PodsOf(w) {
			if pod.Status.Phase == "" || !pod.Deleted().IsZero() {
				continue
			}
			known = true
			if ends || !pod.Finished() {
				m.pods++
			}
			if troubled(pod) {
				m.troubled = append(m.troubled, pod)
			}
		}
		if known {
			r.of[w] = m
		}
	}
	for _, pod := range c.Pods.In(namespace) {
		if pod.Status.Phase == corev1.PodFailed && pod.Deleted().IsZero() && pod.Owner.IsZero() {
			r.failed = append(r.failed, &members{ref: pod.Ref(), spec: pod.Spec, path: "spec", pods: 1, troubled: []*kube.Pod{pod}})
		}
	}
	return r
})

// troubled reports whether a pod is anything but running without a restart.
func troubled(pod *kube.Pod) bool {
	switch {
	case pod.Status.Phase == corev1.PodSucceeded:
		return false
	case pod.Status.Phase != corev1.PodRunning || !pod.Status.Ready:
		return true
	}
	for i := range pod.Status.Containers {
		if pod.Status.Containers[i].Restarts > 0 || pod.Status.Containers[i].LastTerminated() != nil {
			return true
		}
	}
	return false
}

// eachWithPods returns a Check that judges every workload that has pods.
func eachWithPods(judge func(*audit.Pass, *members)) audit.Check {
	return audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		m := rosters.Of(p.Cluster, w.Ref.Namespace).of[w]
		if m == nil {
			p.NotApplicable()
			return
		}
		judge(p, m)
	})
}

// eachWithFailed is like eachWithPods and judges pods without a controller also
// after they have failed.
func eachWithFailed(judge func(*audit.Pass, *members)) audit.Check {
	return audit.Each(func(c *kube.Cluster) iter.Seq2[audit.Subject, *members] {
		return func(yield func(audit.Subject, *members) bool) {
			for _, namespace := range c.NamespaceNames() {
				r := rosters.Of(c, namespace)
				for _, w := range c.WorkloadsIn(namespace) {
					if m := r.of[w]; m != nil && !yield(audit.Subject{Ref: m.ref, Namespace: namespace}, m) {
						return
					}
				}
				for _, m := range r.failed {
					if !yield(audit.Subject{Ref: m.ref, Namespace: namespace}, m) {
						return
					}
				}
			}
		}
	}, judge)
}

// eachOf returns a Check that judges every workload of some kinds whose object
// the view holds and makes the pods: a Deployment that a Rollout refers to makes none.
func eachOf(kinds []kube.Resource, judge func(*audit.Pass, *kube.Workload)) audit.Check {
	return audit.Each(func(c *kube.Cluster) iter.Seq2[audit.Subject, *kube.Workload] {
		return func(yield func(audit.Subject, *kube.Workload) bool) {
			for _, namespace := range c.NamespaceNames() {
				for _, w := range c.WorkloadsIn(namespace) {
					named := func(r kube.Resource) bool { return r.Kind == w.Ref.Kind && r.Group == w.Ref.Group }
					if w.Held && w.Scaler == nil && slices.ContainsFunc(kinds, named) && !yield(audit.Subject{Ref: w.Ref, Namespace: namespace}, w) {
						return
					}
				}
			}
		}
	}, judge)
}

// field returns the path of a field of one of the containers, of the container
// itself for "", and of the pod spec for a container that admission added.
func (m *members) field(container, field string) string {
	for c := range kube.ContainersOf(m.spec, m.path) {
		switch {
		case c.Name != container:
		case field == "":
			return c.Path()
		default:
			return c.Field(field)
		}
	}
	return m.path
}

// share says how many of the pods: "2 of 3 pods".
func (m *members) share(count int) string {
	all := max(m.pods, count)
	if all == 1 {
		return "its pod"
	}
	return fmt.Sprintf("%d of %d pods", count, all)
}

// ends reports whether pods are meant to end: those of Jobs and of workflows,
// and others that nothing starts again.
func ends(spec *corev1.PodSpec) bool {
	return spec.RestartPolicy == corev1.RestartPolicyNever || spec.RestartPolicy == corev1.RestartPolicyOnFailure
}

// containerOf returns a container of a pod as its spec has it, false for one
// that the spec does not have.
func containerOf(pod *kube.Pod, name string) (kube.Container, bool) {
	for c := range kube.ContainersOf(pod.Spec, "spec") {
		if c.Name == name {
			return c, true
		}
	}
	return kube.Container{}, false
}

// condition returns what a pod says of a condition and since when, false if it
// says nothing.
func condition(pod *kube.Pod, of corev1.PodConditionType) (kube.Said, metav1.Time, bool) {
	for c := range pod.Status.Conditions() {
		if said := c.Said(); said.Type == of {
			return said, metav1.Time{Time: c.Since()}, true
		}
	}
	return kube.Said{}, metav1.Time{}, false
}

// unschedulable says why the scheduler finds no node for a pod and since when,
// false if it finds one. Pods that wait for a gate or for the rest of their
// group wait by design.
func unschedulable(pod *kube.Pod) (kube.Said, metav1.Time, bool) {
	said, since, known := condition(pod, corev1.PodScheduled)
	if !known || pod.Node != "" || said.Status != corev1.ConditionFalse ||
		said.Reason != corev1.PodReasonUnschedulable && said.Reason != corev1.PodReasonSchedulerError ||
		strings.Contains(said.Message, "waiting for minCount pods") {
		return kube.Said{}, metav1.Time{}, false
	}
	if since.IsZero() {
		since = metav1.Time{Time: pod.Created()}
	}
	return said, since, true
}

// gated reports whether a pod is held back from the scheduler on purpose.
func gated(pod *kube.Pod) bool {
	said, _, known := condition(pod, corev1.PodScheduled)
	return known && said.Status == corev1.ConditionFalse &&
		(said.Reason == corev1.PodReasonSchedulingGated || strings.Contains(said.Message, "waiting for minCount pods"))
}

// endOf returns when a finished pod ended, as its containers and conditions tell;
// its creation for one that never started.
func endOf(pod *kube.Pod) metav1.Time {
	latest := pod.Created()
	for i := range pod.Status.Containers {
		if ended := pod.Status.Containers[i].Terminated(); ended != nil && ended.FinishedAt.After(latest) {
			latest = ended.FinishedAt.Time
		}
	}
	for c := range pod.Status.Conditions() {
		if since := c.Since(); since.After(latest) {
			latest = since
		}
	}
	return metav1.Time{Time: latest}
}

// plural returns the word for a count.
func plural(count int, one, many string) string {
	if count == 1 {
		return one
	}
	return many
}

// tally counts the ways in which something happened.
type tally map[string]int

// String lists them, the most frequent first.
func (t tally) String() string {
	names := make([]string, 0, len(t))
	for name := range t {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if t[a] != t[b] {
			return t[b] - t[a]
		}
		return strings.Compare(a, b)
	})
	return strings.Join(names, ", ")
}

// longest is how many characters of a message of the cluster a finding quotes.
const longest = 400

// quote puts a message of the cluster on one line, as a sentence of its own, and
// cuts it where it gets too long; "" stays "".
func quote(message string) string {
	line := []rune(strings.Join(strings.Fields(message), " "))
	if len(line) > longest {
		return string(line[:longest]) + "…"
	}
	if len(line) == 0 || strings.ContainsRune(".!?", line[len(line)-1]) {
		return string(line)
	}
	return string(line) + "."
}
