package compare_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// faults is a cluster in short: the faults of Deployments, by namespace/name. A fault
// is "rule", "rule@path" or "rule:severity", with "=message" behind it.
type faults map[string][]string

// world is a cluster and how it is looked at.
type world struct {
	faults   faults
	scope    []string
	states   []kube.State
	without  string // a rule that is off
	accepted string // a message that is accepted
}

// faulty reports the faults that the annotations of a Deployment name.
func faulty(id string) *audit.Rule {
	return &audit.Rule{
		ID: id, Severity: audit.Medium, Subjects: []kube.Resource{kube.Deployments}, Reads: []kube.Resource{kube.Services},
		Consults: []kube.Resource{kube.HorizontalPodAutoscalers},
		Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
			if strings.Contains(w.Ref.Name, "unclear") {
				p.Unknown("it is unclear")
				return
			}
			o, _ := p.Cluster.Find(w.Ref)
			for fault := range strings.FieldsSeq(o.(*appsv1.Deployment).Annotations["faults"]) {
				what, message, _ := strings.Cut(fault, "=")
				what, path, _ := strings.Cut(what, "@")
				rule, severity, _ := strings.Cut(what, ":")
				f := audit.Finding{Path: path, Message: strings.ReplaceAll(message, "_", " ")}
				f.Severity, _ = audit.ParseSeverity(severity)
				if rule == id {
					p.Report(f)
				}
			}
		}),
	}
}

// lenient accepts findings by their message.
type lenient string

func (l lenient) Group(*kube.Cluster, string) string { return "" }

func (l lenient) Review(r *audit.Result) *audit.Result {
	reviewed := *r
	reviewed.Namespaces = nil
	for _, n := range r.Namespaces {
		changed := *n
		changed.Findings = nil
		for _, f := range n.Findings {
			placed := *f
			if l != "" && f.Message == string(l) {
				placed.Accepted = &audit.Acceptance{Reason: "known"}
			}
			changed.Findings = append(changed.Findings, &placed)
		}
		reviewed.Namespaces = append(reviewed.Namespaces, &changed)
	}
	return &reviewed
}

func (w world) assess(t testing.TB) *score.Assessment {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Name: "test", Scope: w.scope})
	for place, list := range w.faults {
		namespace, name, _ := strings.Cut(place, "/")
		d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{
			Namespace: namespace, Name: name, Annotations: map[string]string{"faults": strings.Join(list, " ")},
		}}
		if err := b.Set(kube.Deployments, d); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range w.states {
		b.SetState(s)
	}
	category := audit.Category{ID: "judged", Title: "Judged", Weight: 1}
	for _, id := range []string{"broken", "loose"} {
		if id != w.without {
			category.Rules = append(category.Rules, faulty(id))
		}
	}
	assessor := score.NewAssessor([]audit.Category{category}, nil).Under(lenient(w.accepted))
	return assessor.Assess(b.Build(time.Unix(0, 0)))
}

// told lists changes as "kind rule place->place why".
func told(c *compare.Comparison) []string {
	var lines []string
	for i := range c.Changes {
		lines = append(lines, tell(&c.Changes[i], false))
	}
	return lines
}

func tell(change *compare.Change, mirrored bool) string {
	place := func(f *score.Finding) string {
		if f == nil {
			return "-"
		}
		return f.Namespace + "/" + f.Subject.Name + " " + f.Rule.ID + ":" + f.Severity.String() + " " + f.Message
	}
	kind, before, after := change.Kind, change.Before, change.After
	if mirrored {
		kind, before, after = mirror(kind), after, before
	}
	text := kind.String() + " " + place(before) + " -> " + place(after)
	if change.Why != "" {
		text += " (" + change.Why + ")"
	}
	return text
}

func mirror(k compare.Kind) compare.Kind {
	other := map[compare.Kind]compare.Kind{
		compare.New: compare.Fixed, compare.Came: compare.Gone, compare.Worse: compare.Better,
		compare.Reopened: compare.Accepted, compare.Revealed: compare.Unknown,
	}
	for a, b := range other {
		if k == a {
			return b
		}
		if k == b {
			return a
		}
	}
	return k
}

