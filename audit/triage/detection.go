package triage

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Detection keeps what detectors see of the newest view, and asks again only
// where something changed. It is for one goroutine.
type Detection struct {
	detectors []*Detector
	before    *kube.Cluster
	wide      [][]Signal // by place in detectors
	spaces    map[string]*space
}

// space is what was seen of a namespace.
type space struct {
	troubled []*kube.Pod // nil if nobody asked since one of them changed
	found    [][]Signal  // by place in detectors
}

// pods returns the troubled pods of a namespace.
func (s *space) pods(c *kube.Cluster, namespace string) []*kube.Pod {
	if s.troubled == nil {
		s.troubled = []*kube.Pod{}
		for _, pod := range c.Pods.In(namespace) {
			if Troubled(pod) {
				s.troubled = append(s.troubled, pod)
			}
		}
	}
	return s.troubled
}

// NewDetection returns a Detection by some detectors, which should be valid.
func NewDetection(detectors []*Detector) *Detection {
	return &Detection{detectors: detectors, wide: make([][]Signal, len(detectors)), spaces: map[string]*space{}}
}

// Detectors returns the detectors by which it looks. The caller must not change
// the slice.
func (d *Detection) Detectors() []*Detector { return d.detectors }

// Detect returns what is wrong by a view, by detector, object and container. A
// signal may be in the future or in the past: time is for [Watch].
func (d *Detection) Detect(c *kube.Cluster) []Signal {
	t := d.touched(c)
	names := c.NamespaceNames()
	d.forget(names)
	for _, name := range names {
		d.lookIn(c, name, &t)
	}
	everywhere := func() []*kube.Pod {
		var all []*kube.Pod
		for _, name := range names {
			all = append(all, d.spaces[name].pods(c, name)...)
		}
		return all
	}
	for i, detector := range d.detectors {
		if detector.Wide && t.concernAnywhere(detector) {
			d.wide[i] = look(c, detector, "", everywhere)
		}
	}
	d.before = c
	return d.all(names)
}

// lookIn asks the detectors of a namespace again that a change concerns.
func (d *Detection) lookIn(c *kube.Cluster, name string, t *touch) {
	s := d.spaces[name]
	fresh := s == nil
	if fresh {
		s = &space{found: make([][]Signal, len(d.detectors))}
		d.spaces[name] = s
	}
	if t.everything || t.in[name][kube.Pods] {
		s.troubled = nil
	}
	pods := func() []*kube.Pod { return s.pods(c, name) }
	for i, detector := range d.detectors {
		if !detector.Wide && (fresh || t.concern(detector, name)) {
			s.found[i] = look(c, detector, name, pods)
		}
	}
}

// forget drops the namespaces that are gone.
func (d *Detection) forget(names []string) {
	if len(d.spaces) == 0 {
		return
	}
	for name := range d.spaces {
		if _, found := slices.BinarySearch(names, name); !found {
			delete(d.spaces, name)
		}
	}
}

func (d *Detection) all(names []string) []Signal {
	var all []Signal
	for _, found := range d.wide {
		all = append(all, found...)
	}
	for _, name := range names {
		for _, found := range d.spaces[name].found {
			all = append(all, found...)
		}
	}
	slices.SortStableFunc(all, compareSignals)
	return all
}

// look asks one detector about one namespace; it says nothing where the view is
// blind to what it reads.
func look(c *kube.Cluster, d *Detector, namespace string, pods func() []*kube.Pod) []Signal {
	for _, r := range d.Reads {
		if _, blind := Unseen(c, r, namespace); blind {
			return nil
		}
	}
	p := Pass{Cluster: c, Namespace: namespace, detector: d, pods: pods}
	d.Check(&p)
	return p.found
}

// Unknown is a detector that cannot see a resource it reads.
type Unknown struct {
	Detector *Detector
	State    kube.State // of the resource that it does not see, and why
}

// Blind returns, for each detector that says nothing of some namespace or of the
// cluster, the first resource that it does not see, by detector.
func (d *Detection) Blind(c *kube.Cluster) []Unknown {
	states := slices.DeleteFunc(slices.Clone(c.States()), func(s kube.State) bool { return !Missing(s) })
	var all []Unknown
	for _, detector := range d.detectors {
		if i := slices.IndexFunc(states, func(s kube.State) bool { return slices.Contains(detector.Reads, s.Resource) }); i >= 0 {
			all = append(all, Unknown{detector, states[i]})
			continue
		}
		for _, r := range detector.Reads {
			if s, blind := Unseen(c, r, ""); blind {
				all = append(all, Unknown{detector, s})
				break
			}
		}
	}
	return all
}

