package screen

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// Severity returns how a severity of the audit is drawn; none is drawn as the
// mildest.
func Severity(s audit.Severity) style.Severity {
	return style.Severity(max(0, int(s)-int(audit.Info)))
}

// IncidentSeverity returns how a severity of triage is drawn; none is drawn as the
// mildest.
func IncidentSeverity(s triage.Severity) style.Severity {
	switch s {
	case triage.S1:
		return style.Critical
	case triage.S2:
		return style.High
	case triage.S3:
		return style.Medium
	case triage.S4:
	}
	return style.Low
}
