package trend

import (
	"math"
	"slices"
	"time"
)

// Span returns the first and the newest moment of the session; zero times before
// there is one.
func (l *Log) Span() (first, newest time.Time) {
	l.guard.RLock()
	defer l.guard.RUnlock()
	if len(l.times) == 0 {
		return time.Time{}, time.Time{}
	}
	return l.times[0], l.times[len(l.times)-1]
}

// Course appends to dst the score at each of count moments, evenly spread over the
// session, the first and the newest among them: 0 to 100, NaN where there was none.
// Before there are two moments there is no course, and nothing is appended.
func (l *Log) Course(dst []float64, of Key, count int) []float64 {
	l.guard.RLock()
	defer l.guard.RUnlock()
	values := l.values(of)
	if len(l.times) < 2 || values == nil || count <= 0 {
		return dst
	}
	first, newest := l.times[0], l.times[len(l.times)-1]
	at := 0
	for i := range count {
		moment := newest
		if i < count-1 {
			moment = first.Add(newest.Sub(first) / time.Duration(count-1) * time.Duration(i))
		}
		for at+1 < len(l.times) && !l.times[at+1].After(moment) {
			at++
		}
		dst = append(dst, tenths(values[at]))
	}
	return dst
}

// Change returns how many points a score has gained since the session began, or
// since it is there; false before there are two moments of it.
func (l *Log) Change(of Key) (points float64, known bool) {
	l.guard.RLock()
	defer l.guard.RUnlock()
	values := l.values(of)
	first := slices.IndexFunc(values, func(v float32) bool { return v == v }) //nolint:gocritic // NaN is no value
	if first < 0 || first == len(values)-1 {
		return 0, false
	}
	points = math.Round(10*(tenths(values[len(values)-1])-tenths(values[first]))) / 10
	return points, !math.IsNaN(points)
}

// values returns the course of a score, a value for each moment; nil for none.
func (l *Log) values(of Key) []float32 {
	switch {
	case of.Category != "":
		return l.categories[of.Category]
	case of.Namespace != "":
		if s := l.namespaces[of.Namespace]; s != nil {
			return s.values
		}
		return nil
	}
	return l.cluster
}

// tenths returns a score with the one decimal in which scores are told.
func tenths(value float32) float64 { return math.Round(10*float64(value)) / 10 }
