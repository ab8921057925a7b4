package deprecation

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
)

var apiRemovedInNextVersion = &audit.Rule{
	ID:       "api-removed-in-next-version",
	Title:    "An API is gone with the next release",
	Severity: audit.High,
	Rationale: "After the upgrade of the cluster the API server does not know the version of the API any more. " +
		"The next deployment fails, in the middle of a repair as well; a release of Helm that has the object cannot even be rolled back.",
	Remediation: "Before the upgrade, write the object with the version that takes its place, in the files or charts that it comes from, " +
		"and deploy it once. For releases of Helm, the plugin helm-mapkubeapis changes what Helm remembers.",
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
		if !ok || !l.removed.by(now.next()) {
			return
		}
		message := fmt.Sprintf("%s is gone with %s, the next release", w.api(), l.removed)
		if l.removed.by(now) {
			message = fmt.Sprintf("%s is gone since %s", w.api(), l.removed)
		}
		p.Report(w.finding(l, message))
	}),
}
