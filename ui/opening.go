package ui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Contexts are the places that can be looked at: the contexts of a kubeconfig, recordings,
// the demo. Every method may take its time and ends with its context.
type Contexts interface {
	screen.PlaceFinder
	// Open returns what to look at, once it has answered. The error says in one sentence
	// why it cannot be looked at; one that knows more is a [*screen.Unreached].
	Open(ctx context.Context, place string) (Sighting, error)
}

// How long a place that nothing else stands in for is left alone before it is tried again.
const (
	retryFirst = 2 * time.Second // doubles with each failure
	retryMost  = 30 * time.Second
)

// opening is a place that is being opened. What was looked at before goes on until the
// place has answered.
type opening struct {
	place string
	at    string // the address to begin at
	// first is set where nothing else is looked at: the place is tried until it answers.
	first  bool
	failed error         // of the last try, nil before that has ended
	left   time.Duration // until the next try, 0 while one is under way
	pause  time.Duration // before the next try after the one under way
	tries  int
	trying *screen.Work
	ticks  *screen.Work

	guard   sync.Mutex
	dropped bool
	got     *Sighting // opened and not yet looked at
}

// begin opens a place in the background, and drops the one that was being opened.
func (m *Model) begin(o *opening) {
	m.drop()
	m.opening, m.places.Opening = o, o.place
	o.pause = retryFirst
	o.trying = screen.NewWork(func() screen.Job { return m.try(o) })
	o.ticks = screen.NewWork(func() screen.Job { return m.tick(o) })
	o.trying.Restart(screen.Many)
}

// openingWork begins what opening a place needs.
func (m *Model) openingWork() tea.Cmd {
	if m.opening == nil {
		return nil
	}
	return m.session.Do(m.opening.trying, m.opening.ticks)
}

// try returns the job that opens a place.
func (m *Model) try(o *opening) screen.Job {
	contexts := m.options.Contexts
	return func(ctx context.Context) func() {
		s, err := contexts.Open(ctx, o.place)
		if err == nil {
			o.keep(s)
		}
		return func() { m.tried(o, err) }
	}
}

// tick returns the job that counts down to the next try.
func (m *Model) tick(o *opening) screen.Job {
	return func(ctx context.Context) func() {
		if !screen.Pause(ctx, time.Second) {
			return nil
		}
		return func() {
			if o.left -= time.Second; o.left > 0 {
				o.ticks.Restart(screen.Many)
				return
			}
			m.retry(o)
		}
	}
}

// retry tries a place again, now.
func (m *Model) retry(o *opening) {
	o.left, m.places.Opening = 0, o.place
	o.ticks.Stop()
	o.trying.Restart(screen.Many)
}

// keep holds what was opened until it is looked at; what nobody waits for any more ends.
func (o *opening) keep(s Sighting) {
	o.guard.Lock()
	defer o.guard.Unlock()
	if o.dropped {
		s.end()
		return
	}
	o.got = &s
}

// drop leaves the place that is being opened, whatever comes of it.
func (m *Model) drop() {
	o := m.opening
	if o == nil {
		return
	}
	o.trying.Stop()
	o.ticks.Stop()
	o.guard.Lock()
	if o.dropped = true; o.got != nil {
		m.ending.Go(o.got.end)
	}
	o.guard.Unlock()
	m.opening, m.places.Opening = nil, ""
}

// tried looks at what was opened, or says why it could not be.
func (m *Model) tried(o *opening, err error) {
	if o.tries++; err != nil {
		m.failed(o, err)
		return
	}
	o.guard.Lock()
	s := *o.got
	o.got = nil
	o.guard.Unlock()
	m.opening, m.places.Opening = nil, ""
	m.turn(s, o.at)
}

