package images

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var imageTagLatest = &audit.Rule{
	ID:       "image-tag-latest",
	Title:    "An image is tagged latest",
	Severity: audit.Medium,
	Rationale: "The tag means another image after each push. Pods of one workload come to run different code, " +
		"a restart may bring a release that nobody rolled out, and there is no earlier tag to roll back to.",
	Remediation: "Name the release that was tested, best with its digest: registry.example/web:1.4.2@sha256:….",
	Controls:    []string{"OWASP22-K02"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Consults:    []kube.Resource{kube.Pods},
	Admission: &audit.Admission{
		Variables: imageVariables(),
		AtFault:   "variables.images.filter(i, i.endsWith(':latest'))",
	},
	Check: eachImage(func(p *audit.Pass, u *use) bool {
		if u.tag == latest && u.digest == "" {
			f := u.finding("image %s is tagged latest", u.name)
			f.Fixes = pinned(p.Cluster, u)
			p.Report(f)
		}
		return true
	}),
}
