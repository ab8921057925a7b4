package hygiene

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var servicemonitorSelectsNothing = &audit.Rule{
	ID:       "servicemonitor-selects-nothing",
	Title:    "A ServiceMonitor selects no Service",
	Severity: audit.Low,
	Rationale: "Nothing is measured by it, and no alert that builds on it fires. Prometheus says nothing about targets that it " +
		"does not have.",
	Remediation: "Compare spec.selector with the labels of the Service itself, not of its pods, and spec.namespaceSelector with where " +
		"it is: without one only the namespace of the ServiceMonitor is meant.",
	Since:    "2",
	Subjects: []kube.Resource{kube.ServiceMonitors},
	Reads:    []kube.Resource{kube.Services},
	Consults: []kube.Resource{kube.Namespaces},
	Wide:     true, // Services of other namespaces
	Check: audit.EachCustom(kube.ServiceMonitors, func(p *audit.Pass, m *unstructured.Unstructured) {
		selector, err := selectorOf(m)
		if err != nil {
			p.Unknown(err.Error())
			return
		}
		namespaces, everywhere := monitored(m)
		if everywhere {
			namespaces = p.Cluster.NamespaceNames()
		}
		if slices.ContainsFunc(namespaces, func(n string) bool { return selectsService(p.Cluster, n, selector) }) {
			return
		}
		if why := unseenServices(p.Cluster, namespaces, everywhere); why != "" {
			p.Unknown(why)
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.selector",
			Message: "it selects no Service",
			Detail:  "No Service of the namespaces that it looks at has the labels " + selector.String() + ".",
		})
	}),
}

// selectorOf returns the label selector of a ServiceMonitor: an empty one selects
// all Services.
func selectorOf(m *unstructured.Unstructured) (labels.Selector, error) {
	fields, _, err := unstructured.NestedMap(m.Object, "spec", "selector")
	if err != nil {
		return nil, fmt.Errorf("reading the selector: %w", err)
	}
	var api metav1.LabelSelector
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(fields, &api); err != nil {
		return nil, fmt.Errorf("decoding the selector: %w", err)
	}
	selector, err := metav1.LabelSelectorAsSelector(&api)
	if err != nil {
		return nil, fmt.Errorf("parsing the selector: %w", err)
	}
	return selector, nil
}

// monitored returns the namespaces that a ServiceMonitor looks at.
func monitored(m *unstructured.Unstructured) (namespaces []string, everywhere bool) {
	if everywhere, _, _ = unstructured.NestedBool(m.Object, "spec", "namespaceSelector", "any"); everywhere {
		return nil, true
	}
	namespaces, _, _ = unstructured.NestedStringSlice(m.Object, "spec", "namespaceSelector", "matchNames")
	if len(namespaces) == 0 {
		namespaces = []string{m.GetNamespace()}
	}
	return namespaces, false
}

// unseenServices says why there may be Services that the view does not hold, ""
// if there are none.
func unseenServices(c *kube.Cluster, namespaces []string, everywhere bool) string {
	if everywhere && c.Info.Offline {
		return "manifests do not show the Services of the whole cluster"
	}
	if everywhere {
		return unreadAnywhere(c, []kube.Resource{kube.Services})
	}
	for _, n := range namespaces {
		if !access.Complete(c, kube.Services, n) {
			return "Services of namespace " + n + " are not all in the view"
		}
	}
	return ""
}

// selectsService reports whether a selector selects a Service of a namespace.
// Most ask for a label and its value, which is looked up.
func selectsService(c *kube.Cluster, namespace string, selector labels.Selector) bool {
	requirements, selectable := selector.Requirements()
	if !selectable {
		return false
	}
	candidates := c.Services.In(namespace)
	for _, r := range requirements {
		values := r.ValuesUnsorted()
		if len(values) == 1 && (r.Operator() == selection.In || r.Operator() == selection.Equals) {
			candidates = servicesByLabel.Of(c, namespace)[label{r.Key(), values[0]}]
			break
		}
	}
	return slices.ContainsFunc(candidates, func(s *corev1.Service) bool { return selector.Matches(labels.Set(s.Labels)) })
}

type label struct{ key, value string }

// servicesByLabel has the Services of a namespace by each of their own labels.
var servicesByLabel = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[label][]*corev1.Service {
	by := map[label][]*corev1.Service{}
	for _, s := range c.Services.In(namespace) {
		for key, value := range s.Labels {
			by[label{key, value}] = append(by[label{key, value}], s)
		}
	}
	return by
}).From(kube.Services)
