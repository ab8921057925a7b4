package feed_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
)

// openers opens clusters that a test has: of each how often it fails before it answers.
type openers struct {
	guard   sync.Mutex
	fails   map[string]int
	uids    map[string]string
	opened  map[string]int
	closed  map[string]int
	atOnce  int
	most    int
	ends    bool // a source ends after its first view
	refused bool
}

var errDown = errors.New("it is down")

func (d *openers) open(_ context.Context, place string) (feed.Opened, error) {
	d.guard.Lock()
	defer d.guard.Unlock()
	if d.fails[place] > 0 {
		d.fails[place]--
		return feed.Opened{}, errDown
	}
	d.opened[place]++
	d.atOnce++
	d.most = max(d.most, d.atOnce)
	b := kube.NewBuilder(kube.Info{Name: place, Version: "v1.37.1"})
	b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Synced})
	if d.refused {
		b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Forbidden, Reason: "no right"})
	}
	return feed.Opened{
		UID: d.uids[place],
		Source: sourceFunc(func(ctx context.Context, publish func(*kube.Cluster)) error {
			publish(b.Build(time.Now()))
			if d.ends {
				return nil
			}
			<-ctx.Done()
			return ctx.Err()
		}),
		Close: func() { d.guard.Lock(); d.closed[place]++; d.atOnce--; d.guard.Unlock() },
	}, nil
}

// times returns how often a place was opened so far.
func (d *openers) times(place string) int {
	d.guard.Lock()
	defer d.guard.Unlock()
	return d.opened[place]
}

func newOpeners() *openers {
	return &openers{fails: map[string]int{}, uids: map[string]string{}, opened: map[string]int{}, closed: map[string]int{}}
}

// follow follows clusters in a bubble of time, and calls a story that lets it pass.
func follow(t *testing.T, d *openers, named []feed.Named, story func(f *feed.Fleet)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f := feed.NewFleet(named, slow(0, nil), d.open)
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		story(f)
		cancel()
		<-done
	})
	for place, n := range d.opened {
		if d.closed[place] != n {
			t.Errorf("%s was opened %d times and closed %d times", place, n, d.closed[place])
		}
	}
}

func named(names ...string) []feed.Named {
	var all []feed.Named
	for _, name := range names {
		all = append(all, feed.Named{Place: name, Name: name})
	}
	return all
}

func connections(f *feed.Fleet) string {
	text := ""
	for _, m := range f.Members() {
		text += fmt.Sprintf("%v %v;", m.Names, m.Connection)
	}
	return text
}

func TestEachFailsAndComesBackByItself(t *testing.T) {
	t.Parallel()
	d := newOpeners()
	d.fails["b"] = 3
	follow(t, d, named("a", "b"), func(f *feed.Fleet) {
		if got := connections(f); got != "[a] waiting;[b] waiting;" {
			t.Errorf("at first they are %s", got)
		}
		time.Sleep(time.Second)
		if got := connections(f); got != "[a] live;[b] failed;" {
			t.Errorf("one is down: %s", got)
		}
		if b := f.Members()[1]; !errors.Is(b.Err, errDown) || time.Until(b.Next) != time.Second || f.Live("b") != nil || f.Live("a") == nil {
			t.Errorf("it is told %v, again at %v", b.Err, b.Next)
		}
		f.Retry() // the second failure; the third comes after 4 seconds, and then 8 pass
		time.Sleep(5 * time.Second)
		if got := connections(f); got != "[a] live;[b] failed;" {
			t.Errorf("after the second try: %s", got)
		}
		time.Sleep(8 * time.Second)
		if b := f.Members()[1]; b.Connection != feed.Live || b.Err != nil || b.Standing == nil {
			t.Errorf("it came back as %+v", b)
		}
	})
	if d.opened["a"] != 1 || d.opened["b"] != 1 {
		t.Errorf("opened %v", d.opened)
	}
}

func TestOneClusterIsFollowedOnce(t *testing.T) {
	t.Parallel()
	d := newOpeners()
	d.uids = map[string]string{"a": "1", "b": "2", "c": "1"}
	d.fails["a"] = 1
	follow(t, d, named("a", "b", "c"), func(f *feed.Fleet) {
		time.Sleep(time.Minute)
		if len(f.Members()) != 2 {
			t.Errorf("there are %s", connections(f))
		}
	})
	if followed := d.opened["a"] + d.opened["c"]; followed > 2 {
		t.Errorf("opened %v", d.opened)
	}
	d = newOpeners()
	two := named("a", "b")
	two[0].Address, two[1].Address = "x", "x"
	d.fails["a"], d.fails["b"] = 1000, 1000
	follow(t, d, two, func(f *feed.Fleet) {
		time.Sleep(time.Minute)
		if got := connections(f); got != "[a b] failed;" {
			t.Errorf("one that is down is %s", got)
		}
	})
}

func TestManyAreReadInTurns(t *testing.T) {
	t.Parallel()
	d := newOpeners()
	var names []string
	for i := range 3 * feed.MostLive {
		names = append(names, fmt.Sprint(i))
	}
	follow(t, d, named(names...), func(f *feed.Fleet) {
		time.Sleep(time.Minute)
		for _, m := range f.Members() {
			if m.Connection != feed.Still || m.Standing == nil || f.Live(m.Place) != nil {
				t.Errorf("%s is %v", m.Place, m.Connection)
			}
		}
		if n := d.times("0"); n != 1 {
			t.Errorf("after a minute the first was read %d times", n)
		}
		time.Sleep(5 * time.Minute)
		if n := d.times("0"); n != 2 {
			t.Errorf("after six minutes the first was read %d times", n)
		}
	})
	if d.most > 4 {
		t.Errorf("%d were read at once", d.most)
	}
}

func TestWhatTheConnectionIs(t *testing.T) {
	t.Parallel()
	d := newOpeners()
	d.refused = true
	follow(t, d, named("a"), func(f *feed.Fleet) {
		time.Sleep(time.Second)
		if a := f.Members()[0]; a.Connection != feed.Refused || a.Why != "no right" {
			t.Errorf("it is %v: %s", a.Connection, a.Why)
		}
	})
	d = newOpeners()
	d.ends = true
	follow(t, d, named("a"), func(f *feed.Fleet) {
		time.Sleep(time.Second)
		if a := f.Members()[0]; a.Connection != feed.Still || a.Since.IsZero() {
			t.Errorf("what has ended is %v", a.Connection)
		}
	})
}

// TestNewsOfAFleetAreBounded holds that a fleet that never rests is told of at most ten
// times a second.
func TestNewsOfAFleetAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f := feed.NewFleet(named("a", "b", "c"), slow(0, nil), func(context.Context, string) (feed.Opened, error) {
			return feed.Opened{Source: sourceFunc(func(ctx context.Context, publish func(*kube.Cluster)) error {
				b := kube.NewBuilder(kube.Info{})
				for ctx.Err() == nil {
					publish(b.Build(time.Now()))
					time.Sleep(time.Millisecond)
				}
				return ctx.Err()
			})}, nil
		})
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		end, heard := time.Now().Add(10*time.Second), 0
		for time.Now().Before(end) {
			if _, ok := f.Next(ctx); !ok {
				t.Fatal("there are no news")
			}
			heard++
		}
		cancel()
		<-done
		if heard < 50 || heard > 102 {
			t.Errorf("in 10 seconds there were news %d times", heard)
		}
	})
}
