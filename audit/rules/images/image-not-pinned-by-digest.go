package images

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var imageNotPinnedByDigest = &audit.Rule{
	ID:       "image-not-pinned-by-digest",
	Title:    "An image is not pinned by its digest",
	Severity: audit.Info,
	Rationale: "Whoever may push to the repository can move a tag, also that of a release: " +
		"the next pod that starts on a node without the image runs what was pushed last. A digest is the content itself.",
	Remediation: "Write the digest behind the tag (registry.example/web:1.4.2@sha256:…), " +
		"and have a tool propose new ones; or let an admission controller resolve tags.",
	Controls: []string{"OWASP22-K02"},
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Consults: []kube.Resource{kube.Pods},
	Admission: &audit.Admission{
		Variables: imageVariables(),
		AtFault:   "variables.images.filter(i, !i.contains('@'))",
	},
	Check: eachImage(func(p *audit.Pass, u *use) bool {
		if u.digest == "" {
			f := u.finding("image %s has no digest", u.name)
			f.Fixes = pinned(p.Cluster, u)
			p.Report(f)
		}
		return true
	}),
}