// turn turns to what has answered, and keeps the way back.
func (m *Model) turn(s Sighting, at string) {
	before, shown := m.options.Sighting, m.where()
	if before.Source != nil {
		m.places.Former, m.left = before.Place, shown
	}
	m.turnTo(s, at)
	if m.places.Former != "" && before.Source != nil {
		m.notice = notice{fmt.Sprintf("looking at %s; %s goes back to %s", s.Name, m.keyOf(keymap.Last), before.Name), false}
	}
}

// failed says why a place could not be opened, and has it tried again if there is nothing
// else to look at.
func (m *Model) failed(o *opening, err error) {
	reach := screen.Reach{State: screen.Unreachable, Why: err.Error()}
	if known := (*screen.Unreached)(nil); errors.As(err, &known) {
		reach = known.Reach
	}
	m.places.Answer(o.place, reach)
	if !o.first {
		m.drop()
		m.notice = notice{err.Error(), true}
		m.refresh()
		return
	}
	o.failed, o.left, m.places.Opening = err, o.pause, ""
	o.pause = min(2*o.pause, retryMost)
	o.ticks.Restart(screen.Many)
	m.refresh()
}

// refusedAtFirst is why the place that was to be looked at first could not be, nil if it
// was, or another.
func (m *Model) refusedAtFirst() error {
	if m.opening == nil || !m.opening.first {
		return nil
	}
	return m.opening.failed
}

// again tries at once what would be tried later, and has the shown screen ask anew.
func (m *Model) again() {
	if o := m.opening; o != nil && o.left > 0 {
		m.retry(o)
	}
	if r, ok := m.top().(screen.Refresher); ok {
		r.Refresh()
	}
}

// look turns to a place, once it has answered, at an address like where the user is.
func (m *Model) look(place string) { m.lookThere(screen.LookMsg{Place: place}) }

// lookThere turns to a place, once it has answered.
func (m *Model) lookThere(msg screen.LookMsg) {
	place := msg.Place
	switch {
	case m.options.Contexts == nil:
		m.notice = notice{"there is nothing else to look at here", false}
		return
	case place == m.options.Place && m.options.Source != nil:
		m.drop()
		m.open(home)
		if msg.At != "" {
			m.open(msg.At)
		}
		return
	}
	at := m.sameKind()
	if place == m.places.Former && m.left != "" {
		at = m.left
	}
	at = cmp.Or(msg.At, at)
	if s, there := m.clusters.sighting(place); there {
		m.drop()
		m.turn(s, at)
		return
	}
	m.begin(&opening{place: place, at: at, first: m.options.Source == nil})
}

// lookByName looks at a context by its name, as ":context NAME" does; "-" is the one that
// was looked at before, and no name asks for the list.
func (m *Model) lookByName(name string) {
	switch name {
	case "":
		m.open("contexts")
	case "-":
		m.lookBack()
	default:
		m.look(m.places.Find(name))
	}
}

// contextCommand looks at a context by its name.
func contextCommand(m *Model, name string) (tea.Cmd, error) {
	m.lookByName(name)
	return nil, nil
}

// completeContext completes the names of what is known to be there.
func completeContext(m *Model, args string) []string {
	list, _ := m.places.List()
	var names []string
	for _, d := range list {
		names = append(names, d.Name)
	}
	return completions(args, names)
}

// lookBack turns to what was looked at before.
func (m *Model) lookBack() {
	if m.places.Former == "" {
		m.notice = notice{"nothing was looked at before this", false}
		return
	}
	m.look(m.places.Former)
}

// turns does what a key means for what is looked at, and reports whether it means nothing
// else: going back leaves a place that is being opened, and the last view of a user who
// has just turned to a place is in the one before. What needs a cluster means nothing
// before there is one.
func (m *Model) turns(id keymap.ID) bool {
	switch {
	case m.unread() && !slices.Contains(worksUnread(), id):
		return true
	case id == keymap.Contexts:
		m.open("contexts")
		return true
	case id == keymap.Back && m.opening != nil && !m.opening.first:
		name := m.places.Name(m.opening.place)
		m.drop()
		m.notice = notice{"left " + name + ", which was being opened", false}
		m.refresh()
		return true
	case id == keymap.Last && m.places.Former != "" && m.top() == m.landed && len(m.ahead) == 0:
		m.lookBack()
		return true
	}
	return false
}

