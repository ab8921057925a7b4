package blast

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func zoneOf(n *corev1.Node) string { return n.Labels[corev1.LabelTopologyZone] }

// NodesWith returns the nodes that have a label, by name, to ask what depends on all of
// them: those of a zone (topology.kubernetes.io/zone) or of a pool.
func NodesWith(c *kube.Cluster, label, value string) []kube.Ref {
	var nodes []kube.Ref
	for n := range c.Nodes.All() {
		if has, ok := n.Labels[label]; ok && has == value {
			nodes = append(nodes, kube.Nodes.Ref("", n.Name))
		}
	}
	return nodes
}

// StoredBy returns what a CSI driver provides, by name, to ask what depends on it: its
// StorageClasses and its PersistentVolumes.
func StoredBy(c *kube.Cluster, driver string) []kube.Ref {
	var provided []kube.Ref
	for class := range c.StorageClasses.All() {
		if class.Provisioner == driver {
			provided = append(provided, kube.StorageClasses.Ref("", class.Name))
		}
	}
	for volume := range c.PersistentVolumes.All() {
		if volume.Spec.CSI != nil && volume.Spec.CSI.Driver == driver {
			provided = append(provided, kube.PersistentVolumes.Ref("", volume.Name))
		}
	}
	return provided
}

// ofNode returns what stands on a node and what cannot leave it.
func (w *walk) ofNode(ref kube.Ref) []edge {
	w.look("", kube.Pods, kube.PersistentVolumes, kube.PersistentVolumeClaims)
	var edges []edge
	held := map[kube.Ref]bool{}
	for _, namespace := range w.spaces.names {
		for _, p := range w.spaces.in(namespace).byNode()[ref.Name] {
			edges = append(edges, edge{to: p.Ref(), pod: p, relation: RunsOn})
			for claim := range claimsOf(p) {
				claim := kube.PersistentVolumeClaims.Ref(p.Namespace, claim)
				if mode, single := w.singleNode(claim); single && !held[claim] {
					held[claim] = true
					edges = append(edges, edge{to: claim, relation: PinnedTo, certainty: Likely, last: true, detail: string(mode)})
				}
			}
		}
	}
	return append(edges, w.pinned[ref]...)
}

// volumes are the PersistentVolumes with a node affinity, those together that have the
// same one: a zone may have thousands, a node a few.
type volumes struct {
	places  []place
	byClass map[string][]*corev1.PersistentVolumeClaim
}

type place struct {
	required *corev1.NodeSelector
	claimed  []*corev1.PersistentVolume
}

var volumesOf = kube.Derive(func(c *kube.Cluster) *volumes {
	v := &volumes{byClass: map[string][]*corev1.PersistentVolumeClaim{}}
	at := map[string]int{}
	for volume := range c.PersistentVolumes.All() {
		if volume.Spec.NodeAffinity == nil || volume.Spec.NodeAffinity.Required == nil || volume.Spec.ClaimRef == nil {
			continue
		}
		required := volume.Spec.NodeAffinity.Required
		key := required.String()
		i, known := at[key]
		if !known {
			i = len(v.places)
			at[key] = i
			v.places = append(v.places, place{required: required})
		}
		v.places[i].claimed = append(v.places[i].claimed, volume)
	}
	for claim := range c.PersistentVolumeClaims.All() {
		if class := claim.Spec.StorageClassName; class != nil && *class != "" {
			v.byClass[*class] = append(v.byClass[*class], claim)
		}
	}
	return v
}).From(kube.PersistentVolumes, kube.PersistentVolumeClaims)

// lostPlaces returns, by node, the claims whose volumes can be used on nodes that are hit
// and on no other: local volumes, and those of a zone of which every node is hit. And it
// returns these zones.
func (w *walk) lostPlaces(roots []kube.Ref) (map[kube.Ref][]edge, []string) {
	var lost []*corev1.Node
	zones := map[string]bool{}
	for _, ref := range roots {
		if ref.Kind != kube.Nodes.Kind || ref.Group != "" {
			continue
		}
		n, held := w.c.Nodes.Get("", ref.Name)
		if !held { // its object is gone; local volumes know a node by this label
			n = &corev1.Node{}
			n.Name, n.Labels = ref.Name, map[string]string{corev1.LabelHostname: ref.Name}
		}
		lost = append(lost, n)
		if zone := zoneOf(n); zone != "" {
			zones[zone] = true
		}
	}
	if len(lost) == 0 {
		return nil, nil
	}
	var left []*corev1.Node
	for n := range w.c.Nodes.All() {
		if !w.hit[kube.Nodes.Ref("", n.Name)] {
			left = append(left, n)
			delete(zones, zoneOf(n))
		}
	}
	pinned := map[kube.Ref][]edge{}
	for _, p := range volumesOf.Of(w.c).places {
		selector, err := nodeaffinity.NewNodeSelector(p.required)
		if err != nil {
			continue // no node is known to have it
		}
		on := slices.IndexFunc(lost, selector.Match)
		if on < 0 || slices.ContainsFunc(left, selector.Match) {
			continue
		}
		node := kube.Nodes.Ref("", lost[on].Name)
		for _, volume := range p.claimed {
			pinned[node] = append(pinned[node], edge{
				to: claimOf(volume), relation: PinnedTo, certainty: Likely, detail: "PersistentVolume " + volume.Name,
			})
		}
	}
	return pinned, slices.Sorted(maps.Keys(zones))
}

func claimOf(volume *corev1.PersistentVolume) kube.Ref {
	return kube.PersistentVolumeClaims.Ref(volume.Spec.ClaimRef.Namespace, volume.Spec.ClaimRef.Name)
}

// ofVolume returns the claim of a PersistentVolume.
func (w *walk) ofVolume(ref kube.Ref) []edge {
	volume, held := w.c.PersistentVolumes.Get("", ref.Name)
	if !held || volume.Spec.ClaimRef == nil {
		return nil
	}
	return []edge{{to: claimOf(volume), relation: Provisioned}}
}

// ofStorageClass returns the claims of a class. Those that are bound have their volume
// already: the class matters when they are attached or grow.
func (w *walk) ofStorageClass(ref kube.Ref) []edge {
	w.look("", kube.PersistentVolumeClaims)
	var edges []edge
	for _, claim := range volumesOf.Of(w.c).byClass[ref.Name] {
		e := edge{to: kube.PersistentVolumeClaims.Ref(claim.Namespace, claim.Name), relation: Provisioned, detail: string(claim.Status.Phase)}
		if claim.Status.Phase == corev1.ClaimBound {
			e.when = NextStart
		}
		edges = append(edges, e)
	}
	return edges
}
