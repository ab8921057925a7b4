package triage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// entry is something that happened, as the timeline tells it.
type entry struct {
	time  time.Time
	rank  int // among those of the same time
	sign  string
	look  style.Style // of the sign
	text  string
	tone  style.Style
	aside string // how it is known; "" for what needs no word
	more  []string
}

// The ranks of entries of the same second: a change comes before what it did.
const (
	changeRank = iota
	onsetRank
	signalRank
	endRank
	nowRank
)

// timeline returns what happened of an incident, the first first: what changed before it,
// its onset, its signals, and what came after. Changes from before a moment are left out.
func timeline(st *style.Styles, a *answer, b *briefing.Briefing, now, since time.Time) []entry {
	var all []entry
	if a != nil {
		for _, ranked := range [][]change.Ranked{a.diagnosis.Changes, a.diagnosis.Reactions} {
			for k := range ranked {
				if c := ranked[k].Change; !c.Time.Before(since) {
					all = append(all, ofChange(st, &ranked[k]))
				}
			}
		}
	}
	onset := entry{time: b.Since, rank: onsetRank, sign: st.Glyphs.Cursor, look: st.Accent, text: "it began", tone: st.Accent}
	if b.Estimated {
		onset.text, onset.aside = "it began about then", "the time is worked out, or it was first seen then"
	}
	all = append(all, onset)
	for k := range b.Lines {
		line := ofLine(st, &b.Lines[k])
		said := func(e entry) bool { return e.rank == signalRank && e.text == line.text && e.time.Equal(line.time) }
		if !slices.ContainsFunc(all, said) { // two detectors may say the same
			all = append(all, line)
		}
	}
	for k := range b.Signals {
		if s := &b.Signals[k]; s.State == triage.Recovering || s.State == triage.Resolved {
			all = append(all, entry{
				time: s.Ended, rank: endRank, sign: st.Glyphs.Tick, look: st.Muted, tone: st.Muted,
				text: s.Object.Short() + " ceased: " + said(st, s.Message),
			})
		}
	}
	all = append(all, entry{time: now, rank: nowRank, sign: st.Glyphs.Still, look: st.Muted, text: "now, " + stateOf(b.Incident, false), tone: st.Muted})
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Or(a.time.Compare(b.time), cmp.Compare(a.rank, b.rank)) })
	return all
}

// ofChange tells of a change.
func ofChange(st *style.Styles, r *change.Ranked) entry {
	e := entry{time: r.Change.Time, rank: changeRank, sign: st.Glyphs.Live, look: st.Warn, tone: st.Text, aside: known(st, r.Change)}
	e.text = "change: " + changed(st, r.Change)
	switch {
	case r.Reaction:
		e.look, e.tone, e.aside = st.Muted, st.Muted, "after it began; "+e.aside
	case r.Contrast == change.Convicted:
		e.aside = "the new revision fails where the old one does not; " + e.aside
	case r.Contrast == change.Acquitted:
		e.aside = "not the cause: both revisions fare alike; " + e.aside
	}
	for _, d := range r.Change.Differences {
		if text := said(st, d.String()); !strings.Contains(e.text, text) {
			e.more = append(e.more, text)
		}
	}
	if quote := r.Change.Cause; quote != "" {
		e.more = append(e.more, "change-cause: "+fmt.Sprintf("%q", said(st, quote)))
	}
	if r.Change.Action == change.Changed && !r.Change.Compared && len(r.Change.Differences) == 0 {
		e.more = append(e.more, "what differs is not known: no earlier revision is kept")
	}
	return e
}

// ofLine tells of a signal on the pods of a revision, or on one object.
func ofLine(st *style.Styles, l *incident.Line) entry {
	e := entry{
		time: l.Onset, rank: signalRank, sign: st.Glyphs.Severity[screen.IncidentSeverity(l.Severity)], look: st.Severity(screen.IncidentSeverity(l.Severity)),
		text: signs(st, who(l)) + ": " + said(st, l.Message), tone: st.Text,
	}
	if l.Symptom() {
		e.aside = "because of " + l.By.Object.Short()
	}
	if l.State == triage.Suspect {
		e.look, e.tone = st.Muted, st.Muted
	}
	return e
}

// stampCells is how wide the times of a timeline are.
const stampCells = 11

// draw draws an entry, in one line if it is to be brief.
func (e entry) draw(st *style.Styles, now time.Time, width int, brief bool) []string {
	cells := stampCells
	if brief && now.Sub(e.time) < 24*time.Hour {
		cells = len("15:04:05")
	}
	head := st.Muted.Render(style.PadRight(clock(e.time, now), cells)) + " " + e.look.Render(style.PadRight(e.sign, 1)) + " "
	room := max(8, width-cells-3)
	aside := ""
	if e.aside != "" {
		aside = "  (" + e.aside + ")"
	}
	if brief {
		text := shortly(e.text, room, st)
		left := room - style.Width(text)
		return []string{head + e.tone.Render(text) + st.Muted.Render(style.Cut(aside, left, st.Glyphs.Ellipsis))}
	}
	var lines []string
	for _, line := range style.Wrap(e.text, room) {
		lines = append(lines, head+e.tone.Render(line))
		head = style.Blanks(cells + 3)
	}
	if e.aside != "" {
		lines = append(lines, indented(st.Muted, "("+e.aside+")", head, room)...)
	}
	for _, more := range e.more {
		lines = append(lines, indented(st.Text, st.Glyphs.Arrow+" "+more, head, room)...)
	}
	return lines
}

func indented(look style.Style, text, blanks string, room int) []string {
	var lines []string
	for _, line := range style.Wrap(text, room) {
		lines = append(lines, blanks+look.Render(line))
	}
	return lines
}

// timelineLines draws a timeline, an entry a line, in at most so many lines: where there
// are more, what is left out in the middle is counted.
func timelineLines(st *style.Styles, all []entry, now time.Time, width, height int) []string {
	var lines []string
	for _, e := range all {
		lines = append(lines, e.draw(st, now, width, true)...)
	}
	if more := len(lines) - height; more > 0 && height > 2 {
		text := fmt.Sprintf("%s more: enter shows all", screen.Plural(more+1, "event"))
		lines = slices.Concat(lines[:height-2], []string{st.Muted.Render(style.Cut(text, width, st.Glyphs.Ellipsis))}, lines[len(lines)-1:])
	}
	return lines
}