// Missing reports whether a state says that something is not known at which
// detectors look. Leases are read in the two namespaces that matter, and said to be
// skipped everywhere else.
func Missing(s kube.State) bool {
	return s.Blind() && (s.Resource != kube.Leases || s.Namespace != "" || s.Phase != kube.Skipped)
}

// Unseen returns why the objects of a resource in a namespace, or with "" in the
// cluster, are not known, false if they are. Manifests are a part of a cluster: a kind
// of which they have nothing was left out, as likely as not, and that no pod or
// endpoint is among them does not say that there is none.
func Unseen(c *kube.Cluster, r kube.Resource, namespace string) (kube.State, bool) {
	where := []string{namespace}
	if r == kube.Leases && namespace == "" {
		where = []string{kube.NodeLeases, kube.LeaderLeases}
	}
	for _, namespace := range where {
		if s, blind := c.Blind(r, namespace); blind {
			return s, true
		}
	}
	if c.Info.Offline && !r.Custom() && !present.Of(c)[r] {
		return kube.State{Resource: r, Phase: kube.Skipped, Reason: "the manifests have none"}, true
	}
	return kube.State{}, false
}

// present has the resources of which a view holds objects.
var present = kube.Derive(func(c *kube.Cluster) map[kube.Resource]bool {
	held := map[kube.Resource]bool{}
	for _, r := range kube.Resources() {
		held[r] = len(c.Objects(r)) > 0
	}
	return held
})

// touch is what changed between two views, as far as detectors look at it.
type touch struct {
	everything bool
	wide       map[kube.Resource]bool            // resources without namespaces
	in         map[string]map[kube.Resource]bool // by namespace
	anywhere   map[kube.Resource]bool
	// owners are the namespaces in which a controller of pods came or went: their pods
	// belong to other workloads.
	owners map[string]bool
}

func (d *Detection) touched(c *kube.Cluster) touch {
	t := touch{wide: map[kube.Resource]bool{}, in: map[string]map[kube.Resource]bool{}, anywhere: map[kube.Resource]bool{}, owners: map[string]bool{}}
	if d.before == nil || c.Info.Name != d.before.Info.Name || c.Info.Server != d.before.Info.Server ||
		!slices.EqualFunc(c.States(), d.before.States(), seenAlike) {
		t.everything = true
		return t
	}
	workloads := kube.WorkloadResources()
	for change := range kube.Changes(d.before, c) {
		t.anywhere[change.Resource] = true
		if (change.Before == nil || change.After == nil) && change.Resource != kube.Pods && slices.Contains(workloads, change.Resource) {
			t.owners[change.Namespace] = true
		}
		switch {
		case change.Resource == kube.Namespaces:
			t.note(change.Name, change.Resource)
		case !change.Resource.Namespaced:
			t.wide[change.Resource] = true
		default:
			t.note(change.Namespace, change.Resource)
		}
	}
	return t
}

// seenAlike reports whether as much can be seen by one state as by another.
func seenAlike(a, b kube.State) bool {
	return a.Resource == b.Resource && a.Namespace == b.Namespace && a.Blind() == b.Blind()
}

func (t *touch) note(namespace string, r kube.Resource) {
	if t.in[namespace] == nil {
		t.in[namespace] = map[kube.Resource]bool{}
	}
	t.in[namespace][r] = true
}

// concern reports whether a detector has to look at a namespace again.
func (t *touch) concern(d *Detector, namespace string) bool {
	if t.everything || t.owners[namespace] {
		return true
	}
	for r := range t.wide {
		if d.concerns(r) {
			return true
		}
	}
	for r := range t.in[namespace] {
		if r == kube.Namespaces || d.concerns(r) { // it may be on its way out, see Pass.Living
			return true
		}
	}
	return false
}

func (t *touch) concernAnywhere(d *Detector) bool {
	if t.everything || len(t.owners) > 0 {
		return true
	}
	for r := range t.anywhere {
		if d.concerns(r) {
			return true
		}
	}
	return false
}
