package report

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// Compliance is what a report says of a framework.
type Compliance struct {
	ID           string    `json:"id"`
	Title        string    `json:"title"`
	Edition      string    `json:"edition"`
	Source       string    `json:"source"`
	Passed       int       `json:"passed"` // controls
	Failed       int       `json:"failed"`
	NotEvaluated int       `json:"notEvaluated"`
	Controls     []Control `json:"controls"`
}

// Control is what a report says of a control.
type Control struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Verdict string `json:"verdict"` // "pass", "fail" or "not evaluated"
	Reason  string `json:"reason,omitempty"`
	// Rules are those that answer for it. Judged counts subjects, each once for
	// every rule, Failing those of them that fail.
	Rules   []string `json:"rules"`
	Judged  int      `json:"judged"`
	Failing int      `json:"failing"`
	// Evidence has the IDs of the findings.
	Evidence []string `json:"evidence"`

	objects    []string // that the findings are about, each once
	statements []string // of the findings
}

// mostEvidence is how many objects a table names for a control that fails.
const mostEvidence = 3

func complianceOf(f framework.Framework, a *score.Assessment) Compliance {
	evaluated := framework.Evaluate(f, a.Result)
	c := Compliance{
		ID: f.ID, Title: f.Title, Edition: f.Edition, Source: f.Source, Controls: []Control{},
		Passed: evaluated.Passed, Failed: evaluated.Failed, NotEvaluated: evaluated.Unanswered,
	}
	for _, o := range evaluated.Outcomes {
		control := Control{
			ID: o.Control.ID, Title: o.Control.Title, Verdict: string(o.Verdict), Reason: o.Reason,
			Rules: append([]string{}, o.Rules...), Judged: o.Judged, Failing: o.Failing, Evidence: []string{},
		}
		seen := map[string]bool{}
		for _, f := range o.Findings {
			control.Evidence = append(control.Evidence, f.ID())
			control.statements = append(control.statements, f.Statement())
			object := strings.TrimPrefix(f.Namespace+" "+f.Subject.Short(), " ")
			if !seen[object] {
				seen[object], control.objects = true, append(control.objects, object)
			}
		}
		c.Controls = append(c.Controls, control)
	}
	return c
}

// Said is the verdict with what stands behind it, in a line.
func (c Control) Said() string {
	switch c.Verdict {
	case string(framework.Fail):
		shown := c.objects[:min(mostEvidence, len(c.objects))]
		more := ""
		if rest := len(c.objects) - len(shown); rest > 0 {
			more = fmt.Sprintf(" and %d more", rest)
		}
		return fmt.Sprintf("%d of %d fail: %s%s", c.Failing, c.Judged, printable.Text(strings.Join(shown, ", ")), more)
	case string(framework.Pass):
		return fmt.Sprintf("%d judged", c.Judged)
	}
	return printable.Text(c.Reason)
}

func (c Compliance) summary() string {
	return fmt.Sprintf("%d controls pass, %d fail, %d not evaluated", c.Passed, c.Failed, c.NotEvaluated)
}

func (p *printer) compliance(d *draft) {
	for _, c := range d.Frameworks {
		p.line("")
		p.line("%s, %s: %s", c.Title, c.Edition, c.summary())
		width := 0
		for _, control := range c.Controls {
			width = max(width, len(control.ID))
		}
		for _, control := range c.Controls {
			p.line("  %s  %s  %s", pad(control.ID, width), pad(control.Verdict, len(framework.NotEvaluated)), control.Title)
			if control.Verdict != string(framework.Pass) {
				p.line("  %s  %s  %s", pad("", width), pad("", len(framework.NotEvaluated)), control.Said())
			}
		}
	}
}

func (p *printer) markdownCompliance(d *draft) {
	for _, c := range d.Frameworks {
		p.line("")
		p.line("## %s, %s", c.Title, c.Edition)
		p.line("")
		p.line("%s. Source: <%s>", c.summary(), c.Source)
		p.line("")
		p.line("| Control | | Verdict | Evidence |")
		p.line("|---|---|---|---|")
		for _, control := range c.Controls {
			p.line("| %s | %s | %s | %s |", control.ID, cell(control.Title), control.Verdict, cell(control.Said()))
		}
	}
}
