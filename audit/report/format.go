package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// Format is a way to write a report.
type Format struct {
	Name  string // as in -o NAME
	About string // for help and completion
	write func(io.Writer, *draft) error
	fleet func(io.Writer, *fleetDraft) error // nil where there is no place for several clusters
	// lists says that it tells findings one by one and not what passes: in any other one
	// that is left out would look as if it were not there.
	lists bool
}

// formats are all formats there are.
var formats = []Format{
	{"text", "scores and the worst findings, for a terminal", writeText, writeFleetText, true},
	{"wide", "scores and every finding, a line each", writeWide, writeFleetWide, true},
	{"json", "everything, for programs (schema " + Schema + ", of several clusters " + FleetSchema + ")", writeJSON, writeFleetJSON, true},
	{"yaml", "the same as json", writeYAML, writeFleetYAML, true},
	{"markdown", "for merge requests and wikis", writeMarkdown, writeFleetMarkdown, true},
	{"html", "one file without outside parts, for auditors", writeHTML, writeFleetHTML, false},
	{"sarif", "SARIF 2.1.0, for code scanning", writeSARIF, writeFleetSARIF, false},
	{"oscal", "OSCAL 1.1.3 assessment results, for compliance tools", writeOSCAL, writeFleetOSCAL, false},
	{"junit", "a suite for each namespace, for the test reports of pipelines", writeJUnit, writeFleetJUnit, false},
	{"github", "annotations of GitHub Actions, the worst of each level", writeGitHub, writeFleetGitHub, true},
	{"csv", "a row for each finding, for spreadsheets", writeCSV, writeFleetCSV, true},
	{"prometheus", "scores and counts as metrics, in the text format", writePrometheus, writeFleetPrometheus, false},
	{"openreports", "Reports of openreports.io, to apply", writeOpenReports, nil, false},
	{"policyreport", "the same as PolicyReports of wgpolicyk8s.io", writePolicyReport, nil, false},
}

// Formats returns every format.
func Formats() []Format { return formats }

// FormatNamed returns a format; the error names those there are.
func FormatNamed(name string) (Format, error) {
	var names []string
	for _, f := range formats {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("there is no format %q, only %s", name, strings.Join(names, ", "))
}

// Write writes a report of an assessment, and of frameworks that were asked for.
func (f Format) Write(w io.Writer, a *score.Assessment, sections ...Section) error {
	return f.written(w, newDraft(a, sections))
}

func (f Format) written(w io.Writer, d *draft) error {
	if err := f.write(w, d); err != nil {
		return fmt.Errorf("writing the %s report: %w", f.Name, err)
	}
	return nil
}
