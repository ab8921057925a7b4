package images

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var imageTagMissing = &audit.Rule{
	ID:       "image-tag-missing",
	Title:    "An image has neither tag nor digest",
	Severity: audit.Medium,
	Rationale: "What is not written is read as the tag latest, which means another image after each push: " +
		"what runs depends on when each pod was started, and there is nothing to roll back to.",
	Remediation: "Name the release that was tested, best with its digest: registry.example/web:1.4.2@sha256:….",
	Controls:    []string{"OWASP22-K02"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Consults:    []kube.Resource{kube.Pods},
	Admission: &audit.Admission{
		Variables: imageVariables(),
		AtFault:   "variables.images.filter(i, !i.contains('@') && !i.matches(':[^/]+$'))",
	},
	Check: eachImage(func(p *audit.Pass, u *use) bool {
		if u.tag == "" && u.digest == "" {
			f := u.finding("image %s has no tag", u.name)
			f.Detail = "It is read as " + u.place() + ":" + latest + "."
			f.Fixes = pinned(p.Cluster, u)
			p.Report(f)
		}
		return true
	}),
}
