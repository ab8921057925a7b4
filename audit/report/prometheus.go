package report

import (
	"cmp"
	"io"
	"maps"
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

// writePrometheus writes the text format of Prometheus, version 0.0.4.
func writePrometheus(w io.Writer, d *draft) error {
	m := exposition.NewWriter(w)
	profile := ""
	if d.Policy != nil {
		profile = d.Policy.Profile
	}
	m.Gauge("info", "What was looked at, and by which rules.", []string{"cluster", "server", "version", "ruleset", "profile"},
		exposition.At(1, d.Cluster.Name, d.Cluster.Server, d.Cluster.Version, d.RuleSet, profile))
	m.Gauge("seen_timestamp_seconds", "When the cluster was seen.", nil, exposition.At(float64(d.Generated.Unix())))
	m.Gauge("coverage_ratio", "How much of the checks could be made.", nil, exposition.At(d.Coverage.Percent/100))
	m.Gauge("unseen_resources", "Resources that could not be read, so were not judged.", nil, exposition.At(float64(len(d.Coverage.Blind))))
	m.Gauge("score", "The score of the cluster, 0 to 100.", nil, scoreSeries(nil, d.Score)...)
	m.Gauge("score_with_accepted", "What the score would be if nothing were accepted.", nil, scoreSeries(nil, d.RawScore)...)
	m.Gauge("platform_score", "The score of the platform namespaces, which the score leaves out.", nil, scoreSeries(nil, d.Platform)...)
	m.Gauge("category_score", "The mean score of a category.", []string{"category"}, categorySeries(nil, d.Categories)...)
	var controls []exposition.Series
	for _, f := range d.Frameworks {
		controls = append(controls,
			exposition.At(float64(f.Passed), f.ID, string(framework.Pass)),
			exposition.At(float64(f.Failed), f.ID, string(framework.Fail)),
			exposition.At(float64(f.NotEvaluated), f.ID, string(framework.NotEvaluated)))
	}
	m.Gauge("framework_controls", "Controls of a framework by what became of them.", []string{"framework", "verdict"}, controls...)
	writeNamespaces(m, d)
	return m.Flush()
}

// writeNamespaces writes what there is by namespace.
func writeNamespaces(m *exposition.Writer, d *draft) {
	var scores, coverage, subjects, accepted, categories, found []exposition.Series
	rest, restAccepted, left, written := tally{}, 0, 0, 0
	for i, n := range d.Namespaces {
		counts := tallyOf(d.scored[i])
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
		coverage = append(coverage, exposition.At(n.Coverage/100, n.Name))
		subjects = append(subjects, exposition.At(float64(n.Subjects), n.Name))
		accepted = append(accepted, exposition.At(float64(n.Accepted), n.Name))
		categories = append(categories, categorySeries(name, n.Categories)...)
		found = append(found, counts.series(n.Name)...)
	}
	if left > 0 {
		accepted = append(accepted, exposition.At(float64(restAccepted), others))
		found = append(found, rest.series(others)...)
	}
	m.Gauge("namespaces_omitted", "Namespaces without series of their own: their findings have the namespace "+others+".", nil, exposition.At(float64(left)))
	m.Gauge("namespace_score", "The score of a namespace, 0 to 100.", []string{"namespace", "group"}, scores...)
	m.Gauge("namespace_coverage_ratio", "How much of the checks could be made in a namespace.", []string{"namespace"}, coverage...)
	m.Gauge("namespace_subjects", "What is deployed or granted in a namespace.", []string{"namespace"}, subjects...)
	m.Gauge("namespace_accepted_findings", "Findings of a namespace that are accepted.", []string{"namespace"}, accepted...)
	m.Gauge("namespace_category_score", "The score of a category in a namespace.", []string{"namespace", "category"}, categories...)
	m.Gauge("findings", "Findings that are open.", []string{"namespace", "rule", "severity"}, found...)
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
