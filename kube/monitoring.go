package kube

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
)

// Unselected returns why what the Prometheus Operator runs (a Prometheus, an agent, a Thanos
// ruler) does not select an object that is for it (a ServiceMonitor, a PodMonitor, a Probe, a
// PrometheusRule), as what follows "it"; "" if it does. Without a selector of its kind none
// is selected, and without one of namespaces those of its own namespace alone; an empty one
// selects all (https://prometheus-operator.dev/docs/api-reference/api/). The error says
// which selector cannot be read, or of which namespace the labels are not known.
func (c *Cluster) Unselected(by, o *unstructured.Unstructured) (why string, err error) {
	kind := selectedAs(o.GetKind())
	objects, there, err := selectorIn(by, kind+"Selector")
	switch {
	case err != nil:
		return "", err
	case !there:
		return "selects no " + o.GetKind() + " at all, without spec." + kind + "Selector", nil
	case !objects.Matches(labels.Set(o.GetLabels())):
		return "wants the labels " + objects.String(), nil
	}
	namespaces, there, err := selectorIn(by, kind+"NamespaceSelector")
	switch {
	case err != nil:
		return "", err
	case !there && o.GetNamespace() != by.GetNamespace():
		return "looks at its own namespace alone, without spec." + kind + "NamespaceSelector", nil
	case !there || namespaces.Empty():
		return "", nil
	}
	namespace, held := c.Namespaces.Get("", o.GetNamespace())
	if !held {
		return "", fmt.Errorf("the labels of namespace %s are not known", o.GetNamespace())
	}
	if !namespaces.Matches(labels.Set(namespace.Labels)) {
		return "wants namespaces with the labels " + namespaces.String(), nil
	}
	return "", nil
}

// selectedAs returns how the fields that select a kind begin.
func selectedAs(kind string) string {
	switch kind {
	case PodMonitors.Kind:
		return "podMonitor"
	case Probes.Kind:
		return "probe"
	case PrometheusRules.Kind:
		return "rule"
	}
	return "serviceMonitor"
}

// selectorIn returns the label selector in a field of the spec, one of nothing where there
// is none.
func selectorIn(o *unstructured.Unstructured, field string) (selector labels.Selector, there bool, err error) {
	fields, there, err := unstructured.NestedMap(o.Object, "spec", field)
	if err == nil && !there {
		return labels.Nothing(), false, nil
	}
	var api metav1.LabelSelector
	if err == nil {
		err = runtime.DefaultUnstructuredConverter.FromUnstructured(fields, &api)
	}
	if err == nil {
		selector, err = metav1.LabelSelectorAsSelector(&api)
	}
	if err != nil {
		return nil, false, fmt.Errorf("reading spec.%s of %s %s/%s: %w", field, o.GetKind(), o.GetNamespace(), o.GetName(), err)
	}
	return selector, true, nil
}
