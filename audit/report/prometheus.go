package report

import (
	"bufio"
	"cmp"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

const (
	// mostSeries bounds the series that namespaces have. The worst namespaces have
	// theirs, and the findings of the others are added up.
	mostSeries = 10_000
	// others is the namespace of what is added up; none can have that name.
	others = "(others)"
)

// series is one line of a metric: a value, and the values of the metric's labels.
type series struct {
	labels []string
	value  float64
}

// writePrometheus writes the text format of Prometheus, version 0.0.4.
func writePrometheus(w io.Writer, d *draft) error {
	out := bufio.NewWriterSize(w, 64<<10)
	m := &exposition{printer{w: out}}
	profile := ""
	if d.Policy != nil {
		profile = d.Policy.Profile
	}
	m.gauge("info", "What was looked at, and by which rules.", []string{"cluster", "server", "version", "ruleset", "profile"},
		series{[]string{d.Cluster.Name, d.Cluster.Server, d.Cluster.Version, d.RuleSet, profile}, 1})
	m.gauge("seen_timestamp_seconds", "When the cluster was seen.", nil, series{value: float64(d.Generated.Unix())})
	m.gauge("coverage_ratio", "How much of the checks could be made.", nil, series{value: d.Coverage.Percent / 100})
	m.gauge("unseen_resources", "Resources that could not be read, so were not judged.", nil, series{value: float64(len(d.Coverage.Blind))})
	m.gauge("score", "The score of the cluster, 0 to 100.", nil, scoreSeries(nil, d.Score)...)
	m.gauge("score_with_accepted", "What the score would be if nothing were accepted.", nil, scoreSeries(nil, d.RawScore)...)
	m.gauge("platform_score", "The score of the platform namespaces, which the score leaves out.", nil, scoreSeries(nil, d.Platform)...)
	m.gauge("category_score", "The mean score of a category.", []string{"category"}, categorySeries(nil, d.Categories)...)
	var controls []series
	for _, f := range d.Frameworks {
		controls = append(controls,
			series{[]string{f.ID, string(framework.Pass)}, float64(f.Passed)},
			series{[]string{f.ID, string(framework.Fail)}, float64(f.Failed)},
			series{[]string{f.ID, string(framework.NotEvaluated)}, float64(f.NotEvaluated)})
	}
	m.gauge("framework_controls", "Controls of a framework by what became of them.", []string{"framework", "verdict"}, controls...)
	m.namespaces(d)
	return m.flush(out)
}

// exposition writes metrics.
type exposition struct{ printer }

// gauge writes a metric, and nothing if it has no series.
func (m *exposition) gauge(name, help string, labels []string, all ...series) {
	if len(all) == 0 {
		return
	}
	name = "seaworthy_" + name
	m.line("# HELP %s %s", name, help)
	m.line("# TYPE %s gauge", name)
	for _, s := range all {
		pairs := make([]string, len(labels))
		for i, label := range labels {
			pairs[i] = label + `="` + labelValue(s.labels[i]) + `"`
		}
		text := name
		if len(pairs) > 0 {
			text += "{" + strings.Join(pairs, ",") + "}"
		}
		m.line("%s %s", text, strconv.FormatFloat(s.value, 'f', -1, 64))
	}
}

// labelValue escapes what the format reads; a line break is a blank by then.
func labelValue(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(printable.Text(text))
}

// namespaces writes what there is by namespace.
func (m *exposition) namespaces(d *draft) {
	var scores, coverage, subjects, accepted, categories, found []series
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
		coverage = append(coverage, series{name, n.Coverage / 100})
		subjects = append(subjects, series{name, float64(n.Subjects)})
		accepted = append(accepted, series{name, float64(n.Accepted)})
		categories = append(categories, categorySeries(name, n.Categories)...)
		found = append(found, counts.series(n.Name)...)
	}
	if left > 0 {
		accepted = append(accepted, series{[]string{others}, float64(restAccepted)})
		found = append(found, rest.series(others)...)
	}
	m.gauge("namespaces_omitted", "Namespaces without series of their own: their findings have the namespace "+others+".", nil, series{value: float64(left)})
	m.gauge("namespace_score", "The score of a namespace, 0 to 100.", []string{"namespace", "group"}, scores...)
	m.gauge("namespace_coverage_ratio", "How much of the checks could be made in a namespace.", []string{"namespace"}, coverage...)
	m.gauge("namespace_subjects", "What is deployed or granted in a namespace.", []string{"namespace"}, subjects...)
	m.gauge("namespace_accepted_findings", "Findings of a namespace that are accepted.", []string{"namespace"}, accepted...)
	m.gauge("namespace_category_score", "The score of a category in a namespace.", []string{"namespace", "category"}, categories...)
	m.gauge("findings", "Findings that are open.", []string{"namespace", "rule", "severity"}, found...)
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

func (t tally) series(namespace string) []series {
	var all []series
	for _, kind := range slices.SortedFunc(maps.Keys(t), func(a, b counted) int {
		return cmp.Or(strings.Compare(a.rule, b.rule), cmp.Compare(b.severity, a.severity))
	}) {
		all = append(all, series{[]string{namespace, kind.rule, kind.severity.String()}, float64(t[kind])})
	}
	return all
}

// scoreSeries is the series of a score, none where there is no score.
func scoreSeries(labels []string, value *float64) []series {
	if value == nil {
		return nil
	}
	return []series{{labels, *value}}
}

// categorySeries are the scores of categories, by ID.
func categorySeries(labels []string, categories map[string]Category) []series {
	var all []series
	for _, id := range slices.Sorted(maps.Keys(categories)) {
		all = append(all, scoreSeries(append(slices.Clone(labels), id), categories[id].Score)...)
	}
	return all
}
