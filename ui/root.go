package ui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
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
	ctx     context.Context
	feed    *feed.Feed
	options Options
	keys    *keymap.Map
	styles  *style.Styles
	width   int
	height  int
	news    feed.News
	stack   []screen.Screen // the last is on the screen; never empty
	ahead   []screen.Screen // what was left by going back, the next one last
	prompt  *prompt         // nil unless a line is being typed
	notice  notice
	crew    *screen.Crew
	marks   *marked
	looks   looks
	heard   bool // news have come

	filterLine, commandLine *widget.Prompt // each keeps its history
}

// notice is a line for the user, until the next key.
type notice struct {
	text  string
	wrong bool
}

// newsMsg carries the newest state of the feed.
type newsMsg feed.News

// New returns the program's model, which shows what a feed tells until the
// context ends.
func New(ctx context.Context, follow *feed.Feed, o Options) (*Model, error) {
	if err := o.checkThemes(); err != nil {
		return nil, err
	}
	m := &Model{
		ctx: ctx, feed: follow, options: o, keys: o.keys(), looks: newLooks(o), styles: o.plain(),
		filterLine: &widget.Prompt{Label: "/"}, commandLine: &widget.Prompt{Label: ":"},
		crew: screen.NewCrew(ctx),
	}
	m.marks = newMarked(func() *score.Assessment { return m.news.Assessment })
	first, err := m.make(o.At)
	if err != nil {
		return nil, err
	}
	m.stack = []screen.Screen{first}
	if first.Address().Screen != home {
		below, err := m.make(home)
		if err != nil {
			return nil, err
		}
		m.stack = []screen.Screen{below, first}
	}
	return m, nil
}

// home is the screen at the bottom of the stack.
const home = "overview"

// Init starts waiting for news, and for what the terminal says of itself.
func (m *Model) Init() tea.Cmd {
	return tea.Batch(m.wait(), m.waitLog(0), m.askAtFirst(), m.retheme())
}

// wait returns a command that waits for news; it ends with the context.
func (m *Model) wait() tea.Cmd {
	return func() tea.Msg {
		news, ok := m.nextNews()
		if !ok {
			return nil
		}
		return newsMsg(news)
	}
}

// Close waits until nothing that the model began is under way any more. The
// context of the model must have ended.
func (m *Model) Close() { m.crew.Close() }

// Update takes a message, and begins the work that the shown screen asked for.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := m.update(msg)
	return m, tea.Batch(cmd, m.endPreview(), m.crew.Begin(m.top()), m.marks.look(m.crew, m.news.Assessment))
}

func (m *Model) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
		m.refresh()
	case newsMsg:
		return m.hear(msg)
	case tea.KeyPressMsg:
		return m.press(msg)
	case screen.Answer:
		msg.Deliver()
	case nav.OpenMsg:
		m.open(msg.Address)
	case nav.BackMsg:
		m.back()
	case nav.FailMsg:
		m.notice = notice{msg.Err.Error(), true}
	case nav.NoticeMsg:
		m.notice = notice{msg.Text, false}
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

// hear takes news, as soon as it is known on what ground they are shown.
func (m *Model) hear(news newsMsg) tea.Cmd {
	if m.looks.waiting() {
		m.looks.held = &news
		return nil
	}
	m.news, m.heard = feed.News(news), true
	var looked tea.Cmd
	if c := m.news.Cluster; c != nil {
		looked = m.lookAt(c.Info.Name)
	}
	m.refresh()
	if m.news.Ended {
		if m.news.Err != nil {
			m.notice = notice{m.news.Err.Error(), true}
		}
		return looked
	}
	return tea.Batch(looked, m.wait())
}

// top is the screen that is shown.
func (m *Model) top() screen.Screen { return m.stack[len(m.stack)-1] }

// refresh gives the shown screen its size and the newest assessment.
func (m *Model) refresh() {
	if m.news.Assessment == nil || m.tooSmall() {
		return
	}
	m.top().Resize(m.body())
	if reader, ok := m.top().(screen.Reader); ok {
		reader.Read(m.news.Cluster)
	}
	m.top().Show(m.news.Assessment)
}

func (m *Model) tooSmall() bool { return m.width < leastWidth || m.height < leastHeight }

// body is the part of the screen that a screen draws.
func (m *Model) body() screen.Frame {
	return screen.Frame{Styles: m.styles, Width: m.width, Height: m.height - chrome}
}

// make makes the screen at an address.
func (m *Model) make(address string) (screen.Screen, error) {
	return open(address, parts{m.keys, m.feed.Statistics, m.marks.Marks, m.options.judge, m.picker, m.options.Log})
}

// open pushes the screen at an address, or says why it cannot.
func (m *Model) open(address string) {
	s, err := m.make(strings.TrimSpace(address))
	if err != nil {
		m.notice = notice{err.Error(), true}
		return
	}
	if s.Address().String() == m.top().Address().String() {
		return
	}
	screen.Leave(m.top())
	if s.Address().Screen == home {
		m.stack = nil
	}
	m.stack, m.ahead = append(m.stack, s), nil
	m.refresh()
}

// back leaves the shown screen, unless it is the last one.
func (m *Model) back() {
	if len(m.stack) == 1 {
		return
	}
	screen.Leave(m.top())
	m.ahead = append(m.ahead, m.top())
	m.stack = m.stack[:len(m.stack)-1]
	m.refresh()
}

// forward returns to the screen that was left by going back.
func (m *Model) forward() {
	if len(m.ahead) == 0 {
		return
	}
	screen.Leave(m.top())
	m.stack = append(m.stack, m.ahead[len(m.ahead)-1])
	m.ahead = m.ahead[:len(m.ahead)-1]
	m.refresh()
}
