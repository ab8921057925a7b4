package report_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// behind is a cluster whose upgrade would trip over everything.
func behind(t *testing.T) *score.Assessment {
	t.Helper()
	source := manifest.New([]string{filepath.Join("..", "upgrade", "testdata", "broken.yaml")}, manifest.Options{
		Info: &kube.Info{Name: "prod", Version: "v1.37.1"}, Now: func() time.Time { return thatNoon },
	})
	view, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	return score.Assess(view, rules.All())
}

// TestUpgrade holds what formats say of what stands in the way of the next release.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	a := behind(t)
	part := func(format, from, to string) string {
		_, text, found := strings.Cut(string(withSection(t, format, a, report.UpgradeSection())), from)
		if !found {
			t.Fatalf("%s does not have %q", format, from)
		}
		text, _, _ = strings.Cut(text, to)
		return from + text + "\n"
	}
	expectGolden(t, "upgrade-text", part("text", "\nUpgrade ", "\n\n"))
	expectGolden(t, "upgrade-markdown", part("markdown", "## Upgrade", "\n## "))
	var document struct{ Upgrade json.RawMessage }
	if err := json.Unmarshal(withSection(t, "json", a, report.UpgradeSection()), &document); err != nil {
		t.Fatal(err)
	}
	expectGolden(t, "upgrade-json", string(document.Upgrade)+"\n")
	page := parsed(t, withSection(t, "html", a, report.UpgradeSection()))
	expectGolden(t, "upgrade-html", content(find(page, "upgrade").Parent)+"\n")
	for _, format := range []string{"text", "wide", "markdown", "json", "yaml", "html"} {
		var without bytes.Buffer
		f, err := report.FormatNamed(format)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Write(&without, a); err != nil {
			t.Fatal(err)
		}
		for _, mark := range []string{"\nUpgrade ", "## Upgrade", `"upgrade":`, "\nupgrade:", `id="upgrade"`} {
			if bytes.Contains(without.Bytes(), []byte(mark)) {
				t.Errorf("%s has %q, and nobody asked", format, mark)
			}
		}
	}
}

// TestUpgradeOfFleet holds that each cluster's is told.
func TestUpgradeOfFleet(t *testing.T) {
	t.Parallel()
	empty := score.Assess(kube.NewBuilder(kube.Info{Name: "empty"}).Build(thatNoon), rules.All())
	members := []report.Member{unseen("gone", "no answer")}
	for name, of := range map[string]*score.Assessment{"prod": behind(t), "empty": empty} {
		members = append(members, report.Member{
			Cluster: &fleet.Cluster{Contexts: []string{name}, Standing: fleet.Of(of)}, Document: report.NewDocument(of, report.UpgradeSection()),
		})
	}
	for format, wants := range map[string][]string{
		"text":     {"Upgrade of prod from v1.37.1 to 1.38: 8 in the way", "Upgrade of empty from a version that the server does not say"},
		"markdown": {"## Upgrade of prod", "## Upgrade of empty"},
		"html":     {"prod: from v1.37.1 to 1.38: 8 in the way", "State of each concern in each cluster", "not seen"},
		"json":     {`"upgrade"`},
	} {
		f, err := report.FormatNamed(format)
		if err != nil {
			t.Fatal(err)
		}
		text := writtenFleet(t, f, members)
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q", format, want)
			}
		}
	}
}

// TestUpgradeIsHarmless holds that no name of an object becomes markup.
func TestUpgradeIsHarmless(t *testing.T) {
	t.Parallel()
	page := func(said string) *html.Node {
		b := kube.NewBuilder(kube.Info{Name: "prod", Version: "v1.37.1"})
		none := intstr.FromInt32(0)
		if err := b.Set(kube.PodDisruptionBudgets, &policyv1.PodDisruptionBudget{
			ObjectMeta: metav1.ObjectMeta{Name: said, Namespace: "shop"}, Spec: policyv1.PodDisruptionBudgetSpec{MaxUnavailable: &none},
		}); err != nil {
			t.Fatal(err)
		}
		a := score.Assess(b.Build(thatNoon), rules.All())
		for _, format := range []string{"text", "markdown"} {
			if text := withSection(t, format, a, report.UpgradeSection()); bytes.ContainsAny(text, "\x1b\x07\u202e") || format == "markdown" && bytes.Contains(text, []byte("<script>")) {
				t.Errorf("%s passes %q on", format, said)
			}
		}
		return parsed(t, withSection(t, "html", a, report.UpgradeSection()))
	}
	want := shape(page("harmless"))
	for _, said := range append([]string{hostile}, markup...) {
		if diff := cmp.Diff(want, shape(page(said))); diff != "" {
			t.Errorf("%q changes the page (-harmless +it):\n%s", said, diff)
		}
	}
}
