package screen

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
)

// Few is how many rows are filtered, sorted or scored again at once, within the
// message that asks for it: it takes a few milliseconds, and nothing flickers.
const Few = 2000

// Many is a number of rows for work that is never done at once, whatever it is
// about.
const Many = Few + 1

// lateAfter is how long work may take before the screen says that it is under way.
const lateAfter = 100 * time.Millisecond

// interval is how long a costly job waits before it is done again.
const interval = time.Second

// Rest is how a job begins that goes through the whole cluster and has been done
// before: however busy the cluster is, it is done at most once a second. It reports
// false if the context ends.
func Rest(ctx context.Context) bool { return Pause(ctx, interval) }

// Pause waits in a job, and reports false if the context ends first.
func Pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// Worker is a screen that has work done in the background.
type Worker interface {
	Screen
	// Work returns all works of the screen, those with nothing to do as well.
	Work() []*Work
}

// Job is what is done in the background. It reads only what never changes, and
// returns how its answer is taken over, which is called where the screen lives;
// nil for no answer. It ends early, with whatever, when the context does.
type Job func(ctx context.Context) (take func())

// Work is one thing that a screen has done again and again in the background, of
// which only the newest answer counts. It is made by [NewWork] and lives on the
// goroutine of its screen; a [Crew] does it.
type Work struct {
	prepare func() Job
	wanted  bool
	cancel  context.CancelFunc // of the job under way, nil without one
	number  uint64             // of the newest job: the answer of another is dropped
	late    bool
}

// NewWork returns a work whose jobs are made by prepare, out of the state that
// the screen has when the job begins; nil means that there is nothing to do.
func NewWork(prepare func() Job) *Work { return &Work{prepare: prepare} }

// Restart asks for a job and drops the one under way: what the user asked for has
// changed. What concerns only a few rows is done before it returns.
func (w *Work) Restart(rows int) {
	w.Stop()
	w.want(rows)
}

// Renew asks for a job after the one under way, whose answer still is worth
// having: the cluster has changed. What concerns only a few rows is done before it
// returns.
func (w *Work) Renew(rows int) {
	if rows <= Few {
		w.Stop()
	}
	w.want(rows)
}

func (w *Work) want(rows int) {
	if rows > Few {
		w.wanted = true
		return
	}
	if job := w.prepare(); job != nil {
		if take := job(context.Background()); take != nil {
			take()
		}
	}
}

// Stop drops what is under way and what was asked for.
func (w *Work) Stop() {
	if w.cancel != nil {
		w.cancel()
	}
	w.cancel, w.wanted, w.late = nil, false, false
	w.number++
}

// Pending reports whether an answer is still to come.
func (w *Work) Pending() bool { return w.wanted || w.cancel != nil }

// Late reports whether the answer has been awaited for so long that the screen
// should say so.
func (w *Work) Late() bool { return w.late }

// Crew does the work of screens. Its jobs run as commands of the program, which
// restores the terminal if one panics.
type Crew struct {
	ctx     context.Context
	guard   sync.Mutex
	closed  bool
	running sync.WaitGroup
}

// NewCrew returns a crew whose jobs end with the context.
func NewCrew(ctx context.Context) *Crew { return &Crew{ctx: ctx} }

// Begin begins what a screen has asked for. It is called after every message.
func (c *Crew) Begin(s Screen) tea.Cmd {
	worker, ok := s.(Worker)
	if !ok {
		return nil
	}
	return c.Do(worker.Work()...)
}

// Do begins what is wanted of works that belong to no screen.
func (c *Crew) Do(works ...*Work) tea.Cmd {
	var commands []tea.Cmd
	for _, w := range works {
		if !w.wanted || w.cancel != nil {
			continue
		}
		w.wanted = false
		if job := w.prepare(); job != nil {
			commands = append(commands, c.begin(w, job)...)
		}
	}
	return tea.Batch(commands...)
}

// begin returns the command that does a job, and the one that tells if it is late.
func (c *Crew) begin(w *Work, job Job) []tea.Cmd {
	ctx, cancel := context.WithCancel(c.ctx)
	w.cancel = cancel
	w.number++
	answer := Answer{work: w, number: w.number}
	do := func() tea.Msg {
		if !c.enter() {
			return nil
		}
		defer c.running.Done()
		answer.take = job(ctx)
		return answer
	}
	tell := func() tea.Msg {
		timer := time.NewTimer(lateAfter)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
			return Answer{work: w, number: answer.number, late: true}
		}
	}
	return []tea.Cmd{do, tell}
}

// enter counts a job in, unless the crew is closed.
func (c *Crew) enter() bool {
	c.guard.Lock()
	defer c.guard.Unlock()
	if !c.closed {
		c.running.Add(1)
	}
	return !c.closed
}

// Close lets no job begin any more, and waits for those under way. The context of
// the crew must have ended.
func (c *Crew) Close() {
	c.guard.Lock()
	c.closed = true
	c.guard.Unlock()
	c.running.Wait()
}

// Leave stops the work of a screen that is no longer shown.
func Leave(s Screen) {
	if worker, ok := s.(Worker); ok {
		for _, w := range worker.Work() {
			w.Stop()
		}
	}
}

// Answer is the message with which a job ends.
type Answer struct {
	work   *Work
	number uint64
	take   func()
	late   bool // it has not ended yet
}

// Deliver gives the screen the answer, unless it is outdated.
func (a Answer) Deliver() {
	w := a.work
	switch {
	case a.number != w.number:
	case a.late:
		w.late = true
	default:
		w.cancel()
		w.cancel, w.late = nil, false
		if a.take != nil {
			a.take()
		}
	}
}
