package platform

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// scrapeAnnotation asks Prometheus, by wide custom, to scrape a pod or what a Service
// selects. Whether it does is in its own configuration.
const scrapeAnnotation = "prometheus.io/scrape"

// scraping says of how many namespaces of applications nobody scrapes the pods, where
// there is a Prometheus and all monitors are known. It is no verdict: a program may have
// nothing to measure, and scrape configurations reach more than monitors do.
func scraping(c *kube.Cluster) []Trace {
	if c.Custom(kube.Prometheuses).Len() == 0 || Unseen(c, []kube.Resource{kube.Prometheuses, kube.ServiceMonitors, kube.PodMonitors}) != "" {
		return nil
	}
	t := Trace{What: "Prometheus"}
	monitors, why := selectedMonitors(c)
	if unseen := Unseen(c, []kube.Resource{kube.Pods, kube.Services}); unseen != "" {
		why = unseen
	}
	if why != "" {
		t.Says = "nobody can tell which namespaces it scrapes: " + why
		return []Trace{t}
	}
	all := 0
	var missed []string
	for _, namespace := range c.NamespaceNames() {
		if kube.Platform(namespace) || !slices.ContainsFunc(c.Pods.In(namespace), goesOn) {
			continue
		}
		all++
		if !annotated(c, namespace) && !slices.ContainsFunc(monitors, func(m *monitor) bool { return m.reaches(c, namespace) }) {
			missed = append(missed, namespace)
		}
	}
	switch {
	case all == 0:
		return nil
	case len(missed) == 0:
		t.Says = fmt.Sprintf("monitors or annotations reach each of %s of applications with pods", counted(all, "namespace"))
	default:
		t.Says = fmt.Sprintf("no ServiceMonitor, PodMonitor or annotation reaches %d of %s of applications with pods: %s",
			len(missed), counted(all, "namespace"), someOf(missed))
	}
	return []Trace{t}
}

// goesOn reports whether a pod has not ended.
func goesOn(p *kube.Pod) bool {
	return p.Status.Phase != corev1.PodSucceeded && p.Status.Phase != corev1.PodFailed
}

// someOf names the first few.
func someOf(names []string) string {
	const few = 3
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:few], ", ") + ", …"
}

func annotated(c *kube.Cluster, namespace string) bool {
	return slices.ContainsFunc(c.WorkloadsIn(namespace), func(w *kube.Workload) bool { return w.Pod.Annotations[scrapeAnnotation] == "true" }) ||
		slices.ContainsFunc(c.Services.In(namespace), func(s *corev1.Service) bool { return s.Annotations[scrapeAnnotation] == "true" })
}

// monitor is a ServiceMonitor or a PodMonitor that a Prometheus selects.
type monitor struct {
	pods       bool // it selects pods, and Services otherwise
	everywhere bool
	namespaces []string // where it selects, unless that is everywhere
	selector   labels.Selector
}

// reaches reports whether the monitor selects anything in a namespace.
func (m *monitor) reaches(c *kube.Cluster, namespace string) bool {
	switch {
	case !m.everywhere && !slices.Contains(m.namespaces, namespace):
		return false
	case m.pods:
		return slices.ContainsFunc(c.WorkloadsIn(namespace), func(w *kube.Workload) bool { return m.selector.Matches(labels.Set(w.Pod.Labels)) })
	}
	return slices.ContainsFunc(c.Services.In(namespace), func(s *corev1.Service) bool { return m.selector.Matches(labels.Set(s.Labels)) })
}

// selectedMonitors returns the monitors that some Prometheus selects, or why nobody can
// tell which those are.
func selectedMonitors(c *kube.Cluster) (monitors []*monitor, why string) {
	for o := range c.Custom(kube.Prometheuses).All() {
		p, err := kube.Decode[prometheus](o)
		if err != nil {
			return nil, err.Error()
		}
		for _, kind := range []kube.Resource{kube.ServiceMonitors, kube.PodMonitors} {
			for m := range c.Custom(kind).All() {
				unselected, err := c.Unselected(o, m)
				if err != nil {
					return nil, err.Error()
				}
				if unselected != "" {
					continue
				}
				selected, err := monitorOf(kind, m, p.Spec.IgnoreNamespaceSelectors)
				if err != nil {
					return nil, err.Error()
				}
				monitors = append(monitors, selected)
			}
		}
	}
	return monitors, ""
}

// monitorOf reads a monitor; at home says that it reaches no other namespace than its own.
func monitorOf(kind kube.Resource, o *unstructured.Unstructured, atHome bool) (*monitor, error) {
	decoded, err := kube.Decode[struct {
		Spec struct {
			Selector          metav1.LabelSelector `json:"selector"`
			NamespaceSelector struct {
				Any        bool     `json:"any"`
				MatchNames []string `json:"matchNames"`
			} `json:"namespaceSelector"`
		} `json:"spec"`
	}](o)
	if err != nil {
		return nil, err
	}
	selector, err := metav1.LabelSelectorAsSelector(&decoded.Spec.Selector)
	if err != nil {
		return nil, fmt.Errorf("reading the selector of %s %s/%s: %w", kind.Kind, o.GetNamespace(), o.GetName(), err)
	}
	in := decoded.Spec.NamespaceSelector
	m := &monitor{pods: kind == kube.PodMonitors, everywhere: in.Any && !atHome, namespaces: in.MatchNames, selector: selector}
	if atHome || len(m.namespaces) == 0 {
		m.namespaces = []string{o.GetNamespace()}
	}
	return m, nil
}
