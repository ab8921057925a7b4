package live

import (
	"math/rand/v2"
	"testing"
	"time"
)

// noon is when nothing in particular happens.
var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// Whatever the offset, the round trip and the fraction of the second, what is told is
// within what one answer can tell at first, and within a fraction of a second later.
func TestClockIsKnownBetterWithEveryAnswer(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 3))
		within := func(d time.Duration) time.Duration { return time.Duration(random.Int64N(int64(d))) }
		offset := within(4*time.Hour) - 2*time.Hour
		c, now := &clock{}, noon
		for answer := range 60 {
			now = now.Add(5*time.Second + within(time.Second))
			sent, received := now, now.Add(within(100*time.Millisecond))
			written := sent.Add(within(received.Sub(sent) + 1))
			c.hear(written.Add(offset).Truncate(time.Second), sent, received)
			most := 600 * time.Millisecond // half a second and half a round trip
			if answer > 40 {
				most = 200 * time.Millisecond
			}
			if got := c.offset(); (got-offset).Abs() > most && offset.Abs() > 2*time.Second {
				t.Fatalf("seed %d, answer %d: an offset of %v is taken for %v", seed, answer, offset, got)
			}
		}
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	c, now := &clock{}, noon
	if got := c.offset(); got != 0 {
		t.Errorf("an unknown offset is %v", got)
	}
	answer := func(offset time.Duration) {
		now = now.Add(5 * time.Second)
		c.hear(now.Add(offset).Truncate(time.Second), now, now.Add(20*time.Millisecond))
	}
	answer(900 * time.Millisecond)
	if got := c.offset(); got != 0 {
		t.Errorf("less than a second is told as %v", got)
	}
	for _, offset := range []time.Duration{time.Hour, -time.Hour, 90 * time.Second, 0} {
		answer(offset)
		if got := c.offset(); (got - offset).Abs() > 600*time.Millisecond {
			t.Errorf("a clock that was set to %v is taken for %v", offset, got)
		}
	}
	answer(3 * time.Second)
	c.hear(now.Add(time.Hour), now, now.Add(-time.Hour)) // this computer's clock was set between the two
	if got := c.offset(); (got - 3*time.Second).Abs() > 600*time.Millisecond {
		t.Errorf("an answer from before the question makes 3s %v", got)
	}
}

func TestOwnAnswers(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"/k8s/clusters/c/version": true, "/k8s/clusters/c/api/v1/pods": true,
		"/k8s/clusters/c/apis/metrics.k8s.io/v1beta1/pods": false, "/k8s/clusters/c/apis": false,
	} {
		if got := (timing{prefix: "/k8s/clusters/c"}).own(path); got != want {
			t.Errorf("the Date of %s is the API server's: %t, want %t", path, got, want)
		}
	}
}

// The time of views does not go back for a second, but does so for an hour.
func TestTimeGoesOn(t *testing.T) {
	t.Parallel()
	c := &clock{}
	w := newWatching(&Source{client: &client{clock: c}})
	at := func(offset time.Duration) {
		c.known, c.least, c.most = true, offset, offset
	}
	at(3 * time.Second)
	first := w.moment(noon)
	at(2 * time.Second)
	for _, test := range []struct {
		local, want time.Time
	}{
		{noon.Add(500 * time.Millisecond), first},
		{noon.Add(2 * time.Second), noon.Add(4 * time.Second)},
	} {
		if got := w.moment(test.local); !got.Equal(test.want) {
			t.Errorf("at %v the view is of %v, want %v", test.local, got, test.want)
		}
	}
	at(-time.Hour)
	if got, want := w.moment(noon.Add(3*time.Second)), noon.Add(3*time.Second-time.Hour); !got.Equal(want) {
		t.Errorf("after a clock was set the view is of %v, want %v", got, want)
	}
	w.hearTime()
	select {
	case <-w.changed:
		t.Error("a view is made although the newest one has the offset")
	default:
	}
	at(0)
	w.hearTime()
	select {
	case <-w.changed:
	default:
		t.Error("no view is made although the clocks are otherwise")
	}
}
