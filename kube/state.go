package kube

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Phase is how far the reading of a resource has come.
type Phase int

// The phases of reading a resource.
const (
	Waiting   Phase = iota // not asked for yet
	Syncing                // the first list is on its way
	Synced                 // complete and followed
	Stale                  // complete once, but the server stopped answering
	Forbidden              // the server refuses (401 or 403)
	Absent                 // the server does not serve this API
	Failed                 // anything else; State.Reason says what
	Skipped                // not asked for, by choice of the user
)

// String returns the phase in lower case, as the screen and reports print it.
func (p Phase) String() string {
	names := [...]string{"waiting", "syncing", "synced", "stale", "forbidden", "absent", "failed", "skipped"}
	if int(p) < 0 || int(p) >= len(names) {
		return "unknown"
	}
	return names[p]
}

// State is what is known of one resource, in one namespace or in all.
type State struct {
	Resource  Resource
	Namespace string // "" means all namespaces, or a cluster-scoped resource
	Phase     Phase
	Count     int    // objects held
	Total     int    // objects the server announced, 0 if it did not say
	Verb      string // the verb that was refused, "" otherwise
	Reason    string // one line for people, "" when all is well
	// What it took to know this; zero for what was not read from a server.
	Bytes  int64     // received
	Events int64     // changes since the first list
	Heard  time.Time // when the server last sent something
}

// Blind reports whether an empty table proves nothing: the resource was not,
// or not yet, read. Of a custom resource that nobody has installed there are no
// objects, and that is all there is to know.
func (s State) Blind() bool {
	if s.Phase == Absent && s.Resource.Custom() {
		return false
	}
	return s.Phase != Synced && s.Phase != Stale
}

// Moot reports whether there is nothing to tell of a custom resource: nobody has
// installed it, or nobody has asked yet.
func (s State) Moot() bool {
	return s.Resource.Custom() && (s.Phase == Absent || s.Phase == Waiting)
}

// Settled reports whether nothing more is to be expected of the first read.
func (s State) Settled() bool {
	return s.Phase != Waiting && s.Phase != Syncing
}

// States returns the state of every resource that was asked for, by resource
// and namespace. The caller must not change the slice.
func (c *Cluster) States() []State { return c.states }

// Blind returns why the objects of a resource in a namespace are not known,
// false if they are. A resource without any state was never to be read: a view
// of manifests holds all there is, so it is blind for nothing. Nor is it for a
// custom resource that the server does not have: there are no objects of it.
func (c *Cluster) Blind(r Resource, namespace string) (State, bool) {
	if !slices.Contains(c.blindTo, r) {
		return State{}, false // as good as always, and asked for every rule in every namespace
	}
	s, ok := c.stateOf[stateKey{r, namespace}]
	if !ok {
		s, ok = c.stateOf[stateKey{r, ""}]
	}
	return s, ok && s.Blind()
}

// Lacks reports whether a custom resource is one that the server does not have.
func (c *Cluster) Lacks(r Resource, namespace string) bool {
	if !r.Custom() {
		return false
	}
	s, ok := c.stateOf[stateKey{r, namespace}]
	if !ok {
		s = c.stateOf[stateKey{r, ""}]
	}
	return s.Phase == Absent
}

// Settled reports whether the first read of every resource came to an end, for
// better or worse.
func (c *Cluster) Settled() bool {
	return !slices.ContainsFunc(c.states, func(s State) bool { return !s.Settled() })
}

// Refused returns the server's words for a view in which it let nothing be read,
// those about pods if it said any; false if something was read, or failed for
// another reason. Resources that it does not serve, or that were not asked for,
// say nothing either way.
func (c *Cluster) Refused() (string, bool) {
	reason, refused := "", false
	for _, s := range c.states {
		if s.Resource == Measurements || s.Resource == Livez {
			continue // no server has the one, and everybody may ask for the other
		}
		switch s.Phase {
		case Forbidden:
			if !refused || s.Resource == Pods {
				reason = s.Reason
			}
			refused = true
		case Absent, Skipped:
		default:
			return "", false
		}
	}
	return reason, refused
}

// Outage returns since when kinds are not followed any more, how many, and whether nothing
// else is followed: then the server is out of reach.
func (c *Cluster) Outage() (since time.Time, stale int, all bool) {
	all = true
	for _, s := range c.states {
		switch s.Phase {
		case Stale:
			stale++
			if s.Heard.After(since) {
				since = s.Heard
			}
		case Synced, Syncing:
			all = all && s.Resource == Measurements // no API server has them
		default: // neither was followed before nor is it now
		}
	}
	if since.IsZero() {
		since = c.Time
	}
	return since, stale, all && stale > 0
}

func sortStates(states []State) {
	slices.SortFunc(states, func(a, b State) int {
		return cmp.Or(
			strings.Compare(a.Resource.String(), b.Resource.String()),
			strings.Compare(a.Resource.Kind, b.Resource.Kind),
			strings.Compare(a.Namespace, b.Namespace),
		)
	})
}
