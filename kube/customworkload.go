package kube

import (
	"fmt"
	"maps"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
)

// customWorkload is a custom kind whose objects make pods, and where they say which.
//
// A kind is worth a line if it is widely run and its pods are its own: those of an operator
// that makes Deployments or StatefulSets are judged there (Prometheus, Elasticsearch).
// Kinds with many templates an object, of which each runs once, are none (Argo's Workflow).
type customWorkload struct {
	resource Resource
	// template is the field path of the pod template. It is "" for a kind that has none:
	// its objects are judged by their pods, and say how many there are to be.
	template string
	// replicas is the field path of how many pods there are to be, which is 1 where nothing
	// is said: of a number, or of the list that has one item a pod. It is "" for a kind that
	// is scaled by what it is asked for.
	replicas string
	// selector is the field path of the label selector of its pods, "" for none.
	selector string
	scales   bool // it has the scale subresource; a definition that is held knows better
}

// customWorkloads is the table of these kinds:
//
//   - Rollout: argo-rollouts.readthedocs.io/en/stable/features/specification
//   - Service: knative.dev/docs/serving/reference/serving-api
//   - CloneSet: openkruise.io/docs/user-manuals/cloneset
//   - StrimziPodSet: strimzi.io/docs/operators/latest/deploying (Kafka, Connect, MirrorMaker)
//   - Cluster: cloudnative-pg.io/documentation/current/cloudnative-pg.v1
func customWorkloads() []customWorkload {
	return []customWorkload{
		{Rollouts, "spec.template", "spec.replicas", "spec.selector", true},
		{KnativeServices, "spec.template", "", "", false},
		{CloneSets, "spec.template", "spec.replicas", "spec.selector", true},
		{StrimziPodSets, "", "spec.pods", "spec.selector", false},
		{PostgreSQLClusters, "", "spec.instances", "", true},
	}
}

// PodTemplate returns the pod template of an object of a custom kind that makes pods; nil
// if it has none. The error says which field is none of a pod's.
func PodTemplate(r Resource, o *unstructured.Unstructured) (*corev1.PodTemplateSpec, error) {
	for _, k := range customWorkloads() {
		if k.resource == r {
			return k.templateOf(o)
		}
	}
	return nil, nil
}

