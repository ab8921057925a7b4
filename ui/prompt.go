package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"github.com/seaworthy-dev/seaworthy/audit/policy/form"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// maxPattern bounds what is matched fuzzily: the time grows with the square of
// the pattern.
const maxPattern = 32

// purpose is what a line is typed for.
type purpose int

const (
	filtering purpose = iota
	asking
	commanding // with an address, or with what is like one
)

// prompt is a line being typed.
type prompt struct {
	line *widget.Prompt
	purpose
	before string        // the filter or question before, for when the user leaves the line
	cursor widget.Cursor // where it stood then
}

// startFilter opens the line of a filter, which works while it is typed.
func (m *Model) startFilter(f screen.Filterer) {
	m.filterLine.SetValue(f.FilterText())
	m.prompt = &prompt{line: m.filterLine, before: f.FilterText()}
	if _, table := m.table(); table != nil {
		m.prompt.cursor = table.Cursor()
	}
}

// startQuestion opens the line of a question, which is answered while it is typed.
func (m *Model) startQuestion(a screen.Asker) {
	m.questionLine.Label = a.Asks() + " "
	m.questionLine.SetValue(a.Question())
	m.prompt = &prompt{line: m.questionLine, purpose: asking, before: a.Question()}
}

// startCommand opens the line of a command: an address, or what is like one.
func (m *Model) startCommand() {
	m.commandLine.Reset()
	m.commandLine.Candidates = m.candidates()
	m.prompt = &prompt{line: m.commandLine, purpose: commanding}
}

// promptKey passes a key to the line and does what comes of it.
func (m *Model) promptKey(key tea.KeyPressMsg) tea.Cmd {
	p := m.prompt
	switch p.line.Handle(key, m.keys) {
	case widget.PromptIgnored, widget.PromptMoved:
	case widget.PromptEdited:
		m.typed()
	case widget.PromptCanceled:
		m.prompt = nil
		if take := m.taking(p.purpose); take != nil {
			m.complain(take(p.before))
			if _, table := m.table(); table != nil && p.purpose == filtering {
				table.Return(p.cursor)
			}
		}
	case widget.PromptAccepted:
		if m.typed(); p.line.Problem != "" {
			return nil // the line stays, to be mended or left
		}
		m.prompt = nil
		if p.purpose == commanding {
			return m.command(strings.TrimSpace(p.line.Value()))
		}
	}
	return nil
}

// paste puts a text where one is typed. Anywhere else its letters would be keys that
// nobody has pressed.
func (m *Model) paste(text string) {
	switch {
	case m.finder.shown:
		m.finder.line.Insert(text)
		m.finder.typed()
	case m.prompt != nil:
		m.prompt.line.Insert(text)
		m.typed()
	default:
		m.notice = notice{fmt.Sprintf("pasted text goes into a line: %s filters, %s opens", m.keyOf(keymap.Filter), m.keyOf(keymap.Command)), false}
	}
}

// taking returns what takes a line while it is typed for a purpose on the shown screen, nil
// if nothing does.
func (m *Model) taking(p purpose) func(text string) error {
	switch f, ok := m.top().(screen.Filterer); {
	case p == filtering && ok:
		return f.Filter
	case p == asking:
		if a, ok := m.top().(screen.Asker); ok {
			return a.Ask
		}
	}
	return nil
}

// typed filters, or asks, while the line is typed. While something is wrong with it, that
// stands beside and the rows are those of the line before: the half of a word that came
// last would let nothing through.
func (m *Model) typed() {
	p := m.prompt
	p.line.Problem = ""
	take := m.taking(p.purpose)
	if take == nil {
		return
	}
	if err := take(p.line.Value()); err != nil {
		p.line.Problem = err.Error()
		m.complain(take(p.before))
	}
}

// filter filters the rows of a screen, or says what is wrong with the text.
func (m *Model) filter(f screen.Filterer, text string) { m.complain(f.Filter(text)) }

// complain says what is wrong, if anything is.
func (m *Model) complain(err error) {
	if err != nil {
		m.notice = notice{err.Error(), true}
	}
}

// command does what was typed: a command, an address as it is, else what is most like
// an address.
func (m *Model) command(text string) tea.Cmd {
	word, args, several := strings.Cut(text, " ")
	if c, ok := commandOf(word); ok {
		return m.runCommand(c, strings.TrimSpace(args))
	}
	if text == "" {
		return nil
	}
	if _, err := m.make(text); err == nil {
		m.open(text)
		return nil
	}
	name, _, _ := strings.Cut(word, "/")
	if _, known := routeOf(name); known {
		m.open(text) // says what is wrong with it
		return nil
	}
	addresses := m.addresses()
	if best := completions(text, addresses); len(best) > 0 && !several {
		m.open(best[0])
		return nil
	}
	names := slices.Clone(addresses)
	for _, c := range commands() {
		names = append(names, c.name)
	}
	if near := form.Nearest(word, names); near != "" {
		m.notice = notice{fmt.Sprintf("there is no command or screen %q%s", word, near), true}
		return nil
	}
	m.open(text) // says what there is
	return nil
}

// addresses are those that can be named: the screens and the namespaces.
func (m *Model) addresses() []string {
	all := places()
	if m.news.Assessment != nil {
		for _, n := range m.news.Assessment.Namespaces {
			all = append(all, nav.Address{Screen: "ns", Target: n.Name}.String())
		}
	}
	return all
}

// candidates returns how what is typed behind a colon is completed: the name of a
// command or an address, then the arguments of the command.
func (m *Model) candidates() func(string) []string {
	names := []string{}
	for _, c := range commands() {
		names = append(names, c.name)
	}
	names = append(names, m.addresses()...)
	last, found := "", []string(nil)
	return func(text string) []string {
		if text == last { // it is asked with every frame
			return found
		}
		last, found = text, nil
		word, args, several := strings.Cut(text, " ")
		c, ok := commandOf(word)
		switch {
		case !several:
			found = completions(text, names)
		case ok && c.complete != nil:
			for _, completed := range c.complete(m, strings.TrimLeft(args, " ")) {
				found = append(found, word+" "+completed)
			}
		}
		return found
	}
}

// completions returns what a text may be completed to: what begins with it before what
// has its letters in order.
func completions(text string, all []string) []string {
	if text == "" || len(text) > maxPattern {
		return nil
	}
	begins := func(a string) bool { return strings.HasPrefix(a, text) || strings.HasPrefix(a, "ns/"+text) }
	var first []string
	for _, a := range all {
		if begins(a) {
			first = append(first, a)
		}
	}
	for _, match := range fuzzy.Find(text, all) {
		if !begins(match.Str) {
			first = append(first, match.Str)
		}
	}
	return first
}
