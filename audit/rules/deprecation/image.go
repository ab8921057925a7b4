package deprecation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// image is what a reference to an image says: registry.example:5000/team/web:1.2@sha256:….
type image struct {
	name string // the last part of its path, "web"
	tag  string // "" where there is none
}

// imageOf takes a reference apart (github.com/distribution/reference).
func imageOf(reference string) image {
	named, _, _ := strings.Cut(reference, "@")
	last := named[strings.LastIndex(named, "/")+1:]
	name, tag, _ := strings.Cut(last, ":")
	return image{name, tag}
}

// program is a known program with a fault.
type program struct {
	title  string   // "Argo CD"
	images []string // the names of its images, whatever registry they are from
	affected
	fault string // what the fault lets happen, a full sentence
}

// running returns a Check that no container runs a program at a version with the
// fault. Where an image does not say its version, nobody can tell.
func (g program) running() audit.Check {
	return audit.EachContainer(func(p *audit.Pass, _ *kube.Workload, c kube.Container) bool {
		i := imageOf(c.Image)
		if c.Kind == kube.Ephemeral || !slices.Contains(g.images, i.name) {
			return false
		}
		state, fixed, err := g.of(i.tag)
		switch {
		case err != nil:
			p.Unknown(fmt.Sprintf("the image of %s %s does not say its version", c.Kind, c.Name))
		case state == unsure:
			p.Unknown(fmt.Sprintf("whether the build %s of %s has the fix is not known", i.tag, g.title))
		case state == exposed:
			p.Report(audit.Finding{
				Container: c.Name, Path: c.Field("image"),
				Message: fmt.Sprintf("%s %s runs %s %s", c.Kind, c.Name, g.title, i.tag),
				Detail:  fmt.Sprintf("%s Version %s mends it.", g.fault, fixed),
			})
		}
		return true
	})
}
