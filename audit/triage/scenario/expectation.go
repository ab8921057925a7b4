package scenario

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
)

// Expectation is what triage must make of a scenario.
type Expectation struct {
	// Screen is what a person must read from the screen, in a sentence.
	Screen string `yaml:"screen"`
	// Quiet says that nothing is broken: no signal may fire at any time.
	Quiet bool `yaml:"quiet"`
	// Root is what the one incident is about, as a key ("owner Deployment shop/api").
	Root string `yaml:"root"`
	// Severity is that of the incident, "S1" to "S4".
	Severity string `yaml:"severity"`
	// Signals are the ids of the detectors that must fire. Others may as well, if what
	// they say is S3 or S4.
	Signals []string `yaml:"signals"`
	// Change is how the change that broke it begins: the object and the title
	// ("Deployment shop/api: rollout 1 → 2: memory limit 512Mi → 256Mi"). It must be among
	// the candidates that are shown, or in the timeline where there is no incident; "" if
	// nothing changed.
	Change string `yaml:"change"`
	// Cause is the id of the pattern that must come first, "" where none fits or there is
	// no incident.
	Cause string `yaml:"cause"`
	// Wrong are differences that triage ought not to have, as [Expectation.Differences]
	// returns them. A test fails as soon as one of them is gone.
	Wrong []string `yaml:"wrong"`
	// Later is how much time to let pass over the last view before it is judged.
	Later time.Duration `yaml:"later"`
}

// Parse reads an expectation. Fields that nobody knows are an error.
func Parse(text []byte) (*Expectation, error) {
	var e Expectation
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&e); err != nil {
		return nil, fmt.Errorf("reading an expectation: %w", err)
	}
	return &e, nil
}

// Differences returns how the signals and incidents of a run differ from what is expected, nil if
// they do not.
func (e *Expectation) Differences(r *Run) []string {
	var all []string
	if e.Quiet {
		for _, s := range r.Fired() {
			all = append(all, "it is quiet, and this fires: "+describe(s))
		}
		return all
	}
	firing := r.Firing()
	for _, id := range e.Signals {
		if !slices.ContainsFunc(firing, func(s incident.Signal) bool { return s.Detector.ID == id }) {
			all = append(all, id+" does not fire")
		}
	}
	for _, s := range firing {
		if s.Severity <= triage.S2 && !slices.Contains(e.Signals, s.Detector.ID) {
			all = append(all, "unexpected: "+describe(s))
		}
	}
	all = append(all, e.rootDifferences(r)...)
	return append(all, e.causeDifferences(r)...)
}

// causeDifferences returns how the change and the cause of the first incident differ
// from what is expected. Where there is none, the timeline must have the change.
func (e *Expectation) causeDifferences(r *Run) []string {
	broke := func(ch *change.Change) bool { return strings.HasPrefix(ch.Object.String()+": "+ch.Title, e.Change) }
	open := r.Open()
	if len(open) == 0 {
		if !slices.ContainsFunc(r.Report().Changes(), func(ch change.Change) bool { return broke(&ch) }) {
			return []string{"the timeline does not have: " + e.Change}
		}
		return nil
	}
	d := open[0].Diagnosis()
	var all []string
	if got, want := d.Causes[0].Pattern, cmp.Or(e.Cause, undetermined); got != want {
		all = append(all, fmt.Sprintf("the cause is %s, not %s", got, want))
	}
	if e.Change != "" && !slices.ContainsFunc(d.Changes, func(ranked change.Ranked) bool { return broke(ranked.Change) }) {
		all = append(all, "no candidate among the changes: "+e.Change)
	}
	return all
}

// undetermined is the pattern of a cause that nobody knows.
const undetermined = "not-determined"

func describe(s incident.Signal) string {
	return fmt.Sprintf("%s %s: %s: %s", s.Severity, s.Object, s.Detector.ID, s.Message)
}

// rootDifferences returns how the incident differs from what is expected: there must
// be one and no other, or none if all is of no consequence.
func (e *Expectation) rootDifferences(r *Run) []string {
	var all []string
	open := r.Open()
	for _, i := range open {
		root := string(i.Root.Kind) + " " + i.Root.Name
		if root != e.Root || i.Severity.String() != e.Severity {
			all = append(all, fmt.Sprintf("an incident %s of %s, not %s of %s: %s", i.Severity, root, e.Severity, e.Root, i.Title))
		}
	}
	switch {
	case e.Root == "" || len(open) == 1:
	case len(open) == 0:
		all = append(all, "there is no incident")
	default:
		all = append(all, fmt.Sprintf("there are %d incidents, not one", len(open)))
	}
	return all
}
