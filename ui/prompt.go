package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// maxPattern bounds what is matched fuzzily: the time grows with the square of
// the pattern.
const maxPattern = 32

// prompt is a line being typed.
type prompt struct {
	line    *widget.Prompt
	command bool   // an address is typed, not a filter
	before  string // the filter before, for when the user leaves the line
}

// startFilter opens the line of a filter, which works while it is typed.
func (m *Model) startFilter(f screen.Filterer) {
	m.filterLine.SetValue(f.FilterText())
	m.prompt = &prompt{line: m.filterLine, before: f.FilterText()}
}

// startCommand opens the line of a command: an address, or what is like one.
func (m *Model) startCommand() {
	m.commandLine.Reset()
	m.commandLine.Candidates = m.candidates()
	m.prompt = &prompt{line: m.commandLine, command: true}
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
		if f, ok := m.top().(screen.Filterer); ok && !p.command {
			m.filter(f, p.before)
		}
	case widget.PromptAccepted:
		if m.typed(); p.line.Problem != "" {
			return nil // the line stays, to be mended or left
		}
		m.prompt = nil
		if p.command {
			return m.command(strings.TrimSpace(p.line.Value()))
		}
	}
	return nil
}

// typed filters while the filter is typed. While something is wrong with it, that
// stands beside and the rows are those of the filter before: the half of a word
// that came last would let nothing through.
func (m *Model) typed() {
	p := m.prompt
	p.line.Problem = ""
	f, ok := m.top().(screen.Filterer)
	if p.command || !ok {
		return
	}
	if err := f.Filter(p.line.Value()); err != nil {
		p.line.Problem = err.Error()
		m.filter(f, p.before)
	}
}

// filter filters the rows of a screen, or says what is wrong with the text.
func (m *Model) filter(f screen.Filterer, text string) {
	if err := f.Filter(text); err != nil {
		m.notice = notice{err.Error(), true}
	}
}

// command opens what was typed: an address as it is, else what is most like it.
func (m *Model) command(text string) tea.Cmd {
	switch text {
	case "":
		return nil
	case "q", "quit":
		return tea.Quit
	}
	if name, ok := contextNamed(text); ok {
		m.lookByName(name)
		return nil
	}
	if _, err := m.make(text); err == nil {
		m.open(text)
		return nil
	}
	name, _, _ := strings.Cut(text, "/")
	if _, known := routeOf(name); !known {
		if best := m.candidates()(text); len(best) > 0 {
			m.open(best[0])
			return nil
		}
	}
	m.open(text) // says what is wrong with it
	return nil
}

// candidates returns how addresses are completed: what begins with the text
// before what has its letters in order.
func (m *Model) candidates() func(string) []string {
	var all []string
	for _, r := range routes() {
		if r.target == "" {
			all = append(all, r.name)
		}
	}
	if m.news.Assessment != nil {
		for _, n := range m.news.Assessment.Namespaces {
			all = append(all, nav.Address{Screen: "ns", Target: n.Name}.String())
		}
	}
	return func(text string) []string {
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
}
