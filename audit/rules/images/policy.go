package images

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// pulls returns the pull policy as the API server fills it in: an image that
// is meant as latest is asked for each time, any other only where it is not
// there (pkg/apis/core/v1/defaults.go).
func (u *use) pulls() corev1.PullPolicy {
	switch {
	case u.policy != "":
		return u.policy
	case u.digest == "" && u.release() == latest:
		return corev1.PullAlways
	}
	return corev1.PullIfNotPresent
}

// admittedAlways reports whether the pods of the workload pull always, whatever
// its template says: the AlwaysPullImages admission plugin changes pods alone.
func admittedAlways(c *kube.Cluster, u *use) bool {
	pods := c.PodsOf(u.workload)
	if u.container.Container == nil || len(pods) == 0 {
		return false
	}
	for _, pod := range pods {
		for container := range kube.ContainersOf(pod.Spec, "spec") {
			if container.Name == u.container.Name && container.ImagePullPolicy != corev1.PullAlways {
				return false
			}
		}
	}
	return true
}

// policyFinding returns a finding about the pull policy, with the fix where
// the registry has been asked before.
func (u *use) policyFinding(format string, args ...any) audit.Finding {
	f := u.finding(format, args...)
	f.Path = u.policyPath()
	if u.pulls() == corev1.PullIfNotPresent {
		fix := audit.SetField("have "+u.who()+" ask the registry at each start", f.Path, string(corev1.PullAlways))
		fix.Risk = "Containers do not start while the registry cannot be reached."
		f.Fixes = []audit.Fix{fix}
	}
	return f
}