func (k customWorkload) templateOf(o *unstructured.Unstructured) (*corev1.PodTemplateSpec, error) {
	fields, held := at(o, k.template).(map[string]any)
	if !held {
		return nil, nil
	}
	t := &corev1.PodTemplateSpec{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(fields, t); err != nil {
		return nil, fmt.Errorf("reading %s of %s %s/%s: %w", k.template, o.GetKind(), o.GetNamespace(), o.GetName(), err)
	}
	return t, nil
}

// replicasOf returns how many pods an object is to have, nil for a kind that does not say.
func (k customWorkload) replicasOf(o *unstructured.Unstructured) *int32 {
	if k.replicas == "" {
		return nil
	}
	switch said := at(o, k.replicas).(type) {
	case int64:
		return new(int32(min(max(said, 0), 1<<31-1))) //nolint:gosec // it is in range
	case []any:
		return new(int32(len(said))) //nolint:gosec // no object is that large
	}
	return new(int32(1))
}

// selectorOf returns the selector of the pods of an object, nil if it has none.
func (k customWorkload) selectorOf(o *unstructured.Unstructured) labels.Selector {
	if s := k.labelSelectorOf(o); s != nil {
		return selectorOf(s)
	}
	return nil
}

func (k customWorkload) labelSelectorOf(o *unstructured.Unstructured) *metav1.LabelSelector {
	fields, held := at(o, k.selector).(map[string]any)
	if !held {
		return nil
	}
	s := &metav1.LabelSelector{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(fields, s); err != nil {
		return nil
	}
	return s
}

// LabelSelector returns the selector by which a workload adopts its pods, as its object
// has it; nil where it has none, or its object is not held.
func (w *Workload) LabelSelector() *metav1.LabelSelector {
	if !w.Held {
		return nil
	}
	switch o := w.Object.(type) {
	case *appsv1.Deployment:
		return o.Spec.Selector
	case *appsv1.StatefulSet:
		return o.Spec.Selector
	case *appsv1.DaemonSet:
		return o.Spec.Selector
	case *ReplicaSet:
		return o.Selector
	case *corev1.ReplicationController:
		return &metav1.LabelSelector{MatchLabels: o.Spec.Selector}
	case *unstructured.Unstructured:
		for _, k := range customWorkloads() {
			if k.resource.Group == w.Ref.Group && k.resource.Kind == w.Ref.Kind {
				return k.labelSelectorOf(o)
			}
		}
	}
	return nil
}

// ScaledResources returns those of [WorkloadResources] whose objects say how many pods
// there are to be.
func ScaledResources() []Resource {
	all := []Resource{Deployments, StatefulSets, ReplicaSets, ReplicationControllers}
	for _, k := range customWorkloads() {
		if k.replicas != "" {
			all = append(all, k.resource)
		}
	}
	return all
}

// at returns what an object has at a field path without lists, nil for nothing.
func at(o *unstructured.Unstructured, path string) any {
	var value any = o.Object
	for key := range strings.SplitSeq(path, ".") {
		fields, _ := value.(map[string]any)
		value = fields[key]
	}
	return value
}

// custom finds the workloads of custom kinds. Those without a template of their own are
// noted: their pods come later, or what has the template.
func (d *deriver) custom() {
	for _, k := range customWorkloads() {
		for _, o := range d.c.Custom(k.resource).In(d.namespace) {
			s := &scaler{customWorkload: k, object: o}
			t, err := k.templateOf(o)
			if ref, refers := workloadRefOf(o); refers {
				if deployment, held := d.c.Deployments.Get(d.namespace, ref); held {
					d.referred[deployment.Name] = s
				}
				t = nil
			}
			if t == nil || err != nil {
				d.scalers[k.resource.Ref(d.namespace, o.GetName())] = s
				continue
			}
			d.add(k.resource, o, func() *Workload {
				w := templated(k.template+".spec", t, k.selectorOf(o), k.replicasOf(o))
				w.ReplicasPath = k.replicas
				if k.resource == KnativeServices {
					w.Pod.Labels = withLabel(w.Pod.Labels, knativeService, o.GetName())
				}
				return w
			})
		}
	}
}

// scaler is an object that says how many pods another one's template makes, or that has
// pods without a template.
type scaler struct {
	customWorkload
	object *unstructured.Unstructured
}

// scale has a workload know how many pods it is to have, and by which object.
func (s *scaler) scale(w *Workload) {
	w.Scaler, w.Replicas, w.ReplicasPath = s.object, s.replicasOf(s.object), s.replicas
	if !s.scales {
		w.ReplicasPath = "" // a list, which is its operator's
	}
	if own := s.selectorOf(s.object); own != nil {
		w.Selector = own
	}
}

// workloadRefOf returns the Deployment that a Rollout takes its template of. The Rollout
// makes the pods; the Deployment has none, on purpose
// (argo-rollouts.readthedocs.io/en/stable/migrating).
func workloadRefOf(o *unstructured.Unstructured) (name string, refers bool) {
	ref, _ := at(o, "spec.workloadRef").(map[string]any)
	kind, _ := ref["kind"].(string)
	name, _ = ref["name"].(string)
	return name, kind == Deployments.Kind && name != "" && o.GetKind() == Rollouts.Kind
}

// knativeService is the label by which what Knative makes names the Service that it is
// made for, over the Configuration and the Revision in between
// (knative.dev/serving/pkg/apis/serving).
const knativeService = "serving.knative.dev/service"

// withLabel returns labels with one that a controller adds to them.
func withLabel(labelled map[string]string, key, value string) map[string]string {
	all := map[string]string{key: value}
	maps.Copy(all, labelled)
	return all
}

// aboveDeployment returns the custom object that a Deployment rolls up to, zero for none.
func aboveDeployment(owner Owner, labelled map[string]string) Owner {
	if owner.Group == KnativeServices.Group && labelled[knativeService] != "" {
		return ownerOf(KnativeServices, labelled[knativeService])
	}
	return Owner{}
}
