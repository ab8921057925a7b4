package object

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// The tabs by their place.
const (
	yamlTab = iota
	describeTab
	eventsTab
	logsTab
)

// tab is one of the four.
type tab struct {
	name string // in the address
	key  keymap.ID
}

func tabs() []tab {
	return []tab{
		{"yaml", keymap.ShowYAML}, {"describe", keymap.ShowDescription}, {"events", keymap.ShowEvents}, {"logs", keymap.ShowLogs},
	}
}

// Screen is one object.
type Screen struct {
	frame   screen.Frame
	ref     kube.Ref
	wrong   error // what is wrong with the address
	objects screen.Inspector
	shown   *score.Assessment
	at      int // which tab is shown
	tabs    screen.TabLine
	yaml    *text
	about   *description
	events  *events
	logs    *logs
}

// New returns the screen at object/KIND/[NAMESPACE/]NAME. In the query, "tab" is the tab,
// "field" the path of the field to go to, "container" and "pod" whose log is wanted.
// Objects reads what the view does not hold; it is nil where there is nobody to ask.
func New(address nav.Address, objects screen.Inspector) *Screen {
	s := &Screen{objects: objects}
	s.ref, s.wrong = screen.ParseObject(address.Target)
	s.at = max(0, slices.IndexFunc(tabs(), func(t tab) bool { return t.name == address.Query["tab"] }))
	goal, sought := address.Query["field"]
	s.yaml = newText(s, goal, sought)
	s.about = newDescription(s)
	s.events = newEvents(s)
	s.logs = newLogs(s, address.Query["pod"], address.Query["container"])
	return s
}

// Check says what is wrong with what stands behind "object/", nil if nothing is.
func Check(target string) error {
	_, err := screen.ParseObject(target)
	return err
}

// Address returns where the screen is, with the tab that is shown.
func (s *Screen) Address() nav.Address {
	a := screen.ObjectAddress(s.ref)
	if s.at != yamlTab {
		a.Query = map[string]string{"tab": tabs()[s.at].name}
	}
	return a
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return s.ref.Short() }

// Object returns the object.
func (s *Screen) Object() (kube.Ref, bool) { return s.ref, s.wrong == nil }

// Scope returns the namespace of the object, "" for one in none.
func (s *Screen) Scope() string { return s.ref.Namespace }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.InObject, keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	var own []keymap.ID
	switch s.at {
	case yamlTab:
		own = []keymap.ID{keymap.Next, keymap.Fold, keymap.FoldAll, keymap.Copy}
	case logsTab:
		own = []keymap.ID{keymap.NextContainer, keymap.PreviousRun, keymap.Filter, keymap.Stamps, keymap.Wide, keymap.FirstError, keymap.NextPod}
	}
	return slices.Concat([]keymap.ID{keymap.Back, keymap.NextFocus}, own, []keymap.ID{keymap.CopyCommand, keymap.Help, keymap.Quit})
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment.
func (s *Screen) Show(a *score.Assessment) {
	s.shown = a
	if s.wrong != nil {
		return
	}
	s.yaml.show()
	switch s.at {
	case describeTab:
		s.about.show()
	case eventsTab:
		s.events.show()
	case logsTab:
		s.logs.show()
	}
}

// Work returns what all tabs have done in the background.
func (s *Screen) Work() []*screen.Work {
	return []*screen.Work{s.yaml.reading, s.yaml.marking, s.about.telling, s.events.gathering, s.events.asking, s.logs.following, s.logs.taking}
}

// Act does what a key means.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	if i := slices.IndexFunc(tabs(), func(t tab) bool { return t.key == id }); i >= 0 {
		s.turn(i)
		return nil
	}
	count := len(tabs())
	switch id {
	case keymap.NextFocus:
		s.turn((s.at + 1) % count)
	case keymap.PrevFocus:
		s.turn((s.at + count - 1) % count)
	case keymap.Object:
		if s.at == yamlTab && s.wrong == nil {
			s.yaml.again()
		}
		s.turn(yamlTab)
	case keymap.Events:
		s.turn(eventsTab)
	case keymap.Logs:
		s.turn(logsTab)
	case keymap.CopyCommand:
		return nav.Copy(s.command(), "the command that shows this with kubectl")
	case keymap.Paths:
		return nav.Open(screen.PathsFromObject(s.ref).String())
	default:
		return s.act(id)
	}
	return nil
}

