package object

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// askedAbout is about how many objects a server is asked for events at the most.
const askedAbout = 10

// happening is an event as it is shown.
type happening struct {
	at      time.Time
	count   int
	warning bool
	reason  string
	about   kube.Ref
	message string
}

// events is the tab with what happened to the object and to those below it.
type events struct {
	screen    *Screen
	gathering *screen.Work // looks through those of the view
	asking    *screen.Work // asks for them where the view has none

	all      []happening // the newest first
	of       *kube.Cluster
	answered []happening // what the server said
	asked    bool
	err      error // why it said no more
	lines    widget.Lines
}

func newEvents(s *Screen) *events {
	e := &events{screen: s}
	e.gathering, e.asking = screen.NewWork(e.gather), screen.NewWork(e.ask)
	return e
}

// show gathers the events of the newest view.
func (e *events) show() {
	if e.of != e.screen.shown.Cluster {
		e.gathering.Renew(screen.Many)
	}
}

// gather returns the job that looks through the events of the view.
func (e *events) gather() screen.Job {
	c, ref, again := e.screen.shown.Cluster, e.screen.ref, e.of != nil
	return func(ctx context.Context) func() {
		if again && !screen.Rest(ctx) {
			return nil
		}
		wanted := map[kube.Ref]bool{}
		for _, kin := range kinOf(c, ref) {
			wanted[plainRef(kin)] = true
		}
		var found []*corev1.Event
		for _, event := range c.Events.In(namespaceOfEvents(ref)) {
			if wanted[refOf(event)] {
				found = append(found, event)
			}
		}
		all := happenings(found)
		return func() {
			e.all, e.of = all, c
			// The view keeps the newest of a cluster only, and may not read any.
			if len(all) == 0 && !e.asked && e.screen.objects != nil && !c.Info.Offline {
				e.asked = true
				e.asking.Restart(screen.Many)
			}
			e.lines.Update(e.draw)
		}
	}
}

// ask returns the job that asks the server.
func (e *events) ask() screen.Job {
	c, ref, objects := e.screen.shown.Cluster, e.screen.ref, e.screen.objects
	if objects == nil {
		return nil
	}
	return func(ctx context.Context) func() {
		kin := kinOf(c, ref)
		found, err := objects.Events(ctx, kin[:min(len(kin), askedAbout)])
		if ctx.Err() != nil {
			return nil
		}
		return func() {
			e.answered, e.err = happenings(found), err
			e.lines.Update(e.draw)
		}
	}
}

// refOf names what an event is about. Its group is left aside: many who report events do
// not say it.
func refOf(e *corev1.Event) kube.Ref {
	return kube.Ref{Kind: e.InvolvedObject.Kind, Namespace: e.InvolvedObject.Namespace, Name: e.InvolvedObject.Name}
}

func plainRef(ref kube.Ref) kube.Ref {
	ref.Group = ""
	return ref
}

// namespaceOfEvents is where the events about an object are: those about what is in no
// namespace are in the namespace default (client-go tools/record).
func namespaceOfEvents(ref kube.Ref) string { return cmp.Or(ref.Namespace, corev1.NamespaceDefault) }

// happenings puts events into order, the newest first.
func happenings(found []*corev1.Event) []happening {
	all := make([]happening, 0, len(found))
	for _, event := range found {
		_, last := kube.EventTimes(event)
		all = append(all, happening{
			at: last.Time, count: kube.EventCount(event), warning: event.Type != corev1.EventTypeNormal,
			reason: event.Reason, about: refOf(event), message: event.Message,
		})
	}
	slices.SortStableFunc(all, func(a, b happening) int {
		return cmp.Or(b.at.Compare(a.at), kube.CompareRefs(a.about, b.about), strings.Compare(a.reason, b.reason))
	})
	return all
}

// shown are the events that are shown.
func (e *events) shown() []happening {
	if len(e.all) > 0 {
		return e.all
	}
	return e.answered
}

// act scrolls, and copies.
func (e *events) act(id keymap.ID) tea.Cmd {
	if id != keymap.Copy {
		e.lines.Handle(id)
		return nil
	}
	if len(e.shown()) == 0 {
		return nav.Notice("there is nothing to copy")
	}
	var b strings.Builder
	for _, h := range e.shown() {
		fmt.Fprintf(&b, "%s\t%d\t%s\t%s\t%s\t%s\n", h.at.UTC().Format(time.RFC3339), h.count, h.kind(), h.reason, h.about, h.message)
	}
	return nav.Copy(b.String(), "the events")
}

func (h happening) kind() string {
	if h.warning {
		return "Warning"
	}
	return "Normal"
}

func (e *events) render(st *style.Styles, w, h int) (body widget.Block, title, footer string) {
	if e.of == nil {
		return widget.NewBlock(st, []string{st.Muted.Render("looking for events")}, w, h), "Events", ""
	}
	body = e.lines.Render(st, w, h)
	title = fmt.Sprintf("Events (%d), the newest first", len(e.shown()))
	if len(e.all) == 0 && len(e.answered) > 0 {
		title += ", as the server says"
	}
	return body, title, e.lines.Footer()
}

// draw draws the events, one below the other.
func (e *events) draw(st *style.Styles, width int) []string {
	shown := e.shown()
	if len(shown) == 0 {
		return e.none(st, width)
	}
	now := e.screen.shown.Cluster.Time
	var lines []string
	const head = 5 + 1 + 6 + 2 // age, count, mark
	for _, h := range shown {
		mark, look := " ", st.Text
		if h.warning {
			mark, look = "!", st.Warn
		}
		count := ""
		if h.count > 1 {
			count = fmt.Sprintf("x%d", h.count)
		}
		about := ""
		if plainRef(h.about) != plainRef(e.screen.ref) {
			about = h.about.Short() + ": "
		}
		text := about + h.message
		for i, line := range style.Wrap(h.reason+"  "+text, max(20, width-head)) {
			if i > 0 {
				lines = append(lines, style.Blanks(head)+st.Text.Render(line))
				continue
			}
			first := st.Muted.Render(style.PadLeft(cmp.Or(screen.Since(now, h.at), "?"), 5)+" "+style.PadRight(count, 6)) + look.Render(mark+" ")
			reason := min(len(line), len(style.Clean(h.reason)))
			lines = append(lines, first+look.Render(line[:reason])+st.Text.Render(line[reason:]))
		}
	}
	return lines
}

// none says why there is no event.
func (e *events) none(st *style.Styles, width int) []string {
	c := e.screen.shown.Cluster
	switch state, blind := c.Blind(kube.Events, e.screen.ref.Namespace); {
	case c.Info.Offline:
		return st.Muted.Wrap("These are manifests: nothing has happened to what is in them.", width)
	case e.asking.Pending():
		return st.Muted.Wrap("asking the server for events", width)
	case e.err != nil:
		return st.Error.Wrap(e.err.Error(), width)
	case blind:
		return st.Warn.Wrap("Events could not be read: "+state.Reason, width)
	}
	return st.Muted.Wrap("No events are known of it, nor of what is below it. A server keeps them for an hour, as a rule.", width)
}
