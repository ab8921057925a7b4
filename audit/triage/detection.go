package triage

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Detection keeps what detectors see of the newest view, and asks again only
// where something changed. It is for one goroutine.
type Detection struct {
	detectors []*Detector
	before    *kube.Cluster
	wide      [][]*Signal // by place in detectors
	spaces    map[string]*space
	nodes     map[string]*space // what was seen of the pods of nodes
	sorted    []*Signal         // all of them; never changed once it was handed out
}

// space is what was seen of a namespace, or of the pods of a node.
type space struct {
	troubled []*kube.Pod // by namespace and name
	found    [][]*Signal // by place in detectors
}

// NewDetection returns a Detection by some detectors, which should be valid.
func NewDetection(detectors []*Detector) *Detection {
	return &Detection{detectors: detectors, wide: make([][]*Signal, len(detectors)), spaces: map[string]*space{}, nodes: map[string]*space{}}
}

// Detectors returns the detectors by which it looks. The caller must not change
// the slice.
func (d *Detection) Detectors() []*Detector { return d.detectors }

// Detect returns what is wrong by a view, by detector, object and container. A
// signal may be in the future or in the past: time is for [Watch]. One that is as it
// was is the same pointer as before. Nobody may change the slice or the signals.
func (d *Detection) Detect(c *kube.Cluster) []*Signal {
	t := d.touched(c)
	names := c.NamespaceNames()
	var m merging
	d.forget(names, &m)
	for _, name := range names {
		d.lookIn(c, name, &t, &m)
	}
	for name := range d.stirred(names, &t) {
		d.lookOn(c, name, &m)
	}
	everywhere := newPatients(c, func() []*kube.Pod {
		var all []*kube.Pod
		for _, name := range names {
			all = append(all, d.spaces[name].troubled...)
		}
		return all
	})
	for i, detector := range d.detectors {
		if detector.Wide && t.concernAnywhere(detector) {
			m.replace(&d.wide[i], look(c, detector, "", everywhere))
		}
	}
	d.before = c
	d.sorted = m.merge(d.sorted)
	return d.sorted
}

// lookIn asks the detectors of a namespace again that a change concerns.
func (d *Detection) lookIn(c *kube.Cluster, name string, t *touch, m *merging) {
	s := d.spaces[name]
	fresh := s == nil
	if !fresh && !t.everything && !t.owners[name] && len(t.wide) == 0 && len(t.in[name]) == 0 {
		return
	}
	if fresh {
		s = &space{found: make([][]*Signal, len(d.detectors))}
		d.spaces[name] = s
	}
	if fresh || t.everything {
		s.triage(c.Pods.In(name))
	} else {
		s.follow(t.pods[name])
	}
	troubled := newPatients(c, func() []*kube.Pod { return s.troubled })
	for i, detector := range d.detectors {
		if !detector.Wide && (fresh || t.concern(detector, name)) {
			m.replace(&s.found[i], look(c, detector, name, troubled))
		}
	}
}

// stirred brings the troubled pods of nodes up to date, and returns the nodes about
// which detectors have to be asked again.
func (d *Detection) stirred(names []string, t *touch) map[string]bool {
	nodes := map[string]bool{}
	if t.everything {
		for name, s := range d.nodes {
			s.troubled, nodes[name] = nil, true
		}
	} else {
		d.followNodes(t, nodes)
	}
	for _, name := range names {
		if !t.everything && !d.concernsNodes(t, name) {
			continue
		}
		for _, pod := range d.spaces[name].troubled {
			if t.everything {
				d.node(pod.Node).troubled = append(d.node(pod.Node).troubled, pod)
			}
			nodes[pod.Node] = true
		}
	}
	delete(nodes, "") // pods that wait for a node have none in common
	return nodes
}

// followNodes takes changes of pods over into the troubled pods of their nodes, and
// notes the nodes where that makes a difference.
func (d *Detection) followNodes(t *touch, nodes map[string]bool) {
	for _, changes := range t.pods {
		for i := range changes {
			was, _ := changes[i].Before.(*kube.Pod)
			is, _ := changes[i].After.(*kube.Pod)
			if was != nil && (is == nil || was.Node != is.Node) && d.node(was.Node).see(was, false) {
				nodes[was.Node] = true
			}
			if is != nil && d.node(is.Node).see(is, Troubled(is)) {
				nodes[is.Node] = true
			}
		}
	}
}

// concernsNodes reports whether something changed in a namespace, other than its pods,
// on which it depends what is said of the nodes of these.
func (d *Detection) concernsNodes(t *touch, namespace string) bool {
	for r := range t.in[namespace] {
		if r == kube.Namespaces || r != kube.Pods && slices.ContainsFunc(d.detectors, func(detector *Detector) bool { return detector.CheckNode != nil && detector.concerns(r) }) {
			return true
		}
	}
	return t.owners[namespace]
}

func (d *Detection) node(name string) *space {
	s := d.nodes[name]
	if s == nil {
		s = &space{found: make([][]*Signal, len(d.detectors))}
		d.nodes[name] = s
	}
	return s
}

// lookOn asks the detectors of nodes about one, and forgets it if nothing is there.
func (d *Detection) lookOn(c *kube.Cluster, name string, m *merging) {
	s := d.node(name)
	troubled := newPatients(c, func() []*kube.Pod { return s.troubled })
	for i, detector := range d.detectors {
		if detector.CheckNode != nil {
			p := Pass{Cluster: c, Node: name, detector: detector, patients: troubled}
			m.replace(&s.found[i], p.look(detector.CheckNode))
		}
	}
	if len(s.troubled) == 0 {
		delete(d.nodes, name)
	}
}

