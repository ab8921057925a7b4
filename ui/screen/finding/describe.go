package finding

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// describe are the lines that explain the finding.
func (s *Screen) describe(st *style.Styles, width int) []string {
	f := s.finding
	var lines []string
	section := func(heading, text string) {
		if text == "" {
			return
		}
		const indent = 10
		wrap := style.Wrap
		if heading == "FIELD" {
			wrap = style.WrapPath
		}
		for i, line := range wrap(text, max(20, width-indent)) {
			label := style.Blanks(indent)
			if i == 0 {
				label = st.Title.Render(style.PadRight(heading, indent))
			}
			lines = append(lines, label+st.Text.Render(line))
		}
	}
	for i, line := range s.verdict() { // first, for it was asked for last
		section([...]string{"SERVER", ""}[min(i, 1)], line)
	}
	object := f.Subject.String()
	if f.Container != "" {
		object += ", container " + f.Container
	}
	section("OBJECT", object)
	section("WRONG", f.Message)
	section("EVIDENCE", f.Detail)
	section("FIELD", f.Path)
	section("WHY", f.Rule.Rationale)
	section("RUNS", s.running())
	section("WRITTEN", s.written())
	if f.Fixable || s.blank != nil || s.gone { // else it stands where the change would
		section("DO", f.Rule.Remediation)
	}
	section("RISK", s.risk())
	section("GAIN", s.gain)
	for i, line := range s.proofLines() {
		section([...]string{"PROOF", ""}[min(i, 1)], line)
	}
	section("CONTROLS", strings.Join(f.Rule.Controls, ", "))
	return lines
}

// running says how many pods have it now.
func (s *Screen) running() string {
	c := s.shown.Cluster
	w := c.Workload(s.finding.Subject)
	if w == nil || c.Info.Offline {
		return ""
	}
	pods, ready := c.PodsOf(w), 0
	nodes := map[string]bool{}
	for _, p := range pods {
		if p.Status.Ready {
			ready++
		}
		if p.Node != "" {
			nodes[p.Node] = true
		}
	}
	if len(pods) == 0 {
		return "no pod at the moment"
	}
	text := fmt.Sprintf("%d pods, %d ready, on %d nodes", len(pods), ready, len(nodes))
	if services := c.ServicesSelecting(w); len(services) > 0 {
		names := make([]string, len(services))
		for i, service := range services {
			names[i] = service.Name
		}
		text += "; reached by Service " + strings.Join(names, ", ")
	}
	return text
}

// written says where the object is written down.
func (s *Screen) written() string {
	if origin, ok := s.shown.Cluster.Origin(s.finding.Subject); ok {
		return fmt.Sprintf("%s:%d", origin.File, origin.LineOf(s.finding.Path))
	}
	if w := s.shown.Cluster.Workload(s.finding.Subject); w != nil && !w.Controller.IsZero() {
		return fmt.Sprintf("by %s %s: change it there, or the change is undone", w.Controller.Kind, w.Controller.Name)
	}
	return ""
}

// gains says what clearing it would bring, alone and with what belongs to it.
func gains(f *score.Finding) string {
	if !f.Open() {
		return ""
	}
	n := f.Home()
	return fmt.Sprintf("%+.1f if it alone is gone, %+.1f without any of its rule in the namespace, %+.1f without any of this object",
		f.Gain(), n.GainOfRule(f.Rule), n.GainOfSubject(f.Subject))
}

// pending reports whether there is a fix that is not known yet.
func (s *Screen) pending() bool { return s.finding.Fixable && !s.cured }

// fixTitle names the fix and its risk.
func (s *Screen) fixTitle() string {
	fixes := s.fixes
	switch {
	case s.gone:
		return "Nothing to fix"
	case s.pending():
		return "Fix"
	case len(fixes) == 0 && s.blank != nil:
		return "No fix, but to " + s.blank.Title
	case len(fixes) == 0:
		return "No mechanical fix"
	case len(fixes) == 1:
		return "Fix: " + fixes[0].Title
	}
	return fmt.Sprintf("Fix %d of %d: %s", s.choice+1, len(fixes), fixes[s.choice].Title)
}

// propose computes the change of the chosen fix. While it stays the same, the
// reader stays where they are in it.
func (s *Screen) propose() {
	patch, text := s.proposal()
	if s.proposed && patch == s.patch && text == s.instead {
		return
	}
	s.proposed, s.patch, s.instead = true, patch, text
	if patch != s.tried {
		s.server.Drop()
	}
	if patch == "" {
		s.change.SetText(text)
		return
	}
	s.change.SetDiff(screen.WithoutFileNames(patch))
}

// proposal returns the change of the chosen fix or, if there is none, what is to
// be said instead.
func (s *Screen) proposal() (patch, text string) {
	if s.gone {
		return "", "What was found is not found any more: nothing is left to change here."
	}
	if s.pending() {
		return "", "asking the rule for it"
	}
	if len(s.fixes) == 0 && s.blank == nil {
		return "", "A person must decide here. " + s.finding.Rule.Remediation
	}
	patch, err := fix.Preview(s.shown.Cluster, s.finding.Subject, s.chosen())
	if err != nil {
		return "", fmt.Sprintf("The change cannot be shown: %v. %s", err, s.finding.Rule.Remediation)
	}
	return patch, ""
}

// risk is what the chosen fix may break.
func (s *Screen) risk() string {
	if len(s.fixes) == 0 && s.blank == nil {
		return ""
	}
	return s.chosen().Risk
}

// chosen is the fix that is shown, or what stands for one.
func (s *Screen) chosen() audit.Fix {
	if len(s.fixes) == 0 {
		return *s.blank
	}
	return s.fixes[s.choice]
}