func forbidden(r kube.Resource) []kube.State {
	return []kube.State{{Resource: r, Phase: kube.Forbidden, Verb: "list", Reason: "jane may not list " + r.Plural}}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	one := faults{"shop/web": {"broken=bad"}}
	for name, tt := range map[string]struct {
		before, after world
		want          []string
	}{
		"nothing":  {world{faults: one}, world{faults: one}, nil},
		"new":      {world{faults: faults{"shop/web": nil}}, world{faults: one}, []string{"new - -> shop/web broken:medium bad"}},
		"came":     {world{faults: faults{"shop/db": nil}}, world{faults: faults{"shop/db": nil, "shop/web": {"broken=bad"}}}, []string{"came - -> shop/web broken:medium bad (Deployment shop/web)"}},
		"worse":    {world{faults: one}, world{faults: faults{"shop/web": {"broken:high=bad"}}}, []string{"worse shop/web broken:medium bad -> shop/web broken:high bad"}},
		"accepted": {world{faults: one}, world{faults: one, accepted: "bad"}, []string{"accepted shop/web broken:medium bad -> shop/web broken:medium bad"}},
		"another message, another place in a list": {
			world{faults: faults{"shop/web": {"broken@a=bad_for_3_days", "loose@spec[0]=very_bad"}}},
			world{faults: faults{"shop/web": {"broken@a=bad_for_4_days", "loose@spec[1]=very_bad"}}},
			nil,
		},
		"one of two that say the same": {
			world{faults: faults{"shop/web": {"broken@spec[0]=bad", "broken@spec[1]=bad"}}},
			world{faults: faults{"shop/web": {"broken@spec[2]=bad"}}},
			[]string{"fixed shop/web broken:medium bad -> -"},
		},
		"fixed":                 {world{faults: one}, world{faults: faults{"shop/web": nil}}, []string{"fixed shop/web broken:medium bad -> -"}},
		"gone":                  {world{faults: faults{"shop/db": nil, "shop/web": {"broken=bad"}}}, world{faults: faults{"shop/db": nil}}, []string{"gone shop/web broken:medium bad -> - (Deployment shop/web)"}},
		"gone with a namespace": {world{faults: faults{"shop/web": {"broken=bad"}, "x/y": nil}}, world{faults: faults{"x/y": nil}}, []string{"gone shop/web broken:medium bad -> - (namespace shop)"}},
		"renamed": {
			world{faults: faults{"shop/web": {"broken=web_is_bad", "loose=bad"}}},
			world{faults: faults{"shop/web2": {"broken=web2_is_bad", "loose:high=bad"}}},
			[]string{"moved shop/web loose:medium bad -> shop/web2 loose:high bad", "moved shop/web broken:medium web is bad -> shop/web2 broken:medium web2 is bad"},
		},
		"moved to another namespace":           {world{faults: one}, world{faults: faults{"store/web": {"broken=bad"}}}, []string{"moved shop/web broken:medium bad -> store/web broken:medium bad"}},
		"another object elsewhere is no move":  {world{faults: one}, world{faults: faults{"store/db": {"broken=bad"}}}, []string{"came - -> store/db broken:medium bad (namespace store)", "gone shop/web broken:medium bad -> - (namespace shop)"}},
		"two candidates are no move":           {world{faults: one}, world{faults: faults{"shop/a": {"broken=bad"}, "shop/b": {"broken=bad"}}}, []string{"came - -> shop/a broken:medium bad (Deployment shop/a)", "came - -> shop/b broken:medium bad (Deployment shop/b)", "gone shop/web broken:medium bad -> - (Deployment shop/web)"}},
		"the objects cannot be read":           {world{faults: one}, world{faults: faults{"shop/web": nil}, states: forbidden(kube.Deployments)}, []string{"unknown shop/web broken:medium bad -> - (deployments.apps: jane may not list deployments)"}},
		"what the rule reads cannot be read":   {world{faults: one}, world{faults: faults{"shop/web": nil}, states: forbidden(kube.Services)}, []string{"unknown shop/web broken:medium bad -> - (services: jane may not list services)"}},
		"what it consults cannot be read":      {world{faults: one}, world{faults: faults{"shop/web": nil}, states: forbidden(kube.HorizontalPodAutoscalers)}, []string{"unknown shop/web broken:medium bad -> - (horizontalpodautoscalers.autoscaling: jane may not list horizontalpodautoscalers)"}},
		"neither could consult it":             {world{faults: one, states: forbidden(kube.HorizontalPodAutoscalers)}, world{faults: faults{"shop/web": nil}, states: forbidden(kube.HorizontalPodAutoscalers)}, []string{"fixed shop/web broken:medium bad -> -"}},
		"nothing else is unknown":              {world{faults: one}, world{faults: faults{"shop/web": nil}, states: forbidden(kube.Secrets)}, []string{"fixed shop/web broken:medium bad -> -"}},
		"a subject of the rule has no verdict": {world{faults: faults{"shop/web": {"broken=bad"}, "shop/unclear": nil}}, world{faults: faults{"shop/web": nil, "shop/unclear": nil}}, []string{"unknown shop/web broken:medium bad -> - (it is unclear)"}},
		"the rule is off":                      {world{faults: one}, world{faults: one, without: "broken"}, []string{"unknown shop/web broken:medium bad -> - (rule broken is not judged there)"}},
		"the namespace is not looked at":       {world{faults: one}, world{faults: faults{"x/y": nil}, scope: []string{"x"}}, []string{"unknown shop/web broken:medium bad -> - (namespace shop is not looked at there)"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := tt.before.assess(t), tt.after.assess(t)
			if diff := cmp.Diff(tt.want, told(compare.Assessments(a, b))); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			hold(t, a, b)
		})
	}
}

