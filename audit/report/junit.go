package report

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// The parts of JUnit's XML that GitLab, Jenkins and the actions of GitHub read.
type (
	junitSuite struct {
		XMLName    xml.Name        `xml:"testsuite"`
		Name       string          `xml:"name,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Skipped    int             `xml:"skipped,attr"`
		Time       int             `xml:"time,attr"`
		Timestamp  string          `xml:"timestamp,attr"`
		Properties []junitProperty `xml:"properties>property"`
		cases      iter.Seq[junitCase]
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		XMLName   xml.Name      `xml:"testcase"`
		Name      string        `xml:"name,attr"`
		ClassName string        `xml:"classname,attr"`
		Time      int           `xml:"time,attr"`
		File      string        `xml:"file,attr,omitempty"`
		Line      int           `xml:"line,attr,omitempty"`
		Failure   *junitOutcome `xml:"failure,omitempty"`
		Skipped   *junitOutcome `xml:"skipped,omitempty"`
	}
	junitOutcome struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes a suite for each namespace with a case for each rule and subject
// that fails it, one for each rule that nothing fails, and one for what could not be
// judged; and a suite for each framework.
func writeJUnit(w io.Writer, d *draft) error {
	suites := d.junitSuites()
	all := junitSuite{Name: printable.Text("seaworthy " + d.Cluster.Name)}
	for i := range suites {
		for c := range suites[i].cases {
			suites[i].count(c)
			all.count(c)
		}
	}
	out := bufio.NewWriterSize(w, 64<<10)
	p := &printer{w: out}
	p.line("%s", strings.TrimSpace(xml.Header))
	p.line(`<testsuites name=%s tests="%d" failures="%d" errors="0" skipped="%d" time="0">`, quoted(all.Name), all.Tests, all.Failures, all.Skipped)
	for _, s := range suites {
		// The suite is written without cases, and they before its end.
		text, err := xml.MarshalIndent(s, "  ", "  ")
		if err != nil {
			return fmt.Errorf("encoding suite %s: %w", s.Name, err)
		}
		head, end, _ := strings.Cut(string(text), "\n  </testsuite>")
		p.line("%s", head)
		for c := range s.cases {
			text, err := xml.MarshalIndent(c, "    ", "  ")
			if err != nil {
				return fmt.Errorf("encoding case %s: %w", c.Name, err)
			}
			p.line("%s", text)
		}
		p.line("  </testsuite>%s", end)
	}
	p.line("</testsuites>")
	return p.flush(out)
}

func (s *junitSuite) count(c junitCase) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Skipped != nil:
		s.Skipped++
	}
}

func (d *draft) junitSuites() []junitSuite {
	var suites []junitSuite
	suite := func(name string, score *float64, coverage float64, cases iter.Seq[junitCase]) {
		s := junitSuite{Name: printable.Text(name), Timestamp: d.Generated.Format("2006-01-02T15:04:05"), cases: cases}
		for _, p := range []junitProperty{
			{"cluster", d.Cluster.Name},
			{"server", d.Cluster.Server},
			{"version", d.Cluster.Version},
			{"user", d.Cluster.User},
			{"ruleset", d.RuleSet},
			{"score", number(score)},
			{"coverage", number(&coverage)},
		} {
			if p.Value != "" {
				s.Properties = append(s.Properties, junitProperty{p.Name, printable.Text(p.Value)})
			}
		}
		suites = append(suites, s)
	}
	for i, n := range d.scored {
		suite(n.Name, d.Namespaces[i].Score, n.Coverage, d.junitCases(n))
	}
	for _, f := range d.Frameworks {
		suite(f.Title+", "+f.Edition, d.Score, d.Coverage.Percent, junitControls(f))
	}
	return suites
}

// junitCases yields the cases of a namespace. Findings of a rule about the same
// subject are neighbours, and one case.
func (d *draft) junitCases(n *score.Namespace) iter.Seq[junitCase] {
	return func(yield func(junitCase) bool) {
		said := map[string]bool{}
		for begin, end := 0, 0; begin < len(n.Findings); begin = end {
			first := n.Findings[begin]
			for end = begin + 1; end < len(n.Findings) && n.Findings[end].Rule == first.Rule && n.Findings[end].Subject == first.Subject; {
				end++
			}
			said[first.Rule.ID] = true
			if !yield(d.junitCase(n, n.Findings[begin:end])) {
				return
			}
		}
		for _, t := range d.tallies[n.Name] {
			c := junitCase{Name: printable.Text(t.Rule.ID), ClassName: printable.Text(n.Name + "." + t.Category)}
			switch {
			case t.Coverage < 1:
				c.Name = printable.Text(t.Rule.ID + ": what could not be judged")
				c.Skipped = &junitOutcome{Message: printable.Text("not judged: " + t.Why)}
			case t.Applicable == 0 || said[t.Rule.ID]:
				continue
			}
			if !yield(c) {
				return
			}
		}
	}
}

// junitCase tells what was found of one rule about one subject.
func (d *draft) junitCase(n *score.Namespace, found []*score.Finding) junitCase {
	first := found[0]
	c := junitCase{
		Name:      printable.Text(first.Rule.ID + ": " + first.Subject.Kind + " " + first.Subject.Name),
		ClassName: printable.Text(n.Name + "." + first.Category),
	}
	var lines []string
	var failing *score.Finding // the first that is more than a remark or a consequence
	for _, f := range found {
		place := ""
		if origin, ok := d.cluster.Origin(f.Subject); ok {
			line := origin.LineOf(f.Path)
			place = fmt.Sprintf(" (%s:%d)", origin.File, line)
			if c.File == "" {
				c.File, c.Line = printable.Text(origin.File), line
			}
		}
		lines = append(lines, printable.Text(junitLine(f)+place))
		if f.Detail != "" {
			lines = append(lines, printable.Text(f.Detail))
		}
		if failing == nil && f.Open() && f.Severity > audit.Info {
			failing = f
		}
	}
	if what := first.Rule.Remediation; what != "" {
		lines = append(lines, "What to do: "+printable.Text(what))
	}
	outcome := &junitOutcome{Text: strings.Join(lines, "\n")}
	switch {
	case failing != nil:
		outcome.Message, outcome.Type = printable.Text(failing.Message), failing.Severity.String()
		c.Failure = outcome
	case first.Accepted != nil:
		outcome.Message = printable.Text("accepted: " + why(acceptanceOf(first.Accepted)))
		c.Skipped = outcome
	case first.Implied != "":
		outcome.Message = printable.Text("follows from " + first.Implied)
		c.Skipped = outcome
	default:
		outcome.Message = printable.Text("for information: " + first.Message)
		c.Skipped = outcome
	}
	return c
}

// junitLine says what is wrong, and where within the object.
func junitLine(f *score.Finding) string {
	line := f.Message
	if f.Container != "" {
		line += ", container " + f.Container
	}
	if f.Path != "" {
		line += ", " + f.Path
	}
	return line
}

// junitControls yields a case for each control of a framework.
func junitControls(f Compliance) iter.Seq[junitCase] {
	return func(yield func(junitCase) bool) {
		for _, control := range f.Controls {
			c := junitCase{Name: printable.Text(control.ID + ": " + control.Title), ClassName: printable.Text(f.ID)}
			switch control.Verdict {
			case string(framework.Fail):
				c.Failure = &junitOutcome{Message: control.Said(), Type: "control"}
			case string(framework.NotEvaluated):
				c.Skipped = &junitOutcome{Message: "not evaluated: " + control.Said()}
			}
			if !yield(c) {
				return
			}
		}
	}
}

// quoted is a text as the value of an attribute.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	_ = xml.EscapeText(&b, []byte(text)) // a Builder does not fail
	b.WriteByte('"')
	return b.String()
}
