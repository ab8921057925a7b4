package report_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// fleetPage is the HTML report of several clusters.
func fleetPage(t *testing.T, members []report.Member) []byte {
	t.Helper()
	f, err := report.FormatNamed("html")
	if err != nil {
		t.Fatal(err)
	}
	return []byte(writtenFleet(t, f, members))
}

func member(a *score.Assessment, frameworks []framework.Framework, names ...string) report.Member {
	return report.Member{Cluster: &fleet.Cluster{Contexts: names, Standing: fleet.Of(a)}, Document: report.NewDocument(a, report.Frameworks(frameworks...)...)}
}

func unseen(name, why string) report.Member {
	return report.Member{Cluster: &fleet.Cluster{Contexts: []string{name}, Err: errors.New(why)}}
}

// fleetSaying is a page on which two clusters that differ, the names of contexts and an
// error say the same text wherever they have a say.
func fleetSaying(t *testing.T, said string) *html.Node {
	t.Helper()
	a, f := saying(t, said)
	other, _ := saying(t, said)
	for _, n := range other.Namespaces {
		n.Score = 99
		for _, f := range n.Findings {
			f.Points, f.Accepted = 0, &audit.Acceptance{Reason: said, Owner: said, Origin: said}
		}
	}
	frameworks := []framework.Framework{f}
	return parsed(t, fleetPage(t, []report.Member{member(a, frameworks, said, said), unseen(said, said), member(other, frameworks, said)}))
}

// TestFleetHTMLIsWhatWeWrote holds of several clusters what TestHTMLIsWhatWeWrote does of
// one.
func TestFleetHTMLIsWhatWeWrote(t *testing.T) {
	t.Parallel()
	isWhatWeWrote(t, fleetSaying, 120)
}

// TestFleetHTMLTellsAsThePageOfOne holds that a finding is told with the same words on
// both pages, but for its cluster.
func TestFleetHTMLTellsAsThePageOfOne(t *testing.T) {
	t.Parallel()
	told := func(page []byte) []string {
		var all []string
		for _, n := range elements(parsed(t, page), "details") {
			if kind, _ := attribute(n, "class"); kind == "rule" {
				all = append(all, shape(n)+content(n))
			}
		}
		return all
	}
	of := fleetPage(t, []report.Member{member(accepting(t), nil, "prod"), unseen("gone", "no answer")})
	alone := strings.NewReplacer(` data-cluster="0"`, "", ` <span class="cluster">prod</span>`, "").Replace(string(of))
	if string(of) == alone {
		t.Fatal("no finding says its cluster")
	}
	if diff := cmp.Diff(told(written(t, "html", accepting(t))), told([]byte(alone))); diff != "" {
		t.Errorf("findings (-of one cluster +of a fleet):\n%s", diff)
	}
}

// TestFleetHTMLFirstSaysHowFarItGoes holds the order: when, how many clusters were seen,
// how each stands, by whom each was seen and what could not be, before what was found.
func TestFleetHTMLFirstSaysHowFarItGoes(t *testing.T) {
	t.Parallel()
	page := parsed(t, fleetPage(t, fleetMembers(t, "x")))
	said, at := content(elements(page, "body")[0]), 0
	for _, next := range []string{
		"Seaworthiness of 4 clusters", "3 of 4 could be looked at", "2026-05-04 03:02:01 UTC", "v1.37.1", "set 3, profile default, 4 of 4 on",
		"62.5 %", "no score of all", "prod", "also prod-x", "75.6", "C?", "Security context 69.2", "gone", "could not be looked at", "n/a", "0.0 %", "connecting to gone: x",
		"Who looked", "https://prod.example", "auditor", "somebody the server did not name",
		"Limits", "less than 80 % of the checks could be made: prod, staging.", "list services", "gone", "everything", "connecting to gone: x", "staging: 1 rule could not be judged everywhere",
		"Contents", "Categories", "What one has and another lacks", "✗ 1 finding", "○ accepted", "? not seen", "? not judged",
		"payments", "39.8", "60.2", "100.0", "not seen", "none", "payments: 60.2 in prod, 100.0 in staging", "39.24", "0.00", "+39.24", "prod: 3 namespaces",
		"Some framework, first", "fail", "prod: 0 controls pass, 1 fail, 1 not evaluated", "Findings", "by payments, until 2027-01-31",
	} {
		found := strings.Index(said[at:], next)
		if found < 0 {
			t.Fatalf("after %.60q there is no %q", said[at:], next)
		}
		at += found + len(next)
	}
}

