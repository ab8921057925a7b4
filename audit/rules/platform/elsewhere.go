package platform

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// claimKey names a claim.
type claimKey struct{ namespace, name string }

// savings are the claims whose content tools beside Velero save.
type savings struct {
	claims    map[claimKey]bool
	databases map[claimKey]bool // clusters of CloudNativePG that are backed up
	volumes   bool              // there is a tool that saves volumes of any kind, not databases alone
	unread    string            // why something that may save a claim cannot be read; "" if all can
}

// saves reports whether the content of a claim is saved. A database is with each of its
// instances (https://cloudnative-pg.io/documentation/current/labels_annotations/).
func (s *savings) saves(claim *corev1.PersistentVolumeClaim) bool {
	return s.claims[claimKey{claim.Namespace, claim.Name}] || s.databases[claimKey{claim.Namespace, claim.Labels["cnpg.io/cluster"]}]
}

// elsewhere has what is saved by tools beside Velero.
var elsewhere = kube.Derive(func(c *kube.Cluster) *savings {
	s := &savings{claims: map[claimKey]bool{}, databases: map[claimKey]bool{}}
	for _, r := range each[replicationSource](c, kube.ReplicationSources, s) {
		if r.repeats() {
			s.volumes = true
			s.claims[claimKey{r.Metadata.Namespace, r.Spec.SourcePVC}] = true
		}
	}
	for _, b := range each[scheduledBackup](c, kube.ScheduledBackups, s) {
		if !b.Spec.Suspend {
			s.databases[claimKey{b.Metadata.Namespace, b.Spec.Cluster.Name}] = true
		}
	}
	jobs := each[recurringJob](c, kube.RecurringJobs, s)
	volumes := each[longhornVolume](c, kube.LonghornVolumes, s)
	for _, job := range jobs {
		if !job.backsUp() {
			continue
		}
		s.volumes = true
		for _, v := range volumes {
			if of := v.Status.KubernetesStatus; job.covers(v.Metadata.Labels) {
				s.claims[claimKey{of.Namespace, of.PVCName}] = true
			}
		}
	}
	return s
}).From(kube.ReplicationSources, kube.ScheduledBackups, kube.RecurringJobs, kube.LonghornVolumes)

// each returns the objects of a custom resource, and notes one that cannot be read.
func each[T any](c *kube.Cluster, r kube.Resource, s *savings) []*T {
	var all []*T
	for o := range c.Custom(r).All() {
		decoded, err := kube.Decode[T](o)
		if err != nil {
			s.unread = err.Error()
			continue
		}
		all = append(all, &decoded)
	}
	return all
}
