package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// The parts of OSCAL assessment results that are used.
// https://pages.nist.gov/OSCAL-Reference/models/v1.1.3/assessment-results/json-reference/
type (
	oscalFile struct {
		Results oscalResults `json:"assessment-results"`
	}
	oscalResults struct {
		UUID     string        `json:"uuid"`
		Metadata oscalMetadata `json:"metadata"`
		Plan     struct {
			Href string `json:"href"`
		} `json:"import-ap"`
		Back struct {
			Resources []oscalNamed `json:"resources"`
		} `json:"back-matter"`
		Results []oscalResult `json:"results"`
	}
	oscalMetadata struct {
		Title    string `json:"title"`
		Modified string `json:"last-modified"`
		Version  string `json:"version"`
		OSCAL    string `json:"oscal-version"`
	}
	oscalNamed struct {
		UUID        string `json:"uuid"`
		Title       string `json:"title,omitempty"`
		Description string `json:"description"`
	}
	oscalProperty struct {
		Name      string `json:"name"`
		Namespace string `json:"ns"`
		Value     string `json:"value"`
	}
	oscalResult struct {
		oscalNamed
		Start    string          `json:"start"`
		End      string          `json:"end"`
		Props    []oscalProperty `json:"props,omitempty"`
		Local    *oscalLocal     `json:"local-definitions,omitempty"`
		Reviewed struct {
			Selections []oscalSelection `json:"control-selections"`
		} `json:"reviewed-controls"`
		Findings     []oscalFinding     `json:"findings,omitempty"`
		Observations []oscalObservation `json:"observations"`
	}
	oscalLocal struct {
		Items []oscalNamed `json:"inventory-items"`
	}
	oscalSelection struct {
		Description string         `json:"description"`
		Include     []oscalControl `json:"include-controls,omitempty"`
		Exclude     []oscalControl `json:"exclude-controls,omitempty"`
		Remarks     string         `json:"remarks,omitempty"`
	}
	oscalControl struct {
		ID string `json:"control-id"`
	}
	oscalFinding struct {
		oscalNamed
		Target  oscalTarget    `json:"target"`
		Related []oscalRelated `json:"related-observations,omitempty"`
	}
	oscalTarget struct {
		Type   string `json:"type"`
		ID     string `json:"target-id"`
		Status struct {
			State  string `json:"state"`
			Reason string `json:"reason"`
		} `json:"status"`
	}
	oscalRelated struct {
		Observation string `json:"observation-uuid"`
	}
	oscalObservation struct {
		oscalNamed
		Props     []oscalProperty `json:"props,omitempty"`
		Methods   []string        `json:"methods"`
		Types     []string        `json:"types,omitempty"`
		Subjects  []oscalSubject  `json:"subjects,omitempty"`
		Collected string          `json:"collected"`
		Remarks   string          `json:"remarks,omitempty"`
	}
	oscalSubject struct {
		UUID  string `json:"subject-uuid"`
		Type  string `json:"type"`
		Title string `json:"title"`
	}
)

// writeOSCAL writes assessment results with a finding for each control that was judged
// and an observation for each finding of ours, and one of how much could be seen. What
// was not evaluated is excluded from what was reviewed. Without a framework the rules
// themselves are the controls.
func writeOSCAL(w io.Writer, d *draft) error {
	space, err := d.oscalSpace()
	if err != nil {
		return err
	}
	result := d.oscalResult(space)
	return writeOSCALFile(w, space.file(result.Title, result.Start, d.RuleSet), func(p *printer, next func()) error {
		next()
		return p.oscalResult(result, d.oscalObservations(space, result.Start))
	})
}

// writeOSCALFile writes a file of results, each of which is an element ([printer.list]).
func writeOSCALFile(w io.Writer, file oscalFile, results func(p *printer, next func()) error) error {
	return writeDocument(w, file, "]\n  }\n}", "      ", results)
}

// oscalResult writes a result with its observations.
func (p *printer) oscalResult(result oscalResult, observations iter.Seq2[[]byte, error]) error {
	return p.list("      ", result, "]\n      }", oscalIndent, func(p *printer, next func()) error { return p.each(observations, next) })
}

// oscalIndent is that of an observation.
const oscalIndent = "          "

// file is a file without results; at is the moment that they are of.
func (s oscalSpace) file(title, at, ruleSet string) oscalFile {
	var file oscalFile
	r := &file.Results
	r.UUID = s.id("document")
	r.Metadata = oscalMetadata{Title: title, Modified: at, Version: at, OSCAL: "1.1.3"}
	r.Plan.Href = "#" + s.id("plan")
	r.Back.Resources = []oscalNamed{{
		s.id("plan"), "How it was assessed",
		"There is no assessment plan: rule set " + ruleSet + " of seaworthy, by itself, looked at what its user may read. " + home,
	}}
	r.Results = []oscalResult{}
	return file
}

