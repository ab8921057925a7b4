package finding

import (
	"context"
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// relatedEach is how many of each kind are named.
const relatedEach = 8

// related is what the view knows beside the finding. It never changes.
type related struct {
	of       *score.Finding
	shown    *score.Assessment
	same     []*score.Finding // of the same object, worst first
	sameMore int
	// elsewhere are findings of the same rule in other objects, those of the namespace
	// first, and everywhere how many there are in how many namespaces.
	elsewhere  []*score.Finding
	everywhere int
	spaces     int
	written    string // who wrote the object last, "" if that is not known
	workload   bool   // the object belongs to a workload
	// engines is what policy engines found of the same object, in lines.
	engines []string
}

// relate returns the job that looks for what is related, once through all findings.
func (s *Screen) relate() screen.Job {
	f, shown := s.finding, s.shown
	if s.related != nil && s.related.of == f && s.related.shown == shown {
		return nil
	}
	again := s.related != nil && s.related.of == f
	return func(ctx context.Context) func() {
		if again && !screen.Rest(ctx) {
			return nil
		}
		made := relatedTo(ctx, shown, f)
		if ctx.Err() != nil {
			return nil
		}
		return func() {
			s.related = made
			s.beside.Update(made.lines)
		}
	}
}

// relatedTo looks for what is related to a finding.
func relatedTo(ctx context.Context, shown *score.Assessment, f *score.Finding) *related {
	r := &related{of: f, shown: shown}
	home := f.Home()
	for _, other := range home.Findings {
		if other.Subject == f.Subject && other != f {
			r.same = insertWorst(r.same, other)
			r.sameMore++
		}
	}
	r.sameMore -= len(r.same)
	r.elsewhere = r.ofRule(home)
	for _, n := range shown.Namespaces {
		if ctx.Err() != nil {
			return nil
		}
		if n.Name != home.Name {
			r.elsewhere = append(r.elsewhere, r.ofRule(n)...)
		}
	}
	r.elsewhere = r.elsewhere[:min(len(r.elsewhere), relatedEach)]
	r.written = writtenBy(shown.Cluster, f.Subject)
	_, r.workload = screen.WorkloadOf(shown.Cluster, f.Subject)
	r.engines = screen.EnginesFound(shown, f.Home(), f.Subject)
	return r
}

// insertWorst keeps the few worst of findings, the worst first.
func insertWorst(worst []*score.Finding, f *score.Finding) []*score.Finding {
	at := len(worst)
	for at > 0 && screen.CompareFindings(f, worst[at-1]) < 0 {
		at--
	}
	if at == relatedEach {
		return worst
	}
	worst = append(worst[:at:at], append([]*score.Finding{f}, worst[at:]...)...)
	return worst[:min(len(worst), relatedEach)]
}

// ofRule counts the findings of the rule in a namespace, and returns the first few of
// other objects.
func (r *related) ofRule(n *score.Namespace) []*score.Finding {
	var found []*score.Finding
	before := r.everywhere
	for _, other := range n.Findings {
		if other.Rule != r.of.Rule || other.Subject == r.of.Subject {
			continue
		}
		if r.everywhere++; len(found) < relatedEach {
			found = append(found, other)
		}
	}
	if r.everywhere > before {
		r.spaces++
	}
	return found
}

// writtenBy says who wrote an object last. Who wrote the field itself the view does not
// keep: of managed fields it holds who wrote when, not what.
func writtenBy(c *kube.Cluster, ref kube.Ref) string {
	r, ok := kube.ResourceOf(ref.Group, ref.Kind)
	if !ok {
		return ""
	}
	object, ok := c.Find(ref)
	if !ok {
		return ""
	}
	written, ok := c.WrittenAs(r, object)
	if !ok || written.Manager == "" {
		return ""
	}
	return written.Manager + " as " + written.APIVersion
}

// lines draws what is related.
func (r *related) lines(st *style.Styles, width int) []string {
	var lines []string
	heading := func(text string) {
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, st.Title.Render(style.Truncate(text, width, st.Glyphs.Ellipsis)))
	}
	row := func(f *score.Finding, text string) {
		severity := screen.Severity(f.Severity)
		mark, look := st.Severity(severity), st.Text
		if !f.Open() {
			mark, look = st.Muted, st.Muted
		}
		points := ""
		if f.Points > 0 {
			points = fmt.Sprintf("-%.2f", f.Points)
		}
		const number = 8
		lines = append(lines, mark.Render(st.SeverityMark(severity))+" "+
			look.Render(style.FitText(text, max(1, width-number-4), style.Left, st.Glyphs.Ellipsis))+st.Muted.Render(style.PadLeft(points, number)))
	}
	quiet := func(text string) {
		lines = append(lines, st.Muted.Wrap(text, width)...)
	}
	heading("Also found of " + style.Clean(r.of.Subject.Short()))
	for _, f := range r.same {
		row(f, screen.Wrong(f))
	}
	switch {
	case len(r.same) == 0:
		quiet("nothing else")
	case r.sameMore > 0:
		quiet(fmt.Sprintf("and %d more", r.sameMore))
	}
	if len(r.engines) > 0 {
		heading("What policy engines found of it")
		for _, text := range r.engines {
			quiet(style.Clean(text))
		}
	}
	heading("The same rule elsewhere")
	for _, f := range r.elsewhere {
		place := screen.Place(f)
		if f.Home() != r.of.Home() {
			place = f.Home().Name + " " + place
		}
		row(f, place)
	}
	switch {
	case r.everywhere == 0:
		quiet("in no other object")
	case r.everywhere > len(r.elsewhere):
		quiet(fmt.Sprintf("and %d more: %d in %s", r.everywhere-len(r.elsewhere), r.everywhere, screen.Plural(r.spaces, "namespace")))
	}
	if r.written != "" {
		heading("Last written by")
		quiet(r.written)
	}
	heading("From here")
	if r.workload {
		quiet("W opens its workload")
	}
	quiet("P shows the attack paths from it")
	return lines
}
