package report_test

import (
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// suites is what GitLab reads of a report.
type suites struct {
	XMLName xml.Name `xml:"testsuites"`
	totals
	Suites []suite `xml:"testsuite"`
}

type suite struct {
	totals
	Name  string     `xml:"name,attr"`
	Cases []testCase `xml:"testcase"`
}

type totals struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

type testCase struct {
	Name    string   `xml:"name,attr"`
	Class   string   `xml:"classname,attr"`
	File    string   `xml:"file,attr"`
	Failure *outcome `xml:"failure"`
	Error   *outcome `xml:"error"`
	Skipped *outcome `xml:"skipped"`
}

type outcome struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// read returns a report whose counts are true, and in which no two cases are one.
func read(t *testing.T, text []byte) suites {
	t.Helper()
	var read suites
	if err := xml.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	var all totals
	seen := map[string]bool{}
	for _, s := range read.Suites {
		var got totals
		for _, c := range s.Cases {
			got.Tests++
			if seen[c.Class+c.Name] {
				t.Errorf("suite %s has two cases %s", s.Name, c.Name)
			}
			seen[c.Class+c.Name] = true
			if c.Failure != nil {
				got.Failures++
			}
			if c.Error != nil {
				got.Errors++
			}
			if c.Skipped != nil {
				got.Skipped++
			}
		}
		if got != s.totals {
			t.Errorf("suite %s has %+v and says %+v", s.Name, got, s.totals)
		}
		all.Tests, all.Failures, all.Errors, all.Skipped = all.Tests+got.Tests, all.Failures+got.Failures, all.Errors+got.Errors, all.Skipped+got.Skipped
	}
	if all != read.totals {
		t.Errorf("there are %+v, and it says %+v", all, read.totals)
	}
	return read
}

func TestJUnitCounts(t *testing.T) {
	t.Parallel()
	for _, a := range []*score.Assessment{assessment(t), accepting(t), crowd(t, 0, 0, ""), crowd(t, 3, 4, "a.yaml", "one", "two")} {
		s := read(t, written(t, "junit", a, asked()))
		if last := s.Suites[len(s.Suites)-1]; last.Name != "Some framework, first" || len(last.Cases) != 2 {
			t.Errorf("the suite of the framework is %+v", last)
		}
	}
	s := read(t, written(t, "junit", crowd(t, 3, 4, "a.yaml", "one", "two")))
	if want := (totals{Tests: 12, Failures: 12}); s.totals != want {
		t.Errorf("two findings of a rule about one object make %+v, want %+v", s.totals, want)
	}
	if text := s.Suites[0].Cases[0].Failure.Text; !strings.Contains(text, "one (a.yaml:1)") || !strings.Contains(text, "two (a.yaml:1)") {
		t.Errorf("the failure says %q", text)
	}
}

func TestJUnitSaysWhatAClusterSays(t *testing.T) {
	t.Parallel()
	anything(t, func(text string) bool {
		s := read(t, written(t, "junit", crowd(t, 1, 1, text, text)))
		return slices.ContainsFunc(s.Suites[0].Cases, func(c testCase) bool {
			return c.Failure != nil && c.Failure.Message == printable.Text(text) && c.Failure.Type == "high" && c.File == printable.Text(text)
		})
	})
}

// TestFleetJUnit holds that the suites of several clusters have names of their own, that
// their cases are those of each alone, and that one which could not be looked at is an error.
func TestFleetJUnit(t *testing.T) {
	t.Parallel()
	alone := read(t, written(t, "junit", assessment(t), asked()))
	anything(t, func(text string) bool {
		s := read(t, fleetReport(t, "junit", fleetMembers(t, text)))
		names := map[string]bool{}
		for i, suite := range s.Suites {
			names[suite.Name] = true
			if i >= len(alone.Suites) { // of the first cluster
				continue
			}
			if own := alone.Suites[i]; suite.Name != "prod/"+own.Name || suite.totals != own.totals {
				t.Errorf("suite %s has %+v, alone %s has %+v", suite.Name, suite.totals, own.Name, own.totals)
			}
			for j, c := range suite.Cases {
				own := alone.Suites[i].Cases[j]
				own.Class = "prod/" + own.Class
				if diff := cmp.Diff(own, c); diff != "" {
					t.Errorf("a case (-alone +in the fleet):\n%s", diff)
				}
			}
		}
		gone := slices.IndexFunc(s.Suites, func(s suite) bool { return s.Name == "gone/(cluster)" })
		if gone < 0 || s.Suites[gone].totals != (totals{Tests: 1, Errors: 1}) || s.Suites[gone].Cases[0].Error.Message != printable.Text("connecting to gone: "+text) {
			t.Errorf("what could not be looked at is suite %d of %+v", gone, s.Suites)
		}
		return len(names) == len(s.Suites) && !t.Failed()
	})
}