// oscalResult is what there is to say of a cluster, without observations.
func (d *draft) oscalResult(space oscalSpace) oscalResult {
	at := d.Generated.Format(time.RFC3339)
	result := oscalResult{
		oscalNamed: oscalNamed{space.id("result"), cell("Seaworthiness of " + d.Cluster.Name), cell(strings.Join(headline(d), ", "))},
		Start:      at, End: at, Props: d.oscalProps(), Local: d.oscalItems(space), Observations: []oscalObservation{},
	}
	frameworks := d.Frameworks
	if len(frameworks) == 0 {
		frameworks = []Compliance{d.ownControls()}
	}
	for _, f := range frameworks {
		selection := oscalSelection{Description: cell(f.Title + ", " + f.Edition + ". Source: " + f.Source)}
		var excluded []string
		for _, c := range f.Controls {
			if c.Verdict == string(framework.NotEvaluated) {
				selection.Exclude = append(selection.Exclude, oscalControl{token(c.ID)})
				excluded = append(excluded, cell(c.ID+": "+c.Said()))
				continue
			}
			selection.Include = append(selection.Include, oscalControl{token(c.ID)})
			result.Findings = append(result.Findings, space.finding(f, c))
		}
		if len(excluded) > 0 {
			selection.Remarks = "What was not evaluated: " + strings.Join(excluded, "; ")
		}
		result.Reviewed.Selections = append(result.Reviewed.Selections, selection)
	}
	return result
}

// oscalSpace is what UUIDs are made in: it differs for each content, and is the same
// for the same.
type oscalSpace uuid.UUID

func (d *draft) oscalSpace() (oscalSpace, error) {
	sum := sha256.New()
	encoder := json.NewEncoder(sum)
	head := *d.Document
	head.Findings = []Finding{}
	if err := encoder.Encode(head); err != nil {
		return oscalSpace{}, fmt.Errorf("encoding it: %w", err)
	}
	for _, f := range d.found {
		if err := encoder.Encode([]any{f.Statement(), f.Detail, f.Accepted}); err != nil {
			return oscalSpace{}, fmt.Errorf("encoding it: %w", err)
		}
	}
	for _, f := range d.Findings {
		if err := encoder.Encode([]any{f.statement(), f.Detail, f.Accepted}); err != nil {
			return oscalSpace{}, fmt.Errorf("encoding it: %w", err)
		}
	}
	return oscalSpaceOf(sum.Sum(nil)), nil
}

func oscalSpaceOf(content []byte) oscalSpace {
	return oscalSpace(uuid.NewSHA1(uuid.NewSHA1(uuid.NameSpaceURL, []byte(home)), content))
}

func (s oscalSpace) id(of ...string) string {
	return uuid.NewSHA1(uuid.UUID(s), []byte(strings.Join(of, "\x00"))).String()
}

func (s oscalSpace) item(of kube.Ref) string { return s.id("item", of.String()) }

// oscalItems are the objects that something was found of; nil if nothing was.
func (d *draft) oscalItems(space oscalSpace) *oscalLocal {
	local, listed := &oscalLocal{}, map[kube.Ref]bool{}
	for _, f := range d.sketches() {
		if of := f.place.Subject; !listed[of] {
			listed[of] = true
			local.Items = append(local.Items, oscalNamed{UUID: space.item(of), Description: cell(of.String())})
		}
	}
	if len(local.Items) == 0 {
		return nil
	}
	return local
}

// finding is the verdict on a control.
func (s oscalSpace) finding(f Compliance, c Control) oscalFinding {
	found := oscalFinding{oscalNamed: oscalNamed{s.id("finding", f.ID, c.ID), cell(cmp.Or(c.Title, c.ID, "-")), cell(c.ID + ": " + c.Said())}}
	found.Target.Type, found.Target.ID = "objective-id", token(c.ID)
	found.Target.Status.State, found.Target.Status.Reason = "satisfied", "pass"
	if c.Verdict == string(framework.Fail) {
		found.Target.Status.State, found.Target.Status.Reason = "not-satisfied", "fail"
	}
	for _, statement := range c.statements {
		found.Related = append(found.Related, oscalRelated{s.id("observation", statement)})
	}
	return found
}

// oscalObservations yields what could be seen, and every finding.
func (d *draft) oscalObservations(space oscalSpace, at string) iter.Seq2[[]byte, error] {
	var blind []string
	for _, b := range d.Coverage.Blind {
		blind = append(blind, cell(blindWhere(b)+": "+b.Reason))
	}
	return func(yield func([]byte, error) bool) {
		if !yield(encode(oscalIndent, space.seen(d.Coverage.Percent, blind, at))) {
			return
		}
		for text, err := range d.encoded(oscalIndent, func(_ int, row Finding) any { return space.observation(row, at) }) {
			if !yield(text, err) {
				return
			}
		}
	}
}

