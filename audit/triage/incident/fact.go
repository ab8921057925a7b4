package incident

import (
	"cmp"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// lingers is for how long what is over still explains what began with it: pods take
// minutes to come back after their node did. After that it is split off.
const lingers = 5 * time.Minute

// fact is a signal with all that grouping asks of it. It is kept for as long as the
// signal is known, because a pod that is gone takes its node with it.
type fact struct {
	*triage.Watched
	// first is the earliest onset that was told: that of what crashes again and again
	// moves on with each crash.
	first time.Time
	keys  []triage.Key
	same  string // the detector and what it says, without names and numbers
	role  string // what its workload does for all others
	uid   string // of its workload, or of its object where it has none
	of    *owner
	home  *seen  // the namespace of its object
	rev   string // the revision of its pod among those of its workload, "" if nobody told

	pod      *kube.Pod // by which keys were found
	node     *corev1.Node
	workload *kube.Workload
	located  int // the Update in which they were looked up
	weighed  int // and that in which role and severity were asked for

	// What follows is of one Update.
	parent   *fact // what explains it
	through  triage.Key
	mutual   bool
	unit     *unit
	needed   bool // it is part of its group
	attached bool // an effect was given to what explains it

	// And this of the one before.
	record    *record
	rootOf    *record         // the incident of which it was a root that fired
	claimant  triage.Identity // what explained it
	shared    triage.Key      // and through what
	mutually  bool
	severity  triage.Severity
	changed   int  // the Update in which anything of the signal did
	forgotten bool // it is not known any more
}

// counts reports whether the signal keeps its incident alive.
func (f *fact) counts() bool { return f.State == triage.Firing || f.State == triage.Recovering }

func (f *fact) fires() bool { return f.State == triage.Firing }

// explains reports whether the signal may be what explains others: it holds, if not
// for long enough to count, or has ceased a short while ago.
func (f *fact) explains(now time.Time) bool {
	return f.State != triage.Resolved || now.Sub(f.Ended) < lingers
}

// dates reports whether the signal may tell since when its incident is: an effect, or
// what is of no consequence, may have been so for long.
func (f *fact) dates() bool { return !f.attached && f.severity != triage.S4 }

func (f *fact) ofPod() bool { return f.Object.Kind == kube.Pods.Kind && f.Object.Group == "" }

// owner is what the signal is about in the end: its workload, or else its object.
func (f *fact) owner() kube.Ref {
	if f.Workload.IsZero() {
		return f.Object
	}
	return f.Workload
}

func (f *fact) carries(key triage.Key) bool { return slices.Contains(f.keys, key) }

// names reports whether a component, and not the place where it is, tells the key.
func (f *fact) names(key triage.Key) bool { return slices.Contains(f.Keys, key) }

// compareFacts orders what explains more first: by rung, onset and identity.
func compareFacts(a, b *fact) int {
	if by := cmp.Compare(a.Detector.Rung, b.Detector.Rung); by != 0 {
		return by
	}
	if by := a.first.Compare(b.first); by != 0 {
		return by
	}
	return triage.CompareIdentities(a.Signal, b.Signal)
}

func compareIdentities(a, b triage.Identity) int {
	return cmp.Or(
		strings.Compare(a.Detector, b.Detector),
		kube.CompareRefs(a.Object, b.Object),
		strings.Compare(a.Container, b.Container),
	)
}

// tell brings what is known of the signals up to date and returns it in the order
// of the signals, which is that of Identity.
func (t *Tracker) tell(v *view, watched []*triage.Watched) []*fact {
	all, known := make([]*fact, len(watched)), t.known
	for i, w := range watched {
		for len(known) > 0 && known[0].Watched != w && triage.CompareIdentities(known[0].Signal, w.Signal) < 0 {
			t.forget(known[0])
			known = known[1:]
		}
		if len(known) > 0 && (known[0].Watched == w || known[0].Identity() == w.Identity()) {
			all[i], known = known[0], known[1:]
		} else {
			all[i] = &fact{Watched: w, first: w.Onset, home: v.space(w.Object.Namespace)}
			t.facts[w.Identity()] = all[i]
		}
		all[i].tell(v, w)
	}
	for _, f := range known {
		t.forget(f)
	}
	t.known = all
	return all
}

// tell brings a fact up to date.
func (f *fact) tell(v *view, w *triage.Watched) {
	fresh := f.same == ""
	if f.State == triage.Resolved && w.State != triage.Resolved || w.Onset.Before(f.first) {
		f.first = w.Onset
	}
	if fresh || f.Watched != w {
		f.changed = v.update
	}
	keyed := !fresh && (f.Signal == w.Signal || slices.Equal(f.Keys, w.Keys) && f.Workload == w.Workload)
	spoken := !fresh && (f.Signal == w.Signal || f.Cause == w.Cause && f.Raw == w.Raw && f.Message == w.Message)
	if f.Signal != w.Signal {
		f.weighed = 0
	}
	f.Watched = w
	v.own(f)
	f.parent, f.through, f.mutual, f.attached, f.unit, f.needed = nil, triage.Key{}, false, false, nil, false
	f.locate(v, keyed)
	if !spoken {
		f.same = sameness(f.Signal)
	}
}

// weigh asks how bad the signal is, where anything changed on which that depends.
func (f *fact) weigh(v *view) {
	if f.weighed != 0 && f.weighed >= v.changed(f.of.home) {
		return
	}
	f.weighed = v.update
	role, severity := "", v.severity(f)
	if !f.Workload.IsZero() {
		role = v.impact(f.of).Shared
	}
	if role != f.role || severity != f.severity {
		f.role, f.severity, f.changed = role, severity, v.update
	}
}

// forget drops what is known of a signal that is not.
func (t *Tracker) forget(f *fact) {
	f.forgotten = true
	t.weighing.leave(f)
	delete(t.facts, f.Identity())
}

// locate finds the keys of the signal, unless nothing that they depend on changed.
// What was known of an object stays known when it is gone.
func (f *fact) locate(v *view, keyed bool) {
	if keyed && f.located >= max(v.changed(f.home), v.changed(f.of.home), v.nodesChanged()) {
		return
	}
	f.located = v.update
	c := v.Cluster
	pod, node, there := f.look(c)
	if !there {
		return
	}
	workload := c.Workload(f.Workload)
	if keyed && pod == f.pod && node == f.node && workload == f.workload {
		return
	}
	f.pod, f.node, f.workload = pod, node, workload
	f.changed = v.update
	f.keys = triage.KeysOf(c, f.Signal)
	f.rev = ""
	if n := slices.IndexFunc(f.keys, func(key triage.Key) bool { return key.Kind == triage.ByRevision }); n >= 0 {
		f.rev = f.keys[n].Name
	}
	if uid := f.identify(c); uid != "" {
		f.uid = uid
	}
}

// look returns the pod and the node that the signal is about, as far as it is about
// any; it is false where they were there and are gone.
func (f *fact) look(c *kube.Cluster) (pod *kube.Pod, node *corev1.Node, there bool) {
	name := ""
	switch {
	case f.ofPod():
		pod, there = c.Pods.Get(f.Object.Namespace, f.Object.Name)
		if !there {
			return nil, nil, f.pod == nil
		}
		name = pod.Node
	case f.Object.Kind == kube.Nodes.Kind && f.Object.Group == "":
		name = f.Object.Name
	}
	if name == "" {
		return pod, nil, true
	}
	node, there = c.Nodes.Get("", name)
	return pod, node, there || f.node == nil || f.node.Name != name
}

// identify returns the UID of the workload, or of the object, "" if it is not known.
func (f *fact) identify(c *kube.Cluster) string {
	var of any
	switch {
	case f.workload != nil:
		if !f.workload.Held {
			return ""
		}
		of = f.workload.Object
	case f.node != nil && !f.ofPod():
		of = f.node
	default:
		o, ok := c.Find(f.Object)
		if !ok {
			return ""
		}
		of = o
	}
	switch o := of.(type) {
	case *kube.Pod:
		return string(o.UID())
	case *kube.ReplicaSet:
		return string(o.UID())
	case metav1.Object:
		return string(o.GetUID())
	}
	return ""
}

// sameness returns what signals must share to be the same failure: the detector, and
// the way in which it came to that. Where nobody could read the way it is what the
// component said, without names and numbers.
func sameness(s *triage.Signal) string {
	if !unsaid(s.Cause) {
		return s.Detector.ID + " " + s.Cause
	}
	return s.Detector.ID + ": " + Normalise(cmp.Or(s.Raw, s.Message))
}

// longest is how much of a message is compared.
const longest = 256

// Normalise returns a message without what differs between objects that fail alike:
// what is quoted, and words with digits, slashes and the like in them, which are
// names, addresses, times and hashes. It is in lower case and at most 256 bytes long.
func Normalise(message string) string {
	if len(message) > 4*longest {
		message = message[:4*longest]
	}
	var text strings.Builder
	for word := range strings.FieldsSeq(strings.ToLower(unquoted(message))) {
		if text.Len() > 0 {
			text.WriteByte(' ')
		}
		bare := strings.Trim(word, `.,:;()[]{}`)
		switch {
		case strings.ContainsAny(bare, `0123456789/@_=<>`) || strings.ContainsAny(strings.Trim(bare, "-"), ".:"):
			text.WriteByte('#')
		default:
			text.WriteString(word)
		}
		if text.Len() >= longest {
			return text.String()[:longest]
		}
	}
	return text.String()
}

// unquoted returns a message with … in the place of each text in quotation marks;
// an apostrophe within a word is none.
func unquoted(message string) string {
	var text strings.Builder
	for {
		at := strings.IndexAny(message, "\"`")
		if at < 0 {
			break
		}
		length := strings.IndexByte(message[at+1:], message[at])
		if length < 0 {
			break
		}
		text.WriteString(message[:at])
		text.WriteString(" … ")
		message = message[at+length+2:]
	}
	text.WriteString(message)
	return text.String()
}
