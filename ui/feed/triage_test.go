package feed_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// TestWhatIsBrokenComesWithTheLastView: whoever hears that the source has ended knows
// what is broken in its last view.
func TestWhatIsBrokenComesWithTheLastView(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := screentest.Break(t, screentest.Cluster(t))
		runs := 0
		f := feed.New(sourceFunc(func(_ context.Context, publish func(*kube.Cluster)) error {
			publish(b.Build(screentest.Noon))
			return nil
		}), slow(0, &runs))
		f.Run(t.Context())
		news, ok := f.Next(t.Context())
		if !ok || !news.Ended || news.Triage == nil || len(news.Triage.Briefings) != 2 || news.Triage.Worst() != triage.S1 {
			t.Fatalf("the last news are %+v, %v; want the two incidents", news, ok)
		}
	})
}

// TestWhatIsBrokenIsToldEarly: as soon as pods, nodes and workloads are read, whatever
// else is still to come and however long judging takes.
func TestWhatIsBrokenIsToldEarly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := screentest.Break(t, screentest.Cluster(t))
		for _, r := range []kube.Resource{kube.Pods, kube.Events} {
			b.SetState(kube.State{Resource: r, Phase: kube.Syncing})
		}
		ctx, cancel := context.WithCancel(t.Context())
		more := make(chan *kube.Cluster)
		f := feed.New(sourceFunc(func(ctx context.Context, publish func(*kube.Cluster)) error {
			for {
				select {
				case c := <-more:
					publish(c)
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}), slow(time.Minute, new(int)))
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		more <- b.Build(screentest.Noon)
		time.Sleep(10 * time.Second)
		if told := f.Newest().Triage; told != nil {
			t.Error("what is broken is told before the pods are read")
		}
		b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Synced})
		more <- b.Build(screentest.Noon)
		time.Sleep(time.Second)
		if told := f.Newest().Triage; told == nil || len(told.Briefings) != 2 || told.Cluster.Settled() {
			t.Errorf("while events are still read and a view is judged there is told: %+v", told)
		}
		cancel()
		<-done
	})
}

// TestARecordingBeginsAgain: what broke in it later is not known any more.
func TestARecordingBeginsAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f := feed.New(sourceFunc(func(ctx context.Context, publish func(*kube.Cluster)) error {
			b := screentest.Cluster(t)
			for _, at := range []time.Time{screentest.Noon, screentest.Noon.Add(time.Hour)} {
				publish(screentest.Break(t, b).Build(at))
				time.Sleep(time.Second)
			}
			publish(screentest.Cluster(t).Build(screentest.Noon))
			<-ctx.Done()
			return ctx.Err()
		}), slow(0, new(int)))
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		time.Sleep(1500 * time.Millisecond)
		if told := f.Newest().Triage; told == nil || told.Worst() != triage.S1 {
			t.Errorf("at the end of the recording there is told: %+v", told)
		}
		time.Sleep(time.Second)
		if told := f.Newest().Triage; !told.Time.Equal(screentest.Noon) || len(told.Briefings) != 0 {
			t.Errorf("at its beginning there is told: %s, %+v", told.Time, told.Briefings)
		}
		cancel()
		<-done
	})
}

// TestTimeAloneChangesWhatIsBroken in a live cluster where nothing happens: what lasts
// becomes a minute longer, and a suspect comes to count.
func TestTimeAloneChangesWhatIsBroken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := screentest.Cluster(t)
		b.SetClock(kube.Clock{Ticks: true})
		ctx, cancel := context.WithCancel(t.Context())
		f := feed.New(sourceFunc(func(ctx context.Context, publish func(*kube.Cluster)) error {
			publish(b.Build(time.Now()))
			<-ctx.Done()
			return ctx.Err()
		}), slow(0, new(int)))
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		time.Sleep(time.Second)
		before := f.Newest().Triage
		if before == nil || len(before.Suspects) != 1 || len(before.Briefings) != 0 {
			t.Fatalf("at first there is told: %+v", before)
		}
		time.Sleep(10 * time.Minute)
		after := f.Newest().Triage
		if len(after.Suspects) != 0 || len(after.Briefings) != 1 {
			t.Errorf("ten minutes later there is told: %+v", after)
		}
		if late := time.Since(after.Time); late > time.Minute+time.Second {
			t.Errorf("what is told is %v old", late)
		}
		cancel()
		<-done
	})
}
