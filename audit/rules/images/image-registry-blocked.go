package images

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const blockedRegistries = "blockedRegistries"

var imageRegistryBlocked = &audit.Rule{
	ID:       "image-registry-blocked",
	Title:    "An image comes from a blocked registry",
	Severity: audit.Medium,
	Rationale: "Nobody here answers for what such a registry hands out: in a public one anybody may publish, " +
		"names that look alike included, and limits on pulling may keep pods from starting.",
	Remediation: "Copy the image to a registry of your own and name it there.",
	Controls:    []string{"OWASP22-K02", "MITRE-T1525"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Parameters:  registryList(blockedRegistries, "Where images must not come from"),
	Admission: &audit.Admission{
		Variables: placeVariables(),
		AtFault:   `variables.placed.filter(p, variables.blockedRegistries.exists(r, r != '' && [r.endsWith('/') ? r.substring(0, r.size() - 1) : r].exists(w, p.place == w || p.place.startsWith(w + '/')))).map(p, p.image)`,
	},
	Check: eachImage(func(p *audit.Pass, u *use) bool {
		blocked := p.Texts(blockedRegistries)
		if len(blocked) == 0 {
			return false
		}
		if place, ok := u.within(blocked); ok {
			f := u.finding("%s is blocked", place)
			f.Detail = "The image is " + u.place() + "."
			p.Report(f)
		}
		return true
	}),
}
