package incident

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var noon = time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)

// world is a cluster in which signals are said, not detected.
type world struct {
	t         testing.TB
	b         *kube.Builder
	tracker   *Tracker
	detectors map[string]*triage.Detector
	signals   map[triage.Identity]triage.Signal
}

// rungs are those that the detectors of tests stand on.
func rungs() map[string]triage.Rung {
	return map[string]triage.Rung{
		"leader-stale": triage.ControlPlane, "zone-down": triage.Zones,
		"node-notready": triage.Nodes, "node-silent": triage.Nodes, "node-pressure": triage.Nodes, "node-cordoned": triage.Nodes,
		"not-ready-node": triage.Nodes, "pod-sandbox-failed": triage.NodeAgents, "dns-unhealthy": triage.NameServices,
		"webhook-down": triage.Admission, "apiservice-down": triage.Admission, "crd-bad": triage.Admission, "ns-stuck": triage.Effects, "create-refused": triage.Quotas, "quota-full": triage.Quotas,
		"pvc-pending": triage.Storage, "pod-attach-failed": triage.Storage, "config-error": triage.Configuration, "pod-mount-failed": triage.Configuration,
		"image-pull": triage.Images, "pod-unschedulable": triage.Capacity, "observed-stale": triage.ControlPlane,
		"svc-no-endpoints": triage.Effects, "ingress-backend": triage.Effects, "deploy-degraded": triage.Effects, "deploy-unavailable": triage.Effects,
		"hpa-blind": triage.Effects, "hpa-maxed": triage.Capacity, "gitops-failed": triage.Effects, "pdb-blocking": triage.Effects, "ds-missing": triage.Effects,
	}
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return &world{t: t, b: kube.NewBuilder(kube.Info{Name: "test"}), tracker: NewTracker(nil), detectors: map[string]*triage.Detector{}, signals: map[triage.Identity]triage.Signal{}}
}

func (w *world) detector(id string) *triage.Detector {
	if w.detectors[id] == nil {
		rung, known := rungs()[id]
		if !known {
			rung = triage.Revisions
		}
		w.detectors[id] = &triage.Detector{
			ID: id, Title: id, About: id, Reads: []kube.Resource{kube.Pods}, Rung: rung, Check: func(*triage.Pass) {},
		}
	}
	return w.detectors[id]
}

func (w *world) set(r kube.Resource, o kube.Object) {
	w.t.Helper()
	if err := w.b.Set(r, o); err != nil {
		w.t.Fatal(err)
	}
}

// nodes makes nodes n0, n1 and so on, in zones of their number modulo three.
func (w *world) nodes(n int) {
	for i := range n {
		w.set(kube.Nodes, &corev1.Node{ObjectMeta: metav1.ObjectMeta{
			Name: fmt.Sprintf("n%d", i), UID: types.UID(fmt.Sprintf("node-%d", i)),
			Labels: map[string]string{corev1.LabelTopologyZone: fmt.Sprintf("z%d", i%3)},
		}})
	}
}

// deployment is one with pods name-rev-0 and so on, on the nodes n0, n1 and so on.
type deployment struct {
	namespace, name string
	replicas        int
	ready           int // the last ones are not
	revision        int
	image           string
	env             string // the value of a variable
	nodes           []string
	labels          map[string]string
	created         time.Duration
}

