package change

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// workload returns what became of a workload: another template, another number of
// replicas, other settings of its own.
func (s *sighting) workload(after *kube.Cluster, was, is *corev1.PodTemplateSpec, fewer, more *int32) []Change {
	var all []Change
	if !reflect.DeepEqual(was, is) {
		if differences := Diff(was, is); len(differences) > 0 {
			all = append(all, s.rollout(differences))
		}
	}
	if a, b := replicas(fewer), replicas(more); a != b {
		ch := s.change(Scale, Changed, "")
		ch.Title, ch.Differences = scaled(a, b)
		ch.Aspect, ch.Compared = "replicas", true
		all = append(all, ch)
	}
	return append(all, s.object(after)...)
}

// replicas returns a number of replicas, with the API's default of 1.
func replicas(declared *int32) string {
	if declared == nil {
		return "1"
	}
	return strconv.Itoa(int(*declared))
}

func (s *sighting) rollout(differences []Difference) Change {
	ch := s.change(Rollout, Changed, "")
	ch.Compared = true
	marked, rest := withoutRestart(differences)
	if ch.Differences = rest; marked && len(rest) == 0 {
		ch.Kind = Restart
	}
	ch.Title = titleOf(ch.Kind, "", rest)
	return ch
}

// object returns what became of an object beside its metadata, its status, and what
// is told in another way.
func (s *sighting) object(after *kube.Cluster) []Change {
	var all []Change
	switch is := s.is.(type) {
	case *corev1.Namespace:
		was, _ := s.was.(*corev1.Namespace)
		return s.differing("", s.kind, differencesOf("metadata.labels", was.Labels, is.Labels, Label))
	case *autoscalingv2.HorizontalPodAutoscaler:
		all = s.rescaled(is)
	case *unstructured.Unstructured:
		all = live(toldOf(s.resource, is), toldOf(s.resource, s.was), after)
	}
	was, is := contentOf(s.was), contentOf(s.is)
	if reflect.DeepEqual(was, is) { // most events are about a status
		return all
	}
	w := walk{defaults: objectDefaults(), field: func(frame) Field { return Other }}
	w.values(frame{}, treeOfContent(was), treeOfContent(is))
	sortDifferences(w.found)
	return append(all, s.differing("", s.kind, w.found)...)
}

// toldOf returns what a custom object remembers, without that it exists.
func toldOf(r kube.Resource, o kube.Object) []*told {
	switch r {
	case kube.Applications:
		return tellApplication(o)
	case kube.Kustomizations:
		return tellKustomization(o)
	case kube.HelmReleases:
		return tellHelmRelease(o)
	case kube.Certificates:
		return tellCertificate(o)
	}
	return nil
}

// differing returns the change that differences make, nil for none.
func (s *sighting) differing(aspect string, kind Kind, differences []Difference) []Change {
	if len(differences) == 0 {
		return nil
	}
	ch := s.change(kind, Changed, "changed: "+summary(differences))
	ch.Aspect, ch.Differences, ch.Compared = aspect, differences, true
	return []Change{ch}
}

// rescaled returns that an autoscaler scaled.
func (s *sighting) rescaled(is *autoscalingv2.HorizontalPodAutoscaler) []Change {
	was, _ := s.was.(*autoscalingv2.HorizontalPodAutoscaler)
	if is.Status.LastScaleTime == nil || is.Status.LastScaleTime.Equal(was.Status.LastScaleTime) {
		return nil
	}
	before, after := strconv.Itoa(int(was.Status.DesiredReplicas)), strconv.Itoa(int(is.Status.DesiredReplicas))
	ch := s.change(Autoscale, Changed, "rescaled "+before+" → "+after)
	ch.Time, ch.Aspect, ch.By = is.Status.LastScaleTime.Time, "replicas", ""
	ch.Differences, ch.Compared = []Difference{{Path: "replicas", Before: before, After: after, Field: Other}}, true
	return []Change{ch}
}

// contentOf returns an object without its metadata and status, and without what is
// told as a rollout or scaling: a copy that shares the rest.
func contentOf(o kube.Object) any {
	if custom, ok := o.(*unstructured.Unstructured); ok {
		tree := maps.Clone(custom.Object)
		for _, key := range [...]string{"metadata", "status", "kind", "apiVersion", "operation"} {
			delete(tree, key)
		}
		return tree
	}
	object := reflect.Indirect(reflect.ValueOf(o))
	if object.Kind() != reflect.Struct {
		return nil
	}
	content := reflect.New(object.Type())
	content.Elem().Set(object)
	for _, name := range [...]string{"TypeMeta", "ObjectMeta", "Status"} {
		if field := content.Elem().FieldByName(name); field.IsValid() {
			field.SetZero()
		}
	}
	switch c := content.Interface().(type) {
	case *appsv1.Deployment:
		c.Spec.Template, c.Spec.Replicas = corev1.PodTemplateSpec{}, nil
	case *appsv1.StatefulSet:
		c.Spec.Template, c.Spec.Replicas = corev1.PodTemplateSpec{}, nil
	case *appsv1.DaemonSet:
		c.Spec.Template = corev1.PodTemplateSpec{}
	case *batchv1.CronJob:
		c.Spec.JobTemplate.Spec.Template = corev1.PodTemplateSpec{}
	}
	return content.Interface()
}

