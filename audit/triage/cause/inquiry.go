package cause

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// inquiry is a case with what several patterns ask of it, worked out once.
type inquiry struct {
	*Case
	live      []*triage.Watched // of the incident
	elsewhere []*triage.Watched // of the rest of the cluster
	hit       map[kube.Ref]bool // pods that the incident is about
	symptom   *change.Symptom   // nil until it is asked for
	ranked    map[change.Mechanism][]change.Ranked
	down      map[*kube.Workload][]kube.Ref // that a workload depends on
}

func newInquiry(c *Case) *inquiry {
	q := &inquiry{Case: c, hit: map[kube.Ref]bool{}, ranked: map[change.Mechanism][]change.Ranked{}, down: map[*kube.Workload][]kube.Ref{}}
	q.live, q.elsewhere = lasting(c.Signals), lasting(c.Others)
	for _, s := range q.live {
		if isPod(s.Object) {
			q.hit[s.Object] = true
		}
	}
	return q
}

// lasting leaves the signals that are not over.
func lasting(all []triage.Watched) []*triage.Watched {
	var live []*triage.Watched
	for i := range all {
		if all[i].State != triage.Resolved && all[i].Detector != nil {
			live = append(live, &all[i])
		}
	}
	return live
}

func isPod(ref kube.Ref) bool { return ref.Group == "" && ref.Kind == kube.Pods.Kind }

func isNode(ref kube.Ref) bool { return ref.Group == "" && ref.Kind == kube.Nodes.Kind }

// of returns the signals of the incident by some detectors.
func (q *inquiry) of(detectors ...string) []*triage.Watched { return by(q.live, detectors) }

// anywhere returns the signals of the cluster by some detectors, those of the incident
// first.
func (q *inquiry) anywhere(detectors ...string) []*triage.Watched {
	return append(q.of(detectors...), by(q.elsewhere, detectors)...)
}

func by(all []*triage.Watched, detectors []string) []*triage.Watched {
	var found []*triage.Watched
	for _, s := range all {
		if slices.Contains(detectors, s.Detector.ID) {
			found = append(found, s)
		}
	}
	return found
}

// subject is what a pattern is about.
type subject struct {
	// signals are those that the pattern explains, signal the first of them.
	signals []*triage.Watched
	signal  *triage.Watched
	pod     *kube.Pod // of the first signal, nil if it is about none
	// workload is that of the first signal, nil if there is none.
	workload  *kube.Workload
	container string
	// node is that of the pod, or the object of the signal; "" if there is none.
	node string
	// object is what the gate found beside that: a ConfigMap, a quota; zero if nothing.
	object kube.Ref
	// text is a name that the gate found: a registry, a key, a webhook.
	text string
}

// about returns the subject of some signals, nil if there are none.
func (q *inquiry) about(signals []*triage.Watched) *subject {
	if len(signals) == 0 {
		return nil
	}
	s := &subject{signals: signals, signal: signals[0], container: signals[0].Container}
	s.workload = q.Cluster.Workload(s.signal.Workload)
	switch ref := s.signal.Object; {
	case isPod(ref):
		if pod, ok := q.Cluster.Pods.Get(ref.Namespace, ref.Name); ok {
			s.pod, s.node = pod, pod.Node
			if s.workload == nil {
				s.workload = q.Cluster.WorkloadOf(pod)
			}
		}
	case isNode(ref):
		s.node = ref.Name
	}
	return s
}

// only narrows a subject to the signals of which is holds, and reports whether there
// are any.
func (q *inquiry) only(s *subject, is func(*triage.Watched) bool) bool {
	var left []*triage.Watched
	for _, signal := range s.signals {
		if is(signal) {
			left = append(left, signal)
		}
	}
	narrowed := q.about(left)
	if narrowed != nil {
		*s = *narrowed
	}
	return narrowed != nil
}

// causedBy is a test for [inquiry.only]: one of some causes.
func causedBy(slugs ...string) func(*triage.Watched) bool {
	return func(s *triage.Watched) bool { return slices.Contains(slugs, s.Cause) }
}

// pods returns the pods of the subject's signals, each once.
func (q *inquiry) pods(s *subject) []*kube.Pod {
	var all []*kube.Pod
	seen := make(map[kube.Ref]bool, len(s.signals))
	for _, signal := range s.signals {
		if seen[signal.Object] || !isPod(signal.Object) {
			continue
		}
		seen[signal.Object] = true
		if pod, ok := q.Cluster.Pods.Get(signal.Object.Namespace, signal.Object.Name); ok {
			all = append(all, pod)
		}
	}
	return all
}

// owners returns the workloads that the subject's signals are about, each once.
func owners(s *subject) []kube.Ref {
	var all []kube.Ref
	seen := map[kube.Ref]bool{}
	for _, signal := range s.signals {
		if !signal.Workload.IsZero() && !seen[signal.Workload] {
			seen[signal.Workload] = true
			all = append(all, signal.Workload)
		}
	}
	return all
}

// name is what a person calls the subject: its workload, or else its object.
func (s *subject) name() string {
	if s.workload != nil {
		return s.workload.Ref.Short()
	}
	return s.signal.Object.Short()
}

// namespace is where the subject is.
func (s *subject) namespace() string {
	if s.workload != nil {
		return s.workload.Ref.Namespace
	}
	return s.signal.Object.Namespace
}

// keysOf returns the names of the keys of a kind that the subject's signals bear, each
// once.
func keysOf(s *subject, kind triage.KeyKind) []string {
	var names []string
	for _, signal := range s.signals {
		for _, key := range signal.Keys {
			if key.Kind == kind && !slices.Contains(names, key.Name) {
				names = append(names, key.Name)
			}
		}
	}
	return names
}

// spec returns the pod spec of the subject, nil if there is none.
func (s *subject) spec() *corev1.PodSpec {
	switch {
	case s.pod != nil:
		return s.pod.Spec
	case s.workload != nil:
		return s.workload.Pod.Spec
	}
	return nil
}

// containerOf returns the container of the subject, false if it has none.
func (s *subject) containerOf() (kube.Container, bool) {
	if s.spec() == nil {
		return kube.Container{}, false
	}
	for c := range kube.ContainersOf(s.spec(), "spec") {
		if s.container == "" || c.Name == s.container {
			return c, true
		}
	}
	return kube.Container{}, false
}

// ended returns how the container of the subject ended last, nil if that is not known.
func (s *subject) ended() *corev1.ContainerStateTerminated {
	if s.pod == nil {
		return nil
	}
	for i := range s.pod.Status.Containers {
		status := &s.pod.Status.Containers[i]
		if status.Name != s.container {
			continue
		}
		if now := status.Terminated(); now != nil {
			return now
		}
		return status.LastTerminated()
	}
	return nil
}

// first returns when the first of some signals began.
func first(signals []*triage.Watched) time.Time {
	var at time.Time
	for _, s := range signals {
		if at.IsZero() || s.Onset.Before(at) {
			at = s.Onset
		}
	}
	return at
}
