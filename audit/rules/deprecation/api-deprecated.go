package deprecation

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
)

var apiDeprecated = &audit.Rule{
	ID:       "api-deprecated",
	Title:    "An object is written with a deprecated API",
	Severity: audit.Medium,
	Rationale: "The version of the API still works and will be gone with a later release. " +
		"Whoever upgrades the cluster then finds out by what can no longer be applied.",
	Remediation: "Write the object with the version that takes its place, in the files or charts that it comes from. " +
		"The API server converts what it has stored; only what is sent to it must change.",
	Controls: []string{"OWASP22-K10", "OWASP25-K07"},
	Since:    "2",
	Subjects: versioned(),
	Check: eachWriting(versioned(), func(p *audit.Pass, w writing) {
		now, ok := current(p.Cluster)
		if !ok {
			p.Unknown(unknownVersion)
			return
		}
		l, ok := w.lifecycle(p.Cluster)
		if !ok || !l.deprecated.by(now) && !l.removed.by(now) {
			return
		}
		f := w.finding(l, fmt.Sprintf("%s is deprecated since %s", w.api(), l.deprecated))
		if l.removed.by(now.next()) {
			f.Implied = apiRemovedInNextVersion.ID
		}
		if l.deprecated == (release{}) {
			f.Message = fmt.Sprintf("%s is gone since %s", w.api(), l.removed)
		}
		p.Report(f)
	}),
}
