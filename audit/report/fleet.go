package report

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// FleetSchema names the form of a [FleetDocument]. Its keys never change their meaning;
// new ones may come.
const FleetSchema = "seaworthy/fleet/v1"

// ErrNoFleet is the error of a format that has no place for several clusters.
var ErrNoFleet = errors.New("it is to be applied to the one cluster that it tells of")

// FleetDocument is what a report of several clusters says.
type FleetDocument struct {
	Schema string `json:"schema"`
	// Generated is the newest moment at which a cluster was seen; null if none was.
	Generated *time.Time    `json:"generated"`
	RuleSet   string        `json:"ruleset"`
	Coverage  FleetCoverage `json:"coverage"`
	// Versions says how far the servers are apart; null if no version is known.
	Versions *Versions `json:"versions"`
	// Differences are the rules that fail in one cluster and are known not to in another.
	Differences []Difference `json:"differences"`
	// Namespaces are those that several clusters have, with different scores.
	Namespaces []SharedNamespace `json:"namespaces"`
	Clusters   []FleetCluster    `json:"clusters"`
}

// FleetCoverage says how much of a fleet could be judged.
type FleetCoverage struct {
	Percent  float64 `json:"percent"` // the mean of the clusters; one that could not be looked at is 0
	Seen     int     `json:"seen"`    // clusters that could be looked at
	Clusters int     `json:"clusters"`
}

// Versions are the oldest and the newest version of the servers.
type Versions struct {
	Oldest string `json:"oldest"`
	Newest string `json:"newest"`
	Minors int    `json:"minors"` // minor versions between them
}

// FleetCluster is one cluster of a fleet.
type FleetCluster struct {
	// Contexts are the names of the cluster; it was looked at through the first.
	Contexts []string  `json:"contexts"`
	UID      string    `json:"uid"`             // of its namespace kube-system, "" if not known
	Error    string    `json:"error,omitempty"` // why it could not be looked at
	Report   *Document `json:"report"`          // as of scan -o json; null if there is an error
}

// Difference is a rule that does not find the same everywhere.
type Difference struct {
	Rule     string        `json:"rule"`
	Category string        `json:"category"`
	Severity string        `json:"severity"`
	Clusters []RuleVerdict `json:"clusters"` // in the order of the clusters
}

// RuleVerdict is what became of a rule in a cluster.
type RuleVerdict struct {
	Cluster string `json:"cluster"`
	// Verdict is failed, accepted, passed, "not applicable", unknown (something could not
	// be read) or unseen (the cluster could not be looked at).
	Verdict  string `json:"verdict"`
	Findings int    `json:"findings"`         // that are open
	Reason   string `json:"reason,omitempty"` // what could not be read
}

// SharedNamespace is a namespace of one name in several clusters.
type SharedNamespace struct {
	Name     string             `json:"name"`
	Clusters []NamespaceVerdict `json:"clusters"` // those that have it, in their order
	// Rules are what makes the difference between the clusters with the lowest and the
	// highest score, what counts most first.
	Rules []RuleCost `json:"rules"`
}

// NamespaceVerdict is a namespace in one cluster.
type NamespaceVerdict struct {
	Cluster string  `json:"cluster"`
	Score   float64 `json:"score"`
	Grade   string  `json:"grade"`
}

// RuleCost is what a rule costs a namespace, in points, in the cluster where its score is
// the lowest, and in that where it is the highest.
type RuleCost struct {
	Rule    string  `json:"rule"`
	Lowest  float64 `json:"lowest"`
	Highest float64 `json:"highest"`
}

// NewDocument returns everything that there is to say of an assessment, and of frameworks,
// as data that does not hold the view. It takes memory for every finding: to write one
// cluster down, [Format.Write] takes less.
func NewDocument(a *score.Assessment, sections ...Section) *Document {
	d := newDraft(a, sections)
	d.Findings = make([]Finding, 0, len(d.found))
	for f, err := range inOrder(d, func(_ int, row Finding) (Finding, error) { return row, nil }) {
		if err == nil { // as it always is: rows do not fail
			d.Findings = append(d.Findings, f)
		}
	}
	return d.Document
}

// OfFleet reports whether the format has a place for several clusters.
func (f Format) OfFleet() bool { return f.fleet != nil }

// WriteFleet writes a report of several clusters. The error is [ErrNoFleet] for a format
// that has no place for them.
func (f Format) WriteFleet(w io.Writer, members []Member) error {
	if f.fleet == nil {
		return fmt.Errorf("writing the %s report of %d clusters: %w", f.Name, len(members), ErrNoFleet)
	}
	if err := f.fleet(w, newFleetDraft(members)); err != nil {
		return fmt.Errorf("writing the %s report: %w", f.Name, err)
	}
	return nil
}

