package screen

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// Severity returns how a severity of the audit is drawn; none is drawn as the
// mildest.
func Severity(s audit.Severity) style.Severity {
	return style.Severity(max(0, int(s)-int(audit.Info)))
}
