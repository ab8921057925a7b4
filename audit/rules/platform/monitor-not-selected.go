package platform

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var monitorNotSelected = &audit.Rule{
	ID:       "monitor-not-selected",
	Title:    "No Prometheus selects what is there for one",
	Severity: audit.Medium,
	Rationale: "What a monitor names is not measured, and an alert of a PrometheusRule never fires: nothing says so, " +
		"because to Prometheus they do not exist.",
	Remediation: "Give it the labels that the Prometheus asks for in its selectors, or its namespace those of the selector of namespaces; or widen the selectors. " +
		"An empty selector, {}, selects all; one that is not set selects nothing.",
	Since:    "3",
	Subjects: selectable(),
	Reads:    append(selecting(), kube.Namespaces),
	Consults: append([]kube.Resource{kube.VMAgents, kube.OpenTelemetryCollectors}, kube.WorkloadResources()...),
	Wide:     true, // a Prometheus selects in other namespaces
	Check:    audit.EachOf(selectable(), judgeSelected),
}

// selectable are the kinds that the Prometheus Operator selects by labels.
func selectable() []kube.Resource {
	return []kube.Resource{kube.ServiceMonitors, kube.PodMonitors, kube.Probes, kube.PrometheusRules}
}

// selecting are the kinds that select them.
func selecting() []kube.Resource {
	return []kube.Resource{kube.Prometheuses, kube.PrometheusAgents, kube.ThanosRulers}
}

// judgeSelected reports what is selected by nobody, where there is somebody who selects:
// where there is not, something else reads these kinds, or nothing at all.
func judgeSelected(p *audit.Pass, o kube.Object) {
	reasons, unclear, selected := unselected(p.Cluster, o.(*unstructured.Unstructured))
	if selected {
		return
	}
	switch others := otherReaders.Of(p.Cluster); {
	case unclear != "":
		p.Unknown(unclear)
	case len(reasons) == 0:
		p.NotApplicable()
	case p.Cluster.Info.Offline || len(p.Cluster.Info.Scope) > 0:
		p.Unknown("a Prometheus that was not looked at may select it")
	case others != "":
		p.Unknown(others + " may read it")
	default:
		const few = 3
		p.Report(audit.Finding{
			Path:    "metadata.labels",
			Message: "no Prometheus selects it",
			Detail:  strings.Join(reasons[:min(few, len(reasons))], " "),
		})
	}
}

// unselected returns why each that selects objects of the kind does not select this one, and
// why that is unclear of one; or that one does. Agents evaluate no rules, and Thanos rulers
// nothing else.
func unselected(c *kube.Cluster, o *unstructured.Unstructured) (reasons []string, unclear string, selected bool) {
	idle := kube.ThanosRulers
	if o.GetKind() == kube.PrometheusRules.Kind {
		idle = kube.PrometheusAgents
	}
	for _, r := range selecting() {
		if r == idle {
			continue
		}
		for by := range c.Custom(r).All() {
			why, err := c.Unselected(by, o)
			switch {
			case err != nil:
				unclear = err.Error()
			case why == "":
				return nil, "", true
			default:
				reasons = append(reasons, r.Kind+" "+by.GetNamespace()+"/"+by.GetName()+" "+why+".")
			}
		}
	}
	return reasons, unclear, false
}

// otherReaders names what else in the cluster may read the kinds of the Prometheus
// Operator; "" for nothing known. What they select stands in their configuration.
var otherReaders = kube.Derive(func(c *kube.Cluster) string {
	switch {
	case c.Custom(kube.VMAgents).Len() > 0:
		return "VictoriaMetrics"
	case c.Custom(kube.OpenTelemetryCollectors).Len() > 0:
		return "the target allocator of OpenTelemetry"
	case slices.ContainsFunc(c.Workloads(), func(w *kube.Workload) bool {
		for container := range w.Containers() {
			if strings.HasSuffix(kube.RepositoryOf(container.Image), "grafana/alloy") {
				return true
			}
		}
		return false
	}):
		return "Grafana Alloy"
	}
	return ""
})
