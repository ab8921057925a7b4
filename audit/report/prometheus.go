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

// gauge is a metric with its series.
type gauge struct {
	name, help string
	labels     []string
	all        []series
}

// writePrometheus writes the text format of Prometheus, version 0.0.4.
func writePrometheus(w io.Writer, d *draft) error {
	counts := make([]tally, len(d.scored))
	for i, n := range d.scored {
		counts[i] = tallyOf(n)
	}
	out := bufio.NewWriterSize(w, 64<<10)
	m := &exposition{printer{w: out}}
	for _, g := range gaugesOf(d.Document, counts) {
		m.gauge(g)
	}
	return m.flush(out)
}

// writeFleetPrometheus writes the metrics of several clusters, each with the label
// cluster. One that could not be looked at has no other metric than that it is not up.
func writeFleetPrometheus(w io.Writer, d *fleetDraft) error {
	up := gauge{"up", "Whether the cluster could be looked at.", []string{"cluster"}, nil}
	var merged []gauge
	for _, member := range d.members {
		name := member.Name()
		if member.Document == nil {
			up.all = append(up.all, series{[]string{name}, 0})
			continue
		}
		up.all = append(up.all, series{[]string{name}, 1})
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
	out := bufio.NewWriterSize(w, 64<<10)
	m := &exposition{printer{w: out}}
	for _, g := range append([]gauge{up}, merged...) {
		m.gauge(g)
	}
	return m.flush(out)
}

// label has every series say of which cluster it is, by its name in the fleet.
func (g *gauge) label(cluster string) {
	own := slices.Index(g.labels, "cluster")
	if own < 0 {
		g.labels = append([]string{"cluster"}, g.labels...)
	}
	for i := range g.all {
		if own >= 0 {
			g.all[i].labels[own] = cluster
			continue
		}
		g.all[i].labels = append([]string{cluster}, g.all[i].labels...)
	}
}

// gaugesOf returns the metrics of a document, always the same and in the same order, and
// of what was counted in each of its namespaces.
func gaugesOf(d *Document, counts []tally) []gauge {
	profile := ""
	if d.Policy != nil {
		profile = d.Policy.Profile
	}
	var controls []series
	for _, f := range d.Frameworks {
		controls = append(controls,
			series{[]string{f.ID, string(framework.Pass)}, float64(f.Passed)},
			series{[]string{f.ID, string(framework.Fail)}, float64(f.Failed)},
			series{[]string{f.ID, string(framework.NotEvaluated)}, float64(f.NotEvaluated)})
	}
	info := []series{{[]string{d.Cluster.Name, d.Cluster.Server, d.Cluster.Version, d.RuleSet, profile}, 1}}
	one := func(value float64) []series { return []series{{value: value}} }
	return append([]gauge{
		{"info", "What was looked at, and by which rules.", []string{"cluster", "server", "version", "ruleset", "profile"}, info},
		{"seen_timestamp_seconds", "When the cluster was seen.", nil, one(float64(d.Generated.Unix()))},
		{"coverage_ratio", "How much of the checks could be made.", nil, one(d.Coverage.Percent / 100)},
		{"unseen_resources", "Resources that could not be read, so were not judged.", nil, one(float64(len(d.Coverage.Blind)))},
		{"score", "The score of the cluster, 0 to 100.", nil, scoreSeries(nil, d.Score)},
		{"score_with_accepted", "What the score would be if nothing were accepted.", nil, scoreSeries(nil, d.RawScore)},
		{"platform_score", "The score of the platform namespaces, which the score leaves out.", nil, scoreSeries(nil, d.Platform)},
		{"category_score", "The mean score of a category.", []string{"category"}, categorySeries(nil, d.Categories)},
		{"framework_controls", "Controls of a framework by what became of them.", []string{"framework", "verdict"}, controls},
	}, namespaceGauges(d, counts)...)
}

// exposition writes metrics.
type exposition struct{ printer }

// gauge writes a metric, and nothing if it has no series.
func (m *exposition) gauge(g gauge) {
	if len(g.all) == 0 {
		return
	}
	name := "seaworthy_" + g.name
	m.line("# HELP %s %s", name, g.help)
	m.line("# TYPE %s gauge", name)
	for _, s := range g.all {
		pairs := make([]string, len(g.labels))
		for i, label := range g.labels {
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

// namespaceGauges are what there is by namespace.
func namespaceGauges(d *Document, counted []tally) []gauge {
	var scores, coverage, subjects, accepted, categories, found []series
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
	return []gauge{
		{"namespaces_omitted", "Namespaces without series of their own: their findings have the namespace " + others + ".", nil, []series{{value: float64(left)}}},
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
