package report

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// The parts of SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0) that are used.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Automation  *sarifAutomation  `json:"automationDetails,omitempty"`
		Invocations []sarifInvocation `json:"invocations"`
		Taxonomies  []sarifComponent  `json:"taxonomies,omitempty"`
		Properties  map[string]any    `json:"properties"`
		Results     []sarifResult     `json:"results"`
	}
	sarifAutomation struct {
		ID string `json:"id"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Began         string              `json:"startTimeUtc"`
		Account       string              `json:"account,omitempty"`
		Notifications []sarifNotification `json:"toolExecutionNotifications"`
	}
	sarifNotification struct {
		Descriptor struct {
			ID string `json:"id"`
		} `json:"descriptor"`
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
	sarifResult struct {
		Rule         string             `json:"ruleId"`
		Level        string             `json:"level"`
		Baseline     string             `json:"baselineState,omitempty"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions"`
		Properties   map[string]any     `json:"properties"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations"`
	}
	sarifPhysical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region sarifRegion `json:"region"`
	}
	sarifRegion struct {
		Start int `json:"startLine"`
		End   int `json:"endLine"`
	}
	sarifLogical struct {
		Name string `json:"name"`
		Full string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
	sarifSuppression struct {
		Kind          string         `json:"kind"`
		Status        string         `json:"status"`
		Justification string         `json:"justification"`
		Properties    map[string]any `json:"properties"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
)

// standardInput is the name of a file that is none.
const standardInput = "-"

// sarifTime is how a moment in UTC is written.
const sarifTime = "2006-01-02T15:04:05Z"

// notSeen is the descriptor of notifications about what could not be read.
const notSeen = "not-seen"

// writeSARIF writes a SARIF log of one run with every finding and, where the draft is
// compared with a baseline, what became of it since. Every finding also then: GitHub's code
// scanning closes the alerts that a file leaves out, so that it cannot be confined to what
// is new. It refuses more than 25,000 results in a run, and shows 5,000.
func writeSARIF(w io.Writer, d *draft) error {
	run := d.sarifRun()
	if !d.Cluster.Offline {
		run.Automation = sarifAutomationOf(d.Cluster.Name)
	}
	mark := func(*sarifResult, int) {}
	if d.since != nil {
		baseline := newSARIFBaseline(d.since)
		run.Properties["baseline"] = baseline
		mark = func(r *sarifResult, at int) { baseline.mark(r, d.found[at]) }
	}
	return writeSARIFLog(w, func(p *printer, next func()) error {
		next()
		return p.sarifRun(run, d.sarifResults(mark))
	})
}

// writeSARIFLog writes a log of runs, each of which is an element ([printer.list]).
func writeSARIFLog(w io.Writer, runs func(p *printer, next func()) error) error {
	log := sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{}}
	return writeDocument(w, log, documentEnd, "    ", runs)
}

// sarifRun writes a run with its results.
func (p *printer) sarifRun(run sarifRun, results iter.Seq2[[]byte, error]) error {
	return p.list("    ", run, "]\n    }", "        ", func(p *printer, next func()) error { return p.each(results, next) })
}

// sarifAutomationOf tells uploads of several clusters apart by what stands before the
// last slash.
func sarifAutomationOf(cluster string) *sarifAutomation {
	return &sarifAutomation{"seaworthy/" + cluster + "/"}
}

// sarifRun is the run of a cluster, without its results.
func (d *draft) sarifRun() sarifRun {
	run := sarifRun{Tool: sarifTool{d.sarifDriver()}, Taxonomies: d.sarifTaxonomies(), Results: []sarifResult{}, Properties: map[string]any{
		"cluster": d.Cluster, "score": d.Score, "grade": d.Grade, "coverage": d.Coverage.Percent, "policy": d.Policy,
	}}
	run.Invocations = []sarifInvocation{{
		Successful: d.Coverage.Percent > 0 || len(d.Coverage.Blind) == 0,
		Began:      d.Generated.Format(sarifTime), Account: d.Cluster.User, Notifications: []sarifNotification{},
	}}
	for _, b := range d.Coverage.Blind {
		n := sarifNotified(notSeen, "warning", blindWhere(b)+": "+b.Reason)
		run.Invocations[0].Notifications = append(run.Invocations[0].Notifications, n)
	}
	return run
}

func sarifNotified(descriptor, level, text string) sarifNotification {
	n := sarifNotification{Level: level, Message: sarifText{Text: sarifPlain(text)}}
	n.Descriptor.ID = descriptor
	return n
}

// sarifResults yields the results; mark adds to each what is known of it by where it stands.
func (d *draft) sarifResults(mark func(r *sarifResult, at int)) iter.Seq2[[]byte, error] {
	twins := d.twins()
	return d.encoded("        ", func(at int, row Finding) any {
		r := sarifOf(row, twins[at])
		mark(&r, at)
		return r
	})
}

// twins numbers the findings whose ID another one before them has, by where they stand.
func (d *draft) twins() map[int]int {
	twins, last, n := map[int]int{}, "", 0
	for i, f := range d.sketches() {
		if n++; f.ID != last {
			last, n = f.ID, 0
		}
		if n > 0 {
			twins[i] = n
		}
	}
	return twins
}

func sarifOf(f Finding, twin int) sarifResult {
	text := f.Message + ": " + objectOf(Finding{Kind: f.Kind, Name: f.Name, Container: f.Container})
	if f.Namespace != "" {
		text += ", namespace " + f.Namespace
	}
	if f.Detail != "" {
		text += ". " + f.Detail
	}
	r := sarifResult{
		Rule: f.Rule, Level: sarifLevel(f.Severity), Message: sarifText{Text: sarifPlain(text)}, Locations: []sarifLocation{sarifWhere(f)},
		// The one fingerprint that GitHub heeds. Lines move and texts change; an ID does not.
		Fingerprints: map[string]string{"primaryLocationLineHash": fmt.Sprintf("%x:%d", sha256.Sum256([]byte(f.ID)), twin+1)},
		Suppressions: []sarifSuppression{},
		Properties: map[string]any{
			"id": f.ID, "severity": f.Severity, "category": f.Category, "path": f.Path, "points": f.Points, "gain": f.Gain,
		},
	}
	if f.Implied != "" {
		r.Properties["implied"] = f.Implied
	}
	if f.Fix != nil {
		r.Properties["fix"] = f.Fix.Title
	}
	if a := f.Accepted; a != nil {
		r.Suppressions = append(r.Suppressions, sarifSuppression{
			Kind: "external", Status: "accepted", Justification: printable.Text(a.Reason),
			Properties: map[string]any{"owner": a.Owner, "expires": a.Expires, "origin": a.Origin},
		})
	}
	return r
}

// sarifWhere places a finding: in its file or, since GitHub refuses results that are
// in none, at a name that the object has in every run.
func sarifWhere(f Finding) sarifLocation {
	var l sarifLocation
	name := strings.TrimPrefix(f.Namespace+"/"+f.Kind+"/"+f.Name, "/")
	l.Logical = []sarifLogical{{Name: f.Name, Full: name, Kind: "resource"}}
	l.Physical.Artifact.URI, l.Physical.Region = (&url.URL{Path: name}).String(), sarifRegion{1, 1}
	if f.Source != nil && f.Source.File != standardInput {
		line := max(1, f.Source.Line)
		l.Physical.Artifact.URI, l.Physical.Region = fileURI(f.Source.File), sarifRegion{line, line}
	}
	return l
}

// fileURI is a file as a URI: relative as it was named, absolute with its scheme.
func fileURI(file string) string {
	name := filepath.ToSlash(file)
	if !filepath.IsAbs(file) {
		return (&url.URL{Path: name}).String()
	}
	return (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(name, "/")}).String()
}

// sarifPlain is a text in which brackets open no link (§3.11.6), and nothing hides.
func sarifPlain(text string) string {
	return strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`).Replace(printable.Text(cmp.Or(text, "-")))
}

// sarifLevel is a severity in the three words of SARIF.
func sarifLevel(severity string) string {
	switch severity {
	case "critical", "high":
		return "error"
	case "medium":
		return "warning"
	}
	return "note"
}
