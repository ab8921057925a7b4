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
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// owned is a cluster whose objects belong to several.
func owned(t *testing.T) *score.Assessment {
	t.Helper()
	source := manifest.New([]string{filepath.Join("..", "ownership", "testdata", "cluster.yaml")}, manifest.Options{
		Info: &kube.Info{Name: "prod", Version: "v1.37.1"}, Now: func() time.Time { return thatNoon },
	})
	view, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	return score.Assess(view, rules.All())
}

// TestOwnership holds what formats say of who the objects belong to.
func TestOwnership(t *testing.T) {
	t.Parallel()
	a := owned(t)
	part := func(format, from, to string) string {
		_, text, found := strings.Cut(string(withSection(t, format, a, report.OwnershipSection())), from)
		if !found {
			t.Fatalf("%s does not have %q", format, from)
		}
		text, _, _ = strings.Cut(text, to)
		return from + text + "\n"
	}
	expectGolden(t, "ownership-text", part("text", "\nOwnership: ", "\n\n"))
	expectGolden(t, "ownership-wide", part("wide", "\nOwnership: ", "\n\n"))
	expectGolden(t, "ownership-markdown", part("markdown", "## Ownership", "\n## "))
	var document struct{ Ownership json.RawMessage }
	if err := json.Unmarshal(withSection(t, "json", a, report.OwnershipSection()), &document); err != nil {
		t.Fatal(err)
	}
	expectGolden(t, "ownership-json", string(document.Ownership)+"\n")
	page := parsed(t, withSection(t, "html", a, report.OwnershipSection()))
	expectGolden(t, "ownership-html", content(find(page, "ownership").Parent)+"\n")
}

// TestOwnershipOfFleet holds that each cluster's is told.
func TestOwnershipOfFleet(t *testing.T) {
	t.Parallel()
	a := owned(t)
	members := []report.Member{unseen("gone", "no answer"), {
		Cluster: &fleet.Cluster{Contexts: []string{"prod"}, Standing: fleet.Of(a)}, Document: report.NewDocument(a, report.OwnershipSection()),
	}}
	for format, want := range map[string]string{
		"text": "Ownership of prod: 7 objects", "markdown": "## Ownership of prod", "html": "prod: 1 changed by hand", "json": `"ownership"`,
	} {
		f, err := report.FormatNamed(format)
		if err != nil {
			t.Fatal(err)
		}
		if text := writtenFleet(t, f, members); !strings.Contains(text, want) {
			t.Errorf("%s does not say %q", format, want)
		}
	}
}

// TestOwnershipIsHarmless holds that no name of an object or of a client becomes markup.
func TestOwnershipIsHarmless(t *testing.T) {
	t.Parallel()
	page := func(said string) *html.Node {
		delivered, changed := metav1.NewTime(thatNoon.Add(-2*time.Hour)), metav1.NewTime(thatNoon.Add(-time.Hour))
		b := kube.NewBuilder(kube.Info{Name: "prod"})
		for _, service := range []*corev1.Service{
			{ObjectMeta: metav1.ObjectMeta{
				Name: said, Namespace: "shop", Labels: map[string]string{"argocd.argoproj.io/instance": said},
				ManagedFields: []metav1.ManagedFieldsEntry{
					{Manager: "argocd-controller", APIVersion: "v1", Time: &delivered},
					{Manager: "kubectl-edit", APIVersion: "v1", Time: &changed},
				},
			}},
			{ObjectMeta: metav1.ObjectMeta{Name: "other", Namespace: "shop", ManagedFields: []metav1.ManagedFieldsEntry{{Manager: said, APIVersion: "v1", Time: &changed}}}},
		} {
			if err := b.Set(kube.Services, service); err != nil {
				t.Fatal(err)
			}
		}
		a := score.Assess(b.Build(thatNoon), rules.All())
		for _, format := range []string{"text", "wide", "markdown"} {
			if text := withSection(t, format, a, report.OwnershipSection()); bytes.ContainsAny(text, "\x1b\x07\u202e") || format == "markdown" && bytes.Contains(text, []byte("<script>")) {
				t.Errorf("%s passes %q on", format, said)
			}
		}
		return parsed(t, withSection(t, "html", a, report.OwnershipSection()))
	}
	want := shape(page("harmless"))
	for _, said := range append([]string{hostile}, markup...) {
		if diff := cmp.Diff(want, shape(page(said))); diff != "" {
			t.Errorf("%q changes the page (-harmless +it):\n%s", said, diff)
		}
	}
}
