package platform

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var prometheusStorageEphemeral = &audit.Rule{
	ID:       "prometheus-storage-ephemeral",
	Title:    "Prometheus forgets with its pod",
	Severity: audit.Low,
	Rationale: "Without storage of its own, and without writing elsewhere, what Prometheus measured is gone when its pod is evicted, " +
		"updated or moved to another node: often in the very incident that somebody wants to look into.",
	Remediation: "Set spec.storage.volumeClaimTemplate, large enough for spec.retention, or have spec.remoteWrite send what is measured to a store that lasts. " +
		"The operator creates the StatefulSet anew; what was measured until then is lost once more.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Prometheuses},
	Check: eachDecoded([]kube.Resource{kube.Prometheuses}, func(p *audit.Pass, o *operated) {
		kept := o.Spec.Storage
		sent := len(o.Spec.RemoteWrite) > 0 || o.Spec.Thanos.ObjectStorageConfig != nil || o.Spec.Thanos.ObjectStorageConfigFile != ""
		switch {
		case o.want() == 0:
			p.NotApplicable() // there is no pod to forget with
		case sent:
		case kept == nil:
			p.Report(audit.Finding{
				Path:    "spec.storage",
				Message: "it has no storage, and writes nowhere else",
				Detail:  "The operator gives its pods an emptyDir.",
			})
		case kept.EmptyDir != nil || kept.Ephemeral != nil:
			p.Report(audit.Finding{
				Path:    "spec.storage",
				Message: "its storage ends with the pod, and it writes nowhere else",
				Detail:  "spec.storage asks for a volume that is made with each pod, and deleted with it.",
			})
		}
	}),
}
