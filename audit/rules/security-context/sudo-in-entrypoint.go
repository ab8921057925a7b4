package securitycontext

import (
	"fmt"
	"path"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var sudoInEntrypoint = &audit.Rule{
	ID:       "sudo-in-entrypoint",
	Title:    "Started by way of sudo",
	Severity: audit.Medium,
	Rationale: "The image has sudo and a user who may become root with it, so nothing is gained by not running as root: " +
		"whoever takes the program over can do the same.",
	Remediation: "Do what needs root while the image is built, or in an init container, and start the program as the user it runs as.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except: "variables.windows", Variables: []audit.Variable{{Name: "sudo", Expression: audit.Text(sudoAsWord)}},
		Container: "(c.?command.orValue([]) + c.?args.orValue([])).exists(w, w.matches(variables.sudo))",
	},
	Check: eachLinux(func(p *audit.Pass, w *kube.Workload) {
		for c := range w.Containers() {
			for _, list := range [...]struct {
				field string
				words []string
			}{{"command", c.Command}, {"args", c.Args}} {
				for i, words := range list.words {
					if !callsSudo(words) {
						continue
					}
					f := inContainer(c, fmt.Sprintf("%s[%d]", list.field, i), "calls sudo")
					f.Detail = fmt.Sprintf("Element %d of %s calls sudo.", i, list.field)
					if escalation := own(c).AllowPrivilegeEscalation; escalation != nil && !*escalation {
						f.Detail += " It cannot work, since allowPrivilegeEscalation is false."
					}
					p.Report(f)
				}
			}
		}
	}),
}

// sudoAsWord is [callsSudo] for a server.
const sudoAsWord = "(^|[/ \\t\\r\\n;|&(){}`'\"$=])sudo/*($|[ \\t\\r\\n;|&(){}`'\"$=])"

// callsSudo reports whether sudo is a word of a command or of a shell script,
// with or without its directory; names such as /etc/sudoers have other words.
func callsSudo(words string) bool {
	if !strings.Contains(words, "sudo") {
		return false
	}
	separator := func(r rune) bool { return strings.ContainsRune(" \t\r\n;|&(){}`'\"$=", r) }
	for word := range strings.FieldsFuncSeq(words, separator) {
		if path.Base(word) == "sudo" {
			return true
		}
	}
	return false
}
