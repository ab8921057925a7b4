// Package prometheus measures workloads by the history that a Prometheus has of their
// containers.
//
// # Design
//
// A [Client] asks a few instant queries about whole namespaces (queries.go), so that
// what it costs does not depend on how many workloads there are: for each container
// of each pod the 95th percentile of CPU and the peak of memory of the last week, how
// often and since when it was seen, and whether it was killed for lack of memory.
// The metrics are the kubelet's (container_cpu_usage_seconds_total and its like, of
// cAdvisor) and, where somebody collects them, those of kube-state-metrics. Answers
// come in for as many namespaces at once as a server can bear.
//
// Pods are put together by the workloads of the view (owners.go). Those that are gone
// count as well, or a rollout would end the history: they are told by how controllers
// name their pods, and left out if that names more than one workload. That is how
// manifests are measured, too, of which no pod is known. Of several pods the highest
// percentile counts: that many of all samples are below it for sure.
//
// [Client.Beside] puts the figures beside what another [kube.Source] shows, of which
// the views are not held up. What could not be asked is a [kube.State] of
// [kube.Measurements]: a scan goes on without.
//
// # What it must never do
//
// It sends nothing but queries, to nobody but the server that it was given: one
// http.RoundTripper below the client refuses everything else, and redirects to
// another server are not followed, since a password may be in the address. Errors
// name the address without it. Time and size of every answer are bounded, and figures
// that cannot be are left out. A further figure is a query in queries.go and a field
// of sums.
package prometheus
