package rbac

import (
	"fmt"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
)

// unbind returns the fix that deletes a binding. None that the API server makes by
// itself: it would make it again when it starts.
func unbind(b *access.Binding, title, risk string) []audit.Fix {
	if b.Bootstrap {
		return nil
	}
	fix := audit.DeleteSubject(title, b.Ref)
	fix.Risk = risk
	return []audit.Fix{fix}
}

// release returns the fix that takes some subjects out of a binding, or deletes it
// if there are no others.
func release(b *access.Binding, who []access.Bound, risk string) []audit.Fix {
	left := func(s access.Bound) bool { return !slices.Contains(who, s) }
	if !slices.ContainsFunc(b.Subjects, left) {
		if fixes := unbind(b, "delete the binding, which has no other subject", risk); fixes != nil {
			return fixes
		}
	}
	fix := audit.Fix{Title: "take the subject out of the binding", Risk: risk}
	if len(who) > 1 {
		fix.Title = fmt.Sprintf("take the %d subjects out of the binding", len(who))
	}
	for _, s := range slices.Backward(who) { // from the end, so that indexes stay true
		fix.Edits = append(fix.Edits, audit.Edit{Op: audit.Remove, Path: subjectPath(s)})
	}
	return []audit.Fix{fix}
}
