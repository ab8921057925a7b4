package ui

import (
	"fmt"
	"reflect"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/kube/workgroup"
)

// Crash is the error of a program that panicked. When it is returned, the terminal is
// as it was. What to do with it is for who started the program: nothing here touches a
// disk.
type Crash struct {
	// Where says what was being done, as in "drawing a frame".
	Where string
	// Address is that of the screen that was shown, "" if it cannot be told.
	Address string
	// Value is what was panicked with, as text.
	Value string
	// Stack is the stack of the goroutine that panicked.
	Stack string
}

// Error says what happened, in one line.
func (c *Crash) Error() string {
	value, _, _ := strings.Cut(c.Value, "\n")
	return fmt.Sprintf("%s: panic: %s", c.Where, value)
}

// crashes takes the first panic of any goroutine of the program, and has the program
// end in order: Bubble Tea would print the stack over the shell and, for a goroutine
// that is not its own, leave the terminal as it is.
type crashes struct {
	mu    sync.Mutex
	quit  func() // ends the program; nil while there is none
	first *Crash
}

// endBy tells how the program is ended, which may wait until a message is taken. A panic
// that came before ends it at once.
func (c *crashes) endBy(quit func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.quit = quit
	if c.first != nil {
		go quit()
	}
}

// catch is deferred by what may panic; where says what is done there.
func (c *crashes) catch(where string) {
	if c == nil {
		return // the panic goes on
	}
	if value := recover(); value != nil {
		caught := workgroup.Caught(value)
		c.report(where, caught.Value, caught.Stack)
	}
}

// report takes a panic. It does not wait.
func (c *crashes) report(where string, value any, stack []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.first != nil {
		return
	}
	c.first = &Crash{Where: where, Value: fmt.Sprint(value), Stack: string(stack)}
	if c.quit != nil {
		go c.quit()
	}
}

// happened returns the first panic, nil if there was none.
func (c *crashes) happened() *Crash {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.first
}

// guarded is the program's model with every panic caught. Once there was one, the model
// is not asked any more: what it holds may be half done.
type guarded struct {
	model   tea.Model
	crashes *crashes
}

// Init begins.
func (g guarded) Init() tea.Cmd { return g.crashes.guard(g.model.Init()) }

// Update passes a message on.
func (g guarded) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if g.crashes.happened() != nil {
		return g, nil
	}
	return g, g.update(msg)
}

func (g guarded) update(msg tea.Msg) tea.Cmd {
	defer g.crashes.catch("taking a message")
	_, cmd := g.model.Update(msg)
	return g.crashes.guard(cmd)
}

// View draws, or leaves the screen empty for the moment until it is left.
func (g guarded) View() (view tea.View) {
	view = tea.View{AltScreen: true}
	if g.crashes.happened() != nil {
		return view
	}
	defer g.crashes.catch("drawing a frame")
	return g.model.View()
}

// guard returns a command that does the same, and those that it leads to, with panics
// caught.
func (c *crashes) guard(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer c.catch("working in the background")
		msg = cmd()
		for i, list := 0, commandsIn(msg); i < len(list); i++ {
			list[i] = c.guard(list[i])
		}
		return msg
	}
}

// commandsIn returns the commands of a message that is a batch or a sequence, not a
// copy of them; nil for any other. The type of a sequence is not exported.
func commandsIn(msg tea.Msg) []tea.Cmd {
	value := reflect.ValueOf(msg)
	if msg == nil || !value.Type().ConvertibleTo(reflect.TypeFor[[]tea.Cmd]()) {
		return nil
	}
	return value.Convert(reflect.TypeFor[[]tea.Cmd]()).Interface().([]tea.Cmd)
}

// shownAddress returns where the user is, "" if that cannot be told any more.
func (m *Model) shownAddress() (address string) {
	defer func() { _ = recover() }() // the panic that is told of is the first one
	return m.top().Address().String()
}
