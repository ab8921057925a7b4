package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var cpuLimitMissing = &audit.Rule{
	ID:       "cpu-limit-missing",
	Title:    "Nothing bounds a container's CPU",
	Severity: audit.Info,
	Rationale: "The container may use all CPU that is idle on its node, which is often what one wants: " +
		"requests already share CPU out fairly, and a limit throttles even where CPU is free. " +
		"Where tenants pay for what they use, or latency must be the same every day, a limit is the other choice.",
	Remediation: "Decide once for the cluster. If CPU is to be bounded, set resources.limits.cpu " +
		"and watch container_cpu_cfs_throttled_periods_total after the change.",
	Controls:  []string{"NSA"},
	Since:     "1",
	Subjects:  kube.WorkloadResources(),
	Reads:     []kube.Resource{kube.LimitRanges},
	Admission: asksFor(limits, corev1.ResourceCPU),
	Check:     missing(limits, corev1.ResourceCPU),
}
