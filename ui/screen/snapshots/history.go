package snapshots

import (
	"context"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// history is the view of how the scores went: the recordings of the cluster that is
// looked at, and now. They are read and judged one after the other, newest first, and
// only while the view is shown.
type history struct {
	screen    *Screen
	past      *Past
	open      bool
	known     []screen.Snapshot
	listed    bool
	failed    error // why the recordings are not known
	listing   *screen.Work
	saving    bool // a recording of now is about to be written
	reading   *screen.Work
	under     version // of the recording being read
	progress  *atomic.Int32
	arranging *screen.Work
	course    course
	table     *widget.Table
	filter    screen.Filtering
	refused   error
	chosen    string // the first of two moments to compare, "" before
}

func (h *history) init(s *Screen, past *Past) {
	h.screen, h.past, h.progress = s, past, &atomic.Int32{}
	h.table = widget.NewTable(historyColumns(false))
	h.table.SortBy("time", false)
	h.listing, h.reading, h.arranging = screen.NewWork(h.list), screen.NewWork(h.read), screen.NewWork(h.arrange)
}

// turn shows the view, or hides it.
func (h *history) turn(open bool) {
	h.open, h.chosen = open, ""
	h.renew()
}

// renew asks for what is not known of the view.
func (h *history) renew() {
	if !h.open || h.screen.shown == nil {
		return
	}
	h.listing.Renew(screen.Many)
	h.arranging.Renew(h.size())
}

// saved looks again which recordings there are, when one more has been written.
func (h *history) saved() {
	h.saving = h.open
	h.renew()
}

// list returns the job that asks which recordings there are.
func (h *history) list() screen.Job {
	store := h.screen.store
	if store == nil {
		h.failed = errNowhere
		return nil
	}
	saving := h.saving
	h.saving = false
	return func(ctx context.Context) func() {
		if saving && !screen.Rest(ctx) {
			return nil
		}
		known, err := store.List(ctx)
		if ctx.Err() != nil {
			return nil
		}
		return func() {
			h.known, h.failed, h.listed = known, err, true
			h.next()
		}
	}
}

// next shows what has come, and goes on reading.
func (h *history) next() {
	h.arranging.Renew(h.size())
	if !h.reading.Pending() && h.open {
		h.reading.Renew(screen.Many)
	}
	h.screen.watching.Renew(screen.Many)
}

// read returns the job that reads and judges the newest recording that is not known
// yet.
func (h *history) read() screen.Job {
	if !h.open {
		return nil
	}
	for _, o := range h.known {
		v := versionOf(o)
		if _, known := h.past.known[v]; known {
			continue
		}
		h.under, h.progress = v, &atomic.Int32{}
		return h.readOne(v, h.screen.shown.Cluster.Info.Name)
	}
	h.under = version{}
	return nil
}

// readOne returns the job for one recording, which is judged only if it is of a cluster
// of that name.
func (h *history) readOne(v version, cluster string) screen.Job {
	store, judge, progress := h.screen.store, h.screen.judge, h.progress
	return func(ctx context.Context) func() {
		var got worth
		view, err := store.Load(ctx, v.name, func(part float64) { progress.Store(int32(min(100, 100*part))) })
		if got.failed = err; err == nil {
			got.cluster = view.Info.Name
		}
		if err == nil && got.cluster == cluster && ctx.Err() == nil {
			progress.Store(judging)
			var a *score.Assessment
			if a, got.failed = judge()(view); got.failed == nil {
				got.judged = measure(a)
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		return func() {
			h.past.known[v] = got
			h.under = version{}
			h.next()
		}
	}
}

// act does what a key means in the view.
func (h *history) act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.Open:
		return h.choose()
	case keymap.Sort, keymap.Reverse:
		h.table.Handle(id)
		h.arranging.Restart(h.size())
	default:
		h.table.Handle(id)
	}
	return nil
}

// choose takes the moment under the cursor: the first of two is remembered, with the
// second they are compared, the older one as A.
func (h *history) choose() tea.Cmd {
	_, i, ok := h.table.Selected()
	if !ok || i >= len(h.course.kept) {
		return nil
	}
	r := h.course.kept[i]
	switch h.chosen {
	case r.moment:
		h.chosen = ""
		return nil
	case "":
		h.chosen = r.moment
		return nav.Notice(r.moment + " is one side: open another moment to compare the two")
	}
	before, after := h.chosen, r.moment
	if h.course.at(after) < h.course.at(before) {
		before, after = after, before
	}
	h.turn(false)
	s := h.screen
	s.onChange = false
	s.set(0, before)
	s.set(1, after)
	return nil
}

// ask shows only the rows that a text lets through.
func (h *history) ask(text string) error {
	if err := h.filter.Set(text, historyFields()); err != nil {
		return err
	}
	h.refused = nil
	h.arranging.Restart(h.size())
	return nil
}

// size is about how many rows there are before the filter.
func (h *history) size() int {
	if h.screen.shown == nil {
		return 0
	}
	if h.filter.Filter().Asks(fieldNamespace) {
		return (len(h.known) + 1) * len(h.screen.shown.Namespaces)
	}
	return len(h.known) + 1
}
