package cause

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// referencesOf returns what the pods of a workload are made of, what bounds them, and
// the Services that select them.
func referencesOf(c *kube.Cluster, w *kube.Workload) []kube.Ref {
	var all []kube.Ref
	add := func(r kube.Resource, name string) {
		if ref := r.Ref(w.Ref.Namespace, name); name != "" && !slices.Contains(all, ref) {
			all = append(all, ref)
		}
	}
	for _, ref := range configuration(w.Ref.Namespace, w.Pod.Spec) {
		resource, _ := kube.ResourceOf("", ref.Kind)
		add(resource, ref.Name)
	}
	for i := range w.Pod.Spec.Volumes {
		if claim := w.Pod.Spec.Volumes[i].PersistentVolumeClaim; claim != nil {
			add(kube.PersistentVolumeClaims, claim.ClaimName)
		}
	}
	add(kube.ServiceAccounts, w.ServiceAccount())
	for _, s := range c.ServicesSelecting(w) {
		add(kube.Services, s.Name)
	}
	return append(all, limitsOf(c, w)...)
}

// limitsOf returns what bounds the pods of a workload beside themselves: autoscalers,
// budgets, LimitRanges, the classes of their priority, runtime and storage, and the
// NetworkPolicies that select them.
func limitsOf(c *kube.Cluster, w *kube.Workload) []kube.Ref {
	var all []kube.Ref
	namespace, spec := w.Ref.Namespace, w.Pod.Spec
	for _, h := range c.AutoscalersOf(w) {
		all = append(all, kube.HorizontalPodAutoscalers.Ref(namespace, h.Name))
	}
	for _, b := range c.BudgetsSelecting(w) {
		all = append(all, kube.PodDisruptionBudgets.Ref(namespace, b.Name))
	}
	for _, l := range c.LimitRanges.In(namespace) {
		all = append(all, kube.LimitRanges.Ref(namespace, l.Name))
	}
	for _, p := range c.NetworkPolicies.In(namespace) {
		selector, err := metav1.LabelSelectorAsSelector(&p.Spec.PodSelector)
		if err == nil && selector.Matches(labels.Set(w.Pod.Labels)) {
			all = append(all, kube.NetworkPolicies.Ref(namespace, p.Name))
		}
	}
	if spec.PriorityClassName != "" {
		all = append(all, kube.PriorityClasses.Ref("", spec.PriorityClassName))
	}
	if spec.RuntimeClassName != nil {
		all = append(all, kube.RuntimeClasses.Ref("", *spec.RuntimeClassName))
	}
	return append(all, classesOf(c, w)...)
}

// classesOf returns the StorageClasses of the claims of a workload.
func classesOf(c *kube.Cluster, w *kube.Workload) []kube.Ref {
	var all []kube.Ref
	add := func(claim *corev1.PersistentVolumeClaimSpec) {
		if claim.StorageClassName == nil || *claim.StorageClassName == "" {
			return
		}
		if class := kube.StorageClasses.Ref("", *claim.StorageClassName); !slices.Contains(all, class) {
			all = append(all, class)
		}
	}
	for i := range w.Pod.Spec.Volumes {
		volume := &w.Pod.Spec.Volumes[i]
		if volume.Ephemeral != nil && volume.Ephemeral.VolumeClaimTemplate != nil {
			add(&volume.Ephemeral.VolumeClaimTemplate.Spec)
		}
		if volume.PersistentVolumeClaim == nil {
			continue
		}
		if claim, held := c.PersistentVolumeClaims.Get(w.Ref.Namespace, volume.PersistentVolumeClaim.ClaimName); held {
			add(&claim.Spec)
		}
	}
	if set, ok := w.Object.(*appsv1.StatefulSet); ok {
		for i := range set.Spec.VolumeClaimTemplates {
			add(&set.Spec.VolumeClaimTemplates[i].Spec)
		}
	}
	return all
}

// configuration returns the ConfigMaps and Secrets that a pod spec refers to, each
// once, in the order of the spec.
func configuration(namespace string, spec *corev1.PodSpec) []kube.Ref {
	var all []kube.Ref
	add := func(r kube.Resource, name string) {
		if ref := r.Ref(namespace, name); name != "" && !slices.Contains(all, ref) {
			all = append(all, ref)
		}
	}
	for container := range kube.ContainersOf(spec, "spec") {
		for _, from := range container.EnvFrom {
			if from.ConfigMapRef != nil {
				add(kube.ConfigMaps, from.ConfigMapRef.Name)
			}
			if from.SecretRef != nil {
				add(kube.Secrets, from.SecretRef.Name)
			}
		}
		for _, env := range container.Env {
			if env.ValueFrom == nil {
				continue
			}
			if env.ValueFrom.ConfigMapKeyRef != nil {
				add(kube.ConfigMaps, env.ValueFrom.ConfigMapKeyRef.Name)
			}
			if env.ValueFrom.SecretKeyRef != nil {
				add(kube.Secrets, env.ValueFrom.SecretKeyRef.Name)
			}
		}
	}
	for i := range spec.Volumes {
		mounted(&spec.Volumes[i], add)
	}
	for _, secret := range spec.ImagePullSecrets {
		add(kube.Secrets, secret.Name)
	}
	return all
}

