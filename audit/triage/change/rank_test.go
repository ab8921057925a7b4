package change_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
)

func web() kube.Ref { return kube.Deployments.Ref("shop", "web") }

// ago is a change so long before the onset, which is noon.
func ago(kind change.Kind, object kube.Ref, by time.Duration) change.Change {
	return change.Change{Kind: kind, Object: object, Time: noon().Add(-by), Title: object.String()}
}

func rollout(object kube.Ref, by time.Duration, from, to string, fields ...change.Field) change.Change {
	ch := ago(change.Rollout, object, by)
	ch.From, ch.Revision, ch.Owner, ch.Compared = from, to, object, true
	for _, f := range fields {
		ch.Differences = append(ch.Differences, change.Difference{Field: f})
	}
	return ch
}

func TestRelevance(t *testing.T) {
	t.Parallel()
	settings, other := kube.ConfigMaps.Ref("shop", "settings"), kube.ConfigMaps.Ref("shop", "other")
	budget := kube.PodDisruptionBudgets.Ref("shop", "web")
	came := func(object kube.Ref) change.Change {
		ch := ago(change.Policy, object, time.Minute)
		ch.Action, ch.Founding = change.Created, true
		return ch
	}
	base := change.Symptom{
		Onset: noon(), Subject: web(), Namespace: "shop", Nodes: []string{"n1"}, References: []kube.Ref{settings, budget}, Releases: []string{"Helm shop/shop"},
	}
	released := ago(change.Release, kube.Secrets.Ref("shop", "sh.helm.release.v1.shop.v5"), time.Minute)
	released.Releases = []string{"Helm shop/shop"}
	rescaled := ago(change.Autoscale, kube.HorizontalPodAutoscalers.Ref("shop", "web"), time.Minute)
	rescaled.Owner = web()
	bounded := func(by time.Duration) change.Change {
		ch := ago(change.Rollout, web(), by)
		ch.Bound = change.NotAfter
		return ch
	}
	node := func(name string) change.Change {
		return ago(change.Node, kube.Nodes.Ref("", name), time.Minute)
	}
	const out = -1 // of reach
	for _, of := range []struct {
		name      string
		mechanism change.Mechanism
		change    change.Change
		want      float64
	}{
		{"the rollout, just before", change.Crash, rollout(web(), time.Minute, "13", "14", change.Command), 1},
		{"recorded 50 s after the onset", change.Crash, rollout(web(), -50*time.Second, "13", "14", change.Command), 1},
		{"the rollout, 20 min before", change.OutOfMemory, rollout(web(), 20*time.Minute, "13", "14", change.Resources), 0.7},
		{"the rollout, 90 min before", change.ProbeFailure, rollout(web(), 90*time.Minute, "13", "14", change.Probe), 0.4},
		{"the rollout, hours before", change.Crash, rollout(web(), 20*time.Hour, "13", "14"), 0.2},
		{"the rollout, days before", change.Crash, rollout(web(), 100*time.Hour, "13", "14"), 0.1},
		{"no image changed", change.ImagePull, rollout(web(), time.Minute, "13", "14", change.Resources), 0.1},
		{"the image changed", change.ImagePull, rollout(web(), time.Minute, "13", "14", change.Image), 1},
		{"more is asked for", change.Capacity, rollout(web(), time.Minute, "13", "14", change.Resources), 1},
		{"nobody knows what changed", change.ImagePull, ago(change.Rollout, web(), time.Minute), 1},
		{"a rollout at the latest an hour later", change.Crash, bounded(-time.Hour), 0.4},
		{"a rollout at the latest a minute before", change.Crash, bounded(time.Minute), 0.4},
		{"a rollout beside it", change.Crash, rollout(kube.Deployments.Ref("shop", "api"), time.Minute, "1", "2"), 0.3},
		{"a rollout elsewhere", change.Crash, rollout(kube.Deployments.Ref("blog", "web"), time.Minute, "1", "2"), out},
		{"a ConfigMap that it refers to", change.Crash, ago(change.Config, settings, time.Minute), 0.81},
		{"one that it does not refer to", change.Crash, ago(change.Config, other, time.Minute), 0.03},
		{"its release", change.Crash, released, 0.63},
		{"its autoscaler", change.Capacity, rescaled, 0.7},
		{"its autoscaler does not crash it", change.Crash, rescaled, 0.1},
		{"a quota", change.CreateRefused, ago(change.Policy, kube.ResourceQuotas.Ref("shop", "q"), time.Minute), 0.3},
		{"a quota does not crash", change.Crash, ago(change.Policy, kube.ResourceQuotas.Ref("shop", "q"), time.Minute), 0.03},
		{"a webhook", change.CreateRefused, ago(change.Policy, kube.ValidatingWebhookConfigurations.Ref("", "gate"), time.Minute), 0.6},
		{"labels of the namespace", change.CreateRefused, ago(change.Policy, kube.Namespaces.Ref("", "shop"), time.Minute), 0.3},
		{"labels of another", change.CreateRefused, ago(change.Policy, kube.Namespaces.Ref("", "blog"), time.Minute), out},
		{"a NetworkPolicy", change.ProbeFailure, ago(change.Policy, kube.NetworkPolicies.Ref("shop", "deny"), time.Minute), 0.18},
		{"a node of it", change.NodeTrouble, node("n1"), 0.54},
		{"another node", change.NodeTrouble, node("n2"), out},
		{"a node less for everybody", change.Capacity, node("n2"), 0.54},
		{"what runs on every node", change.NodeTrouble, rollout(kube.DaemonSets.Ref("kube-system", "cni"), time.Minute, "1", "2"), 0.54},
		{"the budget that blocks", change.Eviction, ago(change.Policy, budget, time.Minute), 0.9},
		{"a budget crashes nothing", change.Crash, ago(change.Policy, budget, time.Minute), 0.09},
		{"the node to be drained", change.Eviction, node("n1"), 0.54},
		{"its autoscaler, at its end", change.Saturation, rescaled, 1},
		{"less is asked for", change.Saturation, rollout(web(), time.Minute, "13", "14", change.Resources), 1},
		{"another probe", change.Saturation, rollout(web(), time.Minute, "13", "14", change.Probe), 0.1},
		{"came with its namespace", change.CreateRefused, came(kube.ResourceQuotas.Ref("shop", "q")), out},
		{"came with the cluster", change.CreateRefused, came(kube.ClusterRoles.Ref("", "edit")), out},
		{"came with it and is referred to", change.Eviction, came(budget), 0.9},
		{"a restart", change.Crash, ago(change.Restart, web(), time.Minute), 0.3},
	} {
		s := base
		s.Mechanism = of.mechanism
		ranked := change.Rank([]change.Change{of.change}, s)
		if of.want == out {
			if len(ranked) != 0 {
				t.Errorf("%s: relevance %g, want it out of reach", of.name, ranked[0].Relevance)
			}
			continue
		}
		if len(ranked) != 1 || math.Abs(ranked[0].Relevance-of.want) > 1e-9 || ranked[0].Reaction {
			t.Errorf("%s: %+v, want relevance %g", of.name, ranked, of.want)
		}
	}
}

