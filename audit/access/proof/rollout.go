package proof

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// rolledOut returns a view with changes, in which the pods of the workloads that
// they are about have been made again, and how many pods that are. A running pod
// keeps the ServiceAccount and the token that it was made with.
func rolledOut(c *kube.Cluster, changes []kube.Change) (*kube.Cluster, int, error) {
	view, err := c.With(changes...)
	if err != nil {
		return nil, 0, err
	}
	concerned := map[kube.Ref]bool{}
	for _, change := range changes {
		switch {
		case change.Resource == kube.ServiceAccounts:
			for _, w := range view.WorkloadsRunningAs(change.Namespace, change.Name) {
				concerned[w.Ref] = true
			}
		case change.After != nil && change.Resource != kube.Pods && slices.Contains(kube.WorkloadResources(), change.Resource):
			concerned[change.Resource.Ref(change.Namespace, change.Name)] = true
		}
	}
	var pods []kube.Change
	for _, ref := range slices.SortedFunc(maps.Keys(concerned), kube.CompareRefs) {
		if w := view.Workload(ref); w != nil && w.Held && ref.Kind != kube.Pods.Kind {
			pods = append(pods, recreated(c, view, w)...)
		}
	}
	if len(pods) == 0 {
		return view, 0, nil
	}
	view, err = view.With(pods...)
	return view, len(pods), err
}

// recreated returns the pods of a workload of the new view that are not as its
// template has them now.
func recreated(before, after *kube.Cluster, w *kube.Workload) []kube.Change {
	template := w.Pod.Spec
	if old := before.Workload(w.Ref); old != nil {
		template = old.Pod.Spec
	}
	made := map[*corev1.PodSpec]*corev1.PodSpec{}
	var changes []kube.Change
	for _, p := range after.PodsOf(w) {
		if p.Finished() {
			continue
		}
		spec, ok := made[p.Spec]
		if !ok {
			spec = podSpec(after, w, template, p)
			made[p.Spec] = spec
		}
		if sameAccess(spec, p.Spec) && w.Pod.Spec == template {
			continue // the ServiceAccount changed in something else
		}
		row := *p
		row.Spec = spec
		changes = append(changes, kube.Change{Resource: kube.Pods, Namespace: p.Namespace, Name: p.Name, After: &row})
	}
	return changes
}

// podSpec is the spec of a pod as it will be made: the template, what admission had
// added to the template of before, and the token if it is mounted.
func podSpec(c *kube.Cluster, w *kube.Workload, before *corev1.PodSpec, p *kube.Pod) *corev1.PodSpec {
	spec := w.Pod.Spec.DeepCopy()
	spec.Containers = append(spec.Containers, added(before.Containers, p.Spec.Containers, containerName)...)
	spec.InitContainers = append(spec.InitContainers, added(before.InitContainers, p.Spec.InitContainers, containerName)...)
	for _, v := range added(before.Volumes, p.Spec.Volumes, func(v corev1.Volume) string { return v.Name }) {
		if !isToken(v) {
			spec.Volumes = append(spec.Volumes, v)
		}
	}
	if !c.Info.Offline && mounts(c, w) {
		spec.Volumes = append(spec.Volumes, corev1.Volume{
			Name: "kube-api-access", VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{
				Sources: []corev1.VolumeProjection{{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{Path: "token"}}},
			}},
		})
	}
	return spec
}

func containerName(c corev1.Container) string { return c.Name }

// added returns what a pod has and its template has not, by name.
func added[T any](template, pod []T, name func(T) string) []T {
	return slices.DeleteFunc(slices.Clone(pod), func(one T) bool {
		return slices.ContainsFunc(template, func(other T) bool { return name(one) == name(other) })
	})
}

// isToken reports whether a volume is the one that admission mounts.
func isToken(v corev1.Volume) bool { return strings.HasPrefix(v.Name, "kube-api-access") }

// mounts reports whether admission mounts a token: the pod decides, else its
// ServiceAccount, else it does (kubernetes.io/docs/tasks/configure-pod-container/
// configure-service-account).
func mounts(c *kube.Cluster, w *kube.Workload) bool {
	if own := w.Pod.Spec.AutomountServiceAccountToken; own != nil {
		return *own
	}
	account, held := c.ServiceAccounts.Get(w.Ref.Namespace, w.ServiceAccount())
	return !held || account.AutomountServiceAccountToken == nil || *account.AutomountServiceAccountToken
}

// sameAccess reports whether two pods run as the same ServiceAccount with as much of
// its token.
func sameAccess(a, b *corev1.PodSpec) bool {
	return a.ServiceAccountName == b.ServiceAccountName && slices.ContainsFunc(a.Volumes, isToken) == slices.ContainsFunc(b.Volumes, isToken)
}
