package images

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const expectedImages = "expectedImages"

var imageTagUnexpected = &audit.Rule{
	ID:       "image-tag-unexpected",
	Title:    "An image is of another release than expected",
	Severity: audit.Info,
	Rationale: "A release was decided on for every workload that runs the image, because of a correction for instance. " +
		"What still names another one lacks it.",
	Remediation: "Roll out the release that was decided on, or change the configuration of the rule.",
	Controls:    []string{"OWASP22-K02"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Parameters: []audit.Parameter{{
		Name:  expectedImages,
		About: "The images that are expected, each with its tag or digest, as registry.example/web:1.4.2; several of one repository are alternatives.",
		Value: []string{},
	}},
	Check: eachImage(func(p *audit.Pass, u *use) bool {
		var meant []string
		for _, expected := range p.Texts(expectedImages) {
			e := parsed.Of(p.Cluster, expected)
			if !e.valid || e.place() != u.place() {
				continue
			}
			if e.release() == u.release() || u.digest != "" && e.digest == "" && e.tag == u.tag {
				return true
			}
			meant = append(meant, e.release())
		}
		if len(meant) == 0 {
			return false
		}
		slices.Sort(meant)
		p.Report(u.finding("image %s is not of release %s", u.name, strings.Join(meant, " or ")))
		return true
	}),
}

// release returns what tells the images of a repository apart: the digest, or
// else the tag.
func (i image) release() string {
	switch {
	case i.digest != "":
		return i.digest
	case i.tag != "":
		return i.tag
	}
	return latest
}
