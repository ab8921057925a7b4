package report

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/platform"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// Readiness is what a report says of how far a cluster has what production asks for.
type Readiness struct {
	Score    float64 `json:"score"`    // of what can be told, 0 to 100
	Coverage float64 `json:"coverage"` // percent of the capabilities that can be told
	// Level is the highest of which all is healthy: "maintained", "recoverable",
	// "governed", or "none".
	Level string `json:"level"`
	// Next is the capability to do something about first, "" if all are healthy.
	Next         string       `json:"next,omitempty"`
	Capabilities []Capability `json:"capabilities"`
	// Violations are what policy engines found, the worst first, joined with the findings.
	Violations []PolicyViolation `json:"violations,omitempty"`
}

// Capability is what a report says of one of them.
type Capability struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Level string `json:"level"`
	// State is "healthy", "problems", "not-found" (all was read that could show it) or
	// "unknown".
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"` // why it is unknown
	Advice string `json:"advice,omitempty"` // what to do, where it was not found
	// Traces are by what it was found.
	Traces []Trace `json:"traces"`
	// Evidence has the IDs of the findings about it that nobody accepted.
	Evidence []string `json:"evidence"`

	standing *platform.Standing
}

// Trace is a sign that a cluster has a capability.
type Trace struct {
	Product   string `json:"product"`
	Kind      string `json:"kind,omitempty"` // of the object by which it shows, "" if it is none
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`
	State     string `json:"state"` // "unknown" where findings tell, or nobody can
	Says      string `json:"says,omitempty"`
}

func readinessOf(a *score.Assessment) *Readiness {
	read := platform.Read(a.Result)
	p := &Readiness{Score: read.Score, Coverage: read.Coverage, Level: read.Level.String(), Capabilities: []Capability{}, Violations: violationsOf(a)}
	if read.Next != nil {
		p.Next = read.Next.ID
	}
	for i := range read.Standings {
		s := &read.Standings[i]
		c := Capability{
			ID: s.ID, Title: s.Title, Level: s.Level.String(), State: s.State.ID(), Reason: s.Why,
			Traces: []Trace{}, Evidence: []string{}, standing: s,
		}
		if s.State == platform.NotFound {
			c.Advice = s.Advice
		}
		for _, t := range s.Traces {
			c.Traces = append(c.Traces, Trace{t.What, t.Ref.Kind, t.Ref.Namespace, t.Ref.Name, t.State.ID(), t.Says})
		}
		for _, f := range s.Findings {
			c.Evidence = append(c.Evidence, f.ID())
		}
		p.Capabilities = append(p.Capabilities, c)
	}
	return p
}

// summary is the whole in a line.
func (r *Readiness) summary() string {
	if r.Coverage == 0 {
		return "nothing can be told"
	}
	text := fmt.Sprintf("%.1f of 100, %.0f %% can be told, level %s", r.Score, r.Coverage, r.Level)
	if r.Next != "" {
		text += ", next " + r.Next
	}
	return text
}

// mostProblems is how many problems and traces a table tells of a capability.
const mostProblems = 3

// said is what stands behind the state of a capability, a sentence for each thing.
func (c *Capability) said() []string {
	var all []string
	for _, f := range c.standing.Findings {
		all = append(all, f.Subject.String()+": "+f.Message)
	}
	for _, t := range c.standing.Traces {
		if t.State == platform.Problems {
			all = append(all, t.String())
		}
	}
	switch c.standing.State {
	case platform.NotFound:
		return []string{c.Advice}
	case platform.CannotTell:
		all = append([]string{c.Reason}, all...)
	case platform.Healthy, platform.Problems:
		for _, t := range c.standing.Traces {
			if t.State != platform.Problems {
				all = append(all, t.String())
			}
		}
	}
	if rest := len(all) - mostProblems; rest > 0 {
		all = append(all[:mostProblems], fmt.Sprintf("and %d more", rest))
	}
	return all
}

// readiness writes the capabilities, with what stands behind the state of each below it.
func (p *printer) readiness(title string, r *Readiness) {
	if r == nil {
		return
	}
	p.line("")
	p.line("%s: %s", title, r.summary())
	width := 0
	for _, c := range r.Capabilities {
		width = max(width, len(c.ID))
	}
	for i := range r.Capabilities {
		c := &r.Capabilities[i]
		state := c.standing.State.String()
		p.line("  %s  %s  %s", pad(c.ID, width), pad(state, len(platform.Problems.String())), c.Title)
		for _, text := range c.said() {
			p.line("  %s  %s", pad("", width), printable.Text(text))
		}
	}
	p.violations(r)
}

// markdownReadiness is a table of the capabilities.
func (p *printer) markdownReadiness(heading string, r *Readiness) {
	if r == nil {
		return
	}
	p.line("")
	p.line("## %s", heading)
	p.line("")
	p.line("%s.", title(r.summary()))
	p.line("")
	p.line("| Capability | | State | Level | What is known |")
	p.line("|---|---|---|---|---|")
	for i := range r.Capabilities {
		c := &r.Capabilities[i]
		p.line("| %s | %s | %s | %s | %s |", c.ID, cell(c.Title), c.standing.State, c.Level, cell(strings.Join(c.said(), "; ")))
	}
	p.markdownViolations(r)
}
