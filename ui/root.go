package ui

import (
	"context"
	"slices"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// The smallest terminal that screens are drawn in; below it, one line says how
// the cluster is.
const (
	leastWidth  = 60
	leastHeight = 15
)

// Model is the root: a stack of screens in a frame.
type Model struct {
	ctx context.Context
	*following
	options Options // of which the sighting is the one that is looked at
	keys    *keymap.Map
	styles  *style.Styles
	width   int
	height  int
	prompt  *prompt // nil unless a line is being typed
	notice  notice
	finder  *finder
	chooser *chooser // nil unless columns are being chosen
	memory  *memory
	looks   looks
	mouse   mouse
	places  *screen.Places
	session *screen.Crew // for what is not of one source
	opening *opening     // nil unless a place is being opened
	left    string       // the address where the place before was left
	heard   *feed.Feed   // the one whose news are waited for

	clusters    *clusters // that are followed beside what is looked at, nil for none
	fleetEnding sync.WaitGroup

	filterLine, questionLine, commandLine *widget.Prompt // each keeps its history
}

// notice is a line for the user, until the next key.
type notice struct {
	text  string
	wrong bool
}

// newsMsg carries the newest state of a feed.
type newsMsg struct {
	feed.News
	of *feed.Feed
}

// New returns the program's model, which follows what is looked at until the
// context ends. It must be closed.
func New(ctx context.Context, o Options) (*Model, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	m := &Model{
		ctx: ctx, options: o, keys: o.keys(), looks: newLooks(o), styles: o.plain(),
		filterLine: &widget.Prompt{Label: "/"}, questionLine: &widget.Prompt{}, commandLine: &widget.Prompt{Label: ":"},
		places: screen.NewPlaces(o.Contexts), session: screen.NewCrew(ctx), memory: newMemory(),
	}
	m.finder, m.mouse.on = newFinder(m), o.Mouse
	m.follow()
	m.turnTo(o.Sighting, o.At)
	if o.Source == nil && m.clusters == nil {
		m.begin(&opening{place: o.Place, at: o.At, first: true})
	}
	return m, nil
}

// mostScreens is how many screens the stack holds: who goes on and on gives up the way
// back to the first of them.
const mostScreens = 100

// home is the screen at the bottom of the stack.
const home = "overview"

// Init starts waiting for news, and for what the terminal says of itself, and opens what
// is to be looked at.
func (m *Model) Init() tea.Cmd {
	m.heard = m.feed
	return tea.Batch(m.wait(), m.waitReplay(), m.waitLog(0), m.waitFleet(), m.askAtFirst(), m.retheme(), m.openingWork())
}

// Close waits until nothing that the model began is under way any more. The
// context of the model must have ended.
func (m *Model) Close() {
	m.drop()
	m.session.Close()
	m.stop()
	m.crew.Close()
	m.options.end()
	m.ending.Wait()
	m.fleetEnding.Wait()
}

// Update takes a message, and begins the work that the shown screen asked for.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := m.update(msg)
	m.dress()
	if m.finder.ready() {
		cmd = tea.Batch(cmd, m.choose())
	}
	return m, tea.Batch(cmd, m.endPreview(), m.listen(), m.crew.Begin(m.top()), m.finder.begin(m.crew), m.marks.look(m.crew, m.news.Assessment), m.openingWork())
}

func (m *Model) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
		m.refresh()
	case newsMsg:
		return m.hear(msg)
	case replayMsg:
		return m.replayed(msg)
	case fleetMsg:
		return m.hearFleet()
	case pointMsg:
		return m.point(msg)
	case tea.KeyPressMsg:
		return m.press(msg)
	case screen.Answer:
		msg.Deliver()
	case nav.OpenMsg:
		m.open(msg.Address)
	case nav.FailMsg:
		m.notice = notice{msg.Err.Error(), true}
	case nav.NoticeMsg:
		m.notice = notice{msg.Text, false}
	case screen.LookMsg:
		m.lookThere(msg)
	default:
		if cmd, taken := m.onTerminal(msg); taken {
			return cmd
		}
		if cmd, ok := m.themeMessage(msg); ok {
			return cmd
		}
		return m.handOver(msg)
	}
	return nil
}

// top is the screen that is shown.
func (m *Model) top() screen.Screen { return m.stack[len(m.stack)-1] }

// refresh gives the shown screen its size and the newest assessment.
func (m *Model) refresh() {
	m.lined = m.moments() > 1
	if m.unread() || m.tooSmall() {
		return
	}
	m.top().Resize(m.body())
	if m.news.Assessment == nil {
		return
	}
	if responding, ok := m.top().(screen.Responding); ok {
		responding.Respond(m.news.Triage)
	}
	if reader, ok := m.top().(screen.Reader); ok {
		reader.Read(m.news.Cluster)
	}
	m.top().Show(m.news.Assessment)
}

func (m *Model) tooSmall() bool { return m.width < leastWidth || m.height < leastHeight }

// body is the part of the screen that a screen draws.
func (m *Model) body() screen.Frame {
	return screen.Frame{Styles: m.styles, Width: m.width, Height: m.height - m.chrome()}
}

// make makes the screen at an address.
func (m *Model) make(address string) (screen.Screen, error) {
	return open(address, m.parts())
}

// open pushes the screen at an address, or says why it cannot.
func (m *Model) open(address string) {
	address = strings.TrimSpace(address)
	s, err := m.make(address)
	if err != nil {
		m.notice = notice{err.Error(), true}
		return
	}
	if m.stay(s, address) {
		return
	}
	m.leave()
	switch {
	case s.Address().Screen == home:
		m.stack = m.ground()
	case s.Address().Screen == fleetName && m.clusters != nil:
		m.stack, m.clusters.screen = nil, s
	}
	m.stack, m.ahead = append(m.stack, s), nil
	if stay := len(m.ground()) + 1; len(m.stack) > mostScreens {
		m.stack = slices.Delete(m.stack, stay, stay+1) // home stays
	}
	m.refresh()
	m.restore(s, address)
}

// leave stops the work of the shown screen, and remembers how it is left.
func (m *Model) leave() {
	m.chooser = nil
	m.remember(m.top())
	screen.Leave(m.top())
}

// stay reports whether an address is where the user is already. What it does not ask
// for, a filter, is taken off.
func (m *Model) stay(s screen.Screen, address string) bool {
	asked, _ := nav.Parse(address)
	by := asked.Query["sort"]
	delete(asked.Query, "sort")
	if here := m.top().Address().String(); here == asked.String() || len(asked.Query) == 0 && here == s.Address().String() {
		if t, ok := m.top().(screen.Tabled); ok && by != "" {
			if err := order(t, by); err != nil {
				m.notice = notice{err.Error(), true}
			}
		}
		return true
	}
	f, ok := m.top().(screen.Filterer)
	plain := nav.Address{Screen: m.top().Address().Screen, Target: m.top().Address().Target}
	if !ok || address != plain.String() || f.FilterText() == "" {
		return false
	}
	m.filter(f, "")
	return true
}

// back leaves the shown screen, unless it is the last one.
func (m *Model) back() {
	if len(m.stack) == 1 {
		return
	}
	m.leave()
	m.ahead = append(m.ahead, m.top())
	m.stack = m.stack[:len(m.stack)-1]
	m.refresh()
}

// forward returns to the screen that was left by going back.
func (m *Model) forward() {
	if len(m.ahead) == 0 {
		return
	}
	m.leave()
	m.stack = append(m.stack, m.ahead[len(m.ahead)-1])
	m.ahead = m.ahead[:len(m.ahead)-1]
	m.refresh()
}
