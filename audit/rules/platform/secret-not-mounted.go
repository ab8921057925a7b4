package platform

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var secretNotMounted = &audit.Rule{
	ID:       "secret-not-mounted",
	Title:    "A pod did not get what it mounts from a store",
	Severity: audit.Medium,
	Rationale: "The pod waits for its volume, or runs with what it got before: a credential that was replaced does not arrive, and " +
		"the Secrets that the driver makes from the mount are not made either.",
	Remediation: "The events of the pod say what the provider answered (FailedMount): usually the identity of the pod may not read the key, or the " +
		"SecretProviderClass names one that is not there. See also whether the driver and the provider run on the node.",
	Since:    "3",
	Subjects: []kube.Resource{kube.SecretProviderClassPodStatuses},
	Reads:    []kube.Resource{kube.Pods},
	Timed:    true,
	Check:    eachDecoded([]kube.Resource{kube.SecretProviderClassPodStatuses}, judgeMount),
}

// podMount is what matters of a SecretProviderClassPodStatus, by which the driver says what
// a pod has mounted (https://secrets-store-csi-driver.sigs.k8s.io/concepts).
type podMount struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Status   struct {
		PodName                 string `json:"podName"`
		SecretProviderClassName string `json:"secretProviderClassName"`
		Mounted                 *bool  `json:"mounted"` // nil where nobody has said so yet
	} `json:"status"`
}

// judgeMount passes by pods that are gone: the driver clears up after them by and by.
func judgeMount(p *audit.Pass, m *podMount) {
	pod, held := p.Cluster.Pods.Get(m.Metadata.Namespace, m.Status.PodName)
	switch {
	case m.Status.Mounted == nil || !held || pod.Finished():
		p.NotApplicable()
	case *m.Status.Mounted:
	case !p.Cluster.Lasted(m.Metadata.CreationTimestamp, reconciling):
		p.NotApplicable() // it may be about to be
	default:
		p.Report(audit.Finding{
			Path:    "status.mounted",
			Message: "pod " + m.Status.PodName + " has not mounted what SecretProviderClass " + m.Status.SecretProviderClassName + " names",
			Detail:  "The driver took it on at " + kube.Moment(m.Metadata.CreationTimestamp) + ".",
		})
	}
}
