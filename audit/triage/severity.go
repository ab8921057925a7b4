package triage

// Severity is how much a signal or an incident matters to who was called. The
// zero value is none at all.
type Severity int

// The severities, the worst first.
const (
	S1 Severity = iota + 1 // users are hit now, or what everything else depends on is down
	S2                     // redundancy is lost, a rollout is stuck, or S1 is likely soon
	S3                     // one replica, one job, or what blocks somebody later
	S4                     // worth a note
)

// String returns "S1" to "S4", "" for none.
func (s Severity) String() string {
	if s < S1 || s > S4 {
		return ""
	}
	return "S" + string(rune('0'+int(s)))
}

// Worse returns the worse of two severities; none is better than any.
func Worse(a, b Severity) Severity {
	switch {
	case a == 0:
		return b
	case b == 0:
		return a
	}
	return min(a, b)
}

// Raised returns the next worse severity; S1 and none stay.
func (s Severity) Raised() Severity {
	if s <= S1 {
		return s
	}
	return s - 1
}
