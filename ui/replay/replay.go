// Package replay is the time line of a recording that is played: where it stands, and
// where incidents began and ended.
//
// # Design
//
// The player (package recording) reads the frames in the goroutine of who watches it.
// What the incidents are is worked out once, by going through the whole recording in a
// goroutine of its own ([Replay.Run]), and told as it is found: nobody waits for it. An
// incident begins when the first of its signals did, which may be minutes before anybody
// could say that it is one.
//
// It draws nothing and knows no screen.
package replay

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
)

// Mark is where an incident began or ended.
type Mark struct {
	briefing.Episode
	Began bool // false where it ended
	Frame int  // the first of which it is true; 0 for what began before
}

// Time is when it began or ended.
func (m Mark) Time() time.Time {
	if m.Began {
		return m.Episode.Began
	}
	return m.Ended
}

// Replay is a recording that is played, and its marks. It may be used by any number of
// goroutines.
type Replay struct {
	*recording.Player
	changed chan struct{}

	mu    sync.Mutex
	marks []Mark
	read  int // frames that were gone through
	done  bool
}

// New returns the time line of a player.
func New(p *recording.Player) *Replay {
	return &Replay{Player: p, changed: make(chan struct{}, 1)}
}

// Run finds the marks. It returns when it has found all, or the context ended.
func (r *Replay) Run(ctx context.Context) {
	x := r.Index(ctx)
	if x == nil {
		return
	}
	moments := x.Moments()
	cursor := x.Cursor()
	defer cursor.Close()
	responder, told := briefing.NewResponder(signals.All()), briefing.Chronicle{}
	latest := moments[0]
	for i := range moments {
		view, err := cursor.Read(ctx, i)
		if err != nil {
			break // it is told of by who plays it
		}
		if view.Time.After(latest) {
			latest = view.Time
		}
		r.reached(i + 1)
		if feed.Telling(view) && told.Add(responder.Update(view, latest)) {
			r.tell(marksOf(told.Episodes(), moments))
		}
	}
	r.mu.Lock()
	r.done = ctx.Err() == nil
	r.mu.Unlock()
	r.note()
}

func (r *Replay) reached(read int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.read = read
}

func (r *Replay) tell(marks []Mark) {
	r.mu.Lock()
	r.marks = marks
	r.mu.Unlock()
	r.note()
}

// note leaves a note that something is other than before, unless there is one.
func (r *Replay) note() {
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

// marksOf returns where episodes begin and end, in order.
func marksOf(episodes []briefing.Episode, moments []time.Time) []Mark {
	var marks []Mark
	for _, e := range episodes {
		marks = append(marks, Mark{Episode: e, Began: true, Frame: frameAt(moments, e.Began)})
		if !e.Ended.IsZero() {
			marks = append(marks, Mark{Episode: e, Frame: frameAt(moments, e.Ended)})
		}
	}
	slices.SortStableFunc(marks, func(a, b Mark) int { return cmp.Or(a.Frame-b.Frame, a.Time().Compare(b.Time())) })
	return marks
}

// frameAt returns the first frame that is not before a time, the last if all are.
func frameAt(moments []time.Time, t time.Time) int {
	i, _ := slices.BinarySearchFunc(moments, t, time.Time.Compare)
	return min(i, len(moments)-1)
}

// Marks returns the marks that are known, in order, and nobody may change them; and
// whether the whole recording was gone through.
func (r *Replay) Marks() (marks []Mark, done bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.marks, r.done
}

// Looked is how much of the recording was gone through, from 0 to 1.
func (r *Replay) Looked() float64 {
	frames := len(r.Position().Moments)
	r.mu.Lock()
	defer r.mu.Unlock()
	if frames == 0 {
		return 0
	}
	return float64(r.read) / float64(frames)
}

// FirstSymptom returns where the first incident of the recording began; one that was there
// from the start counts only if there is no other. False if none is known.
func (r *Replay) FirstSymptom() (Mark, bool) {
	marks, _ := r.Marks()
	var before *Mark
	for i := range marks {
		switch m := &marks[i]; {
		case !m.Began:
		case m.Frame > 0:
			return *m, true
		case before == nil:
			before = m
		}
	}
	if before == nil {
		return Mark{}, false
	}
	return *before, true
}

// Next waits until the marks are others or the position has changed by itself; false if
// the context ended before. Only one goroutine at a time may wait.
func (r *Replay) Next(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-r.changed:
	case <-r.Changed():
	}
	return true
}

// SeekTime goes to the frame nearest to a time.
func (r *Replay) SeekTime(t time.Time) {
	moments := r.Position().Moments
	i, _ := slices.BinarySearchFunc(moments, t, time.Time.Compare)
	if i > 0 && (i == len(moments) || t.Sub(moments[i-1]) < moments[i].Sub(t)) {
		i--
	}
	r.Seek(i)
}
