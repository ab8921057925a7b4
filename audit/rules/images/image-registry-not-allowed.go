package images

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const allowedRegistries = "allowedRegistries"

var imageRegistryNotAllowed = &audit.Rule{
	ID:       "image-registry-not-allowed",
	Title:    "An image comes from a registry that is not allowed",
	Severity: audit.Medium,
	Rationale: "What comes from elsewhere was not scanned, signed or kept as what comes from the registries agreed on. " +
		"It may change or vanish without notice.",
	Remediation: "Copy the image to an allowed registry and name it there, or allow its registry.",
	Controls:    []string{"OWASP22-K02"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Parameters:  registryList(allowedRegistries, "Where images may come from"),
	Admission: &audit.Admission{
		Except:    "variables.allowedRegistries.size() == 0",
		Variables: placeVariables(),
		AtFault:   `variables.placed.filter(p, !variables.allowedRegistries.exists(r, r != '' && [r.endsWith('/') ? r.substring(0, r.size() - 1) : r].exists(w, p.place == w || p.place.startsWith(w + '/')))).map(p, p.image)`,
	},
	Check: eachImage(func(p *audit.Pass, u *use) bool {
		allowed := p.Texts(allowedRegistries)
		if len(allowed) == 0 {
			return false
		}
		if _, ok := u.within(allowed); !ok {
			f := u.finding("registry %s is not allowed", u.registry)
			f.Detail = "The image is " + u.place() + "."
			p.Report(f)
		}
		return true
	}),
}