// treeOfContent returns content as maps and lists, without what a controller fills in.
func treeOfContent(content any) any {
	tree, isTree := content.(map[string]any)
	if !isTree {
		converted, err := runtime.DefaultUnstructuredConverter.ToUnstructured(content)
		if err != nil {
			return nil
		}
		delete(converted, "metadata")
		delete(converted, "status")
		tree = converted
	}
	spec, _ := tree["spec"].(map[string]any)
	if spec == nil {
		return tree
	}
	tree, spec = maps.Clone(tree), maps.Clone(spec) // custom objects are shared
	for _, key := range [...]string{
		"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort", // given to a Service
		"volumeName", "claimRef", // of a claim and a volume that are bound
		"finalizers",
	} {
		delete(spec, key)
	}
	tree["spec"] = spec
	return tree
}

// objectDefaults are what a server fills in, by the field around it and its own.
func objectDefaults() map[string]string {
	return map[string]string{
		"ports/protocol": "TCP", "spec/sessionAffinity": "None", "spec/type": "ClusterIP", "spec/internalTrafficPolicy": "Cluster",
		"webhooks/failurePolicy": "Fail", "webhooks/matchPolicy": "Equivalent", "webhooks/timeoutSeconds": "10",
		"ports/nodePort": "0", "spec/minReadySeconds": "0", "spec/suspend": "false", "spec/paused": "false",
	}
}

// differencesOf compares labels.
func differencesOf(path string, was, is map[string]string, field Field) []Difference {
	if maps.Equal(was, is) {
		return nil
	}
	keys := slices.Collect(maps.Keys(was))
	for key := range is {
		if _, both := was[key]; !both {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	var all []Difference
	for _, key := range keys {
		if was[key] != is[key] {
			all = append(all, Difference{Path: path + "." + key, Before: clip(was[key], longest), After: clip(is[key], longest), Field: field})
		}
	}
	return all
}

// node returns what became of a node.
func (s *sighting) node(was, is *corev1.Node) []Change {
	var all []Change
	add := func(aspect, title string) {
		ch := s.change(Node, Changed, title)
		ch.Aspect = aspect
		all = append(all, ch)
	}
	if was.Spec.Unschedulable != is.Spec.Unschedulable {
		add("cordon", map[bool]string{true: "cordoned", false: "uncordoned"}[is.Spec.Unschedulable])
	}
	for _, taint := range taintsBut(is, was) {
		add("taint "+taint.Key, "tainted "+taint.ToString())
	}
	for _, taint := range taintsBut(was, is) {
		add("taint "+taint.Key, "no longer tainted "+taint.ToString())
	}
	before, after := &was.Status.NodeInfo, &is.Status.NodeInfo
	if before.BootID != "" && after.BootID != "" && before.BootID != after.BootID {
		add("reboot", "rebooted")
	}
	for _, of := range [...]struct{ aspect, was, is string }{
		{"kubelet version", before.KubeletVersion, after.KubeletVersion},
		{"container runtime version", before.ContainerRuntimeVersion, after.ContainerRuntimeVersion},
		{"kernel version", before.KernelVersion, after.KernelVersion},
	} {
		if of.was != of.is && of.was != "" {
			add(of.aspect, fmt.Sprintf("%s %s → %s", of.aspect, clip(of.was, 40), clip(of.is, 40)))
		}
	}
	all = append(all, s.conditions(was, is)...)
	all = append(all, s.differing("labels", Node, differencesOf("metadata.labels", was.Labels, is.Labels, Label))...)
	return append(all, s.allocatable(was, is)...)
}

// conditions returns the conditions of a node that are not what they were.
func (s *sighting) conditions(was, is *corev1.Node) []Change {
	var all []Change
	for i := range is.Status.Conditions {
		condition := &is.Status.Conditions[i]
		if old := conditionOf(was, condition.Type); old == nil && healthy(condition) || old != nil && old.Status == condition.Status {
			continue
		}
		ch := s.change(Node, Changed, conditionTitle(condition))
		ch.Aspect, ch.By = string(condition.Type), ""
		if !condition.LastTransitionTime.IsZero() {
			ch.Time = condition.LastTransitionTime.Time
		}
		all = append(all, ch)
	}
	return all
}

// allocatable returns that a node has more or less for pods than it had.
func (s *sighting) allocatable(was, is *corev1.Node) []Change {
	if reflect.DeepEqual(was.Status.Allocatable, is.Status.Allocatable) {
		return nil
	}
	w := walk{field: func(frame) Field { return Resources }}
	w.values(frame{path: "status.allocatable", key: "capacity"}, listOf(was.Status.Allocatable), listOf(is.Status.Allocatable))
	return s.differing("allocatable", Node, w.found)
}

func listOf(list corev1.ResourceList) map[string]any {
	all := make(map[string]any, len(list))
	for name, quantity := range list {
		all[string(name)] = quantity.String()
	}
	return all
}

// taintsBut returns the taints that a node has and another does not, but for those
// that a condition or a cordon tells.
func taintsBut(has, lacks *corev1.Node) []corev1.Taint {
	var all []corev1.Taint
	for _, taint := range has.Spec.Taints {
		if followsCondition(taint.Key) || taint.Key == corev1.TaintNodeUnschedulable {
			continue
		}
		if !slices.ContainsFunc(lacks.Spec.Taints, func(t corev1.Taint) bool { return t.ToString() == taint.ToString() }) {
			all = append(all, taint)
		}
	}
	return all
}

func conditionOf(node *corev1.Node, of corev1.NodeConditionType) *corev1.NodeCondition {
	for i := range node.Status.Conditions {
		if node.Status.Conditions[i].Type == of {
			return &node.Status.Conditions[i]
		}
	}
	return nil
}
