package change

import (
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// tellControllerRevisions returns what the ControllerRevisions of a namespace tell of
// the rollouts of StatefulSets and DaemonSets, and who wrote those.
func tellControllerRevisions(c *kube.Cluster, namespace string, s, before *space) []*told {
	kept := map[kube.Owner][]revision{}
	for _, held := range c.ControllerRevisions.In(namespace) {
		if !held.SameTemplate(held) {
			continue // it has none: its owner's data is nobody else's business
		}
		kept[held.Owner] = append(kept[held.Owner], revision{
			number: held.Revision, name: held.Name, created: held.Created(), cause: held.Annotations[changeCause],
			template: func() *corev1.PodTemplateSpec { return held.Template() },
		})
	}
	var found []*told
	add := func(r kube.Resource, o metav1.Object) {
		w := workload{ref: r.Ref(namespace, o.GetName()), object: o}
		if all := writes(o); len(all) > 0 {
			w.rolledOut = all[0].at
		}
		w.began = func(c *kube.Cluster, r *revision, after time.Time) moment {
			return withFirst(c, namespace, writes(o), after, func(p *kube.Pod) bool { return p.Owner.Name == o.GetName() && runs(p, r.name) })
		}
		owner := kube.Owner{Group: r.Group, Kind: r.Kind, Name: o.GetName()}
		found = append(found, tellRollouts(w, kept[owner], s, before)...)
	}
	for _, o := range c.StatefulSets.In(namespace) {
		add(kube.StatefulSets, o)
		found = append(found, tellWritten(kube.StatefulSets, Workload, o)...)
	}
	for _, o := range c.DaemonSets.In(namespace) {
		add(kube.DaemonSets, o)
		found = append(found, tellWritten(kube.DaemonSets, Workload, o)...)
	}
	return found
}

// runs reports whether a pod is of a ControllerRevision. Its label has the name of the
// revision, or for a DaemonSet what follows its own name in it
// (apps.kubernetes.io, ControllerRevisionHashLabelKey).
func runs(p *kube.Pod, revision string) bool {
	label := p.Labels[appsv1.ControllerRevisionHashLabelKey]
	return label != "" && (label == revision || p.Owner.Name+"-"+label == revision)
}
