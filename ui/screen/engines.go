package screen

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/policyengine"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// mostFound is how many violations are told of an object.
const mostFound = 10

// EnginesFound says what policy engines found of an object, a line each, the worst first,
// and whether rules that judge the same find it too. Home is the namespace with its
// findings, nil for none. It is nil if no engine found anything.
func EnginesFound(shown *score.Assessment, home *score.Namespace, ref kube.Ref) []string {
	violations := policyengine.Violations(shown.Cluster, ref)
	var lines []string
	for i := range violations {
		if i == mostFound {
			lines = append(lines, fmt.Sprintf("and %d more", len(violations)-mostFound))
			break
		}
		v := &violations[i]
		text := v.Severity.String() + "  " + v.String()
		if beside := v.Beside(func(rule string) bool { return hasFinding(home, ref, rule) }); beside != "" {
			text += "; " + beside
		}
		lines = append(lines, text)
	}
	return lines
}

func hasFinding(home *score.Namespace, ref kube.Ref, rule string) bool {
	if home == nil {
		return false
	}
	for _, f := range home.Findings {
		if f.Subject == ref && f.Rule.ID == rule {
			return true
		}
	}
	return false
}
