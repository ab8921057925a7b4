package style

// Severity is how bad a finding is, from Info to Critical. Callers convert
// their own scale; here it only chooses colour, letter and shape.
type Severity int

// The severities, mildest first.
const (
	Info Severity = iota
	Low
	Medium
	High
	Critical

	// SeverityCount is how many severities there are.
	SeverityCount = 5
)

// Letter returns the capital initial of the severity, unique among them.
func (s Severity) Letter() string {
	return [SeverityCount]string{"I", "L", "M", "H", "C"}[s.clamp()]
}

// String returns the name of the severity in lower case.
func (s Severity) String() string {
	return [SeverityCount]string{"info", "low", "medium", "high", "critical"}[s.clamp()]
}

func (s Severity) clamp() Severity {
	return max(Info, min(s, Critical))
}
