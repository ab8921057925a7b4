package widget

import (
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// PromptEvent is what came of a key in a Prompt.
type PromptEvent int

// The events of a Prompt.
const (
	// PromptIgnored means that the key is none for an input line.
	PromptIgnored PromptEvent = iota
	// PromptMoved means that the cursor moved, and the text is as before.
	PromptMoved
	// PromptEdited means that the text may have changed.
	PromptEdited
	// PromptAccepted means that the user takes the line; it is in the history.
	PromptAccepted
	// PromptCanceled means that the user leaves the line.
	PromptCanceled
)

// maxHistory is how many lines the history keeps.
const maxHistory = 100

// Prompt is one line of input with a history and completion, for filters and
// commands. The zero value is ready for use.
type Prompt struct {
	// Label stands before the input, such as "/" or ":".
	Label string
	// Problem stands at the right, such as what is wrong with a filter; empty
	// for nothing.
	Problem string
	// Candidates returns the lines that the text so far may be completed to,
	// the best first. Nil means that nothing is completed. It must be quick:
	// it is called when the line is drawn.
	Candidates func(text string) []string

	text   []rune
	cursor int // Index into text.

	history []string
	back    int    // How many lines back in the history the text is; 0 is what is typed.
	typed   string // What was typed before going back.

	choices []string // What completion goes through; nil if it has not begun.
	choice  int
}

// Value returns the text as typed. It is not cleaned.
func (p *Prompt) Value() string {
	return string(p.text)
}

// SetValue replaces the text and puts the cursor at its end.
func (p *Prompt) SetValue(text string) {
	p.text = []rune(text)
	p.cursor = len(p.text)
	p.choices = nil
}

// Reset empties the line. The history stays.
func (p *Prompt) Reset() {
	p.SetValue("")
	p.back, p.Problem = 0, ""
}

// Insert puts a text in at the cursor, such as one that is pasted. Line breaks
// become blanks, other control characters are left out.
func (p *Prompt) Insert(text string) {
	insert := slices.DeleteFunc([]rune(strings.NewReplacer("\r\n", " ", "\n", " ", "\t", " ").Replace(text)), unicode.IsControl)
	insert = insert[:max(0, min(len(insert), mostTyped-len(p.text)))]
	p.text = slices.Insert(p.text, p.cursor, insert...)
	p.cursor += len(insert)
	p.choices = nil
}

// Handle takes a key, by the bindings of keymap.Prompt or as a letter.
func (p *Prompt) Handle(key tea.KeyPressMsg, keys *keymap.Map) PromptEvent {
	id := keys.Lookup(key.String(), keymap.Prompt)
	switch id {
	case keymap.Accept:
		p.remember()
		return PromptAccepted
	case keymap.Cancel:
		return PromptCanceled
	case keymap.Complete:
		p.complete()
	case keymap.OlderInput:
		p.recall(p.back + 1)
	case keymap.NewerInput:
		p.recall(p.back - 1)
	case keymap.EraseLeft:
		p.erase(p.cursor-1, p.cursor)
	case keymap.EraseRight:
		p.erase(p.cursor, p.cursor+1)
	case keymap.EraseWord:
		p.erase(p.wordStart(), p.cursor)
	case keymap.EraseLine:
		p.erase(0, p.cursor)
	case "":
		if key.Text == "" {
			return PromptIgnored
		}
		p.Insert(key.Text)
	default:
		return p.move(id)
	}
	return PromptEdited
}

// move moves the cursor.
func (p *Prompt) move(id keymap.ID) PromptEvent {
	switch id {
	case keymap.CursorLeft:
		p.cursor = max(p.cursor-1, 0)
	case keymap.CursorNext:
		p.cursor = min(p.cursor+1, len(p.text))
	case keymap.CursorHome:
		p.cursor = 0
	case keymap.CursorEnd:
		p.cursor = len(p.text)
	default:
		return PromptIgnored
	}
	return PromptMoved
}

// erase takes out the letters from one index to another.
func (p *Prompt) erase(from, to int) {
	from, to = max(from, 0), min(to, len(p.text))
	if from < to {
		p.text = slices.Delete(p.text, from, to)
		p.cursor = from
	}
	p.choices = nil
}

// wordStart returns the index of the start of the word before the cursor.
func (p *Prompt) wordStart() int {
	start := p.cursor
	for start > 0 && unicode.IsSpace(p.text[start-1]) {
		start--
	}
	for start > 0 && !unicode.IsSpace(p.text[start-1]) {
		start--
	}
	return start
}

// remember puts the text into the history, once.
func (p *Prompt) remember() {
	text := p.Value()
	p.back = 0
	if strings.TrimSpace(text) == "" {
		return
	}
	p.history = slices.DeleteFunc(p.history, func(old string) bool { return old == text })
	p.history = append(p.history, text)
	if len(p.history) > maxHistory {
		p.history = slices.Delete(p.history, 0, len(p.history)-maxHistory)
	}
}

// recall shows the line that is so many lines back in the history.
func (p *Prompt) recall(back int) {
	if back < 0 || back > len(p.history) {
		return
	}
	if p.back == 0 {
		p.typed = p.Value()
	}
	p.back = back
	if back == 0 {
		p.SetValue(p.typed)
		return
	}
	p.SetValue(p.history[len(p.history)-back])
}

// complete goes to the first or to the next candidate.
func (p *Prompt) complete() {
	if p.choices == nil {
		if p.Candidates == nil {
			return
		}
		p.choices, p.choice = p.Candidates(p.Value()), -1
	}
	if len(p.choices) == 0 {
		return
	}
	choices, choice := p.choices, (p.choice+1)%len(p.choices)
	p.SetValue(choices[choice])
	p.choices, p.choice = choices, choice
}

// suggestion returns the rest of the best candidate that begins with the text,
// if the cursor is at the end of a text.
func (p *Prompt) suggestion() string {
	if p.Candidates == nil || len(p.text) == 0 || p.cursor != len(p.text) {
		return ""
	}
	text := p.Value()
	for _, candidate := range p.Candidates(text) {
		if rest, ok := strings.CutPrefix(candidate, text); ok {
			return rest
		}
	}
	return ""
}

// Render draws the line in width cells: label, text, the suggestion muted, and
// the problem at the right. The part around the cursor is always visible.
func (p *Prompt) Render(s *style.Styles, width int) string {
	line, _ := p.draw(s, width)
	return line
}

// CursorColumn returns the column, from 0, at which the terminal's cursor
// belongs in a line of that width.
func (p *Prompt) CursorColumn(s *style.Styles, width int) int {
	_, column := p.draw(s, width)
	return column
}

func (p *Prompt) draw(s *style.Styles, width int) (line string, column int) {
	label := style.Cut(p.Label, width, "")
	room := width - style.Width(label)
	if room <= 1 {
		return style.Fit(s.Prompt.Render(label), width, style.Left, ""), max(0, min(style.Width(label), width-1))
	}
	near := room * lettersPerCell // what is farther from the cursor is not seen
	before := style.Clean(string(p.text[max(0, p.cursor-near):p.cursor]))
	after := style.Clean(string(p.text[p.cursor:min(len(p.text), p.cursor+near)]))
	if over := style.Width(before) - (room - 1); over > 0 {
		before = cutLeft(before, over)
	}
	column = style.Width(label) + style.Width(before)
	free := width - column
	after = style.Truncate(after, free, s.Glyphs.Ellipsis)
	free -= style.Width(after)
	ghost := style.Cut(p.suggestion(), free, s.Glyphs.Ellipsis)
	free -= style.Width(ghost)
	problem := ""
	if free > 4 {
		problem = style.Cut(p.Problem, free-2, s.Glyphs.Ellipsis)
	}
	line = s.Prompt.Render(label) + s.Text.Render(before) + s.Text.Render(after) + s.Muted.Render(ghost) +
		style.Blanks(free-style.Width(problem)) + s.Error.Render(problem)
	return line, column
}

const (
	// mostTyped is how many letters a line holds: a text that is pasted by mistake must
	// not keep the program busy.
	mostTyped = 4096
	// lettersPerCell is how many letters at most share a cell: one, and its marks.
	lettersPerCell = 5
)

// cutLeft takes at least that many cells off the start of a clean text.
func cutLeft(text string, cells int) string {
	width := style.Width(text)
	for i := range text {
		if width-style.Width(text[i:]) >= cells {
			return style.Clean(text[i:])
		}
	}
	return ""
}
