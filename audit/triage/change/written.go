package change

import (
	"slices"
	"time"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// write is a time at which somebody wrote an object, by metadata.managedFields. There
// is one for each manager, operation, version and subresource, the last (KEP-555).
type write struct {
	at      time.Time
	manager string
	scale   bool // of the subresource scale: an autoscaler or kubectl scale
}

// settling is how long after its creation an object is still being made: a client
// that creates and then patches has made one change.
const settling = 5 * time.Second

// writes returns who wrote more than the status of an object, the newest first,
// without the parts of the cluster itself: they keep house.
func writes(m metav1.Object) []write {
	var all []write
	for _, e := range m.GetManagedFields() {
		scale := e.Subresource == "scale"
		if e.Time == nil || e.Subresource != "" && !scale || slices.Contains(ownManagers(), e.Manager) {
			continue
		}
		w := write{e.Time.Time, e.Manager, scale}
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	slices.SortStableFunc(all, func(a, b write) int { return b.at.Compare(a.at) })
	return all
}

// ownManagers are what the parts of a cluster call themselves. A ClusterRole that
// aggregates others is written by one of them, an autoscaler scales through another.
func ownManagers() []string {
	return []string{
		"kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "cloud-controller-manager",
		"clusterrole-aggregation-controller", "before-first-apply",
	}
}

// writer returns who wrote an object at about a time, "" if nobody is known to have.
func writer(all []write, at time.Time, within time.Duration) string {
	best, found := within, ""
	for _, w := range all {
		if off := w.at.Sub(at).Abs(); off <= best && !w.scale {
			best, found = off, w.manager
		}
	}
	return found
}

// tellWritten returns that an object came, is going, and who wrote it in between.
func tellWritten(r kube.Resource, kind Kind, o kube.Object) []*told {
	m, ok := o.(metav1.Object)
	if !ok {
		return nil
	}
	ref, all := r.Ref(o.GetNamespace(), o.GetName()), writes(m)
	change := func(action Action, at time.Time, by, title string) *told {
		t := &told{Change: Change{Time: at, Certainty: Stated, Kind: kind, Action: action, Object: ref, By: by, Title: title}, object: m}
		switch h, scales := m.(*autoscalingv2.HorizontalPodAutoscaler); {
		case kind == Workload:
			t.Owner = ref
		case scales:
			t.Owner = kube.ScaleTarget(h)
		}
		return t
	}
	var found []*told
	created := m.GetCreationTimestamp().Time
	if !created.IsZero() && comesAlone(r, m) {
		came := change(Created, created, writer(all, created, settling), arrival(r))
		came.complete = withFounding
		found = append(found, came)
	}
	if deleted := m.GetDeletionTimestamp(); deleted != nil {
		grace := time.Duration(0)
		if seconds := m.GetDeletionGracePeriodSeconds(); seconds != nil {
			grace = time.Duration(*seconds) * time.Second
		}
		found = append(found, change(Deleted, deleted.Add(-grace), "", "being deleted"))
	}
	var last time.Time
	for _, w := range all {
		if w.at.Sub(created) <= settling || w.at.Equal(last) {
			continue
		}
		last = w.at
		t := change(Changed, w.at, w.manager, "written by "+clip(w.manager, 40))
		if w.scale {
			t.Kind, t.Aspect, t.Title = Scale, "replicas", "scaled by "+clip(w.manager, 40)
		}
		found = append(found, t)
	}
	return found
}

// comesAlone reports whether the creation of an object is news: what a controller
// makes follows from something else.
func comesAlone(r kube.Resource, m metav1.Object) bool {
	if r == kube.PersistentVolumes || r == kube.ServiceAccounts && m.GetName() == "default" {
		return false
	}
	owner := metav1.GetControllerOfNoCopy(m)
	if owner == nil {
		return true
	}
	_, held := kube.ResourceOf(schema.FromAPIVersionAndKind(owner.APIVersion, owner.Kind).Group, owner.Kind)
	return !held
}

func arrival(r kube.Resource) string {
	if r == kube.Nodes {
		return "joined"
	}
	return "created"
}

// unremarkable reports whether a ConfigMap or Secret says nothing about what changed:
// every namespace has it, or leaders write it every few seconds.
func unremarkable(o kube.Object) bool {
	m, ok := o.(metav1.Object)
	if !ok {
		return true
	}
	if _, elects := m.GetAnnotations()["control-plane.alpha.kubernetes.io/leader"]; elects {
		return true
	}
	return m.GetName() == "kube-root-ca.crt" || m.GetName() == "openshift-service-ca.crt"
}

// ReleasesOf returns the installations that an object is part of, by what the tools
// leave on it: "Helm shop/web", "Argo CD shop", "Flux Kustomization flux-system/apps".
// It is nil if there are none. An application of Argo CD is named without its
// namespace, which its ID does not have.
func ReleasesOf(m metav1.Object) []string {
	var all []string
	annotations, labels := m.GetAnnotations(), m.GetLabels()
	if release := annotations["meta.helm.sh/release-name"]; release != "" {
		all = append(all, helmRelease(annotations["meta.helm.sh/release-namespace"], release))
	}
	if application := argoApplication(annotations["argocd.argoproj.io/tracking-id"], labels["argocd.argoproj.io/instance"]); application != "" {
		all = append(all, "Argo CD "+application)
	}
	for _, of := range [...]struct{ prefix, kind string }{
		{"kustomize.toolkit.fluxcd.io/", "Kustomization"}, {"helm.toolkit.fluxcd.io/", "HelmRelease"},
	} {
		if name := labels[of.prefix+"name"]; name != "" {
			all = append(all, "Flux "+of.kind+" "+labels[of.prefix+"namespace"]+"/"+name)
		}
	}
	return all
}

func helmRelease(namespace, name string) string { return "Helm " + namespace + "/" + name }
