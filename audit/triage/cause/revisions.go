package cause

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// revision is how the pods of one revision of a workload fare.
type revision struct {
	hash   string // as the pods are labelled
	number string // "14", as Deployments count; "" where nothing counts
	newest bool
	// hit is how many pods the incident is about, well how many others serve, and all
	// how many there are that are neither finished nor being deleted.
	hit, well, all int
}

// name is what people call a revision.
func (r *revision) name() string { return "revision " + cmp.Or(r.number, r.hash) }

// revisionsOf returns the revisions of a workload that have pods, the newest first.
func revisionsOf(c *kube.Cluster, w *kube.Workload, hit map[kube.Ref]bool) []revision {
	var all []revision
	for _, pod := range c.PodsOf(w) {
		if pod.Finished() || !pod.Deleted().IsZero() {
			continue
		}
		hash := triage.RevisionOf(pod)
		i := slices.IndexFunc(all, func(r revision) bool { return r.hash == hash })
		if i < 0 {
			i = len(all)
			all = append(all, revision{hash: hash})
		}
		all[i].all++
		switch {
		case hit[pod.Ref()]:
			all[i].hit++
		case triage.Serving(pod):
			all[i].well++
		}
	}
	newest := numbered(c, w, all)
	for i := range all {
		all[i].newest = all[i].hash != "" && all[i].hash == newest
	}
	slices.SortFunc(all, func(a, b revision) int {
		switch {
		case a.newest != b.newest:
			if a.newest {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(len(b.number), len(a.number)), strings.Compare(b.number, a.number), strings.Compare(a.hash, b.hash))
	})
	return all
}

// kept is a revision as the controller of a workload keeps it.
type kept struct{ hash, number string }

// keptOf returns the revisions that are kept of a workload: ReplicaSets of a Deployment,
// ControllerRevisions of a StatefulSet or a DaemonSet.
func keptOf(c *kube.Cluster, w *kube.Workload) []kept {
	var all []kept
	of := func(o kube.Owner) bool { return o.Kind == w.Ref.Kind && o.Group == w.Ref.Group && o.Name == w.Ref.Name }
	if w.Ref.Kind == kube.StatefulSets.Kind || w.Ref.Kind == kube.DaemonSets.Kind {
		for _, r := range c.ControllerRevisions.In(w.Ref.Namespace) {
			if of(r.Owner) {
				all = append(all, kept{r.Name, strconv.FormatInt(r.Revision, 10)})
			}
		}
		return all
	}
	for _, set := range c.ReplicaSets.In(w.Ref.Namespace) {
		if hash := set.GetLabels()[appsv1.DefaultDeploymentUniqueLabelKey]; hash != "" && of(set.Owner) {
			all = append(all, kept{hash, set.Annotations["deployment.kubernetes.io/revision"]})
		}
	}
	return all
}

// numbered fills in the numbers of a workload's revisions, and returns the hash of the
// newest as pods bear it, "" if that is not known. Pods of a DaemonSet bear what
// follows its name in that of the ControllerRevision, those of a StatefulSet all of it.
func numbered(c *kube.Cluster, w *kube.Workload, all []revision) string {
	newest, hash := "", ""
	for _, k := range keptOf(c, w) {
		if newer(k.number, newest) {
			newest, hash = k.number, k.hash
		}
		for i := range all {
			if all[i].hash != "" && (all[i].hash == k.hash || w.Ref.Name+"-"+all[i].hash == k.hash) {
				all[i].number = k.number
			}
		}
	}
	if set, ok := w.Object.(*appsv1.StatefulSet); ok && hash == "" {
		return set.Status.UpdateRevision
	}
	if w.PerNode() && hash != "" {
		return strings.TrimPrefix(hash, w.Ref.Name+"-")
	}
	return hash
}

// newer reports whether a number of a revision is higher than another one.
func newer(a, b string) bool {
	return a != "" && cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) > 0
}

// split is what the revisions of a workload say when they are set side by side.
type split struct {
	newest, old revision
	// onlyNewest: all that is hit is of the newest revision, and one before serves.
	onlyNewest bool
	// both: the newest and one before are hit.
	both bool
	// single: there is only one revision with pods.
	single bool
}

func (q *inquiry) split(w *kube.Workload) split {
	if w == nil {
		return split{}
	}
	all := revisionsOf(q.Cluster, w, q.hit)
	if len(all) == 0 {
		return split{}
	}
	s := split{newest: all[0], single: len(all) == 1}
	if !s.newest.newest {
		return s
	}
	for _, r := range all[1:] {
		if r.hit > 0 && s.newest.hit > 0 {
			s.both, s.old = true, r
			return s
		}
		if r.well > 0 && s.old.hash == "" {
			s.old = r
		}
	}
	s.onlyNewest = s.newest.hit > 0 && s.newest.well == 0 && s.old.well > 0
	return s
}

// health says for [change.Rank] how the revisions of a workload fare.
func health(all []revision) map[string]change.Health {
	fares := map[string]change.Health{}
	for i := range all {
		switch {
		case all[i].number == "":
		case all[i].hit > 0:
			fares[all[i].number] = change.Failing
		case all[i].well > 0:
			fares[all[i].number] = change.Healthy
		}
	}
	return fares
}

// difference returns what a rollout changed of one of some fields that convicts itself
// or came shortly before the incident; false if that is not known, or nothing.
func (q *inquiry) difference(w *kube.Workload, m change.Mechanism, fields ...change.Field) (string, bool) {
	last := q.best(m, rolledOut(w, fields...))
	if last == nil || last.Contrast != change.Convicted && q.Since.Sub(last.Change.Time) > quiet {
		return "", false
	}
	var all []string
	for _, d := range last.Change.Differences {
		if len(fields) == 0 && d.Field != change.Annotation || slices.Contains(fields, d.Field) {
			all = append(all, d.String())
		}
	}
	if len(all) == 0 {
		return "", false
	}
	return strings.Join(all[:min(len(all), 3)], ", "), true
}

// contrast notes that the newest revision of the subject fails beside a healthy one.
func (q *inquiry) contrast(s *subject, w *weighing) {
	if found := q.split(s.workload); found.onlyNewest {
		w.isContrast("%s fails (%d of %d pods) while %s serves with %d", found.newest.name(), found.newest.hit, found.newest.all, found.old.name(), found.old.well)
	}
}