// fleetDraft is a report of a fleet that is being written.
type fleetDraft struct {
	*FleetDocument
	fleet   *fleet.Fleet
	members []Member
	differ  []fleet.Difference
	shared  []fleet.Shared
}

func newFleetDraft(members []Member) *fleetDraft {
	f := &fleet.Fleet{}
	for _, m := range members {
		f.Clusters = append(f.Clusters, m.Cluster)
	}
	d := &fleetDraft{fleet: f, members: members, differ: f.Differences(), shared: f.Shared(), FleetDocument: &FleetDocument{
		Schema: FleetSchema, RuleSet: score.RuleSet, Differences: []Difference{}, Namespaces: []SharedNamespace{}, Clusters: []FleetCluster{},
		Coverage: FleetCoverage{Percent: f.Coverage(), Seen: f.Seen(), Clusters: len(members)},
	}}
	for _, m := range members {
		if m.Document != nil && (d.Generated == nil || m.Document.Generated.After(*d.Generated)) {
			d.Generated = &m.Document.Generated
		}
	}
	if oldest, newest, minors := f.Skew(); oldest != "" {
		d.Versions = &Versions{oldest, newest, minors}
	}
	for i := range d.differ {
		d.Differences = append(d.Differences, d.difference(&d.differ[i]))
	}
	for i := range d.shared {
		d.Namespaces = append(d.Namespaces, d.namespace(&d.shared[i]))
	}
	return d
}

func (d *fleetDraft) difference(of *fleet.Difference) Difference {
	row := Difference{Rule: of.ID, Category: of.Category, Severity: of.Severity.String()}
	for i, r := range of.In {
		row.Clusters = append(row.Clusters, RuleVerdict{d.members[i].Name(), r.Verdict.String(), r.Open, r.Why})
	}
	return row
}

func (d *fleetDraft) namespace(of *fleet.Shared) SharedNamespace {
	row := SharedNamespace{Name: of.Name, Rules: []RuleCost{}}
	for i, n := range of.In {
		if n != nil {
			row.Clusters = append(row.Clusters, NamespaceVerdict{d.members[i].Name(), n.Score, n.Grade})
		}
	}
	for _, c := range of.Rules {
		row.Rules = append(row.Rules, RuleCost{c.ID, c.Low, c.High})
	}
	return row
}

// cluster returns what programs are told of a cluster.
func (m Member) cluster() FleetCluster {
	row := FleetCluster{Contexts: m.Contexts, Report: m.Document}
	if m.Standing != nil {
		row.UID = m.UID
	}
	if m.Err != nil {
		row.Error = m.Err.Error()
	}
	return row
}

// rows yields the clusters, encoded.
func (d *fleetDraft) rows(encoded func(FleetCluster) ([]byte, error)) func(yield func([]byte, error) bool) {
	return func(yield func([]byte, error) bool) {
		for _, m := range d.members {
			if !yield(encoded(m.cluster())) {
				return
			}
		}
	}
}

func writeFleetJSON(w io.Writer, d *fleetDraft) error {
	const indent = "    "
	return writeStream(w, d.FleetDocument, documentEnd, indent, d.rows(func(c FleetCluster) ([]byte, error) { return encode(indent, c) }))
}

func writeFleetYAML(w io.Writer, d *fleetDraft) error {
	out := bufio.NewWriterSize(w, 64<<10)
	p := &printer{w: out}
	document := reflect.ValueOf(*d.FleetDocument)
	for field := range document.Type().Fields() {
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if key == "clusters" {
			p.line("clusters:")
			continue
		}
		text, err := encodeYAML(key+": ", document.FieldByIndex(field.Index).Interface())
		if err != nil {
			return err
		}
		p.print(text)
	}
	for text, err := range d.rows(func(c FleetCluster) ([]byte, error) { return encodeYAML("- ", c) }) {
		if err != nil {
			return err
		}
		p.print(text)
	}
	return p.flush(out)
}

// placed is a finding and the place of its cluster among the members.
type placed struct {
	Finding
	cluster int
}

// worst returns the findings of all clusters that matter most, as [worstOf] has them, and
// how many there are that are not accepted.
func (d *fleetDraft) worst(most int) (shown []placed, count int) {
	for i, m := range d.members {
		if m.Document == nil {
			continue
		}
		for _, f := range m.Document.Findings {
			if f.Accepted == nil {
				shown = append(shown, placed{f, i})
			}
		}
	}
	severities := map[string]audit.Severity{}
	for _, s := range audit.Severities() {
		severities[s.String()] = s
	}
	slices.SortStableFunc(shown, func(a, b placed) int {
		return cmp.Or(
			cmp.Compare(len(a.Implied), 0)-cmp.Compare(len(b.Implied), 0),
			cmp.Compare(severities[b.Severity], severities[a.Severity]),
			cmp.Compare(b.Points, a.Points),
		)
	})
	return shown[:min(most, len(shown))], len(shown)
}
