package platform

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func backup() Capability {
	return Capability{
		ID:     "backup",
		Title:  "What is lost can be brought back",
		Level:  Recoverable,
		About:  "A volume is deleted by a person sooner or later, and by an attacker on purpose.",
		Advice: "Install Velero or an operator that backs up, schedule backups of every namespace with volumes, and bring one back to see that it works.",
		Reads:  slices.Concat([]kube.Resource{kube.Schedules, kube.BackupStorageLocations}, componentResources()),
		Hidden: "AWS Backup, Backup for GKE and Azure Backup work outside of the cluster",
		Rules:  []string{"backup-overdue", "backup-storage-unavailable"},
		Others: []string{
			"backup-schedule-inactive", "backup-failed", "backup-never-restored", "namespace-volumes-not-backed-up",
		},
		Find: func(c *kube.Cluster) []Trace {
			var traces []Trace
			if n := c.Custom(kube.Schedules).Len(); n > 0 {
				traces = append(traces, Trace{What: "Velero", Says: counted(n, "Schedule"), Objects: n})
			}
			if n := c.Custom(kube.BackupStorageLocations).Len(); n > 0 {
				traces = append(traces, Trace{What: "Velero", Says: counted(n, "BackupStorageLocation"), Objects: n})
			}
			return append(traces, installed(c,
				component{what: "K8up", images: []string{"k8up-io/k8up"}},
				component{what: "Kasten K10", images: []string{"k10/executor", "kasten/executor"}},
				component{what: "Stash", images: []string{"stashed/stash", "stashed/stash-enterprise"}},
				component{what: "Velero", images: []string{"velero/velero"}},
			)...)
		},
	}
}