// hold checks what is true of any two assessments.
func hold(t *testing.T, a, b *score.Assessment) {
	t.Helper()
	for _, side := range []*score.Assessment{a, b} {
		if c := compare.Assessments(side, side); len(c.Changes) > 0 || c.Same != side.Count() || len(c.Apart) > 0 || len(c.Namespaces) > 0 {
			t.Errorf("compared with itself there are %d changes, %d findings of %d are the same, %v", len(c.Changes), c.Same, side.Count(), c.Apart)
		}
	}
	there, back := compare.Assessments(a, b), compare.Assessments(b, a)
	var mirrored []string
	for i := range back.Changes {
		mirrored = append(mirrored, tell(&back.Changes[i], true))
	}
	want := told(there)
	slices.Sort(want)
	slices.Sort(mirrored)
	if diff := cmp.Diff(want, mirrored); diff != "" {
		t.Errorf("compared the other way round (-want +got):\n%s", diff)
	}
	if len(there.Apart) != len(back.Apart) || there.Same != back.Same {
		t.Errorf("the same: %d and %d; apart: %v and %v", there.Same, back.Same, there.Apart, back.Apart)
	}
	account(t, there)
	if again := compare.Assessments(a, b); !slices.Equal(told(there), told(again)) {
		t.Error("compared again the changes are others")
	}
}

// account checks that every finding of both sides is told of once, and that the sums
// are right.
func account(t *testing.T, c *compare.Comparison) {
	t.Helper()
	seen := map[*score.Finding]bool{}
	counts := compare.Counts{}
	before, after := c.Same, c.Same
	for _, change := range c.Changes {
		counts[change.Kind]++
		for _, f := range []*score.Finding{change.Before, change.After} {
			if f != nil && seen[f] {
				t.Errorf("a finding stands in two changes: %s", f.ID())
			}
			seen[f] = f != nil
		}
		if change.Before != nil {
			before++
		}
		if change.After != nil {
			after++
		}
	}
	if counts != c.Counts || counts.Total() != len(c.Changes) {
		t.Errorf("counts are %v, want %v", c.Counts, counts)
	}
	if before != c.Before.Count() || after != c.After.Count() {
		t.Errorf("told of %d and %d findings, there are %d and %d", before, after, c.Before.Count(), c.After.Count())
	}
	spaces, categories := 0, 0
	for _, n := range c.Namespaces {
		spaces += n.Counts.Total()
	}
	for _, n := range c.Categories {
		categories += n.Counts.Total()
	}
	if spaces != len(c.Changes) || categories != len(c.Changes) {
		t.Errorf("namespaces have %d changes and categories %d, want %d", spaces, categories, len(c.Changes))
	}
}

