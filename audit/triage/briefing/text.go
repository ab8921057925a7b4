package briefing

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// mostIncidents and mostLines are how much of a report is written in full: who was
// just called reads one screen. Documents have all of it.
const (
	mostIncidents = 7
	mostLines     = 8
)

// WriteText writes a report for who was just called, the worst first. Each incident is
// a block that can be pasted into a channel as it is: what is wrong, since when by UTC,
// who is hit, what changed, the likely cause with what speaks against it, and the next
// commands that are not known to be denied; nil is for who cannot be asked.
func WriteText(w io.Writer, r *Report, known cause.Answers) error {
	out := &writer{w: bufio.NewWriter(w), now: r.Time, known: known}
	out.head(r)
	told, more := r.Told()
	for _, b := range told {
		out.line("")
		out.briefing(b)
	}
	if more > 0 {
		out.line("")
		out.line("+%d more incidents: -o json has all of them", more)
	}
	out.tail(r)
	if err := out.w.Flush(); err != nil {
		return fmt.Errorf("writing what is broken: %w", err)
	}
	return nil
}

// Told returns the briefings that a text tells of, and how many it leaves out: those of
// what is over are not counted.
func (r *Report) Told() (told []*Briefing, more int) {
	for _, b := range r.Briefings {
		switch {
		case b.State == incident.Resolved:
		case len(told) < mostIncidents:
			told = append(told, b)
		default:
			more++
		}
	}
	return told, more
}

// WriteBriefing writes one incident as WriteText does.
func WriteBriefing(w io.Writer, b *Briefing, now time.Time, known cause.Answers) error {
	out := &writer{w: bufio.NewWriter(w), now: now, known: known}
	out.briefing(b)
	if err := out.w.Flush(); err != nil {
		return fmt.Errorf("writing an incident: %w", err)
	}
	return nil
}

// writer writes lines; what the cluster says is made harmless on the way.
type writer struct {
	w     *bufio.Writer
	now   time.Time
	known cause.Answers
}

func (o *writer) line(format string, values ...any) {
	for i, value := range values {
		if text, is := value.(string); is {
			values[i] = printable.Text(message.Scrub(text))
		}
	}
	_, _ = fmt.Fprintf(o.w, format+"\n", values...) // an error is kept and told by Flush
}

func (o *writer) head(r *Report) {
	open, recovering := 0, 0
	for _, b := range r.Briefings {
		switch b.State {
		case incident.Open:
			open++
		case incident.Recovering:
			recovering++
		case incident.Resolved:
		}
	}
	switch {
	case open == 0 && recovering == 0 && len(r.Suspects) == 0 && len(r.Blind) > 0:
		o.line("%s: nothing is known to be broken at %s, as far as can be seen", r.Cluster.Info.Name, moment(r.Time))
	case open == 0 && recovering == 0 && len(r.Suspects) == 0:
		o.line("%s: nothing is known to be broken at %s", r.Cluster.Info.Name, moment(r.Time))
	case open == 0:
		o.line("%s: no incident at %s, %d recovering, %d suspects", r.Cluster.Info.Name, moment(r.Time), recovering, len(r.Suspects))
	default:
		o.line("%s: %s at %s; %d of %d signals explained", r.Cluster.Info.Name, plural(open, "incident"), moment(r.Time), r.Explained, r.Signals)
	}
}

func (o *writer) briefing(b *Briefing) {
	o.line("%s %s  %s", b.Severity.String(), b.ID, b.Title)
	o.line("   where   %s", b.Where)
	o.line("   since   %s", since(b, o.now))
	impact := strings.TrimPrefix(b.Radius().String(), "potential impact: ")
	if b.Radius().Workloads+b.Radius().Services+b.Radius().Hosts > 0 {
		impact += " (potential: no traffic is measured)"
	}
	o.line("   impact  %s", impact)
	lines := distinct(b.Lines)
	for k, line := range lines {
		if k == mostLines {
			o.line("           and %d more signals", len(lines)-k)
			break
		}
		o.signal(line, b.Where)
	}
	d := b.Diagnosis()
	for k, ranked := range d.Changes {
		o.line("   %-8s%s", label("changed", k), moment(ranked.Change.Time)+" "+ranked.Change.Certainty.String()+": "+ranked.Change.Object.Short()+": "+ranked.Change.Title+by(ranked.Change.By))
	}
	if d.Unchanged != "" {
		o.line("   changed %s", d.Unchanged)
	}
	proposals := make([]cause.Proposal, len(d.Causes))
	for k := range d.Causes {
		proposals[k] = d.Causes[k].Propose(o.known)
		o.cause(&d.Causes[k])
		o.commands(proposals[k].Commands)
	}
	if left := cause.LeftOut(o.known, proposals...); left != "" {
		o.line("           %s", left)
	}
}

