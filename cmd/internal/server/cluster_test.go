package server_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/spf13/pflag"

	"github.com/seaworthy-dev/seaworthy/audit/report/exposition"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/cmd/internal/server"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
)

// sample is a series as Prometheus reads it.
type sample struct {
	labels map[string]string
	value  float64
}

// scrape reads the metrics as Prometheus does.
func scrape(t *testing.T, s *server.Server) map[string][]sample {
	t.Helper()
	got := ask(t, s, "GET", "/metrics")
	if got.code != http.StatusOK || got.header.Get("Content-Type") != exposition.ContentType {
		t.Fatalf("the metrics are %d, %s", got.code, got.header.Get("Content-Type"))
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(got.body))
	if err != nil {
		t.Fatalf("%v in\n%s", err, got.body)
	}
	samples := map[string][]sample{}
	for name, family := range families {
		for _, m := range family.GetMetric() {
			one := sample{map[string]string{}, m.GetGauge().GetValue() + m.GetCounter().GetValue()}
			for _, l := range m.GetLabel() {
				one.labels[l.GetName()] = l.GetValue()
			}
			samples[name] = append(samples[name], one)
		}
	}
	return samples
}

// valueOf returns the value of the only series whose labels are as wanted, false if there
// is none; the labels are pairs of a name and a value.
func valueOf(samples []sample, labels ...string) (float64, bool) {
	i := slices.IndexFunc(samples, func(s sample) bool {
		for i := 0; i < len(labels); i += 2 {
			if s.labels[labels[i]] != labels[i+1] {
				return false
			}
		}
		return true
	})
	if i < 0 {
		return 0, false
	}
	return samples[i].value, true
}

// scraped scrapes until the metrics are as wanted.
func scraped(t *testing.T, s *server.Server, what string, wanted func(map[string][]sample) bool) map[string][]sample {
	t.Helper()
	deadline := time.NewTimer(90 * time.Second)
	defer deadline.Stop()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		if samples := scrape(t, s); wanted(samples) {
			return samples
		}
		select {
		case <-again.C:
		case <-deadline.C:
			t.Fatalf("waiting for %s: not in the metrics:\n%s", what, ask(t, s, "GET", "/metrics").body)
		}
	}
}

const hulk = `{"metadata": {"name": "hulk"}, "spec": {"selector": {"matchLabels": {"app": "hulk"}}, "template": {
	"metadata": {"labels": {"app": "hulk"}},
	"spec": {"containers": [{"name": "hulk", "image": "registry.example/hulk:1", "securityContext": {"privileged": true}}]}}}}`

// TestACluster follows a real API server: what is created there is in the metrics and in
// the report, and what is deleted is not, until the server is lost; then what was known
// last is still told.
func TestACluster(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	client := testbed.Client(t)
	options := live.Options{Flags: &live.Flags{}, Context: "reader"}
	set := pflag.NewFlagSet(t.Name(), pflag.ContinueOnError)
	options.Flags.Register(set)
	if err := set.Parse([]string{"--kubeconfig", testbed.Kubeconfig}); err != nil {
		t.Fatal(err)
	}
	source, err := live.New(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t, server.Options{})
	f := feed.New(source, rules.All())
	s.Follow(f)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { f.Run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()

	value := func(samples map[string][]sample, name string, labels ...string) float64 {
		v, _ := valueOf(samples[name], labels...)
		return v
	}
	began := scraped(t, s, "that all was read", func(m map[string][]sample) bool { return value(m, "seaworthy_ready") == 1 })
	if _, found := valueOf(began["seaworthy_findings"], "rule", "privileged-container", "namespace", "default"); found || value(began, "seaworthy_coverage_ratio") < 0.9 {
		t.Errorf("at first there are findings %v and a coverage of %v", began["seaworthy_findings"], began["seaworthy_coverage_ratio"])
	}
	if at := value(began, "seaworthy_heard_timestamp_seconds"); time.Since(time.Unix(int64(at), 0)) > time.Hour {
		t.Errorf("the server was heard at %v", at)
	}
	if n, _ := valueOf(began["seaworthy_resource_unseen_places"], "resource", "pods.metrics.k8s.io", "reason", "absent"); n != 1 {
		t.Errorf("what could not be seen is %v", began["seaworthy_resource_unseen_places"])
	}

	const deployments = "/apis/apps/v1/namespaces/default/deployments"
	client.Must(t, kubetest.Call{Method: http.MethodPost, Path: deployments, Body: json.RawMessage(hulk)}, nil)
	scraped(t, s, "the new finding", func(m map[string][]sample) bool {
		return value(m, "seaworthy_findings", "rule", "privileged-container", "namespace", "default", "severity", "critical") == 1
	})
	if page := ask(t, s, "GET", "/report"); page.code != http.StatusOK || !strings.Contains(page.body, "hulk") {
		t.Errorf("the report is %d and does not know the new Deployment", page.code)
	}
	client.Must(t, kubetest.Call{Method: http.MethodDelete, Path: deployments + "/hulk"}, nil)
	scraped(t, s, "the end of the finding", func(m map[string][]sample) bool {
		_, found := valueOf(m["seaworthy_findings"], "rule", "privileged-container", "namespace", "default")
		return !found
	})

	if err := testbed.Stop(); err != nil {
		t.Fatal(err)
	}
	lost := scraped(t, s, "that the server is lost", func(m map[string][]sample) bool { return value(m, "seaworthy_stale_resources") > 9 })
	if value(lost, "seaworthy_ready") != 1 || value(lost, "seaworthy_coverage_ratio") < 0.9 {
		t.Errorf("when the server is lost nothing is known any more: %v", lost)
	}
	if ready := ask(t, s, "GET", "/readyz?verbose"); ready.code != http.StatusOK || !strings.Contains(ready.body, "[.]followed ") {
		t.Errorf("it says %d %s", ready.code, ready.body)
	}
}
