package feed_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
)

type sourceFunc func(context.Context, func(*kube.Cluster)) error

func (f sourceFunc) Watch(ctx context.Context, publish func(*kube.Cluster)) error {
	return f(ctx, publish)
}

// slow returns categories whose one rule takes a while, and counts its runs; nil counts
// nothing, for what is judged by several feeds at once.
func slow(d time.Duration, runs *int) []audit.Category {
	return []audit.Category{{ID: "slow", Weight: 1, Rules: []*audit.Rule{{
		ID: "slow", Severity: audit.Low, Subjects: []kube.Resource{kube.Pods}, Timed: true,
		Check: audit.Each(func(*kube.Cluster) iter.Seq2[audit.Subject, int] {
			if runs != nil {
				*runs++
			}
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

// TestAnUnsettledClusterIsJudgedNowAndThen reads for a minute, with a view each
// 50 ms, of which judging one takes a while.
func TestAnUnsettledClusterIsJudgedNowAndThen(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		judging     time.Duration
		least, most int // of assessments within the minute
	}{
		"a small cluster":    {5 * time.Millisecond, 550, 600},
		"a large one":        {time.Second, 5, 7},
		"a very large one":   {20 * time.Second, 1, 1},
		"nothing to be seen": {0, 590, 601},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := kube.NewBuilder(kube.Info{})
				source := sourceFunc(func(ctx context.Context, publish func(*kube.Cluster)) error {
					for i := range 1200 {
						b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Syncing, Count: i})
						publish(b.Build(time.Now()))
						time.Sleep(50 * time.Millisecond)
					}
					b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Synced, Count: 1200})
					publish(b.Build(time.Now()))
					<-ctx.Done()
					return ctx.Err()
				})
				ctx, cancel := context.WithCancel(t.Context())
				runs, told := 0, 0 // runs belongs to the goroutine that judges
				f := feed.New(source, slow(tt.judging, &runs))
				done := make(chan struct{})
				go func() { f.Run(ctx); close(done) }()
				var news feed.News
				for news.Assessment == nil || !news.Assessment.Cluster.Settled() {
					var ok bool
					if news, ok = f.Next(ctx); !ok {
						t.Fatal("the feed ended before the settled view was judged")
					}
					if told++; !news.Cluster.Settled() && news.Cluster.Generation < news.Assessment.Cluster.Generation {
						t.Fatal("the assessment is of a newer view than the newest")
					}
				}
				judged := int(f.Statistics().Assessments)
				if before := judged - 1; before < tt.least || before > tt.most {
					t.Errorf("while it was read it was judged %d times, want %d to %d", before, tt.least, tt.most)
				}
				left := time.Minute - time.Duration(judged)*tt.judging
				if least, most := int(left/(100*time.Millisecond))*9/10, 603; told < least || told > most {
					t.Errorf("it told of news %d times, want %d to %d", told, least, most)
				}
				cancel()
				<-done
			})
		})
	}
}

// TestTheLastViewIsJudged: a cluster of which one kind does not come is judged all
// the same, though nothing new comes.
func TestTheLastViewIsJudged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := kube.NewBuilder(kube.Info{})
		b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Syncing})
		source := sourceFunc(func(ctx context.Context, publish func(*kube.Cluster)) error {
			publish(b.Build(time.Now()))
			time.Sleep(1500 * time.Millisecond)
			publish(b.Build(time.Now()))
			<-ctx.Done()
			return ctx.Err()
		})
		ctx, cancel := context.WithCancel(t.Context())
		runs := 0 // belongs to the goroutine that judges
		f := feed.New(source, slow(time.Second, &runs))
		judged := func() uint64 { return f.Statistics().Assessments }
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		time.Sleep(9 * time.Second)
		synctest.Wait()
		if news := f.Newest(); judged() != 1 || news.Cluster.Generation != 2 || news.Assessment.Cluster.Generation != 1 {
			t.Errorf("it was judged %d times, and the news are of view %d", judged(), news.Cluster.Generation)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if news := f.Newest(); judged() != 2 || news.Assessment.Cluster.Generation != 2 {
			t.Errorf("it was judged %d times, the last time view %d", judged(), news.Assessment.Cluster.Generation)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if judged() != 2 {
			t.Errorf("without anything new it was judged %d times", judged())
		}
		cancel()
		<-done
	})
}

// TestTheFirstWholeViewIsJudgedByEveryRule though all of them have just judged a part of
// the cluster.
func TestTheFirstWholeViewIsJudgedByEveryRule(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := kube.NewBuilder(kube.Info{})
		b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Syncing})
		source := sourceFunc(func(ctx context.Context, publish func(*kube.Cluster)) error {
			publish(b.Build(time.Now()))
			time.Sleep(150 * time.Millisecond)
			b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Synced})
			publish(b.Build(time.Now()))
			<-ctx.Done()
			return ctx.Err()
		})
		ctx, cancel := context.WithCancel(t.Context())
		runs := 0
		f := feed.New(source, slow(20*time.Millisecond, &runs))
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		time.Sleep(300 * time.Millisecond)
		if a := f.Newest().Assessment; !a.Cluster.Settled() || !a.Complete {
			t.Errorf("all was read: %v, and judged by every rule: %v", a.Cluster.Settled(), a.Complete)
		}
		cancel()
		<-done
	})
}

func TestStatistics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := kube.NewBuilder(kube.Info{})
		runs := 0
		source := sourceFunc(func(ctx context.Context, publish func(*kube.Cluster)) error {
			for range 3 {
				publish(b.Build(time.Now()))
				time.Sleep(20 * time.Millisecond)
			}
			<-ctx.Done()
			return ctx.Err()
		})
		ctx, cancel := context.WithCancel(t.Context())
		f := feed.New(source, slow(70*time.Millisecond, &runs))
		if s := f.Statistics(); s.Views != 0 || s.Assessments != 0 || s.Longest != 0 || s.Heap == 0 || s.Memory < s.Heap || s.Goroutines == 0 {
			t.Errorf("before it runs the statistics are %+v", s)
		}
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		time.Sleep(time.Second)
		cancel()
		<-done
		got := f.Statistics()
		got.Time, got.Heap, got.Memory, got.Goroutines = time.Time{}, 0, 0, 0
		// The last view is made at 40 ms and glanced at after 170 ms: the slow rule is
		// about the whole cluster and waits.
		want := feed.Statistics{
			Views: 3, Assessments: 2, Longest: 70 * time.Millisecond, Lag: 130 * time.Millisecond,
			Rules: []feed.RuleTiming{{Rule: "slow", Duration: 70 * time.Millisecond}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("statistics (-want +got):\n%s", diff)
		}
	})
}
