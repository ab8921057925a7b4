package ui_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/logbook"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// talk writes down some of what is said in the life of a program.
func (u *user) talk() *user {
	u.log.Add(logbook.Info, "client-go", "Waiting for caches to sync")
	for range 12 {
		u.log.Add(logbook.Warning, "server", "v1 ComponentStatus is deprecated in v1.19+, "+strings.Repeat("and more of it ", 12))
	}
	u.log.Add(logbook.Error, "stderr", "aws: \x1b[31mToken has expired\x1b[0m and refresh failed")
	return u.wait()
}

func TestTheLogIsTold(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.publish().talk().Expect("2 new in :log", "live")
		u.Press(":").Type("log").Press("enter").Expect("Overview › Log", "Log (3)").ExpectNot("new in :log")
		u.ExpectLine("error", "stderr", "aws: ").ExpectLine("warning", "12", "server").ExpectSelected("00:00:0")
		u.Press("j").Expect("This line, 12 times since 00:00:0").Press("/").Type("level>=warning").Press("enter").Expect("Log (2 of 3) filtered by level>=warning")
		u.log.Add(logbook.Error, "client-go", "lost the connection")
		u.wait().ExpectLine("error", "lost the connection").ExpectNot("new in :log").Press("/").Type(" zz").Press("enter").Expect("lets nothing through")
		u.Press("esc", "esc").Expect("Namespaces (6)")
		u.log.Add(logbook.Info, "client-go", "all is well")
		u.wait().ExpectNot("new in :log")
		u.log.Add(logbook.Warning, "server", "look out")
		u.wait().Expect("1 new in :log")
	})
}

// TestAFloodOfLogIsNotDrawnLineByLine counts what the program does for a thousand lines.
func TestAFloodOfLogIsNotDrawnLineByLine(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "log"}, 80, 24, func(u *user) {
		u.publish()
		for i := range 1000 {
			u.log.Add(logbook.Warning, "server", fmt.Sprint("warning ", i))
		}
		u.wait().Expect("Log (1000)").ExpectLine("warning 999")
	})
}

func TestLogScreen(t *testing.T) {
	t.Parallel()
	for _, size := range append(sizes(), [2]int{60, 15}) {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			run(t, ui.Options{At: "log"}, size[0], size[1], func(u *user) {
				u.publish().talk().Press("j").Golden(fmt.Sprintf("log-%dx%d", size[0], size[1]))
			})
		})
	}
	run(t, ui.Options{At: "log"}, 80, 24, func(u *user) {
		u.publish().Expect("Log (0)", "nothing was said so far").Press("y", "j")
	})
}

// TestPasteIsTextAndNotKeys pastes letters that would leave the program.
func TestPasteIsTextAndNotKeys(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.publish().Send(paste("q\nq"))
		u.Expect("pasted text goes into a line: / filters, : opens", "Namespaces (6)")
		if u.Quit() {
			u.t.Error("a pasted letter left the program")
		}
		u.Press("/").Send(paste("pay\nments\x1b[2J"))
		u.Expect("/pay ments[2J")
	})
}

func TestSuspending(t *testing.T) {
	t.Parallel()
	shell := false
	run(t, ui.Options{Suspendable: func() bool { return shell }}, 100, 30, func(u *user) {
		u.publish().Press("ctrl+z").Expect("there is no shell that could resume the program")
		shell = true
		u.Press("ctrl+z").ExpectNot("there is no shell")
		u.source.views <- u.cluster.Build(screentest.Noon)
		u.Send(tea.ResumeMsg{}).Expect("Namespaces (6)")
	})
}

// login is a cluster to log in to.
type login struct {
	needed bool
	err    error
}

func (l *login) Needed() bool                { return l.needed }
func (l *login) Login(context.Context) error { l.needed = false; return l.err }

func TestLoggingInAgain(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.publish().Press("R").Expect("no credential plugin is used")
	})
	l := &login{}
	run(t, ui.Options{Sighting: ui.Sighting{Login: l}}, 100, 30, func(u *user) {
		u.publish().ExpectNot("needs you").Expect("● live")
		l.needed = true
		u.publish().Expect("needs you: press R to log in").ExpectNot("● live")
	})
	rebound, err := keymap.Default().Rebind(map[keymap.ID][]string{keymap.Login: {"ctrl+t"}})
	if err != nil {
		t.Fatal(err)
	}
	l = &login{needed: true, err: errors.New("logging in: no answer")}
	run(t, ui.Options{Sighting: ui.Sighting{Login: l}, Keys: rebound}, 100, 30, func(u *user) {
		u.publish().Expect("needs you: press ^t to log in")
	})
}

// TestKeysInForce uses other keys than those of the registry.
func TestKeysInForce(t *testing.T) {
	t.Parallel()
	for preset, story := range map[string]func(*user){
		"k9s": func(u *user) {
			u.Press("enter").Expect("Findings (26)").Press("l").Expect("[logs]").Press("ctrl+a").Type("cov").Press("enter").Expect("Coverage")
		},
		"emacs": func(u *user) {
			u.Press("ctrl+n", "ctrl+n", "ctrl+p", "ctrl+f").Expect("› kube-system").Press("ctrl+g").Expect("Namespaces (6)")
			u.Press("ctrl+x").Expect(":").Press("ctrl+g").Press("?").ExpectLine("down ^n", "down one row")
		},
	} {
		keys, err := keymap.Preset(preset)
		if err != nil {
			t.Fatal(err)
		}
		run(t, ui.Options{Keys: keys}, 100, 30, func(u *user) { story(u.publish()) })
	}
	keys, err := keymap.Default().Rebind(map[keymap.ID][]string{keymap.Quit: {"Q"}, keymap.Filter: {"ctrl+t"}})
	if err != nil {
		t.Fatal(err)
	}
	run(t, ui.Options{Keys: keys}, 80, 24, func(u *user) {
		u.Resize(50, 10).Expect("Q quits").Resize(80, 24)
		u.publish().Expect("^t filter").Press("q").Expect("Namespaces (6)").Press("ctrl+t").Type("pay").Press("enter").Expect("Namespaces (1")
		u.Press("Q").ExpectQuit()
	})
}
