package fixplan

import (
	"math"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// The fields by their place.
const (
	whatField = iota
	stepField
	gainField
	scoreField
	podsField
	serverField
	nsField
	objectField
	fixField
	ruleField
	sevField
)

// fields are what a filter can ask for: the columns, the rules that a row is about, how
// grave the worst of them is, and the labels of the object.
func fields() []widget.Field {
	return []widget.Field{
		whatField:    {Name: "what"},
		stepField:    {Name: "step", Number: true},
		gainField:    {Name: "gain", Number: true},
		scoreField:   {Name: "score", Number: true},
		podsField:    {Name: "pods", Number: true},
		serverField:  {Name: "server"},
		nsField:      {Name: "ns"},
		objectField:  {Name: "object"},
		fixField:     {Name: "fix"},
		ruleField:    {Name: "rule"},
		sevField:     {Name: "sev", Scale: severities()},
		sevField + 1: {Name: "labels", Labels: true},
	}
}

// severities are the names of all, the least first.
func severities() []string {
	var names []string
	for s := audit.Info; s <= audit.Critical; s++ {
		names = append(names, s.String())
	}
	return names
}

// filtered is a row of a plan as a filter sees it.
type filtered struct {
	row
	in     *kube.Cluster
	server *verdicts
}

// Text returns what a field shows.
func (f filtered) Text(field int) string {
	switch field {
	case whatField:
		return f.what
	case stepField:
		if f.after != "" { // only a step leads to a score
			return f.what
		}
	case gainField:
		return f.gain
	case scoreField:
		return f.after
	case podsField:
		return f.pods
	case serverField:
		return f.verdict()
	case nsField:
		return f.namespace
	case objectField:
		return f.name
	case fixField:
		return f.text
	case ruleField:
		return strings.Join(f.rules(), " ")
	case sevField:
		if worst := f.worst(); worst >= audit.Info {
			return worst.String()
		}
	}
	return ""
}

// verdict is what the server says of the change, "" if nothing is known.
func (f filtered) verdict() string {
	if f.object == nil {
		return ""
	}
	v, known := f.server.Of(f.object)
	if !known {
		return ""
	}
	return v.Outcome.String()
}

// Value returns the number or the rank of a field, NaN for none.
func (f filtered) Value(field int) float64 {
	if field == sevField {
		if worst := f.worst(); worst >= audit.Info {
			return float64(worst - audit.Info)
		}
		return math.NaN()
	}
	number, err := strconv.ParseFloat(f.Text(field), 64)
	if err != nil {
		return math.NaN()
	}
	return number
}

// Labels returns those of the object.
func (f filtered) Labels() map[string]string {
	if f.object != nil {
		return screen.LabelsOf(f.in, f.object.Ref)
	}
	return screen.LabelsOf(f.in, f.finding.Subject)
}

// rules are the IDs of those that a row is about.
func (f filtered) rules() []string {
	if f.finding != nil {
		return []string{f.finding.Rule.ID}
	}
	var ids []string
	for _, a := range f.object.Fixes {
		ids = append(ids, a.Finding.Rule.ID)
	}
	return ids
}

// worst is the gravest severity of what a row is about, 0 for none.
func (f filtered) worst() audit.Severity {
	if f.finding != nil {
		return f.finding.Severity
	}
	var worst audit.Severity
	for _, a := range f.object.Fixes {
		worst = max(worst, a.Finding.Severity)
	}
	return worst
}

// keep takes the rows that the filter lets through.
func (s *Screen) keep() {
	s.kept = nil
	for _, r := range s.made.rows {
		if s.filter.Match(filtered{r, s.made.of.Cluster, s.server}) {
			s.kept = append(s.kept, r)
		}
	}
}

// Filter shows only the rows that a text lets through.
func (s *Screen) Filter(text string) error {
	if err := s.filter.Set(text, fields()); err != nil {
		return err
	}
	s.unfiltered = nil
	s.list()
	s.look()
	return nil
}

// FilterText returns the filter in force.
func (s *Screen) FilterText() string { return s.filter.Text() }

// empty says why no row is there, "" where the summary does.
func (s *Screen) empty() string {
	if s.made != nil && len(s.made.rows) > 0 {
		return "nothing matches the filter"
	}
	return ""
}
