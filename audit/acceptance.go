package audit

import "time"

// Acceptance says that people know of a finding and live with it. It is then
// told apart and costs no points.
type Acceptance struct {
	Reason string
	Owner  string // who answers for it, "" if nobody is named
	// Expires is the start, in UTC, of the last day on which it holds; zero if
	// it holds for good.
	Expires time.Time
	// Origin is where it is written: "seaworthy.yaml:12", or "annotation of
	// Deployment shop/web".
	Origin string
}

// Open reports whether the finding counts by itself: it is neither accepted nor
// a consequence of another one.
func (f *Placed) Open() bool { return f.Implied == "" && f.Accepted == nil }