// triage finds the troubled pods of a namespace.
func (s *space) triage(pods []*kube.Pod) {
	s.troubled = nil
	for _, pod := range pods {
		if Troubled(pod) {
			s.troubled = append(s.troubled, pod)
		}
	}
}

// follow takes changes of pods over into those that are troubled.
func (s *space) follow(changes []kube.Change) {
	for i := range changes {
		if pod, ok := changes[i].After.(*kube.Pod); ok {
			s.see(pod, Troubled(pod))
		} else if pod, ok := changes[i].Before.(*kube.Pod); ok {
			s.see(pod, false)
		}
	}
}

// see notes whether a pod is troubled, and reports whether it is or was.
func (s *space) see(pod *kube.Pod, troubled bool) bool {
	at, held := slices.BinarySearchFunc(s.troubled, pod, func(a, b *kube.Pod) int {
		return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name))
	})
	switch {
	case held && troubled:
		s.troubled[at] = pod
	case held:
		s.troubled = slices.Delete(s.troubled, at, at+1)
	case troubled:
		s.troubled = slices.Insert(s.troubled, at, pod)
	}
	return held || troubled
}

// forget drops the namespaces that are gone.
func (d *Detection) forget(names []string, m *merging) {
	for name, s := range d.spaces {
		if _, found := slices.BinarySearch(names, name); !found {
			for i := range s.found {
				m.replace(&s.found[i], nil)
			}
			delete(d.spaces, name)
		}
	}
}

// merging is what a view changes about the signals.
type merging struct {
	gone  map[*Signal]bool
	fresh []*Signal
}

// replace puts what was found into the place of what was found before, unless it is
// the same. Both are in order.
func (m *merging) replace(held *[]*Signal, found []*Signal) {
	if slices.EqualFunc(*held, found, sameSignal) {
		return
	}
	if m.gone == nil {
		m.gone = map[*Signal]bool{}
	}
	for _, s := range *held {
		m.gone[s] = true
	}
	m.fresh = append(m.fresh, found...)
	*held = found
}

// merge returns signals, which are in order, after the change.
func (m *merging) merge(before []*Signal) []*Signal {
	if len(m.gone)+len(m.fresh) == 0 {
		return before
	}
	slices.SortStableFunc(m.fresh, compareSignals)
	all := make([]*Signal, 0, len(before)+len(m.fresh))
	fresh := m.fresh
	for _, s := range before {
		if m.gone[s] {
			continue
		}
		for len(fresh) > 0 && compareSignals(fresh[0], s) < 0 {
			all, fresh = append(all, fresh[0]), fresh[1:]
		}
		all = append(all, s)
	}
	return append(all, fresh...)
}

// look asks one detector about one namespace; it says nothing where the view is
// blind to what it reads.
func look(c *kube.Cluster, d *Detector, namespace string, pods *patients) []*Signal {
	p := Pass{Cluster: c, Namespace: namespace, detector: d, patients: pods}
	return p.look(d.Check)
}

// look returns what a check reports.
func (p *Pass) look(check func(*Pass)) []*Signal {
	for _, r := range p.detector.Reads {
		if _, blind := Unseen(p.Cluster, r, p.Namespace); blind {
			return nil
		}
	}
	check(p)
	slices.SortStableFunc(p.found, compareSignals) // some go through maps
	return p.found
}

// Unknown is a detector that cannot see a resource it reads.
type Unknown struct {
	Detector *Detector
	State    kube.State // of the resource that it does not see, and why
}

// Blind returns, for each detector that says nothing of some namespace or of the
// cluster, or no more than it said when the server fell silent, the first resource that
// it does not see, by detector.
func (d *Detection) Blind(c *kube.Cluster) []Unknown {
	states := slices.DeleteFunc(slices.Clone(c.States()), func(s kube.State) bool { return !Missing(s) && s.Phase != kube.Stale })
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

// silent reports whether a state is of Leases that are not followed any more. They look as
// if nobody renewed them then, although it is we who do not hear of it.
func silent(s kube.State) bool { return s.Resource == kube.Leases && s.Phase == kube.Stale }

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
		if r != kube.Leases {
			continue
		}
		if i := slices.IndexFunc(c.States(), func(s kube.State) bool { return silent(s) && s.Namespace == namespace }); i >= 0 {
			return c.States()[i], true
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
	pods       map[string][]kube.Change // by namespace
	// owners are the namespaces in which a controller of pods came or went: their pods
	// belong to other workloads.
	owners map[string]bool
}

func (d *Detection) touched(c *kube.Cluster) touch {
	t := touch{
		wide: map[kube.Resource]bool{}, in: map[string]map[kube.Resource]bool{}, anywhere: map[kube.Resource]bool{},
		pods: map[string][]kube.Change{}, owners: map[string]bool{},
	}
	if d.before == nil || !sameCertificate(c.Info.Certificate, d.before.Info.Certificate) || c.Info.Name != d.before.Info.Name || c.Info.Server != d.before.Info.Server ||
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
		if change.Resource == kube.Pods {
			t.pods[change.Namespace] = append(t.pods[change.Namespace], change)
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
	return a.Resource == b.Resource && a.Namespace == b.Namespace && a.Blind() == b.Blind() && silent(a) == silent(b)
}

func sameCertificate(a, b *kube.Certificate) bool {
	return a == b || a != nil && b != nil && a.NotBefore.Equal(b.NotBefore) && a.NotAfter.Equal(b.NotAfter) && a.Issuer == b.Issuer
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
