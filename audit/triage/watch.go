package triage

import (
	"slices"
	"time"
)

// State is how far a signal has come.
type State int

// The states of a signal, in the order in which it goes through them.
const (
	Suspect    State = iota // it holds, but for less time than counts: it opens no incident by itself
	Firing                  // it holds and counts
	Recovering              // it has ceased, but not for long enough to trust that
	Resolved                // it is over; forgotten after [Remembered]
)

// String returns the state in lower case, as reports print it.
func (s State) String() string {
	return [...]string{"suspect", "firing", "recovering", "resolved"}[s]
}

// Remembered is for how long a resolved signal is still known.
const Remembered = 30 * time.Minute

// A signal that comes back flapped if it fired this often within this time.
const (
	flaps      = 3
	flapWindow = 15 * time.Minute
)

// Watched is a signal, which nobody may change, and what became of it.
type Watched struct {
	*Signal
	State State
	// Onset is since when it holds: Since, or when it was first seen.
	Onset time.Time
	// Observed says that no object tells since when: it holds for longer, maybe.
	Observed bool
	// Ended is when it ceased, zero while it holds.
	Ended time.Time
	// Flapping says that it came back again and again of late.
	Flapping bool
}

// Watch lets time pass over signals. It is for one goroutine.
type Watch struct {
	held []*held // in the order of Identity
}

// held is what is remembered of a signal.
type held struct {
	Watched
	told  *Watched    // as it was last returned
	first time.Time   // when it was first seen, of this time
	fired []time.Time // when it began to fire, within the window
}

// NewWatch returns a Watch that has seen nothing yet.
func NewWatch() *Watch { return &Watch{} }

// Update takes what was detected at a time of the API server's clock, which must
// not go back, and returns all signals that are known, in the order of Identity. Of
// several of one Identity the first that holds counts: that is how a signal says
// that it is worse in its first hour than later. What is as it was is the same
// pointer as before.
//
// It goes through what is known and what was detected side by side, so that nothing
// is looked up: a large outage has thousands of signals, and one more each moment.
func (w *Watch) Update(signals []*Signal, now time.Time) []*Watched {
	if !slices.IsSortedFunc(signals, compareIdentities) {
		signals = slices.Clone(signals)
		slices.SortStableFunc(signals, compareIdentities)
	}
	all, known := make([]*held, 0, len(w.held)), w.held
	for len(known) > 0 || len(signals) > 0 {
		order := compareFirst(known, signals)
		var h *held
		if order <= 0 {
			h, known = known[0], known[1:]
		}
		var s *Signal
		if order >= 0 {
			s, signals = nextOf(signals, now)
		}
		if h = h.become(s, now); h != nil {
			all = append(all, h)
		}
	}
	w.held = all
	watched := make([]*Watched, len(all))
	for i, h := range all {
		watched[i] = h.tell()
	}
	return watched
}

// compareFirst compares what is known first with what was detected first.
func compareFirst(known []*held, signals []*Signal) int {
	switch {
	case len(signals) == 0:
		return -1
	case len(known) == 0:
		return 1
	}
	return compareIdentities(known[0].Signal, signals[0])
}

// nextOf returns, of the signals that have the Identity of the first, the first that
// holds, nil for none, and the signals after them.
func nextOf(signals []*Signal, now time.Time) (holds *Signal, rest []*Signal) {
	n := 0
	for ; n < len(signals) && (n == 0 || compareIdentities(signals[0], signals[n]) == 0); n++ {
		if holds == nil && signals[n].Holds(now) {
			holds = signals[n]
		}
	}
	return holds, signals[n:]
}

// become returns what is known after a signal was seen, or was not where that is nil:
// nil for nothing.
func (h *held) become(s *Signal, now time.Time) *held {
	switch {
	case s != nil:
		return h.see(s, now)
	case h == nil:
		return nil
	}
	h.cease(now)
	if h.State == Suspect || h.State == Resolved && now.Sub(h.Ended) >= Remembered {
		return nil
	}
	return h
}

// tell returns what became of the signal, the same as last time if that is the same.
func (h *held) tell() *Watched {
	if h.told == nil || *h.told != h.Watched {
		told := h.Watched
		h.told = &told
	}
	return h.told
}

// see notes that a signal holds.
func (h *held) see(s *Signal, now time.Time) *held {
	if h == nil || h.State == Resolved {
		var fired []time.Time
		if h != nil {
			fired = h.fired
		}
		h = &held{Watched: Watched{Signal: s}, first: now, fired: fired}
	}
	if !sameSignal(h.Signal, s) {
		h.Signal = s
	}
	h.Ended = time.Time{}
	h.Onset, h.Observed = s.Since, s.Since.IsZero()
	if h.Observed {
		h.Onset = h.first
	}
	if h.State == Recovering || h.State == Suspect && now.Sub(h.Onset) >= s.after() {
		h.State = Firing
		h.fire(now)
	}
	return h
}

// fire notes that the signal begins to fire.
func (h *held) fire(now time.Time) {
	h.fired = slices.DeleteFunc(append(h.fired, now), func(t time.Time) bool { return now.Sub(t) > flapWindow })
	h.Flapping = len(h.fired) >= flaps
}

// cease notes that a signal does not hold.
func (h *held) cease(now time.Time) {
	switch h.State {
	case Firing:
		h.State, h.Ended = Recovering, now
		if !h.Until.IsZero() && h.Until.Before(now) {
			h.Ended = h.Until
		}
		fallthrough
	case Recovering:
		if now.Sub(h.Ended) >= h.Detector.hold() {
			h.State = Resolved
		}
	case Suspect, Resolved:
	}
}

// Next returns the next moment at which time alone changes something: a suspect
// fires, what recovers is resolved, what is in the future begins. It is zero if
// nothing will.
func (w *Watch) Next(signals []*Signal, now time.Time) time.Time {
	var next time.Time
	consider := func(t time.Time) {
		if t.After(now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	for i := range signals {
		consider(signals[i].Since)
		consider(signals[i].Until)
	}
	for _, h := range w.held {
		switch h.State {
		case Suspect:
			consider(h.Onset.Add(h.after()))
		case Recovering:
			consider(h.Ended.Add(h.Detector.hold()))
		case Resolved:
			consider(h.Ended.Add(Remembered))
		case Firing:
		}
	}
	return next
}
