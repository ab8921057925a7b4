package cause

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/triagetest"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// hitting is an inquiry about pods of an example, each of which shows the same.
func hitting(t *testing.T, file string, pods ...string) (*inquiry, *subject) {
	t.Helper()
	c := triagetest.View(t, "testdata/"+file+".yaml", 0)
	shown := &triage.Detector{ID: "shown", Rung: triage.Revisions}
	of := &Case{Cluster: c, Since: c.Time}
	for _, name := range pods {
		pod, ok := c.Pods.Get("shop", name)
		if !ok {
			t.Fatalf("%s: no pod %s", file, name)
		}
		s := triage.Signal{Detector: shown, Object: pod.Ref(), Since: c.Time}
		if w := c.WorkloadOf(pod); w != nil {
			s.Workload = w.Ref
		}
		of.Signals = append(of.Signals, triage.Watched{Signal: &s, State: triage.Firing, Onset: c.Time})
	}
	q := newInquiry(of)
	return q, q.about(q.of("shown"))
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, file         string
		hit                []string
		onlyNewest, both   bool
		newest, old        string
		newestHit, oldWell int
	}{
		{"the newest alone", "bad-release/crash", []string{"web-h14-a", "web-h14-b"}, true, false, "revision 14", "revision 13", 2, 3},
		{"the old one alone", "bad-release/crash", []string{"web-h13-a"}, false, false, "revision 14", "revision 13", 0, 2},
		{"both", "bad-release/counter-both", []string{"web-h13-a", "web-h14-a"}, false, true, "revision 14", "revision 13", 1, 0},
		{"one revision", "config-or-dependency/config", []string{"web-h14-b"}, false, false, "revision 14", "revision ", 1, 0},
	} {
		q, s := hitting(t, test.file, test.hit...)
		got := q.split(s.workload)
		if got.onlyNewest != test.onlyNewest || got.both != test.both || got.newest.name() != test.newest || got.old.name() != test.old ||
			got.newest.hit != test.newestHit || got.old.well != test.oldWell {
			t.Errorf("%s: %+v", test.name, got)
		}
	}
	if got := (&inquiry{Case: &Case{}}).split(nil); got.onlyNewest || got.both || got.single {
		t.Errorf("no workload is split into %+v", got)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	q, s := hitting(t, "bad-release/crash", "web-h14-a", "web-h14-b")
	want := map[string]change.Health{"13": change.Healthy, "14": change.Failing}
	if diff := cmp.Diff(want, health(revisionsOf(q.Cluster, s.workload, q.hit))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestNewer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want bool
	}{{"2", "1", true}, {"10", "9", true}, {"9", "10", false}, {"1", "", true}, {"", "1", false}, {"3", "3", false}} {
		if got := newer(test.a, test.b); got != test.want {
			t.Errorf("%q is newer than %q: %v", test.a, test.b, got)
		}
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	q, s := hitting(t, "pull-on-one-node/timeout", "web-h3-n3", "api-h3-n3")
	got := q.spread(s)
	if !slices.Equal(got.nodes, []string{"n3"}) || got.pods != 2 || got.wellElsewhere != 4 || got.wellThere != 0 || !got.oneNode() {
		t.Errorf("%+v", got)
	}
	q, s = hitting(t, "pull-on-one-node/timeout", "web-h3-n3", "api-h3-n1")
	if got := q.spread(s); len(got.nodes) != 2 || got.oneNode() {
		t.Errorf("on two nodes: %+v", got)
	}
	if all, serving := q.onNode("n1"); len(all) != 2 || serving != 2 {
		t.Errorf("on n1: %d pods, %d serve", len(all), serving)
	}
}

func TestPresence(t *testing.T) {
	t.Parallel()
	q, _ := hitting(t, "missing-config/config-map", "web-h14-a")
	for ref, want := range map[kube.Ref]presence{
		kube.ConfigMaps.Ref("shop", "setting"):  present,
		kube.ConfigMaps.Ref("shop", "settings"): absent,
		kube.ConfigMaps.Ref("", "setting"):      absent,
		{Kind: "Rollout", Name: "x"}:            unknownPresence,
	} {
		if got := q.presence(ref); got != want {
			t.Errorf("%s: %d, want %d", ref, got, want)
		}
	}
	if got := q.misspelt(kube.ConfigMaps.Ref("shop", "settings")); got != "setting" {
		t.Errorf("settings may be meant to be %q", got)
	}
	if got := q.misspelt(kube.ConfigMaps.Ref("shop", "credentials")); got != "" {
		t.Errorf("credentials may be meant to be %q", got)
	}
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
	q, s := hitting(t, "missing-config/config-map", "web-h14-a")
	want := []kube.Ref{kube.ConfigMaps.Ref("shop", "settings")}
	if diff := cmp.Diff(want, configuration("shop", s.pod.Spec)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if others := q.workloadsUsing(want[0], nil); len(others) != 1 || others[0].Ref.Name != "web" {
		t.Errorf("%d workloads use it", len(others))
	}
	if others := q.workloadsUsing(want[0], s.workload); len(others) != 0 {
		t.Errorf("%d other workloads use it", len(others))
	}
}

func TestNearMisses(t *testing.T) {
	t.Parallel()
	q, _ := hitting(t, "service-selector/label", "web-h14-a")
	service, _ := q.Cluster.Services.Get("shop", "web")
	near, key := q.nearMisses(service)
	if len(near) != 1 || near[0].Ref.Name != "web" || key != "tier" {
		t.Errorf("%d workloads are missed by %q", len(near), key)
	}
	if n, known := q.endpoints(service); n != 0 || !known {
		t.Errorf("%d endpoints, known: %v", n, known)
	}
}

func TestApart(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "ab", 2}, {"settings", "setting", 1}, {"web", "wbe", 2}, {"kitten", "sitting", 3}} {
		if got := apart(test.a, test.b); got != test.want {
			t.Errorf("%q and %q are %d apart, want %d", test.a, test.b, got, test.want)
		}
	}
}

