package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// sample is one line of a report as Prometheus reads it.
type sample struct {
	labels map[string]string
	value  float64
}

// scraped are the samples of a report by metric.
func scraped(t *testing.T, text []byte) map[string][]sample {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	samples := map[string][]sample{}
	for name, family := range families {
		for _, m := range family.GetMetric() {
			s := sample{map[string]string{}, m.GetGauge().GetValue()}
			for _, l := range m.GetLabel() {
				s.labels[l.GetName()] = l.GetValue()
			}
			samples[name] = append(samples[name], s)
		}
	}
	return samples
}

func TestMetricsSayWhatTheReportSays(t *testing.T) {
	t.Parallel()
	a := accepting(t)
	families := scraped(t, written(t, "prometheus", a, asked()))
	if got := families["seaworthy_score"][0].value; got != a.Score {
		t.Errorf("score %v, want %v", got, a.Score)
	}
	open := 0.0
	for _, m := range families["seaworthy_findings"] {
		open += m.value
	}
	want := 0
	for _, n := range a.Namespaces {
		for _, count := range n.Counts {
			want += count
		}
	}
	if int(open) != want {
		t.Errorf("%v findings, want %d", open, want)
	}
	failed := families["seaworthy_framework_controls"][1]
	if failed.labels["verdict"] != "fail" || failed.value != 1 {
		t.Errorf("controls %v", failed)
	}
}

func TestMetricsAreBounded(t *testing.T) {
	t.Parallel()
	const namespaces = 3000
	families := scraped(t, written(t, "prometheus", crowd(t, namespaces, 1, "", "one")))
	series, found, rest := 0, 0.0, 0.0
	for _, f := range families {
		series += len(f)
	}
	for _, m := range families["seaworthy_findings"] {
		found += m.value
		if m.labels["namespace"] == "(others)" {
			rest = m.value
		}
	}
	if series > 10_100 || found != namespaces || rest < 1 {
		t.Errorf("%d series tell of %v findings, %v of them of others", series, found, rest)
	}
	if omitted := families["seaworthy_namespaces_omitted"][0].value; omitted != rest {
		t.Errorf("%v namespaces are omitted, with %v findings", omitted, rest)
	}
}

func TestLabelsSayWhatAClusterSays(t *testing.T) {
	t.Parallel()
	anything(t, func(text string) bool {
		a := crowd(t, 1, 1, "", "one")
		a.Cluster.Info.Name = strings.ToValidUTF8(text, "\ufffd")
		m := scraped(t, written(t, "prometheus", a))["seaworthy_info"][0]
		return m.labels["cluster"] == printable.Text(a.Cluster.Info.Name)
	})
}
