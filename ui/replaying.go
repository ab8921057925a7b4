package ui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/replay"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// replayMsg says that a time line is other than it was.
type replayMsg struct{ of *replay.Replay }

// beginReplay has the marks of what is played found in the background.
func (m *Model) beginReplay() {
	f, player := m.following, m.options.Replay
	if player == nil {
		return
	}
	f.replay = replay.New(player)
	f.ending.Go(func() {
		defer m.options.crashes.catch("looking for incidents in the recording")
		f.replay.Run(f.ctx)
	})
}

// waitReplay returns a command that waits for the time line to change.
func (m *Model) waitReplay() tea.Cmd {
	of, ctx := m.replay, m.following.ctx
	if of == nil {
		return nil
	}
	rest := wheelEvery
	if m.options.Accessible {
		rest = calm
	}
	return func() tea.Msg {
		if !of.Next(ctx) || !screen.Pause(ctx, rest) {
			return nil
		}
		return replayMsg{of}
	}
}

// replayed takes in that a time line is other than it was.
func (m *Model) replayed(msg replayMsg) tea.Cmd {
	if msg.of != m.replay {
		return nil // it is not looked at any more
	}
	if problems := m.replay.Problems(); len(problems) > 0 && !m.warned {
		m.warned = true
		m.notice = notice{problems[0].Error(), true}
	}
	m.refresh()
	return m.waitReplay()
}

// moments is how many moments what is shown has, 0 for what is no recording.
func (m *Model) moments() int {
	if m.replay == nil {
		return 0
	}
	return len(m.replay.Position().Moments)
}

// scopes are those whose keys mean something now, the innermost first.
func (m *Model) scopes() []keymap.Scope {
	scopes := m.top().Keys()
	if m.lined {
		scopes = append(scopes, keymap.Replay)
	}
	return append(scopes, keymap.Global)
}

// control does what a key means for the recording that is played.
func (m *Model) control(id keymap.ID) tea.Cmd {
	if !m.lined {
		return nav.Notice("no recording of several moments is shown")
	}
	r, at := m.replay, m.replay.Position()
	switch id {
	case keymap.Pause:
		r.Play(!at.Playing)
	case keymap.StepBack:
		r.Play(false)
		r.Seek(at.At - 1)
	case keymap.StepOn:
		r.Play(false)
		r.Seek(at.At + 1)
	case keymap.Slower:
		r.Hasten(-1)
	case keymap.Faster:
		r.Hasten(1)
	case keymap.FirstSymptom:
		mark, ok := r.FirstSymptom()
		return m.jump(mark, ok, "symptom")
	default:
		mark, ok := markFrom(r, at.At, id == keymap.MarkAfter)
		return m.jump(mark, ok, "mark")
	}
	return nil
}

// markFrom returns the next mark after a frame, or the one before it.
func markFrom(r *replay.Replay, frame int, after bool) (found replay.Mark, ok bool) {
	marks, _ := r.Marks()
	for _, mark := range marks {
		switch {
		case after && mark.Frame > frame:
			return mark, true
		case !after && mark.Frame < frame:
			found, ok = mark, true
		}
	}
	return found, ok
}

// jump pauses at a mark and says what it is, or that there is none.
func (m *Model) jump(mark replay.Mark, ok bool, what string) tea.Cmd {
	if !ok {
		if _, done := m.replay.Marks(); !done {
			return nav.Notice(fmt.Sprintf("no such %s so far; %.0f %% of the recording is looked through", what, 100*m.replay.Looked()))
		}
		return nav.Notice("there is no such " + what)
	}
	m.replay.Play(false)
	m.replay.Seek(mark.Frame)
	return nav.Notice(markText(mark))
}

// markText says what happened at a mark.
func markText(mark replay.Mark) string {
	text := "ended"
	if mark.Began {
		text = "began"
		if mark.Frame == 0 {
			text = "began before the recording or with it"
		}
	}
	return fmt.Sprintf("%s %s %s: %s", mark.Time().UTC().Format(time.TimeOnly), mark.Severity, text, message.Scrub(mark.Title))
}

const (
	leastTrack = 20 // cells, below which no key is named beside it
	longSpan   = 24 * time.Hour
)

// timeLine is what stands in the row of the time line: words, the track, and keys.
type timeLine struct {
	left, from, to string
	hints          []widget.Part
	track          widget.Track
	width          int // of the track
}

