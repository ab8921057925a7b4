package screen

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// PlaceKind is what a place is.
type PlaceKind int

// The kinds of places, in the order in which they are listed.
const (
	ContextPlace   PlaceKind = iota // a context of the kubeconfig
	GivenPlace                      // what the program was started with, where that is no context
	RecordingPlace                  // a recording or a snapshot in a file
	DemoPlace                       // the demo that the program brings along
)

// String returns what people call the kind.
func (k PlaceKind) String() string {
	return [...]string{"context", "given", "recording", "demo"}[k]
}

// Destination is a place: something that can be looked at. All its texts may hold anything.
type Destination struct {
	ID   string // names it, see [ContextID]
	Kind PlaceKind
	Name string // of the context, or the path of the file
	// Cluster and User are the names of the entries that a context puts together, and
	// Namespace is its own, "" if it has none.
	Cluster, User, Namespace string
	Server                   string // the server's URL, "" where there is none
	// Login is the command that a context gets its credentials from, "" for none. It may
	// ask the user something, or open a browser.
	Login   string
	Current bool // it is the kubeconfig's current context
	// Same is equal for places that are the same cluster as far as the kubeconfig tells:
	// by the server and the authority that vouches for it. "" where it does not.
	Same string
	Time time.Time // when a recording was last written, zero for others
}

// ContextID names the place of a context of the kubeconfig.
func ContextID(name string) string { return "context/" + name }

// ReachState is how a place answers.
type ReachState int

// How a place answers.
const (
	NotAsked    ReachState = iota // nobody asked it
	Reachable                     // the server says who asks
	Unreachable                   // there is no answer, or none that can be trusted
	Refused                       // the server does not take who asks
	NeedsLogin                    // its credentials have to be had first
)

// String returns the state in words.
func (s ReachState) String() string {
	return [...]string{"not asked", "reachable", "unreachable", "refused", "needs login"}[s]
}

// Reach is the answer of a place.
type Reach struct {
	State   ReachState
	Version string        // the server's, "" if it is not known
	User    string        // who the server says asks, "" if it does not say
	Latency time.Duration // of one question and its answer
	Why     string        // a sentence about what is wrong, "" for nothing
	Brief   string        // the same in a few words, "" for nothing
}

// Unreached is the error of a place that cannot be looked at.
type Unreached struct {
	Reach Reach
	Err   error // not nil
}

// Error returns the message of the cause.
func (u *Unreached) Error() string { return u.Err.Error() }

// Unwrap returns the cause.
func (u *Unreached) Unwrap() error { return u.Err }

// PlaceFinder knows what can be looked at. Its methods are called in the background.
type PlaceFinder interface {
	// List returns the places in the order to show them. With an error there may be
	// some, too: those that could be found.
	List(ctx context.Context) ([]Destination, error)
	// Probe asks a place whether it answers, and whom it takes the user for. It takes
	// some seconds at the most. Only with login does it run the command of [Destination.Login].
	Probe(ctx context.Context, place string, login bool) Reach
}

// Grade is what a cluster was worth when it was last looked at.
type Grade struct {
	Scored bool
	Score  float64 // 0 to 100
	Grade  string
}

// Places are what can be looked at, and what is known of it since the program was started.
// They outlive what is looked at, and live where the screens do.
type Places struct {
	Finder  PlaceFinder // nil where there is nothing else to look at
	Looked  string      // the ID of what is looked at, "" if it is no place
	Former  string      // of what was looked at before that, "" for nothing
	Opening string      // of what is being opened, "" for nothing

	list   []Destination
	err    error
	reach  map[string]Reach
	grades map[string]Grade
	uids   map[string]string // of the namespace kube-system
}

// NewPlaces returns places that nothing is known of yet.
func NewPlaces(finder PlaceFinder) *Places {
	return &Places{Finder: finder, reach: map[string]Reach{}, grades: map[string]Grade{}, uids: map[string]string{}}
}

// Take takes in the places there are, and why there are not more.
func (p *Places) Take(list []Destination, err error) { p.list, p.err = list, err }

// List returns the places in the order to show them, and why there are not more. The
// caller must not change them.
func (p *Places) List() ([]Destination, error) { return p.list, p.err }

// Name returns what people call the place of an ID.
func (p *Places) Name(id string) string {
	if i := p.index(id); i >= 0 {
		return p.list[i].Name
	}
	if _, name, named := strings.Cut(id, "/"); named {
		return name
	}
	return id
}

func (p *Places) index(id string) int {
	return slices.IndexFunc(p.list, func(other Destination) bool { return other.ID == id })
}

// Find returns the ID of a name: that of a place which bears it or, if none is known, of
// the context which would.
func (p *Places) Find(name string) string {
	for _, place := range p.list {
		if place.Name == name {
			return place.ID
		}
	}
	return ContextID(name)
}

// Answer takes in how a place answers.
func (p *Places) Answer(id string, r Reach) { p.reach[id] = r }

// Reach returns how a place last answered.
func (p *Places) Reach(id string) Reach { return p.reach[id] }

// Saw takes in what became of looking at a place.
func (p *Places) Saw(id string, a *score.Assessment) {
	if id == "" {
		return
	}
	if a.Cluster.Settled() {
		p.grades[id] = Grade{a.Scored, a.Score, a.Grade}
	}
	if uid := a.Cluster.UID(); uid != "" {
		p.uids[id] = uid
	}
}

// Grade returns what a place was worth when it was last looked at; false if it was not,
// or not long enough.
func (p *Places) Grade(id string) (Grade, bool) {
	g, ok := p.grades[id]
	return g, ok
}

// Twins returns the names of the other places that are the same cluster: the kubeconfig
// has the same server for them, or both were looked at and have the same kube-system.
func (p *Places) Twins(id string) []string {
	i := p.index(id)
	if i < 0 {
		return nil
	}
	names := map[string]bool{}
	for _, other := range p.list {
		same := p.list[i].Same != "" && other.Same == p.list[i].Same
		seen := p.uids[id] != "" && p.uids[other.ID] == p.uids[id]
		if other.ID != id && (same || seen) {
			names[other.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// LookMsg asks the root to turn to a place.
type LookMsg struct {
	Place string
	At    string // the address to begin at, "" for one like where the user is
}

// Refresher is a screen that shows what it has asked for itself.
type Refresher interface {
	Screen
	// Refresh asks anew, also for what is only asked for if the user wishes it.
	Refresh()
}
