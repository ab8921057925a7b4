package audit

import "fmt"

// Severity is how bad a finding is. Severities are ordered: a greater value is
// worse. The zero value is no severity.
type Severity uint8

// The severities, from a remark to a way to lose the cluster.
const (
	Info Severity = iota + 1
	Low
	Medium
	High
	Critical
)

var severityNames = [...]string{"", "info", "low", "medium", "high", "critical"}

// Severities returns every severity, worst first.
func Severities() []Severity { return []Severity{Critical, High, Medium, Low, Info} }

// String returns the severity in lower case, "" for none.
func (s Severity) String() string {
	if int(s) >= len(severityNames) {
		return ""
	}
	return severityNames[s]
}

// ParseSeverity returns the severity of a name in lower case.
func ParseSeverity(name string) (Severity, error) {
	for i, known := range severityNames {
		if known == name && i > 0 {
			return Severity(i), nil
		}
	}
	return 0, fmt.Errorf("severity %q is none of critical, high, medium, low, info", name)
}

// MarshalText returns the name of the severity.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name of a severity.
func (s *Severity) UnmarshalText(text []byte) error {
	parsed, err := ParseSeverity(string(text))
	if err != nil {
		return err
	}
	*s = parsed
	return nil
}
