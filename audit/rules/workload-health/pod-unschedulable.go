package workloadhealth

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podUnschedulable = &audit.Rule{
	ID:       "pod-unschedulable",
	Title:    "Pods fit on no node",
	Severity: audit.High,
	Rationale: "The scheduler has looked at every node and found none for the pod. " +
		"The workload runs with fewer replicas than it should, or not at all, until a node has room or the pod asks for less.",
	Remediation: "The scheduler's message counts the nodes by what rules them out: too little of a resource (lower the requests, add nodes), " +
		"a taint (tolerate it), affinity or a selector (correct it or label a node), a volume (see its claim).",
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.Pods},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes a pod may wait for a node: an autoscaler needs that long to bring one.",
		Value: 5,
	}},
	Check: eachWithPods(func(p *audit.Pass, m *members) {
		count := 0
		var example *kube.Pod
		causes := tally{}
		for _, pod := range m.troubled {
			said, since, waits := unschedulable(pod)
			if !waits || !p.Cluster.Lasted(since, p.Number("graceMinutes")) {
				continue
			}
			if count++; example == nil {
				example = pod
			}
			for _, cause := range causesOf(said) {
				causes[cause]++
			}
		}
		if count == 0 {
			return
		}
		said, since, _ := unschedulable(example)
		f := audit.Finding{
			Path:    m.path,
			Message: fmt.Sprintf("no node for %s", m.share(count)),
			Detail:  fmt.Sprintf("Pod %s waits since %s.", example.Name, kube.Moment(since)),
		}
		if len(causes) > 0 {
			f.Message += ": " + causes.String()
		}
		if message := quote(said.Message); message != "" {
			f.Detail += " The scheduler says: " + message
		}
		p.Report(f)
	}),
}

// causesOf names what rules nodes out by what the scheduler's plugins write
// (pkg/scheduler/framework/plugins). What it has tried in vain to make room
// repeats the same nodes and is left aside; what is not known is not guessed.
func causesOf(said kube.Said) []string {
	if said.Reason == corev1.PodReasonSchedulerError {
		return []string{"the scheduler failed"}
	}
	message, _, _ := strings.Cut(said.Message, "preemption:")
	var causes []string
	for _, known := range [...]struct{ says, cause string }{
		{"Insufficient cpu", "too little CPU"},
		{"Insufficient memory", "too little memory"},
		{"Insufficient ephemeral-storage", "too little ephemeral storage"},
		{"Insufficient pods", "too many pods"},
		{"Too many pods", "too many pods"},
		{"untolerated taint", "taints"},
		{"didn't match Pod's node affinity/selector", "node affinity or selector"},
		{"pod affinity rules", "affinity to pods"},
		{"anti-affinity rules", "anti-affinity to pods"},
		{"topology spread constraints", "topology spread"},
		{"didn't have free ports", "host ports"},
		{"were unschedulable", "cordoned nodes"},
		{"ersistentVolume", "volumes"},
		{"persistentvolumeclaim", "volumes"},
		{"volume node affinity", "volumes"},
		{"max volume count", "volumes"},
		{"available volume zone", "volumes"},
	} {
		if strings.Contains(message, known.says) && (len(causes) == 0 || causes[len(causes)-1] != known.cause) {
			causes = append(causes, known.cause)
		}
	}
	if len(causes) == 0 && strings.Contains(message, "Insufficient ") {
		causes = append(causes, "too little of an extended resource")
	}
	return causes
}
