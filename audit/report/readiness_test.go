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
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

var thatNoon = time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)

// equipped is a cluster in which one capability has problems, one is healthy, and of one
// nobody can tell.
func equipped(t *testing.T) *score.Assessment {
	t.Helper()
	var files []string
	for _, example := range []string{"backup/overdue", "policy/healthy", "storage/unused"} {
		files = append(files, filepath.Join("..", "platform", "testdata", example+".yaml"))
	}
	source := manifest.New(files, manifest.Options{
		Info: &kube.Info{Name: "prod", Version: "v1.37.2"}, Now: func() time.Time { return thatNoon },
	})
	view, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	return score.Assess(view, rules.All())
}

// withSection returns a report in a format, with a section.
func withSection(t *testing.T, format string, a *score.Assessment, section report.Section) []byte {
	t.Helper()
	f, err := report.FormatNamed(format)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out, a, section); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestReadiness holds what formats say of how far a cluster has what production asks for.
func TestReadiness(t *testing.T) {
	t.Parallel()
	a := equipped(t)
	part := func(format, from, to string) string {
		_, text, found := strings.Cut(string(withSection(t, format, a, report.ReadinessSection())), from)
		text, _, ended := strings.Cut(text, to)
		if !found || !ended {
			t.Fatalf("%s has nothing between %q and %q", format, from, to)
		}
		return from + text
	}
	expectGolden(t, "readiness-text", part("text", "\nReadiness: ", "\n\n"))
	expectGolden(t, "readiness-markdown", part("markdown", "## Readiness", "\n## "))
	var document struct{ Readiness json.RawMessage }
	if err := json.Unmarshal(withSection(t, "json", a, report.ReadinessSection()), &document); err != nil {
		t.Fatal(err)
	}
	expectGolden(t, "readiness-json", string(document.Readiness)+"\n")
	page := parsed(t, withSection(t, "html", a, report.ReadinessSection()))
	expectGolden(t, "readiness-html", content(find(page, "readiness").Parent)+"\n")

	for _, f := range report.Formats() {
		for _, mark := range []string{"\nReadiness: ", "## Readiness", `"readiness":`, "\nreadiness:", `id="readiness"`} {
			if text := written(t, f.Name, a); bytes.Contains(text, []byte(mark)) {
				t.Errorf("%s has it though nobody asked", f.Name)
			}
		}
	}
}

// TestReadinessOfFleet holds that each cluster's is told.
func TestReadinessOfFleet(t *testing.T) {
	t.Parallel()
	a := equipped(t)
	empty := score.Assess(kube.NewBuilder(kube.Info{Name: "empty"}).Build(thatNoon), rules.All())
	members := []report.Member{unseen("gone", "no answer")}
	for name, of := range map[string]*score.Assessment{"prod": a, "empty": empty} {
		members = append(members, report.Member{
			Cluster: &fleet.Cluster{Contexts: []string{name}, Standing: fleet.Of(of)}, Document: report.NewDocument(of, report.ReadinessSection()),
		})
	}
	for format, wants := range map[string][]string{
		"text":     {"Readiness of prod: 11.7 of 100", "Readiness of empty: 0.0 of 100"},
		"markdown": {"## Readiness of prod", "## Readiness of empty"},
		"html":     {"prod: ", "State of each capability in each cluster", "not seen"},
		"json":     {`"readiness"`},
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

// TestReadinessIsHarmless holds that no name of an object becomes markup.
func TestReadinessIsHarmless(t *testing.T) {
	t.Parallel()
	page := func(said string) *html.Node {
		b := kube.NewBuilder(kube.Info{Name: "prod"})
		if err := b.Set(kube.StorageClasses, &storagev1.StorageClass{ObjectMeta: metav1.ObjectMeta{Name: said}, Provisioner: said}); err != nil {
			t.Fatal(err)
		}
		a := score.Assess(b.Build(thatNoon), rules.All())
		for _, format := range []string{"text", "markdown"} {
			if text := withSection(t, format, a, report.ReadinessSection()); bytes.ContainsAny(text, "\x1b\x07\u202e") || format == "markdown" && bytes.Contains(text, []byte("<script>")) {
				t.Errorf("%s passes %q on", format, said)
			}
		}
		return parsed(t, withSection(t, "html", a, report.ReadinessSection()))
	}
	want := shape(page("harmless"))
	for _, said := range append([]string{hostile}, markup...) {
		if diff := cmp.Diff(want, shape(page(said))); diff != "" {
			t.Errorf("%q changes the page (-harmless +it):\n%s", said, diff)
		}
	}
}
