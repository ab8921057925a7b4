package snapshots

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// moment is one side of the comparison.
type moment struct {
	name     string
	assessed *score.Assessment // nil until it is there
	failed   error
	loading  *screen.Work
	// progress is how much of the recording is read, in percent; more than 100 while
	// it is judged.
	progress *atomic.Int32
}

// interval is how often it is said how far the reading of a recording is.
const interval = 200 * time.Millisecond

// recorded reports whether the moment comes from a recording.
func (m *moment) recorded() bool { return m.name != start && m.name != now }

// errNowhere is the fault of a recording where nobody can read one.
var errNowhere = errors.New("recordings cannot be read here")

func (s *Screen) newMoment(name string) *moment {
	m := &moment{name: name, progress: &atomic.Int32{}}
	m.loading = screen.NewWork(func() screen.Job { return s.load(m) })
	return m
}

// load returns the job that reads a recording and judges it.
func (s *Screen) load(m *moment) screen.Job {
	if !m.recorded() || m.assessed != nil {
		return nil
	}
	name, store, judge, progress := m.name, s.store, s.judge, &atomic.Int32{}
	m.progress = progress
	return func(ctx context.Context) func() {
		if store == nil {
			return func() { s.loaded(m, nil, errNowhere) }
		}
		view, err := store.Load(ctx, name, func(part float64) { progress.Store(int32(min(100, 100*part))) })
		progress.Store(judging)
		var a *score.Assessment
		if err == nil && ctx.Err() == nil {
			a, err = judge()(view)
		}
		if ctx.Err() != nil {
			return nil
		}
		return func() { s.loaded(m, a, err) }
	}
}

// judging is the progress of a recording that is read.
const judging = 101

// loaded takes a moment that was read, or why it was not.
func (s *Screen) loaded(m *moment, a *score.Assessment, err error) {
	m.assessed, m.failed = a, err
	s.renew()
}

// watch returns the job that has the screen drawn again while something is read.
func (s *Screen) watch() screen.Job {
	if !s.sides[0].loading.Pending() && !s.sides[1].loading.Pending() && !s.history.reading.Pending() {
		return nil
	}
	return func(ctx context.Context) func() {
		if !screen.Pause(ctx, interval) {
			return nil
		}
		return func() { s.watching.Renew(screen.Many) }
	}
}

// label says which moment it is, and of when.
func (m *moment) label() string {
	text := m.name
	switch m.name {
	case start:
		text = "start of this session"
	case now:
		return "now"
	}
	if m.assessed != nil {
		text += "  " + m.assessed.Cluster.Time.UTC().Format("2006-01-02 15:04 UTC")
	}
	return text
}

// state says why the moment is not there yet, "" if it is.
func (m *moment) state() string {
	switch progress := m.progress.Load(); {
	case m.assessed != nil:
		return ""
	case m.failed != nil:
		return m.failed.Error()
	case m.name == start:
		return "the session has not seen the whole cluster yet"
	case progress >= judging:
		return "judging " + m.name
	default:
		return fmt.Sprintf("reading %s: %d %%", m.name, progress)
	}
}
