package screen

import (
	"time"

	"github.com/seaworthy-dev/seaworthy/ui/trend"
)

// Trends is what screens know of the session so far ([trend.Log]). It may be asked
// in every frame.
type Trends interface {
	// Span returns the first and the newest moment; zero times before there is one.
	Span() (first, newest time.Time)
	// Course appends the score at each of count moments to dst; nothing while there is
	// no course.
	Course(dst []float64, of trend.Key, count int) []float64
	// Change returns how many points a score gained; false where nothing is known.
	Change(of trend.Key) (points float64, known bool)
	// Changes returns the newest findings that came or went, at most count, and how
	// many did in all.
	Changes(count int) (newest []trend.Change, came, went int)
}

// Noter is a screen that has something to say in the line of the path, at the right.
type Noter interface {
	Screen
	// Note returns it, "" for nothing. It is asked after View.
	Note() string
}