// act does what a key means for the tab that is shown.
func (s *Screen) act(id keymap.ID) tea.Cmd {
	switch s.at {
	case describeTab:
		return s.about.act(id)
	case eventsTab:
		return s.events.act(id)
	case logsTab:
		return s.logs.act(id)
	}
	return s.yaml.act(id)
}

// turn shows another tab. What follows a log ends when its tab is left.
func (s *Screen) turn(to int) {
	if s.at == logsTab && to != logsTab {
		s.logs.stop()
	}
	s.at = to
	if s.shown != nil {
		s.Show(s.shown)
	}
}

// Filter goes to what is searched for, in the YAML or in the log.
func (s *Screen) Filter(search string) error {
	switch {
	case s.at == yamlTab:
		s.yaml.find(search)
	case s.at == logsTab:
		s.logs.find(search)
	case search != "":
		return fmt.Errorf("only YAML and logs are searched")
	}
	return nil
}

// FilterText returns what is searched for.
func (s *Screen) FilterText() string {
	switch s.at {
	case yamlTab:
		return s.yaml.search
	case logsTab:
		return s.logs.search
	}
	return ""
}

// View draws the tabs, and the one that is shown.
func (s *Screen) View() []string {
	f := s.frame
	if s.wrong != nil {
		box := widget.Box{Title: "Object", Padding: 1}
		w, h := box.Inner(f.Width, f.Height)
		return box.Render(f.Styles, f.Width, f.Height, widget.NewBlock(f.Styles, []string{f.Styles.Error.Render(s.wrong.Error())}, w, h))
	}
	tree, draw := widget.Pane{Name: tabs()[s.at].name}, s.draw
	if s.at == yamlTab {
		tree, draw = s.yaml.panes(f.Width), s.yaml.draw
	}
	body := tree.Draw(f.Styles, widget.Rect{W: f.Width, H: max(0, f.Height-1)}, draw)
	return append([]string{s.tabLine()}, body...)
}

// tabLine names the tabs, the one that is shown in brackets, and the object.
func (s *Screen) tabLine() string {
	st, width := s.frame.Styles, s.frame.Width
	var b strings.Builder
	b.WriteByte(' ')
	used := 1
	names := []string{"YAML", "describe", "events", "logs"}
	for _, name := range names {
		used += len(name) + len("[]")
	}
	for _, line := range s.tabs.Render(st, names, s.at, widget.Rect{X: 1, W: min(used, width) - 1, H: 1}) {
		b.WriteString(line)
	}
	name := style.Cut(s.ref.String(), max(0, width-used-3), st.Glyphs.Ellipsis)
	b.WriteString(style.Blanks(width - used - 1 - style.Width(name)))
	st.Header.Append(&b, name)
	b.WriteByte(' ')
	return b.String()
}

func (s *Screen) draw(_ string, r widget.Rect) widget.Block {
	st := s.frame.Styles
	box := widget.Box{Focus: true, Padding: 1}
	w, h := box.Inner(r.W, r.H)
	var body widget.Block
	switch s.at {
	case describeTab:
		body, box.Title, box.Footer = s.about.render(st, w, h)
	case eventsTab:
		body, box.Title, box.Footer = s.events.render(st, w, h)
	default:
		body, box.Title, box.Footer = s.logs.render(st, w, h)
	}
	return box.Render(st, r.W, r.H, body)
}

// Touch turns to the tab whose name lies at a cell.
func (s *Screen) Touch(x, y int) (keymap.ID, bool) {
	to, there := s.tabs.At(x, y)
	if there && to != s.at {
		s.turn(to)
	}
	return "", there
}

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int {
	switch {
	case s.wrong != nil:
		return 1
	case s.at == yamlTab:
		return 2 + len(s.yaml.notes(s.frame.Styles, max(20, s.frame.Width-4), s.frame.Height)) + s.yaml.pager.cursor - s.yaml.pager.top
	}
	return 2
}
