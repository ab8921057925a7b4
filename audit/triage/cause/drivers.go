package cause

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// provisionedBy is the annotation of a volume that says which provisioner made it
// (k8s.io/component-helpers/storage/volume).
const provisionedBy = "pv.kubernetes.io/provisioned-by"

// driver returns the workload that makes volumes and is not a DaemonSet, nil if none is
// known: the controller of a CSI driver that is shared by its name.
func (q *inquiry) driver(s *subject) *kube.Workload {
	_, provisioner, _ := strings.Cut(strings.Join(keysOf(s, triage.ByStorageClass), ""), "(")
	short, _, _ := strings.Cut(provisioner, ".")
	if short == "" {
		return nil
	}
	for _, w := range q.Cluster.Workloads() {
		if !w.PerNode() && strings.HasPrefix(w.Ref.Name, short) && triage.SharedRole(q.Cluster, w) == "storage driver" {
			return w
		}
	}
	return nil
}

// missingDriver returns the CSI driver that the subject's claim waits for if nothing in
// the cluster bears its name: no CSIDriver, and no workload. Else it is "", and so it is
// where that cannot be told.
//
// Neither is proof by itself. A provisioner that is no CSI driver has no CSIDriver: those
// have a slash in their names, as in rancher.io/local-path, and CSI forbids it
// (container-storage-interface/spec, GetPluginInfoResponse). And a CSI driver may do without
// one (storage/v1 CSIDriver), but not without telling the kubelets the path of its socket,
// in which its name is.
func (q *inquiry) missingDriver(s *subject) string {
	if s.signal.Cause != "waits-for-driver" {
		return ""
	}
	waits := message.Provisioning(s.signal.Raw)
	if waits.Kind != message.External || waits.Name == "" || strings.Contains(waits.Name, "/") || !q.knowsDrivers() {
		return ""
	}
	if _, installed := q.Cluster.CSIDrivers.Get("", waits.Name); installed || q.mentioned(waits.Name) {
		return ""
	}
	return waits.Name
}

// knowsDrivers reports whether a driver that is not seen is not there: the CSIDrivers of
// the cluster were read, and whatever runs. Manifests and recordings of before have none.
func (q *inquiry) knowsDrivers() bool {
	if q.Cluster.CSIDrivers.Len() == 0 &&
		!slices.ContainsFunc(q.Cluster.States(), func(s kube.State) bool { return s.Resource == kube.CSIDrivers }) {
		return false
	}
	return !slices.ContainsFunc(append(kube.WorkloadResources(), kube.CSIDrivers), func(r kube.Resource) bool {
		_, blind := q.Cluster.Blind(r, "")
		return blind
	})
}

// mentioned reports whether a workload is told a name: by its arguments, its environment,
// or a path of its node.
func (q *inquiry) mentioned(name string) bool {
	has := func(text string) bool { return strings.Contains(text, name) }
	return slices.ContainsFunc(q.Cluster.Workloads(), func(w *kube.Workload) bool {
		onNode := func(v corev1.Volume) bool { return v.HostPath != nil && has(v.HostPath.Path) }
		if w.Pod.Spec == nil || slices.ContainsFunc(w.Pod.Spec.Volumes, onNode) {
			return w.Pod.Spec != nil
		}
		for c := range w.Containers() {
			told := func(e corev1.EnvVar) bool { return has(e.Value) }
			if slices.ContainsFunc(c.Command, has) || slices.ContainsFunc(c.Args, has) || slices.ContainsFunc(c.Env, told) {
				return true
			}
		}
		return false
	})
}

// made returns how many volumes a driver has made that are there, and false if that is
// not known.
func (q *inquiry) made(driver string) (n int, known bool) {
	if _, blind := q.Cluster.Blind(kube.PersistentVolumes, ""); blind {
		return 0, false
	}
	for v := range q.Cluster.PersistentVolumes.All() {
		if v.Spec.CSI != nil && v.Spec.CSI.Driver == driver || v.Annotations[provisionedBy] == driver {
			n++
		}
	}
	return n, true
}
