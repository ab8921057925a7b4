package network

import (
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// The annotations by which pods ask to be scraped. They are a convention of the
// configurations that Prometheus' Helm chart and many others have.
const (
	scrapeAnnotation = "prometheus.io/scrape"
	portAnnotation   = "prometheus.io/port"
)

// monitor is what matters of a ServiceMonitor or a PodMonitor.
type monitor struct {
	ref      kube.Ref
	selector labels.Selector // of Services, or of pods
	ports    []string        // names of ports; one that is "" stands for any
}

// monitorFields are its fields (monitoring.coreos.com/v1).
type monitorFields struct {
	Spec struct {
		Selector          metav1.LabelSelector `json:"selector"`
		NamespaceSelector struct {
			Any        bool     `json:"any"`
			MatchNames []string `json:"matchNames"`
		} `json:"namespaceSelector"`
		Endpoints           []monitorEndpoint `json:"endpoints"`
		PodMetricsEndpoints []monitorEndpoint `json:"podMetricsEndpoints"`
	} `json:"spec"`
}

type monitorEndpoint struct {
	Port string `json:"port"`
}

// monitorsIn has the monitors that look at a namespace. Without a selector of
// namespaces that is their own.
var monitorsIn = kube.DeriveFor(func(c *kube.Cluster, namespace string) []monitor {
	var all []monitor
	for _, r := range [...]kube.Resource{kube.ServiceMonitors, kube.PodMonitors} {
		for o := range c.Custom(r).All() {
			fields, err := kube.Decode[monitorFields](o)
			if err != nil {
				continue // hygiene has rules about those
			}
			in := fields.Spec.NamespaceSelector
			own := len(in.MatchNames) == 0 && o.GetNamespace() == namespace
			if !in.Any && !own && !slices.Contains(in.MatchNames, namespace) {
				continue
			}
			selector, err := metav1.LabelSelectorAsSelector(&fields.Spec.Selector)
			if err != nil {
				continue
			}
			one := monitor{ref: r.Ref(o.GetNamespace(), o.GetName()), selector: selector}
			for _, e := range append(fields.Spec.Endpoints, fields.Spec.PodMetricsEndpoints...) {
				one.ports = append(one.ports, e.Port)
			}
			all = append(all, one)
		}
	}
	return all
}).From(kube.ServiceMonitors, kube.PodMonitors)

// scraped adds the Prometheus that scrapes a workload's pods: since they ask for it,
// or since a monitor selects them or a Service of theirs.
func (f *callers) scraped(c *kube.Cluster, w *kube.Workload) {
	if w.Pod.Annotations[scrapeAnnotation] == "true" {
		ports := slices.Clone(f.own)
		if number, err := strconv.ParseInt(w.Pod.Annotations[portAnnotation], 10, 32); err == nil && number > 0 {
			ports = []socket{{int32(number), corev1.ProtocolTCP}}
		}
		f.byPrometheus(c, "the annotation "+scrapeAnnotation, ports)
	}
	for _, m := range monitorsIn.Of(c, w.Ref.Namespace) {
		f.byPrometheus(c, m.ref.Short(), m.socketsOf(c, w))
	}
}

// byPrometheus adds a Prometheus, wherever one is seen.
func (f *callers) byPrometheus(c *kube.Cluster, since string, ports []socket) {
	if len(ports) == 0 {
		return
	}
	namespaces := installed.Of(c)["prometheus"].namespaces
	if len(namespaces) == 0 {
		f.anyPods = append(f.anyPods, ports...)
		f.unseen = append(f.unseen, since)
	}
	for _, namespace := range namespaces {
		f.pods[namespace] = append(f.pods[namespace], ports...)
	}
}

// socketsOf returns the ports of a workload that a monitor has scraped.
func (m *monitor) socketsOf(c *kube.Cluster, w *kube.Workload) []socket {
	named := func(name string) bool { return slices.Contains(m.ports, name) || slices.Contains(m.ports, "") }
	var all []socket
	if m.ref.Kind == kube.PodMonitors.Kind {
		if m.selector.Matches(labels.Set(w.Pod.Labels)) {
			for _, p := range containerPorts([]*kube.Workload{w}, corev1.ProtocolTCP) {
				if named(p.Name) {
					all = append(all, socket{p.ContainerPort, corev1.ProtocolTCP})
				}
			}
		}
		return all
	}
	for _, s := range c.ServicesSelecting(w) {
		if !m.selector.Matches(labels.Set(s.Labels)) {
			continue
		}
		scraped := *s
		scraped.Spec.Ports = slices.DeleteFunc(slices.Clone(s.Spec.Ports), func(p corev1.ServicePort) bool { return !named(p.Name) })
		all = append(all, socketsOf(w, &scraped)...)
	}
	return all
}
