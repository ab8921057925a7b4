package change

import (
	"slices"
	"strconv"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// tellDeployments returns what the ReplicaSets of a namespace tell of the rollouts of
// their Deployments, or of what else keeps its revisions so (Argo Rollouts), and who
// wrote the Deployments.
func tellDeployments(c *kube.Cluster, namespace string, s, before *space) []*told {
	sets := map[kube.Owner][]*kube.ReplicaSet{}
	for _, set := range c.ReplicaSets.In(namespace) {
		if !set.Owner.IsZero() {
			sets[set.Owner] = append(sets[set.Owner], set)
		}
	}
	var found []*told
	for _, d := range c.Deployments.In(namespace) {
		owner := kube.Owner{Group: kube.Deployments.Group, Kind: kube.Deployments.Kind, Name: d.Name}
		w := workload{
			ref: kube.Deployments.Ref(namespace, d.Name), object: d, rolledOut: progressed(d),
			began: func(c *kube.Cluster, r *revision, after time.Time) moment { return beganAgain(c, d, r, after) },
		}
		found = append(found, tellRollouts(w, revisionsOf(sets[owner]), s, before)...)
		found = append(found, tellWritten(kube.Deployments, Workload, d)...)
		delete(sets, owner)
	}
	for owner, of := range sets {
		w := workload{ref: kube.Ref{Group: owner.Group, Kind: owner.Kind, Namespace: namespace, Name: owner.Name}}
		found = append(found, tellRollouts(w, revisionsOf(of), s, before)...)
	}
	return found
}

// progressed returns when a Deployment last made progress in a rollout, zero if it
// does not say.
func progressed(d *appsv1.Deployment) time.Time {
	for i := range d.Status.Conditions {
		if condition := &d.Status.Conditions[i]; condition.Type == appsv1.DeploymentProgressing {
			return condition.LastUpdateTime.Time
		}
	}
	return time.Time{}
}

// The annotations by which a ReplicaSet is a revision
// (k8s.io/kubernetes/pkg/controller/deployment/util; Argo Rollouts has its own).
const (
	revisionOf      = "deployment.kubernetes.io/revision"
	revisionHistory = "deployment.kubernetes.io/revision-history"
	argoRevision    = "rollout.argoproj.io/revision"
	argoHistory     = "rollout.argoproj.io/revision-history"
	changeCause     = "kubernetes.io/change-cause"
)

// revisionsOf returns the revisions that ReplicaSets of one controller keep.
func revisionsOf(sets []*kube.ReplicaSet) []revision {
	var all []revision
	for _, set := range sets {
		numbered, history := set.Annotations[revisionOf], set.Annotations[revisionHistory]
		if numbered == "" {
			numbered, history = set.Annotations[argoRevision], set.Annotations[argoHistory]
		}
		number, err := strconv.ParseInt(numbered, 10, 64)
		if err != nil {
			continue
		}
		all = append(all, revision{
			number: number, name: set.Name, created: set.Created(), earlier: history, cause: set.Annotations[changeCause],
			template: func() *corev1.PodTemplateSpec { return templateOf(set) },
			// Its generation grows with each scaling.
			idle: set.Replicas == 0 && set.Status.Replicas == 0 && set.Status.ObservedGeneration == 1,
		})
	}
	return all
}

// templateOf returns the template of a ReplicaSet. Where the view does not hold its
// labels, they are those of the ReplicaSet, but for the hash.
func templateOf(set *kube.ReplicaSet) *corev1.PodTemplateSpec {
	template := set.Template()
	if template.Labels == nil {
		template.Labels = set.Labels
	}
	return template
}

// beganAgain returns when a ReplicaSet that is older than the one before it was scaled
// up again: an event tells it, or its first pod is a bound, which who wrote the
// Deployment shortly before makes exact. Zero if neither is held any more.
func beganAgain(c *kube.Cluster, d *appsv1.Deployment, r *revision, after time.Time) moment {
	all := writes(d)
	for _, e := range c.Events.In(d.Namespace) {
		if e.Reason != "ScalingReplicaSet" || e.InvolvedObject.Name != d.Name || firstOf(e).Before(after) {
			continue
		}
		if at := firstOf(e); scaledSet(e.Message) == r.name && scaledFromZero(e.Message) {
			return moment{at, Exact, Stated, writer(all, at, time.Minute)}
		}
	}
	owner := kube.Owner{Group: kube.ReplicaSets.Group, Kind: kube.ReplicaSets.Kind, Name: r.name}
	return withFirst(c, d.Namespace, all, after, func(p *kube.Pod) bool { return p.Owner == owner })
}

// withFirst returns when the first pod of a revision was made since some time, or who
// wrote its workload shortly before, and when; zero if there is none.
func withFirst(c *kube.Cluster, namespace string, all []write, since time.Time, is func(*kube.Pod) bool) moment {
	var first time.Time
	for _, p := range c.Pods.In(namespace) {
		if is(p) && !p.Created().Before(since) && (first.IsZero() || p.Created().Before(first)) {
			first = p.Created()
		}
	}
	if first.IsZero() {
		return moment{}
	}
	i := slices.IndexFunc(all, func(w write) bool {
		off := first.Sub(w.at)
		return !w.scale && off >= -settling && off <= time.Minute
	})
	if i >= 0 {
		return moment{all[i].at, Exact, Inferred, all[i].manager}
	}
	return moment{first, NotAfter, Inferred, ""}
}

// scaledFromZero reports whether a ReplicaSet had no pods before, which servers before
// 1.26 do not say.
func scaledFromZero(message string) bool {
	return strings.Contains(message, "Scaled up") && (strings.Contains(message, " from 0 to ") || !strings.Contains(message, " from "))
}
