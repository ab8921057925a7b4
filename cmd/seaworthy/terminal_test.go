//go:build e2e

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// patience is how long a screen may take to show what is waited for.
const patience = 60 * time.Second

// prompt is what the shell in the terminal prints when it is ready.
const prompt = "ready>"

// terminal is a terminal with a shell in it, as a person has one. It is tmux's,
// which says what is on the screen and in which state the terminal is.
type terminal struct {
	t      *testing.T
	socket string
}

// openTerminal opens a terminal of that many columns and rows, until the end of
// the test.
func openTerminal(t *testing.T, width, height int) *terminal {
	t.Helper()
	dir, err := os.MkdirTemp("", "seaworthy-tmux-") //nolint:usetesting // the path of a socket has 108 bytes at most (unix(7))
	if err != nil {
		t.Fatal(err)
	}
	term := &terminal{t: t, socket: filepath.Join(dir, "socket")}
	t.Cleanup(func() {
		_ = exec.Command("tmux", "-S", term.socket, "kill-server").Run() // it may have ended
		_ = os.RemoveAll(dir)
	})
	term.tmux("-f", os.DevNull, "new-session", "-d", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height),
		"env", "-u", "NO_COLOR", "-u", "KUBECONFIG", "LC_ALL=C.UTF-8", "PS1="+prompt+" ", "ENV=", "/bin/sh")
	term.await("the shell", func(screen string) bool { return strings.HasPrefix(screen, prompt) })
	return term
}

// tmux runs a command of tmux and gives what it prints.
func (term *terminal) tmux(args ...string) string {
	term.t.Helper()
	output, err := exec.Command("tmux", append([]string{"-S", term.socket}, args...)...).CombinedOutput()
	if err != nil {
		term.t.Fatalf("running tmux %q: %v\n%s", args, err, output)
	}
	return string(output)
}

// press presses keys, as tmux names them: Enter, Escape, C-c, q. What Escape does
// must be awaited before the next key: a terminal sends Escape as the first byte
// of a longer key, so that one that follows at once is taken together with it.
func (term *terminal) press(keys ...string) {
	term.t.Helper()
	term.tmux(append([]string{"send-keys"}, keys...)...)
}

// write types a text.
func (term *terminal) write(text string) {
	term.t.Helper()
	term.tmux("send-keys", "-l", text)
}

// command has the shell run a line.
func (term *terminal) command(line string) {
	term.t.Helper()
	term.write(line)
	term.press("Enter")
}

// resize gives the terminal another size.
func (term *terminal) resize(width, height int) {
	term.t.Helper()
	term.tmux("resize-window", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height))
}

// screen is the text on the screen.
func (term *terminal) screen() string {
	term.t.Helper()
	return term.tmux("capture-pane", "-p")
}

// await waits until the screen is as wanted, and gives it.
func (term *terminal) await(what string, wanted func(screen string) bool) string {
	term.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		screen := term.screen()
		if wanted(screen) {
			return screen
		}
		select {
		case <-deadline.C:
			term.t.Fatalf("waiting for %s: after %s the screen is\n%s", what, patience, screen)
		case <-ticker.C:
		}
	}
}

// awaitText waits until all of the texts are on the screen, and gives it.
func (term *terminal) awaitText(texts ...string) string {
	term.t.Helper()
	return term.await(fmt.Sprintf("%q", texts), func(screen string) bool {
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		return true
	})
}

// click clicks so many times on a cell, counted from 1, as a terminal reports it in SGR mode
// (XTerm Control Sequences, "Extended coordinates"): all at once, for two clicks are one
// that opens only if they come together.
func (term *terminal) click(column, line, times int) {
	term.t.Helper()
	term.write(strings.Repeat(fmt.Sprintf("\x1b[<0;%[1]d;%[2]dM\x1b[<0;%[1]d;%[2]dm", column, line), times))
}

// modes are those of the terminal that a program changes and has to change back.
func (term *terminal) modes() string {
	term.t.Helper()
	return strings.TrimSpace(term.tmux("display-message", "-p",
		"alternate=#{alternate_on} cursor=#{cursor_flag} mouse=#{mouse_any_flag} keypad=#{keypad_flag}"))
}

// awaitMouse waits until a program has the mouse, or until none has.
func (term *terminal) awaitMouse(taken bool) {
	term.t.Helper()
	want := "mouse=0"
	if taken {
		want = "mouse=1"
	}
	term.await(want, func(string) bool { return strings.Contains(term.modes(), want) })
}

// settings are the terminal's own, as stty -a prints them. The shell must be
// waiting for a line.
func (term *terminal) settings() string {
	term.t.Helper()
	term.command("clear; stty -a")
	screen := term.awaitText("baud", "iexten", "\n"+prompt)
	return strings.TrimSpace(screen)
}

// expectClean checks that a program has left the terminal as it found it: the
// shell's own screen, a cursor, no mouse reports, the line settings of before, and
// letters that are shown when typed.
func (term *terminal) expectClean(settings string) {
	term.t.Helper()
	if got, want := term.modes(), "alternate=0 cursor=1 mouse=0 keypad=0"; got != want {
		term.t.Errorf("the terminal is left with %s, want %s", got, want)
	}
	if got := term.settings(); got != settings {
		term.t.Errorf("the line settings were\n%s\nand are\n%s", settings, got)
	}
	term.command("clear; echo still$((40+2))here")
	screen := term.awaitText("still42here", "\n"+prompt)
	if strings.ContainsRune(screen, '\x1b') {
		term.t.Errorf("escape sequences are on the screen: %q", screen)
	}
	term.write("typed")
	term.awaitText(prompt + " typed")
	term.press("C-u")
}
