package platform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// template is what the backups of a Schedule have in them (spec.template). A list that
// is empty includes everything and excludes nothing
// (https://velero.io/docs/main/resource-filtering/).
type template struct {
	IncludedNamespaces []string `json:"includedNamespaces"`
	ExcludedNamespaces []string `json:"excludedNamespaces"`

	// Either the first three or the last four may be set: Velero refuses a mixture.
	IncludedResources                []string `json:"includedResources"`
	ExcludedResources                []string `json:"excludedResources"`
	IncludeClusterResources          *bool    `json:"includeClusterResources"`
	IncludedClusterScopedResources   []string `json:"includedClusterScopedResources"`
	ExcludedClusterScopedResources   []string `json:"excludedClusterScopedResources"`
	IncludedNamespaceScopedResources []string `json:"includedNamespaceScopedResources"`
	ExcludedNamespaceScopedResources []string `json:"excludedNamespaceScopedResources"`

	LabelSelector    *metav1.LabelSelector   `json:"labelSelector"`
	OrLabelSelectors []*metav1.LabelSelector `json:"orLabelSelectors"`
	ResourcePolicy   *struct {
		Name string `json:"name"`
	} `json:"resourcePolicy"` // a ConfigMap that says what becomes of which volumes

	SnapshotVolumes          *bool  `json:"snapshotVolumes"` // nil as good as true
	DefaultVolumesToFsBackup *bool  `json:"defaultVolumesToFsBackup"`
	StorageLocation          string `json:"storageLocation"`
	TTL                      string `json:"ttl"`
}

// coverage says whether a namespace's volumes are in the backups of a schedule.
type coverage int

const (
	covered coverage = iota
	leftOut
	unclear // nobody can tell from what the view has
)

// volumes are what a namespace has to lose.
type volumes struct {
	namespace string
	claims    []*corev1.PersistentVolumeClaim
	pods      []*kube.Pod
}

// covers says whether the claims of a namespace and what they hold are in the backups
// of a schedule, and if not, or not for sure, why.
func (s *schedule) covers(v volumes, h *history) (coverage, string) {
	t := &s.Spec.Template
	selected, err := selects(t.IncludedNamespaces, t.ExcludedNamespaces, v.namespace)
	switch {
	case err != nil:
		return unclear, err.Error()
	case !selected:
		return leftOut, "it does not include the namespace"
	case !t.includes(claimNames()):
		return leftOut, "it leaves out PersistentVolumeClaims"
	}
	if c, why := s.contents(v, h); c != covered {
		return c, why
	}
	if t.ResourcePolicy != nil {
		return unclear, "its resource policy, ConfigMap " + t.ResourcePolicy.Name + ", says which volumes are in it"
	}
	return t.labelled(v.claims)
}

// contents says whether the content of volumes is in the backups: by snapshots, or
// file by file (https://velero.io/docs/main/file-system-backup/).
func (s *schedule) contents(v volumes, h *history) (coverage, string) {
	t := &s.Spec.Template
	byFile := t.DefaultVolumesToFsBackup
	if byFile == nil && len(h.backups) > 0 {
		byFile = h.backups[0].Spec.DefaultVolumesToFsBackup
	}
	if byFile != nil && *byFile && t.includes(podNames()) {
		return covered, ""
	}
	if t.SnapshotVolumes == nil || *t.SnapshotVolumes {
		if t.leavesOutPersistentVolumes() {
			return unclear, "it leaves out PersistentVolumes, and with them all snapshots but those of CSI drivers"
		}
		return covered, ""
	}
	switch {
	case !t.includes(podNames()):
		return leftOut, "it takes no snapshots, and leaves out pods and with them their files"
	case slices.ContainsFunc(v.pods, optsIn):
		return unclear, "only volumes that pods name in the annotation " + optIn + " are in it"
	case byFile == nil:
		return unclear, "it takes no snapshots, and its server has not shown yet whether it saves files"
	}
	return leftOut, "it takes neither snapshots nor files of volumes"
}

// optIn names the volumes of a pod that are backed up file by file where that is not
// the default.
const optIn = "backup.velero.io/backup-volumes"

func optsIn(p *kube.Pod) bool { return p.Annotations[optIn] != "" }

// labelled says whether the label selectors take in every claim. One that no selector
// takes in may come along with its pod.
func (t *template) labelled(claims []*corev1.PersistentVolumeClaim) (coverage, string) {
	selectors := t.OrLabelSelectors
	if t.LabelSelector != nil {
		selectors = append(slices.Clip(selectors), t.LabelSelector)
	}
	if len(selectors) == 0 {
		return covered, ""
	}
	for _, claim := range claims {
		if !slices.ContainsFunc(selectors, func(l *metav1.LabelSelector) bool {
			selector, err := metav1.LabelSelectorAsSelector(l)
			return err == nil && selector.Matches(labels.Set(claim.Labels))
		}) {
			return unclear, "it selects by labels, and claim " + claim.Name + " is in it only if something that it selects uses it"
		}
	}
	return covered, ""
}

// Velero resolves the names of resources as kubectl does: plural, singular or short
// name, with the group where there is one.
func claimNames() []string {
	return []string{"persistentvolumeclaims", "persistentvolumeclaim", "pvc"}
}
func volumeNames() []string { return []string{"persistentvolumes", "persistentvolume", "pv"} }
func podNames() []string    { return []string{"pods", "pod", "po"} }

// includes reports whether objects of a namespaced resource with one of some names are
// in the backups.
func (t *template) includes(names []string) bool {
	return includesResource(t.IncludedResources, t.ExcludedResources, names) &&
		includesResource(t.IncludedNamespaceScopedResources, t.ExcludedNamespaceScopedResources, names)
}

// leavesOutPersistentVolumes reports whether PersistentVolumes are not in the backups:
// where no list names a cluster-scoped resource, those of included claims are.
func (t *template) leavesOutPersistentVolumes() bool {
	return t.IncludeClusterResources != nil && !*t.IncludeClusterResources ||
		!includesResource(t.IncludedResources, t.ExcludedResources, volumeNames()) ||
		!includesResource(t.IncludedClusterScopedResources, t.ExcludedClusterScopedResources, volumeNames())
}

func includesResource(included, excluded, names []string) bool {
	in := func(list []string) bool {
		return slices.ContainsFunc(list, func(entry string) bool {
			return entry == "*" || slices.Contains(names, strings.ToLower(entry))
		})
	}
	return (len(included) == 0 || in(included)) && !in(excluded)
}

// selects reports whether a namespace is among those that are included and not
// excluded. Patterns are those of Velero 1.18 and later; earlier ones take them for
// names, and find no such namespace
// (https://velero.io/docs/v1.18/namespace-glob-patterns/). The error names a pattern
// that Velero refuses.
func selects(included, excluded []string, namespace string) (bool, error) {
	in, err := matchesAny(included, namespace)
	if err != nil {
		return false, err
	}
	out, err := matchesAny(excluded, namespace)
	return (in || len(included) == 0) && !out, err
}

func matchesAny(patterns []string, namespace string) (bool, error) {
	matches := false
	for _, pattern := range patterns {
		if strings.Contains(pattern, "**") || strings.ContainsAny(pattern, `|()!{},^\`) {
			return false, fmt.Errorf("it has %q for namespaces, which Velero does not know", pattern)
		}
		match, err := path.Match(pattern, namespace)
		if err != nil {
			return false, fmt.Errorf("it has %q for namespaces: %w", pattern, err)
		}
		matches = matches || match
	}
	return matches, nil
}
