package change_test

import (
	"context"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
	"github.com/seaworthy-dev/seaworthy/kube/recording/demo"
)

// TestDemo follows the recording of a real control plane: each rollout that is seen is
// told once, with the revision that its ReplicaSet keeps, and who comes later is told
// of the same ones.
func TestDemo(t *testing.T) {
	t.Parallel()
	var j, later change.Journal
	var last *kube.Cluster
	err := demo.New(recording.Paced(1e6)).Watch(context.Background(), func(c *kube.Cluster) {
		j.Observe(last, c)
		last = c
	})
	if err != nil {
		t.Fatal(err)
	}
	since := last.Time.Add(-change.Retention)
	type key struct {
		object   kube.Ref
		revision string
	}
	seen := map[key]int{}
	for _, ch := range j.Since(last, since) {
		if ch.Kind != change.Rollout || ch.Object.Kind != kube.Deployments.Kind || ch.Certainty != change.Live {
			continue
		}
		if ch.Revision == "" || ch.From == "" || !ch.Compared || len(ch.Differences) == 0 {
			t.Errorf("%s of %s is not joined with its revision: %+v", ch.Title, ch.Object, ch)
		}
		seen[key{ch.Object, ch.Revision}]++
	}
	if len(seen) == 0 {
		t.Error("no rollout of a Deployment was seen")
	}
	told := map[key]bool{}
	for _, ch := range later.Since(last, since) {
		told[key{ch.Object, ch.Revision}] = ch.Kind == change.Rollout
	}
	for rollout, times := range seen {
		if times != 1 || !told[rollout] {
			t.Errorf("%s to %s is seen %d times, and told to who comes later: %t", rollout.object, rollout.revision, times, told[rollout])
		}
	}
}
