// Package uitest is a robot user: it drives a Bubble Tea model by messages,
// without a terminal, and says what stands on the screen. Tests of screens and
// of the whole program read as a story: press, then expect.
//
//	robot := uitest.New(t, model, 80, 24)
//	robot.Press("j", "j", "enter")
//	robot.Expect("privileged container")
//
// After every message the robot checks what holds for every frame: no line is
// wider and no frame higher than the screen, and nothing but styles escapes.
//
// The package is for tests only. It must know nothing of what is shown.
package uitest

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// maxMessages is how many messages one action may lead to; more is a loop.
const maxMessages = 1000

// Robot is a user at a screen. It is not safe for concurrent use.
type Robot struct {
	t             testing.TB
	model         tea.Model
	view          tea.View
	width, height int
	quit          bool

	// results carries what commands answer; running counts those that have
	// not answered.
	results chan tea.Msg
	running int

	// Patience is how long an action waits for its commands. Commands that
	// take longer (ticks, watches) go on; see WaitFor. It is 100 ms at first.
	Patience time.Duration
}

// New starts a model on a screen of that size, in cells, and runs its Init.
func New(t testing.TB, model tea.Model, width, height int) *Robot {
	t.Helper()
	r := &Robot{t: t, model: model, results: make(chan tea.Msg, maxMessages), Patience: 100 * time.Millisecond}
	r.start(model.Init())
	r.Resize(width, height)
	return r
}

// Resize gives the screen another size, in cells.
func (r *Robot) Resize(width, height int) *Robot {
	r.t.Helper()
	r.width, r.height = width, height
	return r.Send(tea.WindowSizeMsg{Width: width, Height: height})
}

// Press presses keys by the names of tea.KeyPressMsg.String: "j", "G",
// "enter", "ctrl+f", "shift+tab", "space".
func (r *Robot) Press(keys ...string) *Robot {
	r.t.Helper()
	for _, name := range keys {
		key, ok := Key(name)
		if !ok {
			r.t.Fatalf("there is no key %q", name)
		}
		r.Send(key)
	}
	return r
}

// Type types a text letter by letter.
func (r *Robot) Type(text string) *Robot {
	r.t.Helper()
	for _, letter := range text {
		r.Send(tea.KeyPressMsg{Code: letter, Text: string(letter)})
	}
	return r
}

// Send gives the model messages, one after the other, and runs what follows
// from each.
func (r *Robot) Send(messages ...tea.Msg) *Robot {
	r.t.Helper()
	for _, msg := range messages {
		r.update(msg)
		r.settle()
	}
	return r
}

// Quit reports whether the program has asked to end.
func (r *Robot) Quit() bool {
	return r.quit
}

// Model returns the model as it is now.
func (r *Robot) Model() tea.Model {
	return r.model
}

// View returns the last frame with all that belongs to it: cursor, title,
// colours.
func (r *Robot) View() tea.View {
	return r.view
}

// Styled returns the lines of the screen with their escape sequences.
func (r *Robot) Styled() []string {
	return strings.Split(r.view.Content, "\n")
}

// Lines returns the lines of the screen as plain text.
func (r *Robot) Lines() []string {
	return strings.Split(r.Screen(), "\n")
}

// Screen returns the whole screen as plain text.
func (r *Robot) Screen() string {
	return ansi.Strip(r.view.Content)
}

// update gives the model one message and looks at the frame that follows.
func (r *Robot) update(msg tea.Msg) {
	r.t.Helper()
	switch commands := commandsOf(msg); {
	case msg == nil:
	case commands != nil:
		for _, cmd := range commands {
			r.start(cmd)
		}
	case reflect.TypeOf(msg) == reflect.TypeFor[tea.QuitMsg]():
		r.quit = true
	default:
		var cmd tea.Cmd
		r.model, cmd = r.model.Update(msg)
		r.start(cmd)
		r.view = r.model.View()
		r.checkFrame()
	}
}

// commandsOf returns the commands in a batch or in a sequence. The type of a
// sequence is not exported, so any slice of commands counts.
func commandsOf(msg tea.Msg) []tea.Cmd {
	value := reflect.ValueOf(msg)
	if msg == nil || !value.Type().ConvertibleTo(reflect.TypeFor[[]tea.Cmd]()) {
		return nil
	}
	return value.Convert(reflect.TypeFor[[]tea.Cmd]()).Interface().([]tea.Cmd)
}

// start runs a command. Its answer comes by results.
func (r *Robot) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	r.running++
	results := r.results
	go func() { results <- cmd() }()
}

// settle takes in the answers of commands until all have answered or patience
// runs out.
func (r *Robot) settle() {
	r.t.Helper()
	deadline := time.NewTimer(r.Patience)
	defer deadline.Stop()
	for count := 0; r.running > 0; count++ {
		if count == maxMessages {
			r.t.Fatalf("one action led to more than %d messages", maxMessages)
		}
		select {
		case msg := <-r.results:
			r.running--
			r.update(msg)
		case <-deadline.C:
			return
		}
	}
}

// checkFrame fails the test if the frame breaks what holds for every frame.
func (r *Robot) checkFrame() {
	r.t.Helper()
	lines := r.Styled()
	if r.height > 0 && len(lines) > r.height {
		r.t.Fatalf("the frame has %d lines on a screen of %d:\n%s", len(lines), r.height, r.framed())
	}
	for i, line := range lines {
		if width := ansi.StringWidth(line); r.width > 0 && width > r.width {
			r.t.Fatalf("line %d has %d cells on a screen of %d:\n%s", i+1, width, r.width, r.framed())
		}
		if control := foreign(line); control != "" {
			r.t.Fatalf("line %d has %q, which is no style:\n%s", i+1, control, r.framed())
		}
	}
}

// foreign returns the first thing in a line that is neither text nor a
// sequence of style (SGR), or nothing.
func foreign(line string) string {
	var state byte
	for line != "" {
		sequence, width, n, next := ansi.DecodeSequence(line, state, nil)
		isStyle := strings.HasPrefix(sequence, "\x1b[") && strings.HasSuffix(sequence, "m") &&
			!slices.ContainsFunc([]byte(sequence[2:len(sequence)-1]), func(b byte) bool { return b != ';' && b != ':' && (b < '0' || b > '9') })
		control := strings.ContainsFunc(sequence, func(r rune) bool { return r < ' ' || r >= 0x7F && r < 0xA0 })
		if width == 0 && control && !isStyle {
			return sequence
		}
		line, state = line[n:], next
	}
	return ""
}