func mounted(v *corev1.Volume, add func(kube.Resource, string)) {
	if v.ConfigMap != nil {
		add(kube.ConfigMaps, v.ConfigMap.Name)
	}
	if v.Secret != nil {
		add(kube.Secrets, v.Secret.SecretName)
	}
	if v.Projected == nil {
		return
	}
	for _, source := range v.Projected.Sources {
		if source.ConfigMap != nil {
			add(kube.ConfigMaps, source.ConfigMap.Name)
		}
		if source.Secret != nil {
			add(kube.Secrets, source.Secret.Name)
		}
	}
}

// presence is whether an object is there.
type presence int

const (
	unknownPresence presence = iota // the view cannot tell
	absent
	present
)

func (q *inquiry) presence(ref kube.Ref) presence {
	resource, held := kube.ResourceOf(ref.Group, ref.Kind)
	if !held {
		return unknownPresence
	}
	if q.Cluster.Has(ref) {
		return present
	}
	if _, blind := q.Cluster.Blind(resource, ref.Namespace); blind {
		return unknownPresence
	}
	return absent
}

// workloadsUsing returns the other workloads of a namespace whose pods refer to a
// ConfigMap or a Secret.
func (q *inquiry) workloadsUsing(ref kube.Ref, but *kube.Workload) []*kube.Workload {
	var all []*kube.Workload
	for _, w := range q.Cluster.WorkloadsIn(ref.Namespace) {
		if w != but && slices.Contains(configuration(ref.Namespace, w.Pod.Spec), ref) {
			all = append(all, w)
		}
	}
	return all
}

// serving returns how many pods of a workload serve.
func (q *inquiry) serving(w *kube.Workload) int {
	n := 0
	for _, pod := range q.Cluster.PodsOf(w) {
		if triage.Serving(pod) {
			n++
		}
	}
	return n
}

// endpoints returns how many endpoints of a Service take requests, and false if that
// cannot be told: it is filled by hand, or its slices are not read.
func (q *inquiry) endpoints(s *corev1.Service) (int, bool) {
	if _, blind := q.Cluster.Blind(kube.EndpointSlices, s.Namespace); blind || len(s.Spec.Selector) == 0 {
		return 0, false
	}
	ready := 0
	for _, slice := range q.Cluster.EndpointSlices.In(s.Namespace) {
		if slice.Service == s.Name {
			ready += slice.Ready + slice.Serving
		}
	}
	return ready, true
}

// nearMisses returns the workloads of a Service's namespace whose pods have all labels
// of its selector but one: a key that is another value, or is not there.
func (q *inquiry) nearMisses(s *corev1.Service) (near []*kube.Workload, key string) {
	for _, w := range q.Cluster.WorkloadsIn(s.Namespace) {
		if w.RunsToCompletion() {
			continue
		}
		var misses []string
		for k, v := range s.Spec.Selector {
			if w.Pod.Labels[k] != v {
				misses = append(misses, k)
			}
		}
		// A Service of one label is missed by everything: then the name has to agree.
		alike := len(s.Spec.Selector) > 1 || w.Ref.Name == s.Name
		if len(misses) == 1 && alike {
			near, key = append(near, w), misses[0]
		}
	}
	return near, key
}

// selected returns the pods that a Service selects.
func (q *inquiry) selected(s *corev1.Service) []*kube.Pod {
	if len(s.Spec.Selector) == 0 {
		return nil
	}
	return q.Cluster.PodsSelected(s.Namespace, labels.SelectorFromSet(s.Spec.Selector))
}

// backend returns the workload behind a Service, nil if it is not one.
func (q *inquiry) backend(namespace, name string) (*corev1.Service, *kube.Workload) {
	s, ok := q.Cluster.Services.Get(namespace, name)
	if !ok {
		return nil, nil
	}
	if served := q.Cluster.WorkloadsServed(s); len(served) > 0 {
		return s, served[0]
	}
	return s, nil
}
