package platform

import (
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apiServerEmulatedVersion = &audit.Rule{
	ID:       "api-server-emulated-version",
	Title:    "The API server behaves as an older version than it is",
	Severity: audit.Low,
	Rationale: "Between the two steps of an upgrade that is as it should be: a way back stays open. Left so, the cluster has the " +
		"new program without what is new in it, and nobody expects that when the next upgrade begins.",
	Remediation: "When what runs has proved itself, take --emulated-version out, or set it to the version of the server (KEP-4330).",
	Controls:    []string{"OWASP22-K10", "OWASP25-K07"},
	Since:       "3",
	Subjects:    []kube.Resource{kube.Statusz},
	Check: audit.EachCustom(kube.Statusz, func(p *audit.Pass, o *unstructured.Unstructured) {
		page, err := kube.Decode[struct {
			BinaryVersion    string `json:"binaryVersion"`
			EmulationVersion string `json:"emulationVersion"`
		}](o)
		switch {
		case err != nil:
			p.Unknown(err.Error())
		case page.BinaryVersion == "" || page.EmulationVersion == "":
			p.NotApplicable()
		case !strings.HasPrefix(page.BinaryVersion+".", page.EmulationVersion+"."): // "1.37.1" runs as "1.37"
			p.Report(audit.Finding{
				Path:    "emulationVersion",
				Message: "it runs " + page.BinaryVersion + " and behaves as " + page.EmulationVersion,
			})
		}
	}),
}
