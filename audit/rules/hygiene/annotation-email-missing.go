package hygiene

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const addressAnnotation = "annotation"

var annotationEmailMissing = &audit.Rule{
	ID:          "annotation-email-missing",
	Title:       "No address of whom to ask",
	Severity:    audit.Info,
	Rationale:   "Whoever is woken by a workload that fails, or finds a hole in it, looks for somebody who knows it.",
	Remediation: "Annotate the workload with the e-mail address of the team that runs it.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Parameters: []audit.Parameter{{
		Name: addressAnnotation, Value: "",
		About: `The annotation that has the address, as "email"; none is asked for by default.`,
	}},
	Admission: &audit.Admission{
		Except: "variables.annotation == '' || " + ownedByAnother,
		Object: "!object.metadata.?annotations[?variables.annotation].orValue('').matches(" + audit.Text(address) + ")",
	},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		key := p.Text(addressAnnotation)
		if key == "" || !w.Held || !w.Controller.IsZero() {
			p.NotApplicable()
			return
		}
		switch value, set := w.Annotations[key]; {
		case !set:
			p.Report(audit.Finding{
				Path:    "metadata.annotations",
				Message: "it lacks annotation " + key,
				Detail:  "Nothing on " + w.Ref.String() + " says whom to ask about it.",
			})
		case !isAddress(value):
			p.Report(audit.Finding{
				Path:    annotationPath("metadata", key),
				Message: "annotation " + key + " is no e-mail address",
				Detail:  "It has no name and host with an @ between them.",
			})
		}
	}),
}

// address is [isAddress] for a server.
const address = `^[^@ \t\n]+@[^ \t\n]*[^. \t\n][^ \t\n]*\.[^ \t\n]*[^. \t\n][^ \t\n]*$`

// isAddress reports whether a text looks like an e-mail address; only sending to
// it would prove it.
func isAddress(text string) bool {
	name, host, found := strings.Cut(text, "@")
	return found && name != "" && strings.Contains(strings.Trim(host, "."), ".") && !strings.ContainsAny(text, " \t\n")
}
