package report

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/score"
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

// notSeen is the descriptor of notifications about what could not be read.
const notSeen = "not-seen"

// writeSARIF writes a SARIF log of one run with every finding. GitHub's code scanning
// refuses more than 25,000 results in a run, and shows 5,000.
func writeSARIF(w io.Writer, d *draft) error {
	run := sarifRun{Tool: sarifTool{d.sarifDriver()}, Taxonomies: d.sarifTaxonomies(), Results: []sarifResult{}, Properties: map[string]any{
		"cluster": d.Cluster, "score": d.Score, "grade": d.Grade, "coverage": d.Coverage.Percent, "policy": d.Policy,
	}}
	if !d.Cluster.Offline {
		// What stands before the last slash tells uploads of several clusters apart.
		run.Automation = &sarifAutomation{"seaworthy/" + d.Cluster.Name + "/"}
	}
	run.Invocations = []sarifInvocation{{
		Successful: d.Coverage.Percent > 0 || len(d.Coverage.Blind) == 0,
		Began:      d.Generated.Format("2006-01-02T15:04:05Z"), Account: d.Cluster.User, Notifications: []sarifNotification{},
	}}
	for _, b := range d.Coverage.Blind {
		n := sarifNotification{Level: "warning", Message: sarifText{Text: sarifPlain(blindWhere(b) + ": " + b.Reason)}}
		n.Descriptor.ID = notSeen
		run.Invocations[0].Notifications = append(run.Invocations[0].Notifications, n)
	}
	log := sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}
	twins := d.twins()
	return d.writeList(w, log, "]\n    }\n  ]\n}", "        ", func(one *score.Finding, f Finding) any { return sarifOf(f, twins[one]) })
}

// twins numbers the findings whose ID another one before them has.
func (d *draft) twins() map[*score.Finding]int {
	twins, last, n := map[*score.Finding]int{}, "", 0
	for _, f := range d.found {
		id := f.ID()
		if n++; id != last {
			last, n = id, 0
		}
		if n > 0 {
			twins[f] = n
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