func (w *world) deploy(d deployment) {
	w.t.Helper()
	labels := map[string]string{"app": d.name}
	maps.Copy(labels, d.labels)
	if d.image == "" {
		d.image = "registry.example/" + d.name + ":1"
	}
	spec := corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: d.image}}}
	if d.env != "" {
		spec.Containers[0].Env = []corev1.EnvVar{{Name: "BACKEND", Value: d.env}}
	}
	template := corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: spec}
	meta := metav1.ObjectMeta{Namespace: d.namespace, Name: d.name, UID: types.UID(d.namespace + "/" + d.name), Labels: labels}
	selector := &metav1.LabelSelector{MatchLabels: map[string]string{"app": d.name}}
	w.set(kube.Deployments, &appsv1.Deployment{ObjectMeta: meta, Spec: appsv1.DeploymentSpec{
		Replicas: new(int32(d.replicas)), Selector: selector, Template: template, //nolint:gosec // small
	}, Status: appsv1.DeploymentStatus{UpdatedReplicas: int32(d.replicas), Replicas: int32(d.replicas)}}) //nolint:gosec // small
	hash := fmt.Sprintf("r%d", d.revision)
	set := d.name + "-" + hash
	labels["pod-template-hash"] = hash
	w.set(kube.ReplicaSets, &appsv1.ReplicaSet{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: d.namespace, Name: set, Labels: labels, OwnerReferences: owned("Deployment", d.name),
			Annotations: map[string]string{"deployment.kubernetes.io/revision": fmt.Sprint(d.revision)},
		},
		Spec: appsv1.ReplicaSetSpec{Replicas: new(int32(d.replicas)), Selector: selector, Template: template}, //nolint:gosec // small
	})
	for i := range d.replicas {
		node := fmt.Sprintf("n%d", i)
		if len(d.nodes) > 0 {
			node = d.nodes[i%len(d.nodes)]
		}
		w.set(kube.Pods, pod(d, set, i, node, spec, labels))
	}
}

func owned(kind, name string) []metav1.OwnerReference {
	return []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: kind, Name: name, Controller: new(true)}}
}

func pod(d deployment, set string, i int, node string, spec corev1.PodSpec, labels map[string]string) *corev1.Pod {
	status := corev1.ConditionFalse
	if i < d.ready {
		status = corev1.ConditionTrue
	}
	spec.NodeName = node
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: d.namespace, Name: fmt.Sprintf("%s-%d", set, i), Labels: maps.Clone(labels), OwnerReferences: owned("ReplicaSet", set),
			CreationTimestamp: metav1.NewTime(noon.Add(d.created)),
		},
		Spec:   spec,
		Status: corev1.PodStatus{Phase: corev1.PodRunning, Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: status}}},
	}
}

// service makes a Service that selects the pods of an app.
func (w *world) service(namespace, name, app string) {
	w.t.Helper()
	w.set(kube.Services, &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Spec: corev1.ServiceSpec{Selector: map[string]string{"app": app}},
	})
}

// say has a detector say something of an object since a time after noon.
func (w *world) say(id string, object kube.Ref, since time.Duration, more ...func(*triage.Signal)) {
	s := triage.Signal{Detector: w.detector(id), Object: object, Since: noon.Add(since), Message: id}
	for _, change := range more {
		change(&s)
	}
	w.signals[s.Identity()] = s
}

// unsay ends what a detector says of objects, of all with none given.
func (w *world) unsay(id string, objects ...kube.Ref) {
	maps.DeleteFunc(w.signals, func(k triage.Identity, _ triage.Signal) bool {
		return k.Detector == id && (len(objects) == 0 || slices.Contains(objects, k.Object))
	})
}

// pods names pods of a Deployment.
func pods(namespace, name string, revision int, numbers ...int) []kube.Ref {
	refs := make([]kube.Ref, len(numbers))
	for i, n := range numbers {
		refs[i] = kube.Pods.Ref(namespace, fmt.Sprintf("%s-r%d-%d", name, revision, n))
	}
	return refs
}

// sayAll says the same of many objects.
func (w *world) sayAll(id string, objects []kube.Ref, since time.Duration, more ...func(*triage.Signal)) {
	for _, o := range objects {
		w.say(id, o, since, more...)
	}
}

func keyed(kind triage.KeyKind, name string) func(*triage.Signal) {
	return func(s *triage.Signal) { s.Keys = append(s.Keys, triage.Key{Kind: kind, Name: name}) }
}

func cause(slug string) func(*triage.Signal) { return func(s *triage.Signal) { s.Cause = slug } }

func words(text string) func(*triage.Signal) { return func(s *triage.Signal) { s.Message = text } }

func severe(severity triage.Severity) func(*triage.Signal) {
	return func(s *triage.Signal) { s.Severity = severity }
}

