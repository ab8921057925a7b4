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
		Error     *junitOutcome `xml:"error,omitempty"`
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
	return writeSuites(w, "seaworthy "+d.Cluster.Name, d.junitSuites(""))
}

// writeFleetJUnit writes the suites of every cluster. A cluster that could not be looked at
// has one with an error.
func writeFleetJUnit(w io.Writer, d *fleetDraft) error {
	var suites []junitSuite
	for _, m := range d.members {
		if m.Document == nil {
			suites = append(suites, m.junitFailure(d.RuleSet))
			continue
		}
		// No namespace has a slash in its name, so that those of two clusters are never one.
		own := newMemberDraft(m).junitSuites(m.Name() + "/")
		if len(m.Contexts) > 1 {
			for i := range own {
				own[i].Properties = append(own[i].Properties, junitProperties("contexts", strings.Join(m.Contexts, ", "))...)
			}
		}
		suites = append(suites, own...)
	}
	return writeSuites(w, strings.Join(d.headline()[:2], " "), suites)
}

// junitFailure is the suite of a cluster that could not be looked at.
func (m Member) junitFailure(ruleSet string) junitSuite {
	failed := junitCase{
		Name: "could not be looked at", ClassName: printable.Text(m.Name() + "/" + score.ClusterWide),
		Error: &junitOutcome{Message: printable.Text(reasonOf(m)), Type: "unseen"},
	}
	return junitSuite{
		Name: failed.ClassName, Timestamp: m.moment().Format(junitTime), Properties: junitProperties("cluster", m.Name(), "ruleset", ruleSet),
		cases: func(yield func(junitCase) bool) { yield(failed) },
	}
}

func writeSuites(w io.Writer, name string, suites []junitSuite) error {
	all := junitSuite{Name: printable.Text(name)}
	for i := range suites {
		for c := range suites[i].cases {
			suites[i].count(c)
			all.count(c)
		}
	}
	out := bufio.NewWriterSize(w, 64<<10)
	p := &printer{w: out}
	p.line("%s", strings.TrimSpace(xml.Header))
	p.line(`<testsuites name=%s tests="%d" failures="%d" errors="%d" skipped="%d" time="0">`, quoted(all.Name), all.Tests, all.Failures, all.Errors, all.Skipped)
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
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

// junitTime is how a moment in UTC is written.
const junitTime = "2006-01-02T15:04:05"

// junitSuites are the suites of a cluster. What stands before their names, and before the
// classes of their cases, tells those of several clusters apart.
func (d *draft) junitSuites(before string) []junitSuite {
	var suites []junitSuite
	suite := func(name string, score *float64, coverage float64, cases iter.Seq[junitCase]) {
		suites = append(suites, junitSuite{
			Name: printable.Text(before + name), Timestamp: d.Generated.Format(junitTime), cases: cases,
			Properties: junitProperties("cluster", d.Cluster.Name, "server", d.Cluster.Server, "version", d.Cluster.Version,
				"user", d.Cluster.User, "ruleset", d.RuleSet, "score", number(score), "coverage", number(&coverage)),
		})
	}
	for i, n := range d.Namespaces {
		suite(n.Name, n.Score, n.Coverage, d.junitCases(before, i))
	}
	for _, f := range d.Frameworks {
		suite(f.Title+", "+f.Edition, d.Score, d.Coverage.Percent, junitControls(before, f))
	}
	return suites
}

// junitProperties are names and their values, without those that are empty.
func junitProperties(of ...string) []junitProperty {
	var all []junitProperty
	for i := 0; i < len(of); i += 2 {
		if of[i+1] != "" {
			all = append(all, junitProperty{of[i], printable.Text(of[i+1])})
		}
	}
	return all
}

// junitCases yields the cases of one of Namespaces. Findings of a rule about the same
// subject are neighbours, and one case.
func (d *draft) junitCases(before string, namespace int) iter.Seq[junitCase] {
	name := d.Namespaces[namespace].Name
	return func(yield func(junitCase) bool) {
		said := map[string]bool{}
		var same []Finding
		for f := range d.sketchesOf(namespace) {
			if len(same) > 0 && (f.rule != same[0].rule || f.place.Subject != same[0].place.Subject) {
				if !yield(junitCaseOf(before+name, same)) {
					return
				}
				same = same[:0]
			}
			said[f.Rule], same = true, append(same, f)
		}
		if len(same) > 0 && !yield(junitCaseOf(before+name, same)) {
			return
		}
		for _, t := range d.tallies[name] {
			c := junitCase{Name: printable.Text(t.Rule.ID), ClassName: printable.Text(before + name + "." + t.Category)}
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

// junitCaseOf tells what was found of one rule about one subject.
func junitCaseOf(namespace string, found []Finding) junitCase {
	first := found[0]
	c := junitCase{
		Name:      printable.Text(first.Rule + ": " + first.Kind + " " + first.Name),
		ClassName: printable.Text(namespace + "." + first.Category),
	}
	var lines []string
	var failing *Finding // the first that is more than a remark or a consequence
	for i := range found {
		f, place := &found[i], ""
		if s := f.Source; s != nil {
			place = fmt.Sprintf(" (%s:%d)", s.File, s.Line)
			if c.File == "" {
				c.File, c.Line = printable.Text(s.File), s.Line
			}
		}
		lines = append(lines, printable.Text(junitLine(f)+place))
		if f.Detail != "" {
			lines = append(lines, printable.Text(f.Detail))
		}
		if failing == nil && f.open() && f.Severity != audit.Info.String() {
			failing = f
		}
	}
	if what := first.rule.Remediation; what != "" {
		lines = append(lines, "What to do: "+printable.Text(what))
	}
	outcome := &junitOutcome{Text: strings.Join(lines, "\n")}
	switch {
	case failing != nil:
		outcome.Message, outcome.Type = printable.Text(failing.Message), failing.Severity
		c.Failure = outcome
	case first.Accepted != nil:
		outcome.Message = printable.Text("accepted: " + why(first.Accepted))
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
func junitLine(f *Finding) string {
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
func junitControls(before string, f Compliance) iter.Seq[junitCase] {
	return func(yield func(junitCase) bool) {
		for _, control := range f.Controls {
			c := junitCase{Name: printable.Text(control.ID + ": " + control.Title), ClassName: printable.Text(before + f.ID)}
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
