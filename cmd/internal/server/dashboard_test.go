package server_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/cmd/internal/deploy"
	"github.com/seaworthy-dev/seaworthy/cmd/internal/server"
	"github.com/seaworthy-dev/seaworthy/kube/recording/demo"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
)

// request is a metric in an expression of the dashboard.
type request struct {
	panel, metric string
	labels        []string
}

var (
	selector = regexp.MustCompile(`(seaworthy_\w+)\{([^}]*)\}`)
	matcher  = regexp.MustCompile(`(\w+)=~?"`)
)

// dashboardAsks returns what the panels ask for; each asks for something.
func dashboardAsks(t *testing.T) []request {
	t.Helper()
	var board struct {
		Panels []struct {
			ID      int
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(deploy.Dashboard(), &board); err != nil {
		t.Fatal(err)
	}
	var all []request
	ids := map[int]bool{}
	for _, panel := range board.Panels {
		before := len(all)
		for _, target := range panel.Targets {
			for _, found := range selector.FindAllStringSubmatch(target.Expr, -1) {
				one := request{panel: panel.Title, metric: found[1]}
				for _, label := range matcher.FindAllStringSubmatch(found[2], -1) {
					one.labels = append(one.labels, label[1])
				}
				all = append(all, one)
			}
		}
		if ids[panel.ID] || len(all) == before {
			t.Errorf("%s asks for nothing, or has the number of another", panel.Title)
		}
		ids[panel.ID] = true
	}
	return all
}

// TestTheDashboardKnowsItsMetrics holds what the dashboard asks for against what is
// served.
func TestTheDashboardKnowsItsMetrics(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{})
	f := feed.New(demo.New(), rules.All())
	f.Run(t.Context())
	s.Follow(f)
	served := map[string][]string{ // of each metric its labels
		"seaworthy_heard_timestamp_seconds": {}, "seaworthy_resource_unseen_places": {"resource", "reason"}, // of a live cluster alone
	}
	for name, samples := range scrape(t, s) {
		served[name] = []string{}
		for label := range samples[0].labels {
			served[name] = append(served[name], label)
		}
	}
	shown := map[string]bool{}
	for _, one := range dashboardAsks(t) {
		shown[one.metric] = true
		labels, known := served[one.metric]
		if !known {
			t.Errorf("%s asks for %s, which is not served", one.panel, one.metric)
		}
		for _, label := range one.labels {
			if label != "instance" && !slices.Contains(labels, label) { // that one is Prometheus' own
				t.Errorf("%s asks %s for the label %s, which it has not", one.panel, one.metric, label)
			}
		}
	}
	for _, name := range []string{"seaworthy_score", "seaworthy_findings", "seaworthy_coverage_ratio", "seaworthy_incidents", "seaworthy_stale_resources"} {
		if !shown[name] {
			t.Errorf("no panel shows %s", name)
		}
	}
}
