package platform

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apiServerUnhealthy = &audit.Rule{
	ID:       "api-server-unhealthy",
	Title:    "The API server says that it is not well",
	Severity: audit.High,
	Rationale: "A check of its own fails: of the way to etcd, of a hook that did not end. Soon nothing may be asked of the " +
		"cluster any more, and what runs goes on without anybody who mends it.",
	Remediation: "Look at the named check first: at etcd (its leader, its disk, its space), at the hook in the log of the server. " +
		"`kubectl get --raw '/livez?verbose'` shows them all.",
	Controls: []string{"OWASP22-K09", "OWASP25-K07"},
	Since:    "3",
	Subjects: []kube.Resource{kube.Livez},
	Check: audit.EachCustom(kube.Livez, func(p *audit.Pass, o *unstructured.Unstructured) {
		page, err := kube.Decode[struct {
			Checks int      `json:"checks"`
			Failed []string `json:"failed"`
		}](o)
		switch {
		case err != nil:
			p.Unknown(err.Error())
		case page.Checks == 0:
			p.NotApplicable()
		case len(page.Failed) > 0:
			p.Report(audit.Finding{
				Path:    "failed",
				Message: "it says of itself that " + strings.Join(page.Failed, ", ") + " fails",
				Detail:  fmt.Sprintf("%d of its %d checks fail.", len(page.Failed), page.Checks),
			})
		}
	}),
}
