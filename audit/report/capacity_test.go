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

	"github.com/seaworthy-dev/seaworthy/audit/capacity"
	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// priced is the section with prices.
func priced() report.Section {
	return report.CapacitySection(capacity.Prices{CPU: 0.04, Memory: 0.005})
}

// filled is a cluster with nodes, pods of all kinds, and some of their use.
func filled(t *testing.T) *score.Assessment {
	t.Helper()
	source := manifest.New([]string{filepath.Join("..", "capacity", "testdata", "mixed.yaml")}, manifest.Options{
		Info: &kube.Info{Name: "prod"}, Now: func() time.Time { return thatNoon },
	})
	view, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	return score.Assess(view, nil)
}

// TestCapacity holds what formats say of how nodes are filled.
func TestCapacity(t *testing.T) {
	t.Parallel()
	a := filled(t)
	part := func(format, from, to string) string {
		_, text, found := strings.Cut(string(withSection(t, format, a, priced())), from)
		if !found {
			t.Fatalf("%s does not have %q", format, from)
		}
		text, _, _ = strings.Cut(text, to)
		return from + text + "\n"
	}
	expectGolden(t, "capacity-text", part("text", "\nCapacity ", "\nNo finding"))
	expectGolden(t, "capacity-markdown", part("markdown", "## Capacity", "\n## "))
	var document struct{ Capacity json.RawMessage }
	if err := json.Unmarshal(withSection(t, "json", a, priced()), &document); err != nil {
		t.Fatal(err)
	}
	expectGolden(t, "capacity-json", string(document.Capacity)+"\n")
	page := parsed(t, withSection(t, "html", a, priced()))
	expectGolden(t, "capacity-html", content(find(page, "capacity").Parent)+"\n")
	for _, format := range []string{"text", "wide", "markdown", "json", "yaml", "html"} {
		var without bytes.Buffer
		f, err := report.FormatNamed(format)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Write(&without, a); err != nil {
			t.Fatal(err)
		}
		for _, mark := range []string{"\nCapacity ", "## Capacity", `"capacity":`, "\ncapacity:", `id="capacity"`} {
			if bytes.Contains(without.Bytes(), []byte(mark)) {
				t.Errorf("%s has %q, and nobody asked", format, mark)
			}
		}
		if text := withSection(t, format, a, report.CapacitySection(capacity.Prices{})); bytes.Contains(text, []byte("a month")) || bytes.Contains(text, []byte("costMonth")) {
			t.Errorf("%s speaks of money, and nobody gave a price", format)
		}
	}
}

// TestCapacityUnknown holds that what is not known is a question mark and no key.
func TestCapacityUnknown(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "prod"})
	for _, r := range []kube.Resource{kube.Pods, kube.PodMetrics, kube.NodeMetrics, kube.LimitRanges, kube.ResourceQuotas} {
		b.SetState(kube.State{Resource: r, Phase: kube.Forbidden, Reason: "may not be listed"})
	}
	b.SetState(kube.State{Resource: kube.Nodes, Phase: kube.Synced})
	if err := b.Set(kube.Nodes, &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "n1"}}); err != nil {
		t.Fatal(err)
	}
	a := score.Assess(b.Build(thatNoon), nil)
	text := string(withSection(t, "text", a, priced()))
	if want := "n1       ?              ?         ?                 ?              ?            ?  not ready"; !strings.Contains(text, want) {
		t.Errorf("got %s\nwant %q", text, want)
	}
	var document struct {
		Capacity struct {
			Unknown map[string]string
			Nodes   []map[string]any
		}
	}
	if err := json.Unmarshal(withSection(t, "json", a, priced()), &document); err != nil {
		t.Fatal(err)
	}
	if len(document.Capacity.Unknown) != 5 {
		t.Errorf("unknown is %v", document.Capacity.Unknown)
	}
	for _, key := range []string{"requests", "limits", "pods", "used"} {
		if value, has := document.Capacity.Nodes[0][key]; has {
			t.Errorf("%s is %v, and nobody knows", key, value)
		}
	}
}

// TestCapacityOfFleet holds that each cluster's is told.
func TestCapacityOfFleet(t *testing.T) {
	t.Parallel()
	of := filled(t)
	members := []report.Member{unseen("gone", "no answer"), {
		Cluster: &fleet.Cluster{Contexts: []string{"prod"}, Standing: fleet.Of(of)}, Document: report.NewDocument(of, priced()),
	}}
	for format, want := range map[string]string{
		"text": "Capacity of prod 5 nodes, 3 take pods", "markdown": "## Capacity of prod", "html": "prod: 5 nodes, 3 take pods", "json": `"capacity"`,
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

// TestCapacityIsHarmless holds that no name of an object becomes markup.
func TestCapacityIsHarmless(t *testing.T) {
	t.Parallel()
	page := func(said string) *html.Node {
		b := kube.NewBuilder(kube.Info{Name: "prod"})
		node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: said, Labels: map[string]string{"karpenter.sh/nodepool": said}, CreationTimestamp: metav1.NewTime(time.Unix(0, 0))}}
		pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: said}}
		for r, o := range map[kube.Resource]kube.Object{kube.Nodes: node, kube.Pods: pod} {
			if err := b.Set(r, o); err != nil {
				t.Fatal(err)
			}
		}
		a := score.Assess(b.Build(thatNoon), nil)
		for _, format := range []string{"text", "markdown"} {
			if text := withSection(t, format, a, priced()); bytes.ContainsAny(text, "\x1b\x07\u202e") || format == "markdown" && bytes.Contains(text, []byte("<script>")) {
				t.Errorf("%s passes %q on", format, said)
			}
		}
		return parsed(t, withSection(t, "html", a, priced()))
	}
	want := shape(page("harmless"))
	for _, said := range append([]string{hostile}, markup...) {
		if diff := cmp.Diff(want, shape(page(said))); diff != "" {
			t.Errorf("%q changes the page (-harmless +it):\n%s", said, diff)
		}
	}
}
