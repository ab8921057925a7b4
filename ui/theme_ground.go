package ui

import (
	"context"
	"image/color"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/themes"
)

// patience is how long a terminal has to say what its background is before something
// is assumed. Many never answer: a detached tmux, a serial line.
const patience = 200 * time.Millisecond

// clearing is how long the program's own background takes to leave the terminal before
// it is asked for its own: longer than a frame.
const clearing = 100 * time.Millisecond

// behind is what is known of the terminal's background.
type behind struct {
	asked  bool         // the terminal was asked, or is about to be
	late   bool         // it had its time
	answer themes.Color // what it said, at whatever time
	hint   string       // COLORFGBG
}

// lateMsg says that a terminal had its time to answer.
type lateMsg struct{}

// waiting reports whether the terminal may still say what its background is.
func (l *looks) waiting() bool {
	return l.behind.asked && !l.behind.late && l.behind.answer.Kind == themes.None && l.theme == nil
}

// askAtFirst asks the terminal for its background before anything is drawn on it; nil
// where the theme does not go by it.
func (m *Model) askAtFirst() tea.Cmd {
	if !m.looks.waiting() {
		return nil
	}
	return tea.Batch(tea.RequestBackgroundColor, after(m.ctx, patience, lateMsg{}))
}

// ask asks a terminal that the program has painted, as soon as it has its own background
// back; nil if it was asked before.
func (l *looks) ask(ctx context.Context) tea.Cmd {
	if l.behind.asked {
		return nil
	}
	l.behind.asked = true
	return tea.Batch(
		tea.Sequence(after(ctx, clearing, nil), tea.RequestBackgroundColor),
		after(ctx, clearing+patience, lateMsg{}),
	)
}

// after returns a command that waits, not longer than the program runs, and sends a
// message.
func after(ctx context.Context, wait time.Duration, msg tea.Msg) tea.Cmd {
	return func() tea.Msg {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
			return msg
		}
	}
}

// answered takes what the terminal says of its background, however late: a theme that
// was assumed rightly stays without a change.
func (m *Model) answered(msg tea.BackgroundColorMsg) tea.Cmd {
	if msg.Color == nil {
		return nil
	}
	r, g, b, _ := msg.RGBA()
	m.looks.behind.answer = themes.Color{Kind: themes.RGB, R: uint8(r >> 8), G: uint8(g >> 8), B: uint8(b >> 8)}
	return m.decided()
}

// undecided goes on without an answer.
func (m *Model) undecided() tea.Cmd {
	m.looks.behind.late = true
	return m.decided()
}

// decided draws in a theme, and shows what was held back until there was one.
func (m *Model) decided() tea.Cmd {
	cmd := m.retheme()
	if held := m.looks.held; held != nil {
		m.looks.held = nil
		return tea.Batch(cmd, m.hear(*held))
	}
	return cmd
}

// dark says whether the terminal's background is dark: by its answer, else by the
// variable COLORFGBG, else it is assumed.
func (b behind) dark() bool {
	if b.answer.Kind == themes.RGB {
		return b.answer.Dark()
	}
	return darkByHint(b.hint)
}

// darkByHint reads COLORFGBG, "15;0" or "0;default;15": the number of the background
// comes last. Those of 0 to 6 and 8 are dark, as vim has it ('background').
func darkByHint(hint string) bool {
	number, err := strconv.Atoi(hint[strings.LastIndexByte(hint, ';')+1:])
	if err != nil || number < 0 || number > 15 {
		return true
	}
	return number <= 6 || number == 8
}

// painted gives the terminal the colours of the theme where they are needed.
func (m *Model) painted(view *tea.View) {
	view.BackgroundColor, view.ForegroundColor = m.paint()
	if view.Cursor != nil {
		view.Cursor.Color = view.ForegroundColor
	}
}

// paint returns the colours that the terminal gets for its background and its letters,
// nil where it keeps its own. It does where its sixteen colours are used, and where the
// theme goes by its background and can be read on it: that may be an image, or
// transparent.
func (m *Model) paint() (ground, ink color.Color) {
	l := &m.looks
	if l.theme == nil || l.poor() {
		return nil, nil
	}
	if _, _, auto := automatic(m.themeName()); auto {
		answer := l.behind.answer
		unknown := l.behind.asked && !l.behind.late && answer.Kind == themes.None
		if unknown || answer.Kind == themes.RGB && l.theme.Reads(answer) {
			return nil, nil
		}
	}
	return m.styles.Ground, m.styles.Ink
}