// needsNothing reports whether a screen shows nothing of what is looked at: it is there
// before anything was read, too.
func needsNothing(s screen.Screen) bool {
	return slices.Contains([]string{"contexts", fleetName, "help", "log", "themes"}, s.Address().Screen)
}

// unread reports whether the shown screen has nothing to show, as nothing was read yet.
func (m *Model) unread() bool { return m.news.Assessment == nil && !needsNothing(m.top()) }

// worksUnread are the keys that mean something before anything was read.
func worksUnread() []keymap.ID {
	return []keymap.ID{keymap.Quit, keymap.Help, keymap.Refresh, keymap.Contexts, keymap.Command, keymap.Palette, keymap.Themes, keymap.Suspend, keymap.Login, keymap.Back, keymap.Last}
}

// unopened takes the place of all screens while the place that is to be looked at first
// has not answered; nil elsewhere.
func (m *Model) unopened() []string {
	o, st := m.opening, m.styles
	if o == nil && m.clusters != nil && m.options.Source == nil {
		return m.message("No cluster is looked at", []string{st.Key.Render(":"+fleetName) + st.Muted.Render(" lists those that are followed"), "", m.ways()})
	}
	if o == nil || !o.first {
		return nil
	}
	name, width := m.places.Name(o.place), m.width-6
	if o.place == m.options.Place {
		name = m.options.Name
	}
	var lines []string
	say := func(look style.Style, text string) {
		lines = append(lines, look.Wrap(text, width)...)
	}
	if o.failed == nil {
		say(st.Text, "asking "+name)
		return m.message("Connecting", append(lines, st.Muted.Render("waiting for the first answer"), "", m.ways()))
	}
	say(st.Error, o.failed.Error())
	lines = append(lines, "")
	tried := "tried once"
	if o.tries > 1 {
		tried = fmt.Sprintf("tried %d times", o.tries)
	}
	if o.left > 0 {
		say(st.Warn, fmt.Sprintf("%s; again in %d s, or now with %s", tried, int(o.left/time.Second), m.keyOf(keymap.Refresh)))
	} else {
		say(st.Warn, tried+"; asking again")
	}
	return m.message("Could not look at "+name, append(lines, "", m.ways()))
}

// ways says what can be done where nothing was read.
func (m *Model) ways() string {
	ids := []keymap.ID{keymap.Contexts, keymap.Command, keymap.Help, keymap.Quit}
	if m.options.Contexts == nil {
		ids = ids[1:]
	}
	return widget.Status{Left: widget.Hints(m.styles, m.keys.Hints(ids...))}.Render(m.styles, m.width-6)
}

// withFooter draws the line being typed, or what was to be said, below lines that fill
// the screen.
func (m *Model) withFooter(lines []string) []string {
	if m.prompt == nil && m.notice.text == "" || len(lines) == 0 {
		return lines
	}
	lines = slices.Clone(lines)
	lines[len(lines)-1] = m.footer()
	return lines
}

// openingParts say what is being opened while something else is shown.
func (m *Model) openingParts() []widget.Part {
	o := m.opening
	if o == nil {
		return nil
	}
	text, look := "opening "+m.places.Name(o.place), m.styles.Notice
	if o.left > 0 {
		text, look = fmt.Sprintf("%s does not answer, again in %d s", m.places.Name(o.place), int(o.left/time.Second)), m.styles.Warn
	} else if !o.first {
		text += "; " + m.keyOf(keymap.Back) + " leaves it"
	}
	return []widget.Part{{Text: text, Style: look, Priority: 1}}
}

// keyOf is the key to press for a binding, in its short form.
func (m *Model) keyOf(id keymap.ID) string {
	for _, hint := range m.keys.Hints(id) {
		return hint.Key
	}
	return ""
}
