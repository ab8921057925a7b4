package deprecation

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// target is the parameter that names the release to be upgraded to.
const target = "target"

var deprecatedAPIUsedForTargetVersion = &audit.Rule{
	ID:       "deprecated-api-used-for-target-version",
	Title:    "An API is deprecated in the release to come",
	Severity: audit.Medium,
	Rationale: "Whoever plans an upgrade over several releases must know what all of them take away, " +
		"and what works after it but not for long.",
	Remediation: "Write the object with the version that takes its place before the upgrade, in the files or charts that it comes from.",
	Since:       "2",
	Subjects:    versioned(),
	Parameters: []audit.Parameter{{
		Name: target, About: `the release of Kubernetes to be upgraded to, as "1.38"; empty for the next one`, Value: "",
	}},
	Check: eachWriting(versioned(), func(p *audit.Pass, w writing) {
		now, ok := current(p.Cluster)
		aim := now.next()
		if named := p.Text(target); named != "" {
			if aim, ok = parseRelease(named); !ok {
				p.Unknown(fmt.Sprintf("the target %q is no release of Kubernetes", named))
				return
			}
		} else if !ok {
			p.Unknown(unknownVersion)
			return
		}
		l, ok := w.lifecycle(p.Cluster)
		if !ok || !l.deprecated.by(aim) && !l.removed.by(aim) {
			return
		}
		message := fmt.Sprintf("%s is deprecated in %s", w.api(), aim)
		if l.removed.by(aim) {
			message = fmt.Sprintf("%s is gone in %s", w.api(), aim)
		}
		f := w.finding(l, message)
		switch {
		case l.removed.by(now.next()):
			f.Implied = apiRemovedInNextVersion.ID
		case l.deprecated.by(now):
			f.Implied = apiDeprecated.ID
		}
		p.Report(f)
	}),
}
