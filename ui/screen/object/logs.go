package object

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

const (
	// tail is how many of the newest lines of a log are read when it is opened.
	tail = 500
	// mostLines is how many lines of a log are kept.
	mostLines = 10_000
	// batch is how long lines are gathered before they are shown: 10 Hz.
	batch = 100 * time.Millisecond
)

// run is a container of a pod.
type run struct{ pod, container string }

// logs is the tab with the log of a container.
type logs struct {
	screen    *Screen
	following *screen.Work // reads the log into the buffer, as long as it is wanted
	taking    *screen.Work // takes what is in the buffer

	runs     []run // those there are, the pods in trouble first
	run      run   // the one whose log is wanted; it may be gone
	previous bool

	buffer *buffer // of the log that is followed, nil for none
	lines  []kube.LogLine
	gone   int   // lines that were too many
	opened bool  // it was asked for
	ended  bool  // there will be no more
	err    error // why, nil at the end of a log

	pager  pager
	wrap   bool
	stamps bool
	search string
}

func newLogs(s *Screen, pod, container string) *logs {
	l := &logs{screen: s, run: run{pod, container}, wrap: true}
	l.following, l.taking = screen.NewWork(l.follow), screen.NewWork(l.take)
	return l
}

// show begins to follow the log, unless that is under way or over.
func (l *logs) show() {
	c := l.screen.shown.Cluster
	if !l.opened { // what there is later is looked up when another is wanted
		l.runs = runsOf(c, l.screen.ref)
		l.pick()
	}
	if l.screen.objects != nil && l.run.pod != "" && !c.Info.Offline && !l.ended && !l.following.Pending() {
		l.open()
	}
}

// pick chooses a container where the one that was asked for is not fully named.
func (l *logs) pick() {
	if l.run.pod != "" && l.run.container != "" {
		return // its pod may be gone; what it wrote is still shown
	}
	i := slices.IndexFunc(l.runs, func(r run) bool {
		return (l.run.pod == "" || r.pod == l.run.pod) && (l.run.container == "" || r.container == l.run.container)
	})
	if i >= 0 {
		l.run = l.runs[i]
	}
}

// chosen returns the container whose log is wanted, false if it is not there (any more).
func (l *logs) chosen() (run, bool) { return l.run, slices.Contains(l.runs, l.run) }

// open forgets what was read and reads anew.
func (l *logs) open() {
	l.stop()
	l.lines, l.gone, l.opened, l.ended, l.err = nil, 0, true, false, nil
	l.pager = pager{}
	l.buffer = newBuffer()
	l.following.Restart(screen.Many)
	l.taking.Restart(screen.Many)
}

// stop ends what is under way, and keeps what was read.
func (l *logs) stop() {
	l.following.Stop()
	l.taking.Stop()
}

// follow returns the job that reads the log. It ends when the tab or the screen is left.
func (l *logs) follow() screen.Job {
	objects, into := l.screen.objects, l.buffer
	request := kube.LogRequest{
		Namespace: l.screen.ref.Namespace, Pod: l.run.pod, Container: l.run.container,
		Previous: l.previous, Tail: tail, Follow: !l.previous,
	}
	return func(ctx context.Context) func() {
		into.end(objects.Logs(ctx, request, into.add))
		return nil
	}
}

// take returns the job that waits for lines, gathers some, and shows them.
func (l *logs) take() screen.Job {
	from := l.buffer
	if from == nil {
		return nil
	}
	return func(ctx context.Context) func() {
		select {
		case <-ctx.Done():
			return nil
		case <-from.filled:
		}
		if !screen.Pause(ctx, batch) {
			return nil
		}
		lines, dropped, ended, err := from.drain()
		return func() {
			l.append(lines, dropped)
			if l.ended, l.err = ended, err; !ended {
				l.taking.Renew(screen.Many)
			}
		}
	}
}

// append adds lines. Who looks at the last line goes on doing so, everybody else stays
// where they are.
func (l *logs) append(lines []kube.LogLine, dropped int) {
	last := l.pager.cursor >= len(l.lines)-1
	for _, line := range lines {
		line.Text = ansi.Strip(line.Text) // colours of the program's own
		l.lines = append(l.lines, line)
	}
	if over := len(l.lines) - mostLines; over > 0 {
		l.lines = slices.Clone(l.lines[over:])
		l.gone += over
		l.pager.cursor, l.pager.top = l.pager.cursor-over, l.pager.top-over
	}
	l.gone += dropped
	if last {
		l.pager.cursor = len(l.lines) - 1
	}
	l.pager.clamp(len(l.lines))
}