// seen is the observation of how much could be seen, and why not more.
func (s oscalSpace) seen(percent float64, blind []string, at string) oscalObservation {
	o := oscalObservation{
		oscalNamed: oscalNamed{s.id("coverage"), "What could be seen", fmt.Sprintf("%.1f %% of the checks could be made.", percent)},
		Methods:    []string{"TEST"}, Collected: at,
	}
	if len(blind) > 0 {
		o.Remarks = "Not seen, so not judged: " + strings.Join(blind, "; ")
	}
	return o
}

func (s oscalSpace) observation(row Finding, at string) oscalObservation {
	subject := row.place.Subject
	o := oscalObservation{
		oscalNamed: oscalNamed{s.id("observation", row.statement()), cell(row.rule.Title), cell(strings.TrimSpace(where(row) + ": " + row.Message + ". " + row.Detail))},
		Methods:    []string{"TEST"}, Types: []string{"finding"}, Collected: at,
		Subjects: []oscalSubject{{s.item(subject), "inventory-item", cell(subject.String())}},
	}
	source := ""
	if row.Source != nil {
		source = fmt.Sprintf("%s:%d", row.Source.File, row.Source.Line)
	}
	o.Props = properties("rule", row.Rule, "severity", row.Severity, "points", fmt.Sprintf("%.2f", row.Points),
		"container", row.Container, "field", row.Path, "written-in", source, "implied-by", row.Implied)
	var remarks []string
	if a := row.Accepted; a != nil {
		o.Props = append(o.Props, properties("accepted", "true", "accepted-by", a.Owner, "accepted-until", a.Expires)...)
		remarks = append(remarks, "Accepted: "+cell(why(a))+".")
	}
	if row.Fix != nil {
		remarks = append(remarks, "Fix: "+cell(row.Fix.Title)+".")
	}
	o.Remarks = strings.Join(remarks, " ")
	return o
}

func (d *draft) oscalProps() []oscalProperty {
	profile := ""
	if d.Policy != nil {
		profile = d.Policy.Profile
	}
	return properties("cluster", d.Cluster.Name, "server", d.Cluster.Server, "version", d.Cluster.Version, "seen-as", d.Cluster.User,
		"namespaces", strings.Join(d.Cluster.Namespaces, ", "), "rule-set", d.RuleSet, "profile", profile,
		"score", number(d.Score), "grade", d.Grade, "coverage", fmt.Sprintf("%.1f", d.Coverage.Percent))
}

// properties are names and their values, without those that are empty.
func properties(of ...string) []oscalProperty {
	var all []oscalProperty
	for i := 0; i < len(of); i += 2 {
		if value := strings.TrimSpace(printable.Text(of[i+1])); value != "" {
			all = append(all, oscalProperty{of[i], home, value})
		}
	}
	return all
}

// token is an ID as OSCAL allows it: letters, digits, dots, dashes and underscores.
func token(id string) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '_'
	}, id)
	if clean == "" || strings.IndexByte("0123456789.-", clean[0]) >= 0 {
		return "_" + clean
	}
	return clean
}

// ownControls is the rule set as a framework, for those who asked for none: a control
// for each rule that had anything to judge.
func (d *draft) ownControls() Compliance {
	own := Compliance{ID: "seaworthy", Title: "Rules of seaworthy", Edition: "rule set " + d.RuleSet, Source: home}
	controls := d.tallied()
	for _, f := range d.sketches() {
		if c := controls[f.Rule]; c != nil && f.open() {
			c.Verdict = string(framework.Fail)
			c.statements = append(c.statements, f.statement())
			c.objects = append(c.objects, strings.TrimPrefix(f.Namespace+" "+f.place.Subject.Short(), " "))
		}
	}
	for _, category := range d.titles {
		for _, r := range category.Rules {
			c := controls[r.ID]
			if c == nil || c.Judged == 0 && c.Verdict == string(framework.Pass) {
				continue
			}
			c.objects = slices.Compact(c.objects)
			own.Controls = append(own.Controls, *c)
		}
	}
	return own
}

// tallied is what rules said of all namespaces together: that they pass, or could not
// be judged everywhere.
func (d *draft) tallied() map[string]*Control {
	controls := map[string]*Control{}
	for _, name := range slices.Sorted(maps.Keys(d.tallies)) {
		for _, t := range d.tallies[name] {
			c := controls[t.Rule.ID]
			if c == nil {
				c = &Control{ID: t.Rule.ID, Title: t.Rule.Title, Verdict: string(framework.Pass)}
				controls[t.Rule.ID] = c
			}
			c.Judged += t.Applicable
			c.Failing += t.Failing
			if t.Coverage < 1 {
				c.Verdict, c.Reason = string(framework.NotEvaluated), t.Why
			}
		}
	}
	return controls
}
