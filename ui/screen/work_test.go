package screen_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// office is a screen with one work, and what is around it: it runs commands as a
// program does.
type office struct {
	screen.Screen
	work     *screen.Work
	crew     *screen.Crew
	cancel   context.CancelFunc
	messages chan tea.Msg
	asked    string        // what the next job is about
	takes    time.Duration // how long a job takes
	begun    []string
	taken    []string
	ended    []string // jobs that saw their context end
}

func newOffice(t *testing.T) *office {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	o := &office{crew: screen.NewCrew(ctx), cancel: cancel, messages: make(chan tea.Msg, 100), takes: time.Second}
	o.work = screen.NewWork(func() screen.Job {
		name, takes := o.asked, o.takes
		if name == "" {
			return nil
		}
		o.begun = append(o.begun, name)
		return func(ctx context.Context) func() {
			select {
			case <-time.After(takes):
				return func() { o.taken = append(o.taken, name) }
			case <-ctx.Done():
				return func() { o.ended = append(o.ended, name) }
			}
		}
	})
	return o
}

func (o *office) Work() []*screen.Work { return []*screen.Work{o.work} }

// run runs a command, and those in a batch.
func (o *office) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		msg := cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for _, cmd := range batch {
				o.run(cmd)
			}
			return
		}
		o.messages <- msg
	}()
}

// after lets time pass and takes in what comes.
func (o *office) after(d time.Duration) {
	o.run(o.crew.Begin(o))
	for deadline := time.After(d); ; {
		select {
		case msg := <-o.messages:
			if answer, ok := msg.(screen.Answer); ok {
				answer.Deliver()
			}
			o.run(o.crew.Begin(o))
		case <-deadline:
			return
		}
	}
}

func (o *office) end() {
	o.cancel()
	o.crew.Close()
}

const many = screen.Many

func TestWork(t *testing.T) {
	t.Parallel()
	ask := func(o *office, name string, how func(int), rows int) {
		o.asked = name
		how(rows)
	}
	for name, tt := range map[string]struct {
		story func(o *office)
		begun string
		taken string
	}{
		"few rows at once": {func(o *office) {
			o.takes = 0
			ask(o, "a", o.work.Restart, screen.Few)
		}, "a", "a"},
		"many in the background": {func(o *office) {
			ask(o, "a", o.work.Restart, many)
			o.after(2 * time.Second)
		}, "a", "a"},
		"nothing to do": {func(o *office) {
			ask(o, "", o.work.Restart, many)
			o.after(time.Second)
			ask(o, "", o.work.Renew, 1)
		}, "", ""},
		"what is outdated is dropped": {func(o *office) {
			for _, name := range []string{"a", "b", "c"} {
				ask(o, name, o.work.Restart, many)
				o.after(time.Second / 2)
			}
			o.after(time.Second)
		}, "a b c", "c"},
		"a few rows outdate many": {func(o *office) {
			ask(o, "a", o.work.Restart, many)
			o.after(time.Second / 2)
			o.takes = 0
			ask(o, "b", o.work.Renew, 1)
			o.after(2 * time.Second)
		}, "a b", "b"},
		"news wait for the answer": {func(o *office) {
			for _, name := range []string{"a", "b", "c", "d"} {
				ask(o, name, o.work.Renew, many)
				o.after(time.Second / 4)
			}
			o.after(2 * time.Second)
		}, "a d", "a d"},
		"a screen that is left": {func(o *office) {
			ask(o, "a", o.work.Restart, many)
			o.after(time.Second / 2)
			ask(o, "b", o.work.Renew, many)
			screen.Leave(o)
			o.after(2 * time.Second)
		}, "a", ""},
		"a program that ends": {func(o *office) {
			ask(o, "a", o.work.Restart, many)
			o.after(time.Second / 2)
			o.end()
			ask(o, "b", o.work.Restart, many)
			o.after(2 * time.Second)
		}, "a b", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				tt.story(o)
				o.end()
				synctest.Wait() // in the bubble: no goroutine may be left when the test ends
				if diff := cmp.Diff([]string{tt.begun, tt.taken}, []string{strings.Join(o.begun, " "), strings.Join(o.taken, " ")}); diff != "" {
					t.Errorf("begun and taken (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestWorkThatTakesLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		defer o.end()
		var told []string
		tell := func() { told = append(told, fmt.Sprint(o.work.Pending(), o.work.Late())) }
		o.asked = "a"
		o.work.Restart(many)
		tell()
		o.after(90 * time.Millisecond)
		tell()
		o.after(20 * time.Millisecond)
		tell()
		o.after(time.Second)
		tell()
		o.takes = 50 * time.Millisecond
		o.work.Restart(many)
		o.after(time.Second)
		tell()
		if diff := cmp.Diff([]string{"true false", "true false", "true true", "false false", "false false"}, told); diff != "" {
			t.Errorf("whether it is pending and late (-want +got):\n%s", diff)
		}
	})
}

func TestAScreenWithoutWork(t *testing.T) { //nolint:paralleltest // it counts allocations
	crew := screen.NewCrew(t.Context())
	if cmd := crew.Begin(nil); cmd != nil {
		t.Error("a screen that is no worker has something begun")
	}
	o := newOffice(t)
	if allocations := testing.AllocsPerRun(100, func() { crew.Begin(o) }); allocations > 1 {
		t.Errorf("looking for work that is not there costs %v allocations", allocations)
	}
}
