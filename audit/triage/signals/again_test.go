package signals_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// TestLookingAgainIsLookingAnew holds, over changes of pods, and while they come and go,
// that a Detection which has seen the views before sees what one does that has not.
func TestLookingAgainIsLookingAnew(t *testing.T) {
	t.Parallel()
	f := fleet.Of(900)
	b, err := f.Builder()
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	detection := triage.NewDetection(all())
	text := func(signals []*triage.Signal) []string {
		texts := make([]string, len(signals))
		for i, s := range signals {
			texts[i] = s.Detector.ID + " " + s.Object.String() + " " + s.Container + " " + s.Cause + ": " + s.Message + s.Since.String() + s.Until.String()
		}
		return texts
	}
	now := fleet.Began().Add(time.Hour)
	for step := range 40 {
		for range random.IntN(12) {
			pod := f.Change(random.IntN(60) + 900*random.IntN(2))
			if random.IntN(4) == 0 {
				b.Delete(kube.Pods, pod.Namespace, pod.Name)
			} else if err := b.Set(kube.Pods, pod); err != nil {
				t.Fatal(err)
			}
		}
		c := b.Build(now)
		again, anew := detection.Detect(c), triage.NewDetection(all()).Detect(c)
		if diff := cmp.Diff(text(anew), text(again)); diff != "" || len(again) == 0 {
			t.Fatalf("step %d: %d signals (-anew +again):\n%s", step, len(again), diff)
		}
	}
}
