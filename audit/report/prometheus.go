package report

import (
	"cmp"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/report/exposition"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

const (
	// mostSeries bounds the series that namespaces have. The worst namespaces have
	// theirs, and the findings of the others are added up.
	mostSeries = 10_000
	// others is the namespace of what is added up; none can have that name.
	others = "(others)"
)

// gauge is a metric with its series.
type gauge struct {
	name, help string
	labels     []string
	all        []exposition.Series
}

// writePrometheus writes the text format of Prometheus, version 0.0.4.
func writePrometheus(w io.Writer, d *draft) error {
	counts := make([]tally, len(d.scored))
	for i, n := range d.scored {
		counts[i] = tallyOf(n)
	}
	m := exposition.NewWriter(w)
	for _, g := range gaugesOf(d.Document, counts) {
		m.Gauge(g.name, g.help, g.labels, g.all...)
	}
	return m.Flush()
}

// writeFleetPrometheus writes the metrics of several clusters, each with the label
// cluster. One that could not be looked at has no other metric than that it is not up.
func writeFleetPrometheus(w io.Writer, d *fleetDraft) error {
	up := gauge{"up", "Whether the cluster could be looked at.", []string{"cluster"}, nil}
	var merged []gauge
	for _, member := range d.members {
		name := member.Name()
		if member.Document == nil {
			up.all = append(up.all, exposition.At(0, name))
			continue
		}
		up.all = append(up.all, exposition.At(1, name))
		own := gaugesOf(member.Document, openIn(member.Document))
		if merged == nil {
			merged = make([]gauge, len(own))
		}
		for i, g := range own {
			g.label(name)
			merged[i].name, merged[i].help, merged[i].labels = g.name, g.help, g.labels
			merged[i].all = append(merged[i].all, g.all...)
		}
	}
	m := exposition.NewWriter(w)
	for _, g := range append([]gauge{up}, merged...) {
		m.Gauge(g.name, g.help, g.labels, g.all...)
	}
	return m.Flush()
}

// label has every series say of which cluster it is, by its name in the fleet.
func (g *gauge) label(cluster string) {
	own := slices.Index(g.labels, "cluster")
	if own < 0 {
		g.labels = append([]string{"cluster"}, g.labels...)
	}
	for i := range g.all {
		if own >= 0 {
			g.all[i].Labels[own] = cluster
			continue
		}
		g.all[i].Labels = append([]string{cluster}, g.all[i].Labels...)
	}
}

// gaugesOf returns the metrics of a document, always the same and in the same order, and
// of what was counted in each of its namespaces.
func gaugesOf(d *Document, counts []tally) []gauge {
	profile := ""
	if d.Policy != nil {
		profile = d.Policy.Profile
	}
	var controls []exposition.Series
	for _, f := range d.Frameworks {
		controls = append(controls,
			exposition.At(float64(f.Passed), f.ID, string(framework.Pass)),
			exposition.At(float64(f.Failed), f.ID, string(framework.Fail)),
			exposition.At(float64(f.NotEvaluated), f.ID, string(framework.NotEvaluated)))
	}
	info := []exposition.Series{exposition.At(1, d.Cluster.Name, d.Cluster.Server, d.Cluster.Version, d.RuleSet, profile)}
	one := func(value float64) []exposition.Series { return []exposition.Series{exposition.At(value)} }
	return append([]gauge{
		{"info", "What was looked at, and by which rules.", []string{"cluster", "server", "version", "ruleset", "profile"}, info},
		{"seen_timestamp_seconds", "When the cluster was seen.", nil, one(float64(d.Generated.Unix()))},
		{"coverage_ratio", "How much of the checks could be made.", nil, one(ratio(d.Coverage.Percent))},
		{"unseen_resources", "Resources that could not be read, so were not judged.", nil, one(float64(len(d.Coverage.Blind)))},
		{"score", "The score of the cluster, 0 to 100.", nil, scoreSeries(nil, d.Score)},
		{"score_with_accepted", "What the score would be if nothing were accepted.", nil, scoreSeries(nil, d.RawScore)},
		{"platform_score", "The score of the platform namespaces, which the score leaves out.", nil, scoreSeries(nil, d.Platform)},
		{"category_score", "The mean score of a category.", []string{"category"}, categorySeries(nil, d.Categories)},
		{"framework_controls", "Controls of a framework by what became of them.", []string{"framework", "verdict"}, controls},
	}, namespaceGauges(d, counts)...)
}

// namespaceGauges are what there is by namespace.
func namespaceGauges(d *Document, counted []tally) []gauge {
	var scores, coverage, subjects, accepted, categories, found []exposition.Series
	rest, restAccepted, left, written := tally{}, 0, 0, 0
	for i, n := range d.Namespaces {
		counts := counted[i]
		if written += 4 + len(n.Categories) + len(counts); written > mostSeries {
			left++
			restAccepted += n.Accepted
			for kind, count := range counts {
				rest[kind] += count
			}
			continue
		}
		name := []string{n.Name}
		scores = append(scores, scoreSeries([]string{n.Name, n.Group}, n.Score)...)
		coverage = append(coverage, exposition.At(ratio(n.Coverage), n.Name))
		subjects = append(subjects, exposition.At(float64(n.Subjects), n.Name))
		accepted = append(accepted, exposition.At(float64(n.Accepted), n.Name))
		categories = append(categories, categorySeries(name, n.Categories)...)
		found = append(found, counts.series(n.Name)...)
	}
	if left > 0 {
		accepted = append(accepted, exposition.At(float64(restAccepted), others))
		found = append(found, rest.series(others)...)
	}
	return []gauge{
		{"namespaces_omitted", "Namespaces without series of their own: their findings have the namespace " + others + ".", nil, []exposition.Series{exposition.At(float64(left))}},
		{"namespace_score", "The score of a namespace, 0 to 100.", []string{"namespace", "group"}, scores},
		{"namespace_coverage_ratio", "How much of the checks could be made in a namespace.", []string{"namespace"}, coverage},
		{"namespace_subjects", "What is deployed or granted in a namespace.", []string{"namespace"}, subjects},
		{"namespace_accepted_findings", "Findings of a namespace that are accepted.", []string{"namespace"}, accepted},
		{"namespace_category_score", "The score of a category in a namespace.", []string{"namespace", "category"}, categories},
		{"findings", "Findings that are open.", []string{"namespace", "rule", "severity"}, found},
	}
}

// tally counts the open findings of a rule at a severity.
type tally map[counted]int

type counted struct {
	rule     string
	severity audit.Severity
}

func tallyOf(n *score.Namespace) tally {
	counts := tally{}
	for _, f := range n.Findings {
		if f.Open() {
			counts[counted{f.Rule.ID, f.Severity}]++
		}
	}
	return counts
}

// openIn counts the open findings of a document in each of its namespaces.
func openIn(d *Document) []tally {
	counts, at := make([]tally, len(d.Namespaces)), map[string]int{}
	for i, n := range d.Namespaces {
		counts[i], at[n.Name] = tally{}, i
	}
	for _, f := range d.Findings {
		i, known := at[cmp.Or(f.Namespace, score.ClusterWide)]
		severity, err := audit.ParseSeverity(f.Severity)
		if known && err == nil && f.Accepted == nil && f.Implied == "" {
			counts[i][counted{f.Rule, severity}]++
		}
	}
	return counts
}

func (t tally) series(namespace string) []exposition.Series {
	var all []exposition.Series
	for _, kind := range slices.SortedFunc(maps.Keys(t), func(a, b counted) int {
		return cmp.Or(strings.Compare(a.rule, b.rule), cmp.Compare(b.severity, a.severity))
	}) {
		all = append(all, exposition.At(float64(t[kind]), namespace, kind.rule, kind.severity.String()))
	}
	return all
}

// scoreSeries is the series of a score, none where there is no score.
func scoreSeries(labels []string, value *float64) []exposition.Series {
	if value == nil {
		return nil
	}
	return []exposition.Series{exposition.At(*value, labels...)}
}

// categorySeries are the scores of categories, by ID.
func categorySeries(labels []string, categories map[string]Category) []exposition.Series {
	var all []exposition.Series
	for _, id := range slices.Sorted(maps.Keys(categories)) {
		all = append(all, scoreSeries(append(slices.Clone(labels), id), categories[id].Score)...)
	}
	return all
}

// ratio makes a share of a percentage with one decimal, without what dividing adds: 0.994.
func ratio(percent float64) float64 { return math.Round(percent*10) / 1000 }
