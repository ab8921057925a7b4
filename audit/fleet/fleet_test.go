package fleet_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"testing/quick"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// assess judges a cluster that has workloads in namespaces, each by the rules that it is
// named after: "shop": {"loud", "rude"}. Every workload fails rules of its own name.
func assess(t *testing.T, version string, workloads map[string][]string, states ...kube.State) *score.Assessment {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Name: "test", Version: version})
	for namespace, names := range workloads {
		if err := b.Set(kube.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace, UID: types.UID("uid of " + namespace)}}); err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if err := b.Set(kube.Deployments, &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, s := range states {
		b.SetState(s)
	}
	rule := func(id string, severity audit.Severity, reads ...kube.Resource) *audit.Rule {
		return &audit.Rule{
			ID: id, Title: "Is " + id, Severity: severity, Subjects: []kube.Resource{kube.Deployments}, Reads: reads,
			Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
				if w.Ref.Name == id {
					p.Report(audit.Finding{Message: "it is " + id})
				}
			}),
		}
	}
	return score.Assess(b.Build(time.Unix(0, 0)), []audit.Category{
		{ID: "manners", Title: "Manners", Weight: 20, Rules: []*audit.Rule{rule("loud", audit.Low), rule("rude", audit.High)}},
		{ID: "honesty", Title: "Honesty", Weight: 20, Rules: []*audit.Rule{rule("sly", audit.Critical, kube.Services)}},
	})
}

func seen(a *score.Assessment, contexts ...string) *fleet.Cluster {
	return &fleet.Cluster{Contexts: contexts, Standing: fleet.Of(a)}
}

