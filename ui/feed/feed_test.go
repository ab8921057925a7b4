package feed_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
)

type sourceFunc func(context.Context, func(*kube.Cluster)) error

func (f sourceFunc) Watch(ctx context.Context, publish func(*kube.Cluster)) error {
	return f(ctx, publish)
}

// slow returns categories whose one rule takes a while, and counts its runs.
func slow(d time.Duration, runs *int) []audit.Category {
	return []audit.Category{{ID: "slow", Weight: 1, Rules: []*audit.Rule{{
		ID: "slow", Severity: audit.Low, Subjects: []kube.Resource{kube.Pods}, Timed: true,
		Check: audit.Each(func(*kube.Cluster) iter.Seq2[audit.Subject, int] {
			*runs++
			time.Sleep(d) // fake time: the test runs in a bubble
			return func(func(audit.Subject, int) bool) {}
		}, func(*audit.Pass, int) {}),
	}}}}
}

func TestOvertakenViewsAreNotJudged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const views = 1000
		b := kube.NewBuilder(kube.Info{})
		took := make(chan time.Duration, 1)
		source := sourceFunc(func(ctx context.Context, publish func(*kube.Cluster)) error {
			start := time.Now()
			for range views {
				publish(b.Build(time.Now()))
				time.Sleep(time.Millisecond)
			}
			took <- time.Since(start)
			<-ctx.Done()
			return ctx.Err()
		})
		ctx, cancel := context.WithCancel(t.Context())
		runs := 0
		f := feed.New(source, slow(150*time.Millisecond, &runs))
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		for {
			news, ok := f.Next(ctx)
			if !ok {
				t.Fatal("the feed ended before the last view was judged")
			}
			if news.Assessment.Cluster.Generation == views {
				break
			}
		}
		if took := <-took; took != views*time.Millisecond {
			t.Errorf("publishing %d views took the source %v: it waited for the judging", views, took)
		}
		cancel()
		<-done
		if runs > 7 {
			t.Errorf("%d views were judged in a second, with 250ms for each", runs)
		}
	})
}

func TestEndOfASource(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, tt := range map[string]struct {
		views int
		err   error
	}{"exhausted": {1, nil}, "broken at once": {0, broken}, "broken later": {2, broken}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := kube.NewBuilder(kube.Info{})
				runs := 0
				f := feed.New(sourceFunc(func(_ context.Context, publish func(*kube.Cluster)) error {
					for range tt.views {
						publish(b.Build(time.Now()))
					}
					return tt.err
				}), slow(0, &runs))
				f.Run(t.Context())
				news, ok := f.Next(t.Context())
				if !ok || !news.Ended || !errors.Is(news.Err, tt.err) || (news.Assessment != nil) != (tt.views > 0) {
					t.Fatalf("news %+v, %v; want the end with error %v", news, ok, tt.err)
				}
				if tt.views > 0 && news.Assessment.Cluster.Generation != uint64(tt.views) {
					t.Errorf("the newest assessment is of view %d, want %d", news.Assessment.Cluster.Generation, tt.views)
				}
			})
		})
	}
}