// distinct leaves of the lines that say the same of the same object the worst: a
// container that is killed for memory again and again is both killed and restarted.
func distinct(lines []incident.Line) []*incident.Line {
	var all []*incident.Line
	for k := range lines {
		line := &lines[k]
		same := slices.IndexFunc(all, func(other *incident.Line) bool {
			return other.Object == line.Object && other.Message == line.Message
		})
		switch {
		case same < 0:
			all = append(all, line)
		case line.Severity == triage.Worse(line.Severity, all[same].Severity):
			all[same] = line
		}
	}
	return all
}

func (o *writer) signal(l *incident.Line, where string) {
	mark, count := "wrong  ", ""
	if l.Symptom() {
		mark = "effect "
	}
	if l.Count > 1 {
		count = fmt.Sprintf(" ×%d", l.Count)
	}
	if l.Of > 0 {
		count = fmt.Sprintf(" %d/%d pods", l.Count, l.Of)
	}
	ref := l.Object
	if !l.Workload.IsZero() && l.Count > 1 {
		ref = l.Workload
	}
	name := ref.Short()
	if ref.Namespace != "" && ref.Namespace != where {
		name += " in " + ref.Namespace
	}
	o.line("   %s %s", mark, l.Severity.String()+" "+name+count+": "+l.Message)
}

func (o *writer) cause(c *cause.Cause) {
	if c.Band == cause.NotDetermined {
		o.line("   cause   not determined")
	} else {
		o.line("   cause   %s (%s, %d of 100)", c.Title, c.Band.String(), c.Confidence)
	}
	for _, side := range []struct {
		name  string
		lines []string
	}{{"for", c.For}, {"against", c.Against}, {"unknown", c.Unknown}} {
		for _, line := range side.lines {
			o.line("           %-7s %s", side.name, line)
		}
	}
	if c.Fix != "" {
		o.line("   fix     %s", c.Fix)
	}
}

func (o *writer) commands(all []cause.Command) {
	for k := range all {
		tags := o.known.Tags(&all[k], "  ")
		_, _ = fmt.Fprintf(o.w, "   %-8s%s%s\n", label("next", k), printable.Text(all[k].Text), printable.Text(tags))
	}
}

// tail writes what there is beside incidents, and what could not be seen.
func (o *writer) tail(r *Report) {
	if r.Notes != nil && len(r.Notes.Lines) > 0 {
		o.line("")
		o.line("housekeeping: %s of no consequence now (-o json has them)", plural(len(r.Notes.Lines), "thing"))
	}
	if len(r.Suspects) > 0 {
		o.line("")
		o.line("suspects: true, but not for long enough to count")
		for k := range r.Suspects {
			if k == mostLines {
				o.line("   and %d more", len(r.Suspects)-k)
				break
			}
			s := &r.Suspects[k]
			o.line("   %s %s: %s", s.Detector.ID, s.Object.String(), s.Message+observed(s))
		}
	}
	o.blind(r)
	o.line("")
	if r.Cluster.Clock.Ticks {
		o.line("changes: seen as they happened since %s; before that, what objects and events remember", moment(r.Live))
		return
	}
	o.line("changes: what objects and events remember")
}

// blind names what could not be read and how many detectors do without: what they
// would find is unknown, not well.
func (o *writer) blind(r *Report) {
	if len(r.Blind) == 0 {
		return
	}
	var states []kube.State
	detectors := map[kube.State]int{}
	for _, u := range r.Blind {
		if detectors[u.State] == 0 {
			states = append(states, u.State)
		}
		detectors[u.State]++
	}
	o.line("")
	o.line("unknown: %s cannot see what they look for", plural(len(r.Blind), "detector"))
	for _, state := range states {
		o.line("   %s %s (%s)", state.Resource.String(), cmp.Or(state.Reason, state.Phase.String()), plural(detectors[state], "detector"))
	}
}

func observed(s *triage.Watched) string {
	if s.Observed {
		return " (nothing records since when)"
	}
	return ""
}

func since(b *Briefing, now time.Time) string {
	text := moment(b.Since)
	if b.Estimated {
		text = "~" + text
	}
	text += ", " + triage.Span(now.Sub(b.Since))
	if b.State == incident.Recovering {
		text += ", recovering since " + moment(b.Ended)
	}
	if b.Flapping {
		text += ", flapping"
	}
	return text
}

// label names the first of several lines.
func label(name string, k int) string {
	if k > 0 {
		return ""
	}
	return name
}

func by(who string) string {
	if who == "" {
		return ""
	}
	return ", by " + who
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}
