package cause

import (
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const (
	shownChanges = 3
	// tellsLittle is the relevance below which a change is not worth a line: of an
	// unrelated kind, or far away, or long ago.
	tellsLittle = 0.05
	// quiet is the time before an incident in which nothing is said to have changed.
	quiet = 2 * time.Hour
)

// rank returns the changes by how well they explain the incident in some way.
func (q *inquiry) rank(m change.Mechanism) []change.Ranked {
	if known, ok := q.ranked[m]; ok {
		return known
	}
	if q.symptom == nil {
		s := q.suffering()
		q.symptom = &s
	}
	q.symptom.Mechanism = m
	ranked := change.Rank(q.Changes, *q.symptom)
	q.ranked[m] = ranked
	return ranked
}

// best returns the change that explains most, of those of which is holds; nil if there
// is none.
func (q *inquiry) best(m change.Mechanism, is func(*change.Ranked) bool) *change.Ranked {
	ranked := q.rank(m)
	var found *change.Ranked
	for i := range ranked {
		r := &ranked[i]
		if r.Relevance >= tellsLittle && is(r) && (found == nil || r.Relevance > found.Relevance) {
			found = r
		}
	}
	return found
}

// rolledOut is a test for [inquiry.best]: a new template of the workload, with a
// difference in one of some fields where these are known.
func rolledOut(w *kube.Workload, fields ...change.Field) func(*change.Ranked) bool {
	return func(r *change.Ranked) bool {
		if w == nil || r.Change.Kind != change.Rollout || r.Change.Object != w.Ref {
			return false
		}
		return len(fields) == 0 || !r.Change.Compared || slices.ContainsFunc(r.Change.Differences, func(d change.Difference) bool {
			return slices.Contains(fields, d.Field)
		})
	}
}

// kinds is a test for [inquiry.best]: one of some kinds of change.
func kinds(of ...change.Kind) func(*change.Ranked) bool {
	return func(r *change.Ranked) bool { return slices.Contains(of, r.Change.Kind) }
}

// ofObject is a test for [inquiry.best]: a change of one object.
func ofObject(ref kube.Ref) func(*change.Ranked) bool {
	return func(r *change.Ranked) bool { return r.Change.Object == ref }
}

// lastRollout returns the rollout that made the newest revision of a workload, nil if
// none is recorded before the incident.
func (q *inquiry) lastRollout(w *kube.Workload, m change.Mechanism) *change.Change {
	if w == nil {
		return nil
	}
	for _, r := range q.rank(m) {
		if r.Change.Kind == change.Rollout && r.Change.Object == w.Ref && !r.Reaction {
			return r.Change
		}
	}
	return nil
}

// managed returns what brings the manifests of a workload to the cluster and brings
// them back when somebody changes them: Argo CD or Flux; "" for none.
func (q *inquiry) managed(w *kube.Workload) string {
	if w == nil || !w.Held {
		return ""
	}
	o, ok := w.Object.(metav1.Object)
	if !ok {
		return ""
	}
	for _, release := range change.ReleasesOf(o) {
		if strings.HasPrefix(release, "Argo CD ") || strings.HasPrefix(release, "Flux ") {
			return release
		}
	}
	return ""
}

// nearly returns the workloads that a Service all but selects, nil for what is none.
func (q *inquiry) nearly(ref kube.Ref) []kube.Ref {
	service, ok := q.Cluster.Services.Get(ref.Namespace, ref.Name)
	if !ok || ref.Kind != kube.Services.Kind {
		return nil
	}
	near, _ := q.nearMisses(service)
	refs := make([]kube.Ref, len(near))
	for i, w := range near {
		refs[i] = w.Ref
	}
	return refs
}

// suffering is what changes are to explain, but for the way in which it breaks.
func (q *inquiry) suffering() change.Symptom {
	s := change.Symptom{Onset: q.Since}
	if len(q.live) == 0 {
		return s
	}
	root := q.live[0]
	s.Subject, s.Namespace = root.Object, root.Object.Namespace
	if w := q.Cluster.Workload(root.Workload); w != nil {
		s.Subject, s.Namespace = w.Ref, w.Ref.Namespace
		s.References = referencesOf(q.Cluster, w)
		s.Revisions = health(revisionsOf(q.Cluster, w, q.hit))
		if o, ok := w.Object.(metav1.Object); ok && w.Held {
			s.Releases = change.ReleasesOf(o)
		}
	}
	s.References = append(s.References, q.nearly(root.Object)...)
	nodes, keys, read := map[string]bool{}, map[triage.Key]bool{}, map[kube.Ref]bool{}
	refer := func(key triage.Key) {
		if !keys[key] {
			keys[key] = true
			s.References = append(s.References, refsOfKey(key)...)
		}
	}
	refer(q.Root)
	for _, signal := range q.live {
		// A signal is read from its object: a budget, an autoscaler, a quota, whatever
		// workload suffers.
		if !isPod(signal.Object) && q.Cluster.Workload(signal.Object) == nil && !read[signal.Object] {
			read[signal.Object] = true
			s.References = append(s.References, signal.Object)
		}
		if node := q.nodeOf(signal.Object); node != "" && !nodes[node] {
			nodes[node] = true
			s.Nodes = append(s.Nodes, node)
		}
		for _, key := range signal.Keys {
			refer(key)
		}
	}
	return s
}

// nodeOf returns the node that an object is, or is on; "" for none.
func (q *inquiry) nodeOf(ref kube.Ref) string {
	if isNode(ref) {
		return ref.Name
	}
	if !isPod(ref) {
		return ""
	}
	pod, ok := q.Cluster.Pods.Get(ref.Namespace, ref.Name)
	if !ok {
		return ""
	}
	return pod.Node
}

// refsOfKey returns the objects that a key may name.
func refsOfKey(key triage.Key) []kube.Ref {
	namespace, name, inNamespace := strings.Cut(key.Name, "/")
	switch key.Kind {
	case triage.ByConfig:
		kind, rest, _ := strings.Cut(key.Name, " ")
		space, object, _ := strings.Cut(rest, "/")
		if r, held := kube.ResourceOf("", kind); held {
			return []kube.Ref{r.Ref(space, object)}
		}
	case triage.ByWebhook:
		return []kube.Ref{kube.ValidatingWebhookConfigurations.Ref("", namespace), kube.MutatingWebhookConfigurations.Ref("", namespace)}
	case triage.ByPolicy:
		if of, found := strings.CutPrefix(key.Name, "pod-security "); found {
			return []kube.Ref{kube.Namespaces.Ref("", of)}
		}
		return []kube.Ref{kube.ValidatingAdmissionPolicies.Ref("", key.Name)}
	case triage.ByNode:
		return []kube.Ref{kube.Nodes.Ref("", key.Name)}
	case triage.ByVolume:
		return []kube.Ref{kube.PersistentVolumes.Ref("", key.Name)}
	case triage.ByStorageClass:
		class, _, _ := strings.Cut(key.Name, " ")
		return []kube.Ref{kube.StorageClasses.Ref("", class)}
	case triage.ByAPIService:
		return []kube.Ref{kube.APIServices.Ref("", key.Name)}
	default:
		if inNamespace {
			return refsInNamespace(key.Kind, namespace, name)
		}
	}
	return nil
}

// refsInNamespace returns the objects of a namespace that a key of a kind may name.
func refsInNamespace(kind triage.KeyKind, namespace, name string) []kube.Ref {
	switch kind {
	case triage.ByQuota:
		return []kube.Ref{kube.ResourceQuotas.Ref(namespace, name), kube.LimitRanges.Ref(namespace, name)}
	case triage.ByAccount:
		return []kube.Ref{kube.ServiceAccounts.Ref(namespace, name)}
	case triage.ByClaim:
		return []kube.Ref{kube.PersistentVolumeClaims.Ref(namespace, name)}
	case triage.ByService:
		return []kube.Ref{kube.Services.Ref(namespace, name)}
	default:
		return nil
	}
}

// mechanismOf is how the root of the incident breaks.
func (q *inquiry) mechanismOf() change.Mechanism {
	if len(q.live) == 0 {
		return change.Unexplained
	}
	root := q.live[0]
	switch id := root.Detector.ID; {
	case id == "oom-killed":
		return change.OutOfMemory
	case id == "image-pull":
		return change.ImagePull
	case id == "config-error", id == "pod-mount-failed":
		return change.Configuration
	case id == "create-refused", id == "webhook-down", id == "quota-full":
		return change.CreateRefused
	case strings.HasPrefix(id, "probe-"):
		return change.ProbeFailure
	case strings.HasPrefix(id, "pdb-"):
		return change.Eviction
	case strings.HasPrefix(id, "hpa-"):
		return change.Saturation
	case id == "pod-unschedulable", strings.HasPrefix(id, "pvc-"), id == "pod-attach-failed", id == "pod-volume-limit":
		return change.Capacity
	case isNode(root.Object), id == "zone-down", id == "pod-sandbox-failed", id == "not-ready-node", id == "restart-burst":
		return change.NodeTrouble
	case strings.HasPrefix(id, "svc-"), id == "lb-pending", id == "ingress-backend", id == "gateway-bad", id == "dns-unhealthy":
		return change.TrafficLost
	case id == "crash-loop", id == "create-error", id == "init-stuck", id == "job-failed", strings.HasPrefix(id, "deploy-"):
		return change.Crash
	}
	return change.Unexplained
}

// changes fills in what of the timeline has to do with the incident.
func (q *inquiry) changes(d *Diagnosis, m change.Mechanism) {
	recent := false
	for _, r := range q.rank(m) {
		switch {
		case q.itself(r.Change):
		case r.Reaction:
			d.Reactions = append(d.Reactions, r)
		case r.Relevance >= tellsLittle && len(d.Changes) < shownChanges:
			d.Changes = append(d.Changes, r)
			recent = recent || q.Since.Sub(r.Change.Time) <= quiet
		}
	}
	if recent || slices.ContainsFunc(d.Changes, func(r change.Ranked) bool { return r.Contrast == change.Convicted }) {
		return
	}
	d.Unchanged = "no recorded change in the 2 h before it began that may explain it"
	if unseen := q.unseen(); len(unseen) > 0 {
		d.Unchanged += "; not read: " + strings.Join(unseen, ", ")
	}
}

// itself reports whether a change is no more than what a signal of the incident tells:
// that the node does not report any more is not why, nor that the autoscaler scaled to
// its maximum.
func (q *inquiry) itself(c *change.Change) bool {
	return slices.ContainsFunc(q.live, func(s *triage.Watched) bool {
		switch {
		case s.Object != c.Object:
			return false
		case c.Kind == change.Autoscale:
			return c.Aspect == "replicas" && s.Detector.ID == "hpa-maxed"
		}
		return c.Kind == change.Node && c.Aspect != "" && s.Onset.Sub(c.Time).Abs() < 2*time.Second
	})
}

// unseen returns the resources whose changes would be told and that the view is blind
// to somewhere, each once, sorted.
func (q *inquiry) unseen() []string {
	told := change.Sources()
	var all []string
	note := func(s kube.State) {
		if slices.Contains(told, s.Resource) && !s.Moot() {
			all = append(all, s.Resource.String())
		}
	}
	for _, s := range q.Cluster.States() {
		if triage.Missing(s) {
			note(s)
		}
	}
	for _, u := range q.Blind {
		note(u.State)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
