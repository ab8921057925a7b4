package rbac

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/scope"
)

// judgeSubject returns the Check of a rule that warns of a kind of subject,
// whatever it is given beyond what the API server gives everybody. Fixes may be
// nil: then a person must decide.
func judgeSubject(
	is func(access.Subject) bool, severity func(*charge) audit.Severity, fixes func(*charge, access.Bound) []audit.Fix,
) audit.Check {
	return eachCharge(
		func(*charge) bool { return true },
		func(p *audit.Pass, c *charge) {
			for _, s := range c.who {
				if !is(s.Subject) {
					continue
				}
				if c.Resolution == access.Unread {
					p.Unknown(c.Role.String() + " is not in the view")
					continue
				}
				if scope.Harmless(c.Rules) {
					continue
				}
				f := audit.Finding{
					Severity: severity(c),
					Path:     subjectPath(s) + ".name",
					Message:  s.String() + " is bound to " + c.Role.String(),
					Detail:   c.path([]access.Bound{s}) + ", whose " + describe(c.Rules[0], 0) + ".",
				}
				if fixes != nil {
					f.Fixes = fixes(c, s)
				}
				p.Report(f)
			}
		},
	)
}

// subjectPath is the field path of a subject in its binding.
func subjectPath(s access.Bound) string { return fmt.Sprintf("subjects[%d]", s.Index) }
