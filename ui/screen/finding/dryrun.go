package finding

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
)

// triable reports whether a fix is shown that a server can be asked about.
func (s *Screen) triable() bool {
	return s.finding != nil && !s.gone && s.choice < len(s.fixes) && s.patch != ""
}

// dryRun asks the server about the fix that is shown, or ends that.
func (s *Screen) dryRun() tea.Cmd {
	switch {
	case s.server.Pending():
		s.server.Drop()
		s.detail.Update(s.describe)
		return nav.Notice("the server is not asked any more")
	case !s.triable():
		return nav.Notice("there is no fix to ask the server about")
	}
	cluster, subject, fix := s.shown.Cluster, s.finding.Subject, s.fixes[s.choice]
	s.tried = s.patch
	ask := s.server.Ask(func() (*plan.DryRun, error) { return plan.DryRunOf(cluster, subject, fix) })
	s.detail.Update(s.describe)
	s.detail.Handle(keymap.Top) // where the answer will stand
	return ask
}

// verdict is what the server says of the fix, in sentences; nil where nobody asked.
func (s *Screen) verdict() []string {
	objects, verdicts := s.server.Objects(), s.server.Verdicts()
	var lines []string
	for i, v := range verdicts {
		for _, text := range v.Sentences() {
			if len(objects) > 1 {
				text = fmt.Sprintf("%s %s: %s", objects[i].Action, objects[i].Ref, text)
			}
			lines = append(lines, text)
		}
	}
	switch {
	case s.server.Err() != nil:
		lines = append(lines, fmt.Sprintf("no verdict: %v", s.server.Err()))
	case s.server.Pending() && len(objects) > 1:
		lines = append(lines, fmt.Sprintf("asked %d of %d", len(verdicts), len(objects)))
	case s.server.Pending():
		lines = append(lines, "asking for a dry run")
	case len(verdicts) < len(objects):
		lines = append(lines, fmt.Sprintf("asked %d of %d, then stopped", len(verdicts), len(objects)))
	}
	return lines
}
