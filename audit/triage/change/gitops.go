package change

import (
	"cmp"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// application is what an Application of Argo CD says of its past
// (argoproj/argo-cd, pkg/apis/application/v1alpha1).
type application struct {
	Status struct {
		History []struct {
			ID              int64        `json:"id"`
			Revision        string       `json:"revision"`
			Revisions       []string     `json:"revisions"`
			DeployStartedAt *metav1.Time `json:"deployStartedAt"`
			DeployedAt      metav1.Time  `json:"deployedAt"`
			InitiatedBy     initiator    `json:"initiatedBy"`
		} `json:"history"`
		OperationState *struct {
			Phase     string      `json:"phase"`
			Message   string      `json:"message"`
			StartedAt metav1.Time `json:"startedAt"`
			Operation struct {
				InitiatedBy initiator `json:"initiatedBy"`
			} `json:"operation"`
			SyncResult *struct {
				Revision string `json:"revision"`
			} `json:"syncResult"`
		} `json:"operationState"`
	} `json:"status"`
}

type initiator struct {
	Username  string `json:"username"`
	Automated bool   `json:"automated"`
}

func (i initiator) String() string {
	if i.Username == "" && i.Automated {
		return "automated sync"
	}
	return i.Username
}

// argoApplication returns the application that an object belongs to, by its tracking
// ID ("application:group/kind:namespace/name") or else its label.
func argoApplication(trackingID, label string) string {
	of, _, found := strings.Cut(trackingID, ":")
	if !found || of == "" {
		of = label
	}
	if _, name, namespaced := strings.Cut(of, "_"); namespaced {
		return name // "namespace_application"
	}
	return of
}

// tellApplication returns the syncs that an Application remembers, and the one that
// goes on or failed.
func tellApplication(o kube.Object) []*told {
	object, ok := o.(*unstructured.Unstructured)
	if !ok {
		return nil
	}
	a, err := kube.Decode[application](object)
	if err != nil {
		return nil
	}
	change := Change{
		Certainty: Stated, Kind: Sync, Object: kube.Applications.Ref(o.GetNamespace(), o.GetName()),
		Releases: append([]string{"Argo CD " + o.GetName()}, ReleasesOf(object)...),
	}
	var found []*told
	last := ""
	for _, h := range a.Status.History {
		next := change
		next.Time = h.DeployedAt.Time
		if h.DeployStartedAt != nil {
			next.Time = h.DeployStartedAt.Time
		}
		next.Revision, next.From, next.By = cmp.Or(h.Revision, strings.Join(h.Revisions, " ")), last, h.InitiatedBy.String()
		next.Title = synced(last, next.Revision)
		last = next.Revision
		found = append(found, &told{Change: next})
	}
	if s := a.Status.OperationState; s != nil && s.Phase != "Succeeded" && !s.StartedAt.IsZero() {
		next := change
		next.Time, next.By, next.Aspect = s.StartedAt.Time, s.Operation.InitiatedBy.String(), "operation"
		if s.SyncResult != nil {
			next.Revision = s.SyncResult.Revision
		}
		next.Title = clip("sync "+strings.ToLower(s.Phase)+": "+scrub(s.Message), longest)
		found = append(found, &told{Change: next})
	}
	return found
}

// synced says what was applied; commits are cut to the length in which git shows them.
func synced(before, after string) string {
	switch before {
	case after:
		return "synced " + short(after) + " once more"
	case "":
		return "synced " + short(after)
	}
	return "synced " + short(before) + " → " + short(after)
}

// short shortens the commit in a revision: "main@sha1:4f0c…" to "main@4f0c1a2".
func short(revision string) string {
	branch, commit, found := strings.Cut(revision, "@")
	if !found {
		branch, commit = "", revision
	}
	_, hash, labelled := strings.Cut(commit, ":")
	if !labelled {
		hash = commit
	}
	if len(hash) >= 40 && strings.Trim(hash, "0123456789abcdef") == "" {
		hash = hash[:7]
	} else {
		hash = commit
	}
	if branch != "" {
		hash = branch + "@" + hash
	}
	return clip(hash, 60)
}

// reconciliation is what a Kustomization or a HelmRelease of Flux says of its past
// (fluxcd/kustomize-controller api/v1, fluxcd/helm-controller api/v2).
type reconciliation struct {
	Status struct {
		LastAppliedRevision   string             `json:"lastAppliedRevision"`
		LastAttemptedRevision string             `json:"lastAttemptedRevision"`
		Conditions            []metav1.Condition `json:"conditions"`
		History               []snapshot         `json:"history"`
	} `json:"status"`
}

// snapshot is one entry of such a history: of both kinds.
type snapshot struct {
	FirstReconciled *metav1.Time      `json:"firstReconciled"`
	Metadata        map[string]string `json:"metadata"`

	ChartName    string       `json:"chartName"`
	ChartVersion string       `json:"chartVersion"`
	LastDeployed *metav1.Time `json:"lastDeployed"`
	Status       string       `json:"status"`
	Name         string       `json:"name"`
	Namespace    string       `json:"namespace"`
}

func (r *reconciliation) ready() *metav1.Condition {
	for i := range r.Status.Conditions {
		if r.Status.Conditions[i].Type == "Ready" {
			return &r.Status.Conditions[i]
		}
	}
	return nil
}

// fluxChange returns what the changes of an object of Flux have in common.
func fluxChange(r kube.Resource, o *unstructured.Unstructured) Change {
	return Change{
		Certainty: Stated, Kind: Sync, Object: r.Ref(o.GetNamespace(), o.GetName()), By: "flux",
		Releases: append([]string{"Flux " + r.Kind + " " + o.GetNamespace() + "/" + o.GetName()}, ReleasesOf(o)...),
	}
}

// tellKustomization returns the revisions that a Kustomization applied: from its
// history, or else the last one, of which only since when it is well is known.
func tellKustomization(o kube.Object) []*told {
	object, ok := o.(*unstructured.Unstructured)
	if !ok {
		return nil
	}
	k, err := kube.Decode[reconciliation](object)
	if err != nil {
		return nil
	}
	var found []*told
	history := k.Status.History
	slices.SortStableFunc(history, func(a, b snapshot) int {
		return timeOf(a.FirstReconciled).Compare(timeOf(b.FirstReconciled))
	})
	last := ""
	for _, h := range history {
		next := fluxChange(kube.Kustomizations, object)
		next.Time, next.Revision, next.From = timeOf(h.FirstReconciled), h.Metadata["revision"], last
		next.Title, last = synced(last, next.Revision), next.Revision
		if !next.Time.IsZero() {
			found = append(found, &told{Change: next})
		}
	}
	ready := k.ready()
	if ready == nil {
		return found
	}
	next := fluxChange(kube.Kustomizations, object)
	next.Time = ready.LastTransitionTime.Time
	switch {
	case ready.Status == metav1.ConditionFalse:
		next.Aspect, next.Revision = "Ready", k.Status.LastAttemptedRevision
		next.Title = clip("not ready ("+ready.Reason+"): "+scrub(ready.Message), longest)
	case len(found) == 0 && k.Status.LastAppliedRevision != "":
		next.Certainty, next.Bound, next.Revision = Inferred, NotBefore, k.Status.LastAppliedRevision
		next.Title = synced("", next.Revision)
	default:
		return found
	}
	return append(found, &told{Change: next})
}

// tellHelmRelease returns the releases that a HelmRelease remembers, newest first.
func tellHelmRelease(o kube.Object) []*told {
	object, ok := o.(*unstructured.Unstructured)
	if !ok {
		return nil
	}
	r, err := kube.Decode[reconciliation](object)
	if err != nil {
		return nil
	}
	var found []*told
	for i, h := range r.Status.History {
		next := fluxChange(kube.HelmReleases, object)
		next.Time, next.Revision = timeOf(h.LastDeployed), h.ChartVersion
		if i+1 < len(r.Status.History) {
			next.From = r.Status.History[i+1].ChartVersion
		}
		next.Title = clip("chart "+h.ChartName+" "+strings.TrimPrefix(synced(next.From, next.Revision), "synced "), longest)
		if h.Status != "" && h.Status != "deployed" && h.Status != "superseded" {
			next.Title += ": " + clip(h.Status, 40)
		}
		next.Releases = append(next.Releases, helmRelease(h.Namespace, h.Name))
		if !next.Time.IsZero() {
			found = append(found, &told{Change: next})
		}
	}
	if ready := r.ready(); ready != nil && ready.Status == metav1.ConditionFalse {
		next := fluxChange(kube.HelmReleases, object)
		next.Time, next.Aspect, next.Revision = ready.LastTransitionTime.Time, "Ready", r.Status.LastAttemptedRevision
		next.Title = clip("not ready ("+ready.Reason+"): "+scrub(ready.Message), longest)
		found = append(found, &told{Change: next})
	}
	return found
}

func timeOf(t *metav1.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.Time
}
