package platform

import (
	"path"
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func logging() Capability {
	return Capability{
		ID:     "logging",
		Title:  "Logs outlive their pods",
		Level:  Recoverable,
		About:  "What a pod wrote before it was evicted is gone with it, and so is the answer.",
		Advice: "Run an agent on every node that sends logs to a store outside of it: Fluent Bit, Vector, Alloy, or that of your service.",
		Reads:  slices.Concat(kindsOf(loggingProducts()), componentResources()),
		Hidden: "agents of its nodes are not objects of the cluster",
		Find: func(c *kube.Cluster) []Trace {
			agents := running(c, logAgents()...)
			for i := range agents {
				if w := c.Workload(agents[i].Ref); w != nil && writesLogs(w) {
					agents[i].Says += "; it may write to " + nodeLogs + " of its nodes"
				}
			}
			return append(produced(c, loggingProducts()), agents...)
		},
	}
}

// logAgents are the programs that collect what pods write, on the node on which they run.
func logAgents() []component {
	return []component{
		{what: "Datadog Agent", images: []string{"datadog/agent", "datadoghq/agent", "datadog-agent/agent"}, everywhere: true},
		{what: "Filebeat", images: []string{"beats/filebeat", "beats/elastic-agent", "elastic-agent/elastic-agent"}, everywhere: true},
		{what: "Fluent Bit", images: []string{"fluent/fluent-bit", "aws-observability/aws-for-fluent-bit", "amazon/aws-for-fluent-bit", "bitnami/fluent-bit"}, everywhere: true},
		{what: "Fluentd", images: []string{"fluent/fluentd", "fluent/fluentd-kubernetes-daemonset", "bitnami/fluentd"}, everywhere: true},
		{what: "Grafana Alloy", images: []string{"grafana/alloy"}, everywhere: true},
		{what: "OpenTelemetry Collector", images: collectors(), everywhere: true},
		{what: "Promtail", images: []string{"grafana/promtail"}, everywhere: true},
		{what: "Splunk", images: []string{"signalfx/splunk-otel-collector"}, everywhere: true},
		{what: "Vector", images: []string{"timberio/vector"}, everywhere: true},
	}
}

// nodeLogs is where the kubelet has the logs of containers.
const nodeLogs = "/var/log"

// writesLogs reports whether a container may write where the logs of its node are: who only
// collects them has to read.
func writesLogs(w *kube.Workload) bool {
	logs := map[string]bool{} // the volumes that have them
	for i := range w.Pod.Spec.Volumes {
		v := &w.Pod.Spec.Volumes[i]
		if v.HostPath != nil && path.Clean(v.HostPath.Path) == nodeLogs {
			logs[v.Name] = true
		}
	}
	for container := range w.Containers() {
		for _, mount := range container.VolumeMounts {
			if logs[mount.Name] && !mount.ReadOnly {
				return true
			}
		}
	}
	return false
}
