package platform

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func backup() Capability {
	return Capability{
		ID:     "backup",
		Title:  "What is lost can be brought back",
		Level:  Recoverable,
		About:  "A volume is deleted by a person sooner or later, and by an attacker on purpose.",
		Advice: "Install Velero or an operator that backs up, schedule backups of every namespace with volumes, and bring one back to see that it works.",
		Reads: slices.Concat(backupKinds(), []kube.Resource{
			kube.RecurringJobs, kube.BackupTargets, kube.LonghornVolumes, kube.LonghornBackups, kube.ETCDSnapshotFiles, kube.CronJobs,
		}, componentResources()),
		Hidden: "AWS Backup, Backup for GKE and Azure Backup work outside of the cluster, and providers save etcd there",
		Rules:  []string{"backup-overdue", "backup-storage-unavailable", "volume-never-backed-up"},
		Others: []string{
			"backup-schedule-inactive", "backup-failed", "backup-never-restored", "namespace-volumes-not-backed-up",
			"storage-class-without-snapshot-class",
		},
		Find: func(c *kube.Cluster) []Trace {
			var traces []Trace
			for _, r := range backupKinds() {
				if n := c.Custom(r).Len(); n > 0 {
					traces = append(traces, Trace{What: backupProduct(r), Says: counted(n, r.Kind), Objects: n})
				}
			}
			traces = slices.Concat(traces, longhorn(c), etcdSnapshots(c), installed(c,
				component{what: "K8up", images: []string{"k8up-io/k8up"}},
				component{what: "Kasten K10", images: []string{"k10/executor", "kasten/executor"}},
				component{what: "KubeStash", images: []string{"stashed/kubestash", "kubestash/kubestash"}},
				component{what: "Stash", images: []string{"stashed/stash", "stashed/stash-enterprise"}},
				component{what: "Velero", images: []string{"velero/velero"}},
				component{what: "VolSync", images: []string{"backube/volsync"}},
			))
			if n := c.Custom(kube.VolumeSnapshotClasses).Len(); n > 0 && len(traces) > 0 {
				// that snapshots could be taken is no backup: it is told beside one
				traces = append(traces, Trace{What: "VolumeSnapshotClass", Says: counted(n, "class") + " by which snapshots of volumes are taken"})
			}
			return traces
		},
	}
}

// backupKinds are the kinds of which rules judge each object.
func backupKinds() []kube.Resource {
	return []kube.Resource{kube.Schedules, kube.BackupStorageLocations, kube.ScheduledBackups, kube.ReplicationSources}
}

// backupProduct returns which product a kind is of.
func backupProduct(r kube.Resource) string {
	switch r {
	case kube.ScheduledBackups:
		return "CloudNativePG"
	case kube.ReplicationSources:
		return "VolSync"
	}
	return "Velero"
}

// longhorn returns what of Longhorn is there to back up: it brings along a target without
// an address, and jobs may do other things. How a job does is said by its volumes; one
// without any has nothing to show.
func longhorn(c *kube.Cluster) []Trace {
	jobs := countOf(c, kube.RecurringJobs, func(o *unstructured.Unstructured) bool {
		task, _, _ := unstructured.NestedString(o.Object, "spec", "task")
		return strings.HasPrefix(task, "backup")
	})
	targets := countOf(c, kube.BackupTargets, func(o *unstructured.Unstructured) bool {
		address, _, _ := unstructured.NestedString(o.Object, "spec", "backupTargetURL")
		return address != ""
	})
	volumes := c.Custom(kube.LonghornVolumes).Len()
	var traces []Trace
	switch {
	case jobs > 0 && volumes > 0:
		traces = append(traces, Trace{What: "Longhorn", Says: counted(jobs, kube.RecurringJobs.Kind) + " for " + counted(volumes, kube.LonghornVolumes.Kind), Objects: volumes})
	case jobs > 0:
		traces = append(traces, Trace{What: "Longhorn", Says: counted(jobs, kube.RecurringJobs.Kind), Objects: jobs})
	}
	if targets > 0 {
		traces = append(traces, Trace{What: "Longhorn", Says: counted(targets, kube.BackupTargets.Kind), Objects: targets})
	}
	return traces
}

// countOf returns how many objects of a kind are of some sort.
func countOf(c *kube.Cluster, r kube.Resource, of func(*unstructured.Unstructured) bool) int {
	n := 0
	for o := range c.Custom(r).All() {
		if of(o) {
			n++
		}
	}
	return n
}