func TestLess(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want bool
	}{{"256Mi", "512Mi", true}, {"1Gi", "512Mi", false}, {"512Mi", "", true}, {"", "512Mi", false}, {"x", "1", false}, {"1Gi", "1024Mi", false}} {
		if got := less(test.a, test.b); got != test.want {
			t.Errorf("a limit of %q is less than %q: %v", test.a, test.b, got)
		}
	}
}

func TestDependencies(t *testing.T) {
	t.Parallel()
	q, s := hitting(t, "config-or-dependency/service", "web-h14-a")
	if got := q.dependencies(s.workload); len(got) != 0 {
		t.Errorf("depends on %v, of which nobody says that it is down", got)
	}
	q.elsewhere = append(q.elsewhere, &triage.Watched{
		Signal: &triage.Signal{Detector: &triage.Detector{ID: "svc-no-endpoints"}, Object: kube.Services.Ref("shop", "db")},
		State:  triage.Firing,
	})
	q.down = map[*kube.Workload][]kube.Ref{}
	if got := q.dependencies(s.workload); len(got) != 1 || got[0].Name != "db" {
		t.Errorf("depends on %v, want shop/db", got)
	}
}

// Evidence counts as the package comment says, whatever is said how often.
func TestWeighing(t *testing.T) {
	t.Parallel()
	say := map[string]func(*weighing){
		"D": func(w *weighing) { w.isDecisive("d") },
		"S": func(w *weighing) { w.isStructural("s") },
		"C": func(w *weighing) { w.isContrast("c") },
		"W": func(w *weighing) { w.isWeak("w") },
		"-": func(w *weighing) { w.hardly("-") },
		"=": func(w *weighing) { w.strongly("=") },
		"B": func(w *weighing) { w.blind = true },
	}
	for _, test := range []struct {
		said   string
		logs   bool
		points int
		band   Band
	}{
		{"", false, 0, NotDetermined},
		{"D", false, 50, Possible},
		{"DD", false, 50, Possible},
		{"DS", false, 85, Certain},
		{"DSC", false, 95, Certain},
		{"DSC", true, 79, Likely},
		{"DSB", false, 79, Likely},
		{"SC", false, 60, Likely},
		{"SCWWW", false, 76, Likely},
		{"DC", false, 75, Likely},
		{"DCW", false, 83, Certain},
		{"DC-", false, 65, Likely},
		{"D=", false, 15, NotDetermined},
		{"==", false, 0, NotDetermined},
	} {
		var w weighing
		for letter := range strings.SplitSeq(test.said, "") {
			say[letter](&w)
		}
		if points, band := w.confidence(test.logs); points != test.points || band != test.band {
			t.Errorf("%s is %d points, %s; want %d, %s", test.said, points, band, test.points, test.band)
		}
	}
}

func BenchmarkDiagnose(b *testing.B) {
	c := triagetest.View(b, "testdata/bad-release/crash.yaml", 0)
	shown := &triage.Detector{ID: "crash-loop", Rung: triage.Revisions}
	of := &Case{Cluster: c, Since: c.Time, Changes: change.Reconstruct(c, c.Time.AddDate(0, 0, -1))}
	for _, name := range []string{"web-h14-a", "web-h14-b"} {
		pod, _ := c.Pods.Get("shop", name)
		of.Signals = append(of.Signals, triage.Watched{
			Signal: &triage.Signal{Detector: shown, Object: pod.Ref(), Container: "web", Workload: c.WorkloadOf(pod).Ref}, State: triage.Firing, Onset: c.Time,
		})
	}
	for b.Loop() {
		Diagnose(of)
	}
}