func TestRankOrder(t *testing.T) {
	t.Parallel()
	settings := kube.ConfigMaps.Ref("shop", "settings")
	changes := []change.Change{
		ago(change.Scale, web(), -10*time.Minute),
		rollout(web(), 90*time.Minute, "13", "14", change.Command),
		ago(change.Config, settings, time.Minute),
		rollout(kube.Deployments.Ref("shop", "api"), time.Minute, "1", "2", change.Image),
		rollout(kube.Deployments.Ref("blog", "web"), time.Minute, "1", "2", change.Image),
	}
	for _, of := range []struct {
		name      string
		revisions map[string]change.Health
		want      []string
	}{
		{"by relevance", nil, []string{
			"0.81 ConfigMap shop/settings", "0.40 Deployment shop/web", "0.30 Deployment shop/api", "0.00 Deployment shop/web reaction",
		}},
		{"contrast beats time", map[string]change.Health{"14": change.Failing, "13": change.Healthy}, []string{
			"1.00 Deployment shop/web convicted", "0.81 ConfigMap shop/settings", "0.30 Deployment shop/api", "0.00 Deployment shop/web reaction",
		}},
		{"both fail", map[string]change.Health{"14": change.Failing, "13": change.Failing}, []string{
			"0.81 ConfigMap shop/settings", "0.30 Deployment shop/api", "0.00 Deployment shop/web acquitted", "0.00 Deployment shop/web reaction",
		}},
		{"only the old one fails", map[string]change.Health{"14": change.Healthy, "13": change.Failing}, []string{
			"0.81 ConfigMap shop/settings", "0.30 Deployment shop/api", "0.00 Deployment shop/web acquitted", "0.00 Deployment shop/web reaction",
		}},
		{"of the old one nothing is known", map[string]change.Health{"14": change.Failing}, []string{
			"0.81 ConfigMap shop/settings", "0.40 Deployment shop/web", "0.30 Deployment shop/api", "0.00 Deployment shop/web reaction",
		}},
	} {
		ranked := change.Rank(changes, change.Symptom{
			Mechanism: change.Crash, Onset: noon(), Subject: web(), Namespace: "shop", References: []kube.Ref{settings}, Revisions: of.revisions,
		})
		var got []string
		for _, r := range ranked {
			line := fmt.Sprintf("%.2f %s", r.Relevance, r.Change.Title)
			if r.Contrast != change.NoContrast {
				line += " " + r.Contrast.String()
			}
			if r.Reaction {
				line += " reaction"
			}
			got = append(got, line)
		}
		if diff := cmp.Diff(of.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", of.name, diff)
		}
	}
}

// TestRankingNeverExceedsOne holds the bounds for all kinds and mechanisms, and that
// nothing later than the grace after the onset is ever a cause.
func TestRankingNeverExceedsOne(t *testing.T) {
	t.Parallel()
	s := change.Symptom{Onset: noon(), Subject: web(), Namespace: "shop"}
	for kind := change.Rollout; kind <= change.Tag; kind++ {
		for s.Mechanism = change.Unexplained; s.Mechanism <= change.Saturation; s.Mechanism++ {
			for _, by := range []time.Duration{time.Minute, 0, -59 * time.Second, -61 * time.Second, -time.Hour} {
				for _, r := range change.Rank([]change.Change{ago(kind, web(), by)}, s) {
					if r.Relevance < 0 || r.Relevance > 1 || (by < -time.Minute) != r.Reaction || r.Reaction && r.Relevance != 0 {
						t.Errorf("%s for %s, %s before: %+v", kind, s.Mechanism, by, r)
					}
				}
			}
		}
		if kind.String() == "unknown" {
			t.Errorf("kind %d has no name", kind)
		}
	}
}
