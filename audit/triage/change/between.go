package change

import (
	"sync"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// watched are the resources of which a change is told, with its kind.
var watched = sync.OnceValue(func() map[kube.Resource]Kind {
	kinds := map[kube.Resource]Kind{kube.Deployments: Workload, kube.StatefulSets: Workload, kube.DaemonSets: Workload, kube.Leases: Leader}
	for _, s := range sources() {
		kinds[s.resource] = s.kind
	}
	return kinds
})

// Between returns what changed between two views that follow each other, the newest
// first. Pods, what they run on, and statuses are no changes, but for the conditions
// of nodes. Where one of the views is blind for a resource, nothing is told of it:
// a first list is no creation, and a lost permission no deletion. It is nil if there is no view
// before, or one of another cluster.
func Between(before, after *kube.Cluster) []Change {
	if before == nil || before == after || before.Info.Offline || after.Info.Offline ||
		before.Info.Name != after.Info.Name || before.Info.Server != after.Info.Server {
		return nil
	}
	kinds := watched()
	var all []Change
	wanted := func(r kube.Resource) bool { _, is := kinds[r]; return is }
	for pair := range kube.ChangesOf(before, after, wanted) {
		if known(before, pair) && known(after, pair) {
			all = append(all, seen(before, after, pair, kinds[pair.Resource])...)
		}
	}
	sortChanges(all)
	return all
}

func known(c *kube.Cluster, pair kube.Change) bool {
	_, blind := c.Blind(pair.Resource, pair.Namespace)
	return !blind
}

// sighting is one object that is not what it was.
type sighting struct {
	resource kube.Resource
	kind     Kind
	was, is  kube.Object
	m        metav1.Object // of what it is, or else was
	at       time.Time     // when it was written last, as far as that is known
	by       string
}

// seen returns what one object that changed tells.
func seen(before, after *kube.Cluster, pair kube.Change, kind Kind) []Change {
	if pair.Resource == kube.Leases {
		return elected(after, pair)
	}
	s := &sighting{resource: pair.Resource, kind: kind, was: pair.Before, is: pair.After, at: after.Time}
	if pair.After == nil {
		s.m, _ = pair.Before.(metav1.Object)
		return s.left()
	}
	s.m, _ = pair.After.(metav1.Object)
	if s.m == nil {
		return nil
	}
	if pair.Before == nil {
		return s.came(before, after)
	}
	was, ok := pair.Before.(metav1.Object)
	if !ok {
		return nil
	}
	if w, found := newWrite(was, s.m); found {
		s.at, s.by = w.at, w.manager
	}
	all := s.changed(after)
	if was.GetUID() != s.m.GetUID() {
		again := s.change(s.kind, Created, "created again")
		again.Time = s.m.GetCreationTimestamp().Time
		all = append(all, again)
	}
	if was.GetDeletionTimestamp() == nil && s.m.GetDeletionTimestamp() != nil {
		all = append(all, s.change(s.kind, Deleted, "being deleted"))
	}
	return all
}

// newWrite returns the newest time at which somebody wrote an object that was not so
// before.
func newWrite(was, is metav1.Object) (write, bool) {
	old := writes(was)
	for _, w := range writes(is) {
		known := false
		for _, o := range old {
			known = known || o == w
		}
		if !known {
			return w, true
		}
	}
	return write{}, false
}

// change returns a change of the object that was seen.
func (s *sighting) change(kind Kind, action Action, title string) Change {
	ch := Change{
		Time: s.at, Certainty: Live, Kind: kind, Action: action, Object: s.resource.Ref(s.m.GetNamespace(), s.m.GetName()),
		By: s.by, Title: title, Releases: ReleasesOf(s.m),
	}
	switch h, scales := s.m.(*autoscalingv2.HorizontalPodAutoscaler); {
	case s.kind == Workload:
		ch.Owner = ch.Object
	case scales:
		ch.Owner = kube.ScaleTarget(h)
	}
	return ch
}

// visible is how old an object may be that is taken for a new one. One that is older
// was there, and could not be seen.
const visible = 5 * time.Minute

func (s *sighting) came(before, after *kube.Cluster) []Change {
	created := s.m.GetCreationTimestamp().Time
	if !created.IsZero() && before.Time.Sub(created) > visible {
		return nil
	}
	if of := tellHelmOf(s.resource, s.is); of != nil {
		return live(of, nil, nil)
	}
	if !comesAlone(s.resource, s.m) || (s.kind == Config && unremarkable(s.is)) {
		return nil
	}
	ch := s.change(s.kind, Created, arrival(s.resource))
	if !created.IsZero() {
		ch.Time = created
	}
	ch.By, ch.Founding = writer(writes(s.m), ch.Time, settling), founded(after, ch.Object, ch.Time)
	return []Change{ch}
}

func (s *sighting) left() []Change {
	if s.m == nil || !comesAlone(s.resource, s.m) || (s.kind == Config && unremarkable(s.was)) {
		return nil
	}
	if of := tellHelmOf(s.resource, s.was); of != nil {
		return s.uninstalled(of[0])
	}
	title := "deleted"
	if s.resource == kube.Nodes {
		title = "left"
	}
	return []Change{s.change(s.kind, Deleted, title)}
}

// uninstalled returns that a release is gone; of one that stays, old revisions are
// deleted all the time.
func (s *sighting) uninstalled(of *told) []Change {
	switch s.m.GetLabels()["status"] {
	case "deployed", "uninstalling", "uninstalled", "failed":
		ch := s.change(Release, Deleted, "release "+clip(s.m.GetLabels()["name"], 60)+" uninstalled")
		ch.By, ch.Revision, ch.Releases = of.By, of.Revision, of.Releases
		return []Change{ch}
	}
	return nil
}

func tellHelmOf(r kube.Resource, o kube.Object) []*told {
	if r != kube.Secrets && r != kube.ConfigMaps {
		return nil
	}
	return tellHelm(r, o)
}

// changed returns what became of an object that stays.
func (s *sighting) changed(after *kube.Cluster) []Change {
	switch is := s.is.(type) {
	case *appsv1.Deployment:
		was, _ := s.was.(*appsv1.Deployment)
		return s.workload(after, &was.Spec.Template, &is.Spec.Template, was.Spec.Replicas, is.Spec.Replicas)
	case *appsv1.StatefulSet:
		was, _ := s.was.(*appsv1.StatefulSet)
		return s.workload(after, &was.Spec.Template, &is.Spec.Template, was.Spec.Replicas, is.Spec.Replicas)
	case *appsv1.DaemonSet:
		was, _ := s.was.(*appsv1.DaemonSet)
		return s.workload(after, &was.Spec.Template, &is.Spec.Template, nil, nil)
	case *batchv1.CronJob:
		was, _ := s.was.(*batchv1.CronJob)
		return s.workload(after, &was.Spec.JobTemplate.Spec.Template, &is.Spec.JobTemplate.Spec.Template, nil, nil)
	case *corev1.Node:
		was, _ := s.was.(*corev1.Node)
		return s.node(was, is)
	case *metav1.PartialObjectMetadata:
		return s.metadata(after)
	}
	return s.object(after)
}

// metadata returns that a ConfigMap or Secret was written: what is in it is not held.
func (s *sighting) metadata(after *kube.Cluster) []Change {
	if is := tellHelm(s.resource, s.is); is != nil {
		return live(is, tellHelm(s.resource, s.was), after)
	}
	if unremarkable(s.is) || s.by == "" {
		return nil
	}
	return []Change{s.change(s.kind, Changed, "written by "+clip(s.by, 40))}
}

// live returns what is told now and was not before.
func live(is, was []*told, c *kube.Cluster) []Change {
	var all []Change
	for _, t := range is {
		held := false
		for _, old := range was {
			held = held || old.Time.Equal(t.Time) && old.Aspect == t.Aspect && old.Revision == t.Revision && old.Title == t.Title
		}
		if held {
			continue
		}
		if ch, holds := t.whole(c); holds {
			ch.Certainty, ch.Bound = Live, Exact
			all = append(all, ch)
		}
	}
	return all
}