// at returns the report of a time after noon.
func (w *world) at(after time.Duration) *Report {
	w.t.Helper()
	now := noon.Add(after)
	c := w.b.Build(now)
	var signals []*triage.Signal
	for _, id := range slices.SortedFunc(maps.Keys(w.signals), compareIdentities) {
		s := w.signals[id]
		if pod, ok := c.Pods.Get(s.Object.Namespace, s.Object.Name); ok && s.Object.Kind == "Pod" {
			if workload := c.WorkloadOf(pod); workload != nil {
				s.Workload = workload.Ref
			}
		}
		if s.Workload.IsZero() && c.Workload(s.Object) != nil {
			s.Workload = s.Object
		}
		signals = append(signals, &s)
	}
	r := w.tracker.update(c, signals, now)
	if fault := sound(r); fault != "" {
		w.t.Errorf("after %s: %s", after, fault)
	}
	return r
}

// sound returns what is wrong with any report, "" for nothing.
func sound(r *Report) string {
	seen, ids := map[triage.Identity]string{}, map[string]bool{}
	all := r.Incidents
	if r.Notes != nil {
		all = append(slices.Clone(all), r.Notes)
	}
	fires := 0
	for _, i := range all {
		for _, id := range append([]string{i.ID}, i.Aliases...) {
			if ids[id] {
				return "the ID " + id + " is there twice"
			}
			ids[id] = true
		}
		for _, s := range i.Signals {
			if other, known := seen[s.Identity()]; known && s.State != triage.Suspect {
				return fmt.Sprintf("%v is in %s and in %s", s.Identity(), i.ID, other)
			}
			seen[s.Identity()] = i.ID
		}
		fires += firing(i.Signals)
		if fault := complete(i); fault != "" {
			return fault
		}
	}
	if fires != r.Signals || r.Explained > r.Signals {
		return fmt.Sprintf("%d signals fire in incidents, %d in all, %d of them explained", fires, r.Signals, r.Explained)
	}
	return ""
}

// complete returns what an incident does not say, "" for nothing.
func complete(i *Incident) string {
	over := !slices.ContainsFunc(i.Signals, func(s Signal) bool { return s.State != triage.Resolved })
	switch {
	case i.State != Resolved && over:
		return i.ID + " is " + i.State.String() + " and has no signal that is not over"
	case i.Title == "", i.Where == "", i.Severity == 0, i.Since.IsZero(), (i.State == Open) != i.Ended.IsZero():
		return fmt.Sprintf("%s does not say all it should: %+v", i.ID, i)
	}
	return ""
}

// told writes a report a line an incident: severity, state, root, pods, and the
// signals that are not over, symptoms behind ←.
func told(r *Report) string {
	var text strings.Builder
	for _, i := range r.Incidents {
		tell(&text, i)
	}
	if r.Notes != nil {
		tell(&text, r.Notes)
	}
	return text.String()
}

func tell(text *strings.Builder, i *Incident) {
	fmt.Fprintf(text, "%s %s %s %s, %d pods:", i.Severity, i.State, i.Root.Kind, i.Root.Name, i.Pods)
	counts := map[string]int{}
	for _, s := range i.Signals {
		word := s.Detector.ID
		switch {
		case s.State == triage.Resolved:
			continue
		case s.State != triage.Firing:
			word = s.State.String() + " " + word
		}
		if s.Symptom() {
			word = "←" + word
		}
		counts[word]++
	}
	for _, word := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(text, " %d %s", counts[word], word)
	}
	text.WriteString("\n")
}

// renamed is a node of the same name with another UID.
func renamed(name, uid string) *corev1.Node {
	return &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name, UID: types.UID(uid)}}
}

// scaling is an autoscaler of a Deployment of its name.
func scaling(namespace, name string) *autoscalingv2.HorizontalPodAutoscaler {
	return &autoscalingv2.HorizontalPodAutoscaler{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
			MinReplicas: new(int32(2)), ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Name: name},
		},
	}
}

// selecting is a Service that selects pods by some labels.
func selecting(namespace, name string, labels map[string]string) *corev1.Service {
	return &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Spec: corev1.ServiceSpec{Selector: labels}}
}