func dead() *fleet.Cluster {
	return &fleet.Cluster{Contexts: []string{"gone"}, Err: errors.New("no answer")}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	f := &fleet.Fleet{Clusters: []*fleet.Cluster{
		seen(assess(t, "", map[string][]string{"shop": {"rude", "loud", "sly"}, "bank": {"rude"}}), "prod"),
		seen(assess(t, "", map[string][]string{"shop": {"loud", "fine"}}, kube.State{Resource: kube.Services, Phase: kube.Forbidden, Reason: "no right"}), "blind"),
		dead(),
		seen(assess(t, "", nil), "empty"),
	}}
	var got []string
	for _, d := range f.Differences() {
		line := fmt.Sprintf("%s %s:", d.Severity, d.ID)
		for _, r := range d.In {
			line += fmt.Sprintf(" %s", r.Verdict)
			if r.Open > 0 {
				line += fmt.Sprintf(" %d", r.Open)
			}
		}
		got = append(got, line)
	}
	want := []string{
		"critical sly: failed 1 unknown unseen not applicable",
		"high rude: failed 2 passed unseen not applicable",
		"low loud: failed 1 failed 1 unseen not applicable",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if why := f.Differences()[0].In[1].Why; why != "services: no right" {
		t.Errorf("the blind cluster does not know because of %q", why)
	}
	alike := seen(assess(t, "", map[string][]string{"shop": {"rude"}}), "a")
	if d := (&fleet.Fleet{Clusters: []*fleet.Cluster{alike, alike, dead()}}).Differences(); len(d) > 0 {
		t.Errorf("two that are alike, and one that nobody saw, differ in %v", d)
	}
}

// TestTheDifferenceIsExplained holds that what rules cost adds up to the difference of the
// scores, whatever the two clusters have.
func TestTheDifferenceIsExplained(t *testing.T) {
	t.Parallel()
	names := []string{"rude", "loud", "sly", "fine"}
	of := func(bits uint8) map[string][]string {
		var in []string
		for i, name := range names {
			if bits&(1<<i) != 0 {
				in = append(in, name)
			}
		}
		return map[string][]string{"shop": append(in, "also-fine"), "kube-system": {"dns"}}
	}
	if err := quick.Check(func(a, b uint8) bool {
		f := &fleet.Fleet{Clusters: []*fleet.Cluster{dead(), seen(assess(t, "", of(a)), "a"), seen(assess(t, "", of(b)), "b")}}
		all := f.Shared()
		if one, other := f.Clusters[1], f.Clusters[2]; one.Score == other.Score {
			return len(all) == 0
		}
		s, sum := all[0], 0.0
		for _, c := range s.Rules {
			sum += c.Points()
		}
		return len(all) == 1 && s.Name == "shop" && s.Spread() > 0 && s.In[0] == nil && math.Abs(sum-s.Spread()) < 0.02*float64(len(names))
	}, &quick.Config{MaxCount: 60}); err != nil {
		t.Error(err)
	}
}

func TestCoverageAndSkew(t *testing.T) {
	t.Parallel()
	whole := assess(t, "v1.37.1", map[string][]string{"shop": {"fine"}, "kube-system": {"dns"}})
	f := &fleet.Fleet{Clusters: []*fleet.Cluster{seen(whole, "new", "new-admin"), dead(), seen(assess(t, "v1.35.9-eks-1", nil), "old"), seen(assess(t, "\x1b[2J", nil), "odd")}}
	if f.Seen() != 3 || f.Coverage() != math.Round(10*(whole.Coverage+f.Clusters[2].Coverage+f.Clusters[3].Coverage)/4)/10 {
		t.Errorf("%d were seen, %.1f %%", f.Seen(), f.Coverage())
	}
	if oldest, newest, minors := f.Skew(); oldest != "v1.35.9-eks-1" || newest != "v1.37.1" || minors != 2 {
		t.Errorf("from %s to %s are %d", oldest, newest, minors)
	}
	if uid := f.Clusters[0].UID; uid != "uid of kube-system" {
		t.Errorf("the UID is %q", uid)
	}
	if merged := f.Clusters[0].Merged(); merged != "new-admin: the same cluster as new" {
		t.Errorf("merged: %q", merged)
	}
	none := &fleet.Fleet{}
	if oldest, _, _ := none.Skew(); oldest != "" || none.Coverage() != 0 || len(none.Differences())+len(none.Shared()) > 0 {
		t.Error("there is something to say of no cluster")
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	for name, tt := range map[string]struct {
		contacts []fleet.Contact
		want     [][]int
	}{
		"by UID":                    {[]fleet.Contact{{UID: "1", Address: "a"}, {UID: "2", Address: "b"}, {UID: "1", Address: "c"}}, [][]int{{0, 2}, {1}}},
		"by address":                {[]fleet.Contact{{Address: "a"}, {Address: "b"}, {Address: "a"}}, [][]int{{0, 2}, {1}}},
		"UID counts more":           {[]fleet.Contact{{UID: "1", Address: "a"}, {UID: "2", Address: "a"}}, [][]int{{0}, {1}}},
		"through who answers":       {[]fleet.Contact{{Address: "a", Err: down}, {UID: "1", Address: "a"}}, [][]int{{1, 0}}},
		"nothing known":             {[]fleet.Contact{{Err: down}, {Err: down}}, [][]int{{0}, {1}}},
		"one that is down is one":   {[]fleet.Contact{{Address: "a", Err: down}, {Address: "a", Err: down}}, [][]int{{0, 1}}},
		"the first of a name leads": {[]fleet.Contact{{UID: "1"}, {UID: "2"}, {UID: "2"}, {UID: "1"}}, [][]int{{0, 3}, {1, 2}}},
	} {
		if diff := cmp.Diff(tt.want, fleet.Join(tt.contacts)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestJoinKeepsAll holds that every contact is in one cluster.
func TestJoinKeepsAll(t *testing.T) {
	t.Parallel()
	if err := quick.Check(func(seeds []uint8) bool {
		contacts := make([]fleet.Contact, len(seeds))
		for i, s := range seeds {
			contacts[i] = fleet.Contact{UID: []string{"", "1", "2"}[s%3], Address: []string{"", "a", "b"}[s/3%3]}
			if s > 127 {
				contacts[i].Err = errors.New("down")
			}
		}
		var all []int
		for _, of := range fleet.Join(contacts) {
			all = append(all, of...)
		}
		slices.Sort(all)
		for i, at := range all {
			if i != at {
				return false
			}
		}
		return len(all) == len(seeds)
	}, nil); err != nil {
		t.Error(err)
	}
}
