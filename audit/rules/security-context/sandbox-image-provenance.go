package securitycontext

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var sandboxImageProvenance = &audit.Rule{
	ID:       "sandbox-image-provenance",
	Title:    "Sandbox of an image that may change",
	Severity: audit.Medium,
	Rationale: "A tag that moves lets whoever may push to the registry decide what the next sandbox runs, " +
		"and two sandboxes of one template are not the same.",
	Remediation: "Name the image by a registry that you trust and by its digest, or at least by the tag of a release.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.SandboxTemplates},
	Parameters: []audit.Parameter{
		{Name: "allowedRegistries", About: "Beginnings of images that may be used (\"registry.example/team/\"); empty for any.", Value: []string{}},
		{Name: "floatingTags", About: "Tags that are known to move.", Value: []string{"latest"}},
	},
	Check: eachSandboxTemplate(func(p *audit.Pass, t *sandboxTemplate) {
		allowed := p.Texts("allowedRegistries")
		for c := range kube.ContainersOf(&t.Spec.PodTemplate.Spec, sandboxPod) {
			from := func(prefix string) bool { return strings.HasPrefix(c.Image, prefix) }
			tag, pinned := tagOf(c.Image)
			switch {
			case len(allowed) > 0 && !slices.ContainsFunc(allowed, from):
				f := inContainer(c, "image", "runs an image of a registry that is not allowed")
				f.Detail = fmt.Sprintf("The image is %s.", c.Image)
				p.Report(f)
			case pinned:
			case tag == "":
				f := inContainer(c, "image", "runs an image without a tag")
				f.Detail = fmt.Sprintf("The image is %s, which means the tag latest.", c.Image)
				p.Report(f)
			case slices.Contains(p.Texts("floatingTags"), tag):
				f := inContainer(c, "image", fmt.Sprintf("runs an image by the tag %s, which moves", tag))
				f.Detail = fmt.Sprintf("The image is %s.", c.Image)
				p.Report(f)
			}
		}
	}),
}

// tagOf returns the tag of an image reference, "" if it has none, and whether a
// digest says which image it is.
func tagOf(image string) (tag string, pinned bool) {
	name, _, pinned := strings.Cut(image, "@")
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		tag = name[i+1:]
	}
	return tag, pinned
}
