package replay_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
	"github.com/seaworthy-dev/seaworthy/ui/replay"
)

const scenarios = "../../audit/triage/scenario/testdata"

// marked returns the time line of a scenario when all its marks are found.
func marked(t *testing.T, name string) *replay.Replay {
	t.Helper()
	file := filepath.Join(scenarios, name, "recording.seaworthy")
	r := replay.New(recording.NewPlayer(file, func() (io.ReadCloser, error) { return os.Open(file) }, recording.Start{}))
	ctx, cancel := context.WithCancel(t.Context())
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		_ = r.Watch(ctx, func(*kube.Cluster) {}) // it ends with the context
	}()
	t.Cleanup(func() { cancel(); <-watched })
	r.Run(ctx)
	return r
}

// TestMarks holds where the incidents of scenarios begin, in seconds of the recording, and
// that what is quiet has none.
func TestMarks(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"oom-after-limit": {"S1 began after 6s"},
		"node-lost":       {"S1 began after 53s"},
		"quiet-rollout":   nil,
		"quiet-churn":     nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := marked(t, name)
			marks, done := r.Marks()
			if !done || r.Looked() != 1 {
				t.Errorf("done %v, %v of it was looked through", done, r.Looked())
			}
			moments := r.Position().Moments
			var got []string
			for _, m := range marks {
				what := "ended"
				if m.Began {
					what = "began"
				}
				got = append(got, fmt.Sprintf("%s %s after %.0fs", m.Severity, what, moments[m.Frame].Sub(moments[0]).Seconds()))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("marks (-want +got):\n%s", diff)
			}
			first, ok := r.FirstSymptom()
			if ok != (len(want) > 0) || ok && (!first.Began || first.Frame == 0) {
				t.Errorf("the first symptom is %+v, %v", first, ok)
			}
		})
	}
}

func TestSeekTime(t *testing.T) {
	t.Parallel()
	r := marked(t, "oom-after-limit")
	moments := r.Position().Moments
	for i, moment := range moments {
		r.SeekTime(moment)
		if got := r.Position().At; !moments[got].Equal(moment) {
			t.Errorf("the time of frame %d leads to %d", i, got)
		}
	}
	r.SeekTime(moments[0].Add(-1))
	if got := r.Position().At; got != 0 {
		t.Errorf("a time before the first leads to %d", got)
	}
	r.SeekTime(moments[len(moments)-1].Add(1))
	if got := r.Position().At; got != len(moments)-1 {
		t.Errorf("a time after the last leads to %d", got)
	}
}
