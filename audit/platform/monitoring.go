package platform

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// monitoring goes by what the Prometheus Operator says of what it runs. That a ServiceMonitor
// selects a Service says nothing of whether somebody measures it.
func monitoring() Capability {
	return Capability{
		ID:     "monitoring",
		Title:  "Somebody measures, and remembers",
		Level:  Recoverable,
		About:  "Without measurements the first who notices is a customer.",
		Advice: "Install Prometheus with its operator, or an agent of the service that you use, and alert on what matters to users.",
		Reads: slices.Concat([]kube.Resource{kube.Prometheuses, kube.Alertmanagers, kube.ServiceMonitors, kube.PodMonitors},
			kindsOf(measuringProducts()), componentResources()),
		Hidden: "agents and stores of Google, Amazon and Azure are not objects of the cluster",
		Rules:  []string{"prometheus-not-available"},
		Others: []string{"prometheus-storage-ephemeral", "servicemonitor-selects-nothing", "monitor-not-selected"},
		Find: func(c *kube.Cluster) []Trace {
			traces := slices.Concat(operated(c, kube.Prometheuses), operated(c, kube.Alertmanagers), scraping(c))
			for _, r := range []kube.Resource{kube.ServiceMonitors, kube.PodMonitors} {
				if n := c.Custom(r).Len(); n > 0 {
					traces = append(traces, Trace{What: "Prometheus Operator", Says: counted(n, r.Kind)})
				}
			}
			// that nodes are measured is of use to somebody who asks
			traces = slices.Concat(traces, produced(c, measuringProducts()), installed(c,
				component{what: "kube-state-metrics", images: []string{"kube-state-metrics/kube-state-metrics", "bitnami/kube-state-metrics"}},
				component{what: "node-exporter", images: []string{"prometheus/node-exporter", "prom/node-exporter", "bitnami/node-exporter"}, everywhere: true},
			))
			return append(traces, running(c,
				component{what: "Alertmanager", images: []string{"prometheus/alertmanager", "prom/alertmanager"}},
				component{what: "Datadog Agent", images: []string{"datadog/agent", "datadoghq/agent", "datadog-agent/agent"}, everywhere: true},
				component{what: "Dynatrace Operator", images: []string{"dynatrace/dynatrace-operator"}},
				component{what: "Grafana Alloy", images: []string{"grafana/alloy"}},
				component{what: "New Relic", images: []string{"newrelic/nri-kubernetes", "newrelic/newrelic-infra-operator"}},
				component{what: "OpenTelemetry Collector", images: collectors()},
				component{what: "Prometheus", images: []string{"prometheus/prometheus", "prom/prometheus"}},
				component{what: "Prometheus Operator", images: []string{"prometheus-operator/prometheus-operator"}},
				component{what: "VictoriaMetrics", images: []string{"victoriametrics/vmagent", "victoriametrics/victoria-metrics", "victoriametrics/vmsingle", "victoriametrics/operator"}},
			)...)
		},
	}
}

// collectors are the images of the OpenTelemetry Collector.
func collectors() []string {
	return []string{
		"otel/opentelemetry-collector", "otel/opentelemetry-collector-contrib", "otel/opentelemetry-collector-k8s",
		"opentelemetry-collector-releases/opentelemetry-collector-contrib", "opentelemetry-collector-releases/opentelemetry-collector-k8s",
	}
}
