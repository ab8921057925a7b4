package images

import (
	"fmt"
	"strconv"

	"github.com/distribution/reference"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// image is the name of an image, as container runtimes read it: what Docker Hub
// leaves out is filled in.
type image struct {
	valid      bool
	registry   string // with its port, "docker.io" where none is written
	repository string // "library/nginx" for nginx
	tag        string // "" where none is written
	digest     string // "sha256:…", which beats the tag; "" where none is written
}

// place returns registry and repository.
func (i image) place() string { return i.registry + "/" + i.repository }

// latest is the tag that is meant where none is written.
const latest = "latest"

// parsed has the images of a view by their names as written: many workloads
// name the same, and several rules ask.
var parsed = kube.DeriveFor(func(_ *kube.Cluster, name string) image { return parse(name) })

func parse(name string) image {
	named, err := reference.ParseNormalizedNamed(name)
	if err != nil {
		return image{}
	}
	i := image{valid: true, registry: reference.Domain(named), repository: reference.Path(named)}
	if tagged, ok := named.(reference.Tagged); ok {
		i.tag = tagged.Tag()
	}
	if digested, ok := named.(reference.Digested); ok {
		i.digest = digested.Digest().String()
	}
	return i
}

// use is one place of a pod spec that names an image: a container, or a volume
// that is made of an image (KEP-4639).
type use struct {
	image
	name      string // as written
	policy    corev1.PullPolicy
	workload  *kube.Workload
	container kube.Container // zero for a volume
	volume    int
}

// who names what uses the image: "container web".
func (u *use) who() string {
	if u.container.Container != nil {
		return u.container.Kind.String() + " " + u.container.Name
	}
	return "volume " + u.workload.Pod.Spec.Volumes[u.volume].Name
}

// imagePath returns the field path of the image's name.
func (u *use) imagePath() string {
	if u.container.Container != nil {
		return u.container.Field("image")
	}
	return u.workload.Field("volumes[" + strconv.Itoa(u.volume) + "].image.reference")
}

// policyPath returns the field path of the pull policy.
func (u *use) policyPath() string {
	if u.container.Container != nil {
		return u.container.Field("imagePullPolicy")
	}
	return u.workload.Field("volumes[" + strconv.Itoa(u.volume) + "].image.pullPolicy")
}

// finding returns a finding about the image's name.
func (u *use) finding(format string, args ...any) audit.Finding {
	f := audit.Finding{Path: u.imagePath(), Message: u.who() + ": " + fmt.Sprintf(format, args...)}
	if u.container.Container != nil {
		f.Container = u.container.Name
	}
	return f
}

// eachImage returns a Check that judges every workload, image by image; one of
// which no image was judged is not applicable. Judge returns false for an image
// that the rule does not apply to. A name that no runtime can read (a template's
// placeholder, as a rule) leaves the verdict open.
func eachImage(judge func(*audit.Pass, *use) bool) audit.Check {
	return audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		applies, unreadable := false, ""
		one := func(u *use) {
			if u.name == "" { // what a controller of the user's own fills in
				return
			}
			if u.image = parsed.Of(p.Cluster, u.name); !u.valid {
				unreadable = fmt.Sprintf("the image %q of %s is not a name that can be read", u.name, u.who())
				return
			}
			applies = judge(p, u) || applies
		}
		for c := range w.Containers() {
			one(&use{name: c.Image, policy: c.ImagePullPolicy, workload: w, container: c})
		}
		for i := range w.Pod.Spec.Volumes {
			if v := w.Pod.Spec.Volumes[i].Image; v != nil {
				one(&use{name: v.Reference, policy: v.PullPolicy, workload: w, volume: i})
			}
		}
		switch {
		case unreadable != "":
			p.Unknown(unreadable)
		case !applies:
			p.NotApplicable()
		}
	})
}
