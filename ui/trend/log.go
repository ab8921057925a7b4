// Package trend keeps how scores went, and what came and went, since the session
// began: since the first view in which all was read.
//
// # Design
//
// Scores are kept at moments that all series share, the time of the view being the
// clock: the same views give the same trend. At most [most] moments are kept. Two of
// them, but for the newest, span at least a distance that begins at five seconds;
// when there is no room left every second moment is given up and the distance
// doubles, so that what is kept always covers the whole session, evenly, with its
// first moment and its newest.
//
// What came and went is found by comparing the findings of the namespaces that are
// others than before: a namespace about which nothing changed is the same value in
// two assessments, and costs one comparison.
//
// A namespace that is gone is forgotten. A view from before the newest moment begins
// a new session, as when a recording plays again.
//
// The package must never read a clock or start a goroutine. One goroutine records;
// any may read, and none waits for a comparison.
package trend

import (
	"math"
	"sync"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/score"
)

const (
	most  = 120             // moments
	apart = 5 * time.Second // what two moments span at first
)

// Key names what has a score: a category of the cluster, a namespace, or the cluster
// itself, which is the zero value.
type Key struct{ Category, Namespace string }

// Log is the course of a session. The zero value has seen nothing.
type Log struct {
	guard      sync.RWMutex
	last       *score.Assessment
	apart      time.Duration
	times      []time.Time // ascending
	cluster    []float32   // a value for each time, as in all series; NaN where not scored
	categories map[string][]float32
	namespaces map[string]*series
	changes    []Change // the newest first
	came, went int
}

// series is the course of a namespace.
type series struct {
	of     *score.Namespace // the newest
	values []float32
}

// Record takes in a newer assessment. Those of a cluster that is still being read
// count for nothing: each is of another part of it.
func (l *Log) Record(a *score.Assessment) {
	if a == l.last || !a.Cluster.Settled() {
		return
	}
	if l.last != nil && a.Cluster.Time.Before(l.last.Cluster.Time) {
		l.forget()
	}
	var changes []Change
	came, went := 0, 0
	if l.last != nil {
		changes, came, went = l.compare(a)
	}
	l.guard.Lock()
	defer l.guard.Unlock()
	l.last = a
	l.came, l.went = l.came+came, l.went+went
	l.changes = append(changes, l.changes...)
	l.changes = l.changes[:min(len(l.changes), mostChanges)]
	at := l.moment(a.Cluster.Time)
	l.cluster = put(l.cluster, at, a.Score, a.Scored)
	for _, c := range a.Categories {
		l.categories[c.ID] = put(l.categories[c.ID], at, c.Score, c.Scored)
	}
	for _, n := range a.Namespaces {
		s := l.namespaces[n.Name]
		if s == nil {
			s = &series{}
			l.namespaces[n.Name] = s
		}
		s.of, s.values = n, put(s.values, at, n.Score, n.Scored)
	}
	if len(l.namespaces) > len(a.Namespaces) {
		l.clean(a)
	}
}

// forget begins a new session.
func (l *Log) forget() {
	l.guard.Lock()
	defer l.guard.Unlock()
	l.last, l.apart, l.times, l.cluster = nil, 0, nil, nil
	l.categories, l.namespaces, l.changes, l.came, l.went = nil, nil, nil, 0, 0
}

// moment returns the index at which the values of a time stand: that of the newest
// moment, which moves on, or a new one.
func (l *Log) moment(now time.Time) int {
	if l.times == nil {
		l.apart, l.categories, l.namespaces = apart, map[string][]float32{}, map[string]*series{}
	}
	n := len(l.times)
	switch {
	case n > 0 && !now.After(l.times[n-1]):
		return n - 1
	case n > 1 && now.Sub(l.times[n-2]) < l.apart:
		l.times[n-1] = now
		return n - 1
	case n == most:
		l.thin()
	}
	l.times = append(l.times, now)
	return len(l.times) - 1
}

// thin gives up every second moment, never the first.
func (l *Log) thin() {
	l.apart *= 2
	l.times, l.cluster = halve(l.times), halve(l.cluster)
	for id, values := range l.categories {
		l.categories[id] = halve(values)
	}
	for _, s := range l.namespaces {
		s.values = halve(s.values)
	}
}

// halve keeps every second value.
func halve[T any](values []T) []T {
	kept := values[:0]
	for i := 0; i < len(values); i += 2 {
		kept = append(kept, values[i])
	}
	return kept
}

// put puts a score at an index, after the moments at which there was none.
func put(values []float32, at int, value float64, scored bool) []float32 {
	if !scored {
		value = math.NaN()
	}
	for len(values) <= at {
		values = append(values, float32(math.NaN()))
	}
	values[at] = float32(value)
	return values
}

// clean forgets the namespaces that an assessment does not have.
func (l *Log) clean(a *score.Assessment) {
	for _, n := range l.left(a) {
		delete(l.namespaces, n.Name)
	}
}
