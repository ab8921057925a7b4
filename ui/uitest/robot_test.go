package uitest_test

import (
	"flag"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/uitest"
)

// counter is a program that shows what it was told.
type counter struct {
	init   tea.Cmd
	size   string
	keys   []string
	notes  []string
	suffix string
}

type note string

func (c *counter) Init() tea.Cmd { return c.init }

func (c *counter) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	say := func(text string) tea.Cmd { return func() tea.Msg { return note(text) } }
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		c.size = fmt.Sprintf("%dx%d", msg.Width, msg.Height)
	case note:
		if msg == "loop" {
			return c, say("loop")
		}
		c.notes = append(c.notes, string(msg))
	case tea.KeyPressMsg:
		c.keys = append(c.keys, msg.String())
		switch msg.String() {
		case "b":
			return c, tea.Batch(say("one"), nil, tea.Sequence(say("two"), tea.Batch(say("three"))))
		case "t":
			return c, tea.Tick(time.Hour, func(time.Time) tea.Msg { return note("late") })
		case "o":
			return c, say("loop")
		case "q":
			return c, tea.Quit
		}
	}
	return c, nil
}

func (c *counter) View() tea.View {
	return tea.NewView(fmt.Sprintf("size %s\n> \x1b[1mkeys\x1b[m %s\nnotes %s%s",
		c.size, strings.Join(c.keys, ","), strings.Join(c.notes, ","), c.suffix))
}

func TestRobot(t *testing.T) {
	t.Parallel()
	robot := uitest.New(t, &counter{init: func() tea.Msg { return note("init") }}, 70, 5)
	robot.Expect("size 70x5", "notes init")
	robot.Press("j", "G", "ctrl+f", "shift+tab", "space", "enter").Type("é?")
	robot.ExpectSelected("keys j,G,ctrl+f,shift+tab,space,enter,é,?")
	robot.ExpectLine("keys", "ctrl+f", "enter").ExpectNot("\x1b", "nothing")
	robot.Press("b").Expect("one", "two", "three")
	robot.Resize(60, 3).Expect("size 60x3")
	if styled := robot.Styled()[1]; !strings.Contains(styled, "\x1b[1mkeys") {
		t.Errorf("the styled line is %q", styled)
	}
	if robot.Quit() {
		t.Error("the program has quit")
	}
	robot.Press("q").ExpectQuit()
	uitest.New(t, &counter{}, 20, 3).Press("x").Golden("counter").GoldenStyled("counter-styled")
}

func TestWaitFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		robot := uitest.New(t, &counter{}, 40, 5)
		robot.Press("t").ExpectNot("late")
		robot.WaitFor("late", 2*time.Hour)
	})
}

// witness takes the place of a test to see it fail.
type witness struct {
	testing.TB
	message string
}

func (w *witness) Helper() {}

func (w *witness) Fatalf(format string, args ...any) {
	w.message = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func (w *witness) Errorf(format string, args ...any) {
	w.message = fmt.Sprintf(format, args...)
}

func TestRobotFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		suffix string // What is added to each frame.
		run    func(*uitest.Robot)
		want   string
	}{
		"absent text":      {"", func(r *uitest.Robot) { r.Expect("nothing") }, "does not show \"nothing\":\nscreen 30x4\n  1 |size 30x4|"},
		"present text":     {"", func(r *uitest.Robot) { r.ExpectNot("keys") }, "shows \"keys\""},
		"wrong order":      {"", func(r *uitest.Robot) { r.ExpectLine("30x4", "size") }, "no line"},
		"wrong selection":  {"", func(r *uitest.Robot) { r.ExpectSelected("size") }, "not on \"size\""},
		"goes on":          {"", func(r *uitest.Robot) { r.ExpectQuit() }, "goes on"},
		"unknown key":      {"", func(r *uitest.Robot) { r.Press("entre") }, "no key \"entre\""},
		"too wide":         {strings.Repeat("x", 30), func(_ *uitest.Robot) {}, "line 3 has 36 cells"},
		"too high":         {"\n\n", func(_ *uitest.Robot) {}, "the frame has 5 lines"},
		"clipboard by OSC": {"\x1b]52;c;eA==\a", func(_ *uitest.Robot) {}, "which is no style"},
		"clear screen":     {"\x1b[2J", func(_ *uitest.Robot) {}, "which is no style"},
		"bell":             {"\a", func(_ *uitest.Robot) {}, "which is no style"},
		"C1":               {"\u009b", func(_ *uitest.Robot) {}, "which is no style"},
		"never ends":       {"", func(r *uitest.Robot) { r.Patience = time.Minute; r.Press("o") }, "more than 1000 messages"},
		"waits in vain":    {"", func(r *uitest.Robot) { r.WaitFor("nothing", 0) }, "after 0s"},
		"other golden":     {"", func(r *uitest.Robot) { r.Golden("counter") }, "counter.golden differs"},
		"no golden":        {"", func(r *uitest.Robot) { r.Golden("absent") }, "reading golden file"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.Contains(name, "golden") && flag.Lookup("update").Value.String() == "true" {
				t.Skip("golden files are being written")
			}
			w := &witness{TB: t}
			done := make(chan struct{})
			go func() {
				defer close(done)
				test.run(uitest.New(w, &counter{suffix: test.suffix}, 30, 4))
			}()
			<-done
			if !strings.Contains(w.message, test.want) {
				t.Errorf("the message is %q, want %q", w.message, test.want)
			}
		})
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"j", "G", "?", "é", "enter", "space", "shift+tab", "ctrl+p", "ctrl+shift+f5", "alt+x", "+", "ctrl++"} {
		if key, ok := uitest.Key(name); !ok || key.String() != name {
			t.Errorf("key %q is %q (%v)", name, key.String(), ok)
		}
	}
	for _, name := range []string{"", "jj", "control+p", "ctrl+"} {
		if key, ok := uitest.Key(name); ok {
			t.Errorf("key %q is taken for %q", name, key.String())
		}
	}
}
