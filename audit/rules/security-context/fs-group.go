package securitycontext

import (
	appsv1 "k8s.io/api/apps/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// claimed returns the names of the volumes that are claims, and so may be disks
// whose files the kubelet can give to a group: by name, for the time of the pod,
// or one for each pod of a StatefulSet.
func claimed(w *kube.Workload) map[string]bool {
	names := map[string]bool{}
	for i := range w.Pod.Spec.Volumes {
		if v := &w.Pod.Spec.Volumes[i]; v.PersistentVolumeClaim != nil || v.Ephemeral != nil {
			names[v.Name] = true
		}
	}
	if set, ok := w.Object.(*appsv1.StatefulSet); ok {
		for i := range set.Spec.VolumeClaimTemplates {
			names[set.Spec.VolumeClaimTemplates[i].Name] = true
		}
	}
	return names
}

// claimedVolumes is [claimed] for a server.
var claimedVolumes = audit.Variable{
	Name: "claimed",
	Expression: "variables.podSpec.?volumes.orValue([]).filter(v, has(v.persistentVolumeClaim) || has(v.ephemeral)).map(v, v.name) + " +
		"(object.kind == 'StatefulSet' ? dyn(object).spec.?volumeClaimTemplates.orValue([]).map(t, t.metadata.name) : [])",
}

// mountsClaim returns the name of a claimed volume that a container mounts for
// writing, "" if there is none.
func mountsClaim(c kube.Container, claimed map[string]bool) string {
	for _, mount := range c.VolumeMounts {
		if claimed[mount.Name] && !mount.ReadOnly {
			return mount.Name
		}
	}
	return ""
}