// TestFleetHTMLOfNothingIsNotClean holds that nothing is told of findings where nobody saw
// a cluster, and nothing of differences where only one was seen.
func TestFleetHTMLOfNothingIsNotClean(t *testing.T) {
	t.Parallel()
	said := func(members ...report.Member) string {
		page := parsed(t, fleetPage(t, members))
		return content(elements(page, "header")[0]) + content(elements(page, "main")[0])
	}
	none := said(unseen("one", "no answer"), unseen("other", "no right"))
	one := said(unseen("one", "no answer"), member(assessment(t), nil, "prod"))
	for _, tt := range []struct {
		said, want string
		unwanted   []string
	}{
		{none, "0 of 2 could be looked at", []string{"Nothing was found", "Findings", "No rule fails", "was read."}},
		{one, "Only one cluster could be looked at", []string{"No rule fails", "No namespace"}},
	} {
		if !strings.Contains(tt.said, tt.want) {
			t.Errorf("%q is not said", tt.want)
		}
		for _, unwanted := range tt.unwanted {
			if strings.Contains(tt.said, unwanted) {
				t.Errorf("%q is said", unwanted)
			}
		}
	}
}

// TestFleetHTMLLeavesOutTheLeast holds that the bound is that of the page, not of each
// cluster, and that what counts is shown before what is accepted in another one.
func TestFleetHTMLLeavesOutTheLeast(t *testing.T) {
	t.Parallel()
	const shown = 20_000
	lived := crowd(t, 11, 500, "", "one", "another")
	for _, n := range lived.Namespaces {
		for _, f := range n.Findings {
			f.Accepted = &audit.Acceptance{Reason: "so it is"}
		}
	}
	page := parsed(t, fleetPage(t, []report.Member{member(lived, nil, "lived"), member(crowd(t, 11, 500, "", "one", "another"), nil, "open")}))
	rows := map[string]int{}
	for _, n := range elements(page, "details") {
		if cluster, there := attribute(n, "data-cluster"); there {
			rows[cluster]++
		}
	}
	if diff := cmp.Diff(map[string]int{"0": shown - 11_000, "1": 11_000}, rows); diff != "" {
		t.Errorf("findings of each cluster (-want +got):\n%s", diff)
	}
	said := content(page)
	for _, want := range []string{"20000 of 22000 findings", "2000 are left out", "9000 of 11000 are shown"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said", want)
		}
	}
}

// TestFleetHTMLExplainsTheMost holds that a page explains no more differences than it says.
func TestFleetHTMLExplainsTheMost(t *testing.T) {
	t.Parallel()
	clean := crowd(t, 103, 1, "")
	page := parsed(t, fleetPage(t, []report.Member{member(clean, nil, "clean"), member(crowd(t, 103, 1, "", "one"), nil, "open")}))
	explained := 0
	for _, n := range elements(page, "caption") {
		if strings.HasPrefix(content(n), "Points that rules cost ") {
			explained++
		}
	}
	if said := "Of the 100 that differ most. -o json explains the other 3."; explained != 100 || !strings.Contains(content(page), said) {
		t.Errorf("%d differences are explained, and %q should be said", explained, said)
	}
}

// TestFleetHTMLFitsPaper holds that no table has more clusters side by side than paper is
// wide, and that each is in one of them.
func TestFleetHTMLFitsPaper(t *testing.T) {
	t.Parallel()
	members := []report.Member{member(assessment(t), nil, "c-1"), unseen("c-2", "no answer")}
	for i := 3; i <= 26; i++ {
		members = append(members, member(accepting(t), nil, fmt.Sprintf("c-%d", i)))
	}
	tables := map[string][]int{}
	for _, n := range elements(parsed(t, fleetPage(t, members)), "table") {
		caption, part, _ := strings.Cut(content(elements(n, "caption")[0]), "; clusters ")
		if part != "" {
			tables[caption] = append(tables[caption], strings.Count(content(elements(n, "thead")[0]), "c-"))
		}
	}
	want := map[string][]int{
		"Mean of each category over each cluster, 0 is worst and 100 best": {12, 12, 2},
		"What became of rules in each cluster, the gravest first":          {12, 12, 2},
		"Namespaces of one name that differ, those that differ most first": {12, 12, 2},
	}
	if diff := cmp.Diff(want, tables); diff != "" {
		t.Errorf("clusters in each table (-want +got):\n%s", diff)
	}
}

// TestFleetHTMLFilters holds what can be chosen of: the clusters of which findings are
// shown, each by its place.
func TestFleetHTMLFilters(t *testing.T) {
	t.Parallel()
	page := parsed(t, fleetPage(t, fleetMembers(t, "x")))
	var got []string
	for _, n := range elements(find(page, "cluster"), "option") {
		value, _ := attribute(n, "value")
		got = append(got, fmt.Sprintf("%s %s", value, content(n)))
	}
	if want := []string{" all", "=0 prod", "=1 staging", "=3 x"}; !slices.Equal(got, want) {
		t.Errorf("it has %q, want %q", got, want)
	}
	if find(parsed(t, written(t, "html", assessment(t))), "cluster") != nil {
		t.Error("the page of one cluster has a choice of clusters")
	}
}