// TestAnyTwo compares clusters that differ at random.
func TestAnyTwo(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 7))
		pick := func(from ...string) string { return from[random.IntN(len(from))] }
		make := func() world {
			w := world{faults: faults{}, accepted: pick("", "", "bad", "worse")}
			for range random.IntN(8) {
				place := pick("a", "b", "c") + "/" + pick("web", "db", "web2", "unclear")
				var list []string
				for range random.IntN(4) {
					list = append(list, pick("broken", "loose")+pick("", ":low", ":high")+pick("", "@x[0]", "@x[1]")+"="+pick("bad", "worse", "web_is_bad", "3_of_4", "2_of_9"))
				}
				w.faults[place] = list
			}
			switch random.IntN(6) {
			case 0:
				w.states = forbidden(kube.Deployments)
			case 1:
				w.states = forbidden(kube.Services)
			case 2:
				w.without = "loose"
			case 3:
				w.scope = []string{"a", "c"}
				for place := range w.faults {
					if strings.HasPrefix(place, "b/") {
						delete(w.faults, place)
					}
				}
			}
			return w
		}
		hold(t, make().assess(t), make().assess(t))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func TestApart(t *testing.T) {
	t.Parallel()
	whole, part := world{faults: faults{"a/web": nil}}, world{faults: faults{"a/web": nil}, scope: []string{"a"}, without: "loose"}
	got := compare.Assessments(whole.assess(t), part.assess(t)).Apart
	want := []string{"one looks at all namespaces, the other at a", "they are not judged by the same rules at the same severities"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("apart (-want +got):\n%s", diff)
	}
}

// TestScores: a change costs what the findings say, and the namespaces and categories
// have the scores of both sides.
func TestScores(t *testing.T) {
	t.Parallel()
	a := world{faults: faults{"shop/web": {"broken=bad"}, "x/y": nil}}.assess(t)
	b := world{faults: faults{"shop/web": nil, "x/y": {"loose:high=bad"}}}.assess(t)
	c := compare.Assessments(a, b)
	if delta, ok := c.Delta(); !ok || delta != b.Score-a.Score {
		t.Errorf("the cluster differs by %v, want %v", delta, b.Score-a.Score)
	}
	if len(c.Namespaces) != 2 || c.Namespaces[0].Name != "x" {
		t.Fatalf("namespaces are %+v, want x, which fell, before shop", c.Namespaces)
	}
	if down, _ := c.Namespaces[0].Delta(); down >= 0 {
		t.Errorf("x differs by %v", down)
	}
	if up, _ := c.Namespaces[1].Delta(); up <= 0 {
		t.Errorf("shop differs by %v", up)
	}
	if delta, ok := c.Categories[0].Delta(); !ok || delta != b.Categories[0].Score-a.Categories[0].Score {
		t.Errorf("the category differs by %v", delta)
	}
	if points := c.Changes[0].Points(); points != -b.Namespace("x").Findings[0].Points || points >= 0 {
		t.Errorf("what is new brings %v points", points)
	}
	if points := c.Changes[1].Points(); points != a.Namespace("shop").Findings[0].Points || points <= 0 {
		t.Errorf("what is fixed brings %v points", points)
	}
}

// BenchmarkCompare compares 40,000 findings with as many, of which some, or all, are
// others.
func BenchmarkCompare(b *testing.B) {
	large := func(shift int) *score.Assessment {
		w := world{faults: faults{}}
		for i := range 20000 {
			w.faults[fmt.Sprintf("ns%d/web%d", i%200, i+shift)] = []string{"broken@spec.template.spec.containers[0].securityContext=it_is_bad", "loose@spec=bad_for_3_days"}
		}
		return w.assess(b)
	}
	before := large(0)
	for _, tt := range []struct {
		name  string
		shift int
	}{{"one in fifty is another", 400}, {"all are others", 20000}} {
		b.Run(tt.name, func(b *testing.B) {
			after := large(tt.shift)
			for b.Loop() {
				if c := compare.Assessments(before, after); c.Same+c.Counts.Total() < 40000 {
					b.Fatal("findings are missing")
				}
			}
		})
	}
}

// TestWhatWasNotSeenIsARegression: that nobody could look says nothing of what was there.
func TestWhatWasNotSeenIsARegression(t *testing.T) {
	t.Parallel()
	one := faults{"shop/web": {"broken=bad"}}
	blind, seen := world{faults: faults{"shop/web": nil}, states: forbidden(kube.Services)}, world{faults: one}
	c := compare.Assessments(blind.assess(t), seen.assess(t))
	if c.Counts[compare.Revealed] != 1 || c.Counts.Regressions() != 1 {
		t.Errorf("got %v with %d regressions, want one that is revealed", told(c), c.Counts.Regressions())
	}
	back := compare.Assessments(seen.assess(t), blind.assess(t))
	if back.Counts[compare.Unknown] != 1 || back.Counts.Regressions() != 0 {
		t.Errorf("got %v with %d regressions, want one that is unknown", told(back), back.Counts.Regressions())
	}
}
