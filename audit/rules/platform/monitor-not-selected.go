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
	var reasons, unclear []string
	for _, r := range selecting() {
		if evaluates := o.(*unstructured.Unstructured).GetKind() == kube.PrometheusRules.Kind; r == kube.PrometheusAgents && evaluates || r == kube.ThanosRulers && !evaluates {
			continue
		}
		for by := range p.Cluster.Custom(r).All() {
			why, err := p.Cluster.Unselected(by, o.(*unstructured.Unstructured))
			switch {
			case err != nil:
				unclear = append(unclear, err.Error())
			case why == "":
				return
			default:
				reasons = append(reasons, r.Kind+" "+by.GetNamespace()+"/"+by.GetName()+" "+why+".")
			}
		}
	}
	switch others := otherReaders.Of(p.Cluster); {
	case len(unclear) > 0:
		p.Unknown(unclear[0])
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