// placeTimeLine lays the row out.
func (m *Model) placeTimeLine() timeLine {
	at := m.replay.Position()
	first, last, now := at.Moments[0], at.Moments[len(at.Moments)-1], at.Moments[at.At]
	layout := time.TimeOnly
	if last.Sub(first) >= longSpan {
		layout = "01-02 15:04"
	}
	stamp := func(t time.Time) string { return t.UTC().Format(layout) }
	l := timeLine{left: "paused " + stamp(now), from: stamp(first), to: stamp(last)}
	if at.Playing {
		l.left = fmt.Sprintf("%gx %s", at.Speed, stamp(now))
	}
	l.left = style.PadRight(l.left, len("paused ")+len(layout))
	const around = 6 // blanks
	l.width = m.width - len(l.left) - len(l.from) - len(l.to) - around
	for _, hint := range m.replayHints(at.Playing) {
		cells := style.Width(hint.Text) + 1 + style.Width(hint.Rest) + 2
		if l.width-cells < max(leastTrack, m.width/4) {
			break
		}
		l.width -= cells
		l.hints = append(l.hints, hint)
	}
	l.track = m.trackOf(at)
	return l
}

// replayHints says what the keys do, the most useful first.
func (m *Model) replayHints(playing bool) []widget.Part {
	hints := m.keys.Hints(keymap.Pause, keymap.FirstSymptom, keymap.MarkAfter, keymap.StepOn, keymap.StepBack, keymap.Faster, keymap.Slower)
	if playing {
		hints[0].Text = "pause"
	}
	return widget.Hints(m.styles, hints)
}

// trackOf draws the marks on the track. The worst that began in a cell is seen, and an end
// only where nothing began.
func (m *Model) trackOf(at recording.Position) widget.Track {
	st, first, last := m.styles, at.Moments[0], len(at.Moments)-1
	span := max(at.Moments[last].Sub(first), 1)
	place := func(frame int) float64 { return float64(at.Moments[min(frame, last)].Sub(first)) / float64(span) }
	track := widget.Track{At: place(at.At)}
	marks, _ := m.replay.Marks()
	for _, mark := range marks {
		if !mark.Began {
			track.Pins = append(track.Pins, widget.Pin{At: place(mark.Frame), Glyph: st.Glyphs.Tick, Style: st.OK})
		}
	}
	for severity := style.Low; severity <= style.Critical; severity++ {
		for _, mark := range marks {
			if mark.Began && screen.IncidentSeverity(mark.Severity) == severity {
				track.Pins = append(track.Pins, widget.Pin{At: place(mark.Frame), Glyph: st.Glyphs.Severity[severity], Style: st.Severity(severity)})
			}
		}
	}
	return track
}

// timeLine draws the row of the recording that is played.
func (m *Model) timeLine() string {
	st := m.styles
	switch {
	case m.moments() < 2: // it turned out to be broken, and the screen is not told yet
		return style.Blanks(m.width)
	case st.Glyphs.Spoken:
		return m.spokenTimeLine()
	}
	l := m.placeTimeLine()
	var line strings.Builder
	line.WriteString(" " + st.Text.Render(l.left) + "  " + st.Muted.Render(l.from) + " " + l.track.Render(st, l.width) + " " + st.Muted.Render(l.to))
	for _, hint := range l.hints {
		line.WriteString("  " + hint.Style.Render(hint.Text) + " " + hint.RestStyle.Render(hint.Rest))
	}
	return line.String() + " "
}

// spokenTimeLine says in words what the time line shows.
func (m *Model) spokenTimeLine() string {
	st, at := m.styles, m.replay.Position()
	state := "paused"
	if at.Playing {
		state = fmt.Sprintf("playing %gx", at.Speed)
	}
	stamp := func(i int) string { return at.Moments[i].UTC().Format(time.TimeOnly) }
	marks, done := m.replay.Marks()
	found := some(len(marks), "mark")
	if found == "" {
		found = "no marks"
	}
	if !done {
		found += " so far"
	}
	last := len(at.Moments) - 1
	return widget.Status{Left: []widget.Part{
		{Text: fmt.Sprintf("%s at %s", state, stamp(at.At)), Style: st.Text, Priority: 9},
		{Text: fmt.Sprintf("moment %d of %d", at.At+1, last+1), Style: st.Text, Priority: 8},
		{Text: found, Style: st.Text, Priority: 7},
		{Text: fmt.Sprintf("from %s to %s", stamp(0), stamp(last)), Style: st.Muted, Priority: 6},
	}, Right: m.replayHints(at.Playing)[:1]}.Render(st, m.width)
}

// pointTimeLine goes to the moment at a cell of the time line.
func (m *Model) pointTimeLine(x int) {
	if m.styles.Glyphs.Spoken || m.moments() < 2 {
		return
	}
	l, at := m.placeTimeLine(), m.replay.Position()
	cell := x - 1 - len(l.left) - 2 - len(l.from) - 1
	if cell < 0 || cell >= l.width {
		return
	}
	first, last := at.Moments[0], at.Moments[len(at.Moments)-1]
	m.replay.SeekTime(first.Add(time.Duration(l.track.Place(cell, l.width) * float64(last.Sub(first)))))
}