// act does what a key means.
func (l *logs) act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.NextContainer:
		return l.turn(func(r run) bool { return r.pod == l.run.pod }, 1, "there is no other container in this pod")
	case keymap.NextPod:
		return l.turn(func(r run) bool { return r.container == l.run.container }, 1, "there is no other pod with this container")
	case keymap.PreviousPod:
		return l.turn(func(r run) bool { return r.container == l.run.container }, -1, "there is no other pod with this container")
	case keymap.PreviousRun:
		l.previous = !l.previous
		return l.reopen()
	case keymap.Wide:
		l.wrap = !l.wrap
	case keymap.Stamps:
		l.stamps = !l.stamps
	case keymap.FirstError:
		return l.to(seek(len(l.lines), 0, 1, l.isError), "no line looks like an error")
	case keymap.Next:
		return l.to(seek(len(l.lines), l.pager.cursor+1, 1, l.isSought), "there is no other in this direction")
	case keymap.Previous:
		return l.to(seek(len(l.lines), l.pager.cursor-1, -1, l.isSought), "there is no other in this direction")
	case keymap.Copy:
		return l.copy()
	default:
		l.pager.handle(id, len(l.lines))
	}
	return nil
}

// turn shows the log of the next container of some.
func (l *logs) turn(among func(run) bool, by int, none string) tea.Cmd {
	l.runs = runsOf(l.screen.shown.Cluster, l.screen.ref)
	some := slices.DeleteFunc(slices.Clone(l.runs), func(r run) bool { return !among(r) })
	at := slices.Index(some, l.run)
	if len(some) == 0 || len(some) == 1 && at == 0 {
		return nav.Notice(none)
	}
	l.run = some[(at+by+len(some))%len(some)]
	return l.reopen()
}

// reopen reads the log that is chosen now.
func (l *logs) reopen() tea.Cmd {
	if l.screen.objects == nil || l.screen.shown.Cluster.Info.Offline || l.run.pod == "" {
		return nav.Notice("there is no log to read here")
	}
	l.open()
	return nil
}

// to goes to a line, or says that there is none.
func (l *logs) to(line int, none string) tea.Cmd {
	if line < 0 {
		return nav.Notice(none)
	}
	l.pager.reveal(line)
	return nil
}

// find goes to the first match from the cursor on, or else from the start on.
func (l *logs) find(search string) {
	l.search = search
	if search == "" {
		return
	}
	at := seek(len(l.lines), l.pager.cursor, 1, l.isSought)
	if at < 0 {
		at = seek(len(l.lines), 0, 1, l.isSought)
	}
	if at >= 0 {
		l.pager.reveal(at)
	}
}

// isSought reports whether a line has what is searched for or, if nothing is, whether it
// looks like an error.
func (l *logs) isSought(i int) bool {
	if l.search == "" {
		return l.isError(i)
	}
	return holds(l.lines[i].Text, l.search)
}

// trouble is how loggers begin to tell of an error: by a level, a field, the letter of
// klog, or what a runtime says at its end.
var trouble = regexp.MustCompile(`(?i)\b(error|fatal|panic|critical|exception|traceback|segfault)\b|"?level"?\s*[=:]\s*"?(err|crit)|^[EF]\d{4} `)

// errorWithin is how far into a line it is looked for that, in bytes.
const errorWithin = 512

func (l *logs) isError(i int) bool {
	text := l.lines[i].Text
	return trouble.MatchString(text[:min(len(text), errorWithin)])
}

// copy copies what was read.
func (l *logs) copy() tea.Cmd {
	if len(l.lines) == 0 {
		return nav.Notice("there is nothing to copy")
	}
	var b strings.Builder
	for _, line := range l.lines {
		if l.stamps && !line.Time.IsZero() {
			b.WriteString(line.Time.UTC().Format(time.RFC3339Nano) + " ")
		}
		b.WriteString(line.Text + "\n")
	}
	return nav.Copy(b.String(), fmt.Sprintf("the log, %d lines", len(l.lines)))
}

// buffer is where the reader of a log puts lines and the screen takes them from. It keeps
// the newest of what is not taken.
type buffer struct {
	filled chan struct{} // has an element if there is something to take

	guard   sync.Mutex
	lines   []kube.LogLine
	dropped int
	ended   bool
	err     error
}

func newBuffer() *buffer { return &buffer{filled: make(chan struct{}, 1)} }

func (b *buffer) add(line kube.LogLine) {
	b.guard.Lock()
	defer b.guard.Unlock()
	if len(b.lines) >= 2*mostLines {
		b.lines, b.dropped = slices.Clone(b.lines[mostLines:]), b.dropped+mostLines
	}
	b.lines = append(b.lines, line)
	b.tell()
}

func (b *buffer) end(err error) {
	b.guard.Lock()
	defer b.guard.Unlock()
	b.ended, b.err = true, err
	b.tell()
}

func (b *buffer) tell() {
	select {
	case b.filled <- struct{}{}:
	default:
	}
}

func (b *buffer) drain() (lines []kube.LogLine, dropped int, ended bool, err error) {
	b.guard.Lock()
	defer b.guard.Unlock()
	lines, dropped = b.lines, b.dropped
	b.lines, b.dropped = nil, 0
	return lines, dropped, b.ended, b.err
}
