package trend_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/trend"
)

var noon = time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)

// assessed is an assessment of a moment after noon with the scores of namespaces; one
// below 0 is not scored. The cluster has that of the first.
func assessed(after time.Duration, scores map[string]float64) *score.Assessment {
	b := kube.NewBuilder(kube.Info{Name: "test"})
	b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Synced})
	a := &score.Assessment{Result: &audit.Result{Cluster: b.Build(noon.Add(after))}}
	for name, points := range scores {
		a.Namespaces = append(a.Namespaces, &score.Namespace{Name: name, Score: points, Scored: points >= 0})
	}
	a.Score, a.Scored = scores["shop"], scores["shop"] >= 0
	a.Categories = []score.CategoryScore{{ID: "rbac", Score: a.Score, Scored: a.Scored}}
	return a
}

func course(l *trend.Log, of trend.Key, count int) []float64 { return l.Course(nil, of, count) }

func TestCourse(t *testing.T) {
	t.Parallel()
	var l trend.Log
	shop := trend.Key{Namespace: "shop"}
	if first, newest := l.Span(); !first.IsZero() || !newest.IsZero() || course(&l, shop, 5) != nil {
		t.Error("a session that has not begun has a course")
	}
	l.Record(assessed(0, map[string]float64{"shop": 50}))
	if _, known := l.Change(shop); known || course(&l, shop, 5) != nil {
		t.Error("one moment is no course")
	}
	l.Record(assessed(10*time.Second, map[string]float64{"shop": 60.1, "late": 70}))
	l.Record(assessed(20*time.Second, map[string]float64{"shop": -1, "late": 75}))
	l.Record(assessed(40*time.Second, map[string]float64{"shop": 38, "late": 80}))
	nan := math.NaN()
	for of, want := range map[trend.Key][]float64{
		shop: {50, 60.1, nan, nan, 38}, {Category: "rbac"}: {50, 60.1, nan, nan, 38}, {}: {50, 60.1, nan, nan, 38},
		{Namespace: "late"}: {nan, 70, 75, 75, 80}, {Namespace: "nowhere"}: nil, {Category: "nothing"}: nil,
	} {
		if diff := cmp.Diff(want, course(&l, of, 5), equalNaN); diff != "" {
			t.Errorf("course of %v (-want +got):\n%s", of, diff)
		}
	}
	for of, want := range map[trend.Key]float64{shop: -12, {Namespace: "late"}: 10, {Category: "rbac"}: -12} {
		if got, known := l.Change(of); !known || got != want {
			t.Errorf("the change of %v is %v (%v), want %v", of, got, known, want)
		}
	}
	l.Record(assessed(50*time.Second, map[string]float64{"late": 80}))
	if course(&l, shop, 5) != nil {
		t.Error("a namespace that is gone has a course")
	}
	l.Record(assessed(time.Second, map[string]float64{"shop": 10}))
	if first, newest := l.Span(); first != newest || first != noon.Add(time.Second) {
		t.Errorf("a recording that plays again goes on at %v to %v", first, newest)
	}
}

var equalNaN = cmp.Comparer(func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) })

func TestReadingIsNoCourse(t *testing.T) {
	t.Parallel()
	var l trend.Log
	b := kube.NewBuilder(kube.Info{})
	b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Syncing})
	l.Record(&score.Assessment{Result: &audit.Result{Cluster: b.Build(noon)}, Score: 10, Scored: true})
	if first, _ := l.Span(); !first.IsZero() {
		t.Error("the session began before all was read")
	}
}

// TestTheCourseIsBounded: however long a session is, and however dense its views, the
// course keeps its order, its bounds and its ends.
func TestTheCourseIsBounded(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 7))
		var l trend.Log
		at, first, newest := time.Duration(0), 0.0, 0.0
		low, high := math.Inf(1), math.Inf(-1)
		for i := range 1 + r.IntN(1500) {
			points := math.Round(1000*r.Float64()) / 10
			if i == 0 {
				first = points
			} else {
				at += 1 + time.Duration(r.Int64N(int64(20*time.Second)))
			}
			low, high, newest = min(low, points), max(high, points), points
			l.Record(assessed(at, map[string]float64{"shop": points}))
			if begin, end := l.Span(); begin != noon || end != noon.Add(at) {
				t.Fatalf("seed %d: the session is from %v to %v, want to %v", seed, begin, end, noon.Add(at))
			}
		}
		if at == 0 {
			continue
		}
		values := course(&l, trend.Key{Namespace: "shop"}, 50)
		if len(values) != 50 || values[0] != first || values[49] != newest {
			t.Fatalf("seed %d: the course has %d values, begins with %v and ends with %v, want 50 from %v to %v", seed, len(values), values[0], values[49], first, newest)
		}
		for _, v := range values {
			if !(v >= low && v <= high) {
				t.Fatalf("seed %d: %v is not between %v and %v", seed, v, low, high)
			}
		}
		if kept := l.Moments(); kept > trend.Most {
			t.Fatalf("seed %d: %d moments are kept", seed, kept)
		}
	}
}

// TestTheCourseIsInOrder: a score that only rises has a course that only rises, and
// its steps are where they were.
func TestTheCourseIsInOrder(t *testing.T) {
	t.Parallel()
	var l trend.Log
	const views = 1500
	for i := range views {
		l.Record(assessed(time.Duration(i)*time.Second, map[string]float64{"shop": 100 * float64(i) / (views - 1)}))
	}
	values := course(&l, trend.Key{}, 40)
	for i, v := range values {
		if want := 100 * float64(i) / 39; math.Abs(v-want) > 4 {
			t.Errorf("value %d of 40 is %v, want about %.1f", i, v, want)
		}
		if i > 0 && v < values[i-1] {
			t.Errorf("value %d, %v, is below the one before", i, v)
		}
	}
}

// TestReadersDoNotWait reads while it is recorded: there is something to see at any
// time, and it never goes back.
func TestReadersDoNotWait(t *testing.T) {
	t.Parallel()
	var l trend.Log
	views := make([]*score.Assessment, 300)
	for i := range views {
		views[i] = assessed(time.Duration(i)*6*time.Second, map[string]float64{"shop": float64(i % 100)})
	}
	l.Record(views[0])
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, a := range views {
			l.Record(a)
		}
	}()
	var last time.Time
	for reading := true; reading; {
		select {
		case <-done:
			reading = false
		default:
		}
		_, newest := l.Span()
		if newest.Before(last) {
			t.Fatalf("the newest moment went back from %v to %v", last, newest)
		}
		last = newest
		if values := course(&l, trend.Key{Namespace: "shop"}, 10); len(values) != 0 && len(values) != 10 {
			t.Fatalf("the course has %d values", len(values))
		}
		l.Change(trend.Key{})
		l.Changes(5)
	}
	if want := noon.Add(299 * 6 * time.Second); !last.Equal(want) {
		t.Errorf("the newest moment is %v, want %v", last, want)
	}
}
