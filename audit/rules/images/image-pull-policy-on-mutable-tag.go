package images

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const floatingTags = "floatingTags"

var imagePullPolicyOnMutableTag = &audit.Rule{
	ID:       "image-pull-policy-on-mutable-tag",
	Title:    "Nodes keep old images of a tag that moves",
	Severity: audit.Low,
	Rationale: "The tag is made to move, but a node that once had an image of it never asks for another: " +
		"each node runs the release that was current when it first pulled. A correction reaches some pods and not others.",
	Remediation: "Name a release that does not move, best with its digest. Where the tag has to stay, set imagePullPolicy to Always.",
	Controls:    []string{"OWASP22-K02"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Consults:    []kube.Resource{kube.Pods},
	Parameters: []audit.Parameter{{
		Name:  floatingTags,
		About: "The tags that move, besides latest, which is meant where there is no tag.",
		Value: []string{"canary", "dev", "develop", "edge", "main", "master", "nightly", "stable"},
	}},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Pods},
		Variables: useVariables(),
		AtFault:   `variables.uses.filter(u, !u.image.contains('@') && u.policy != 'Always' && [u.image.find(':[^/:]+$')].exists(t, t in ['', ':latest'] ? u.policy != '' : variables.floatingTags.exists(f, t == ':' + f))).map(u, u.image)`,
	},
	Check: eachImage(func(p *audit.Pass, u *use) bool {
		if u.digest != "" {
			return true
		}
		tag := u.release()
		moves := tag == latest || slices.Contains(p.Texts(floatingTags), tag)
		if !moves || u.pulls() == corev1.PullAlways || admittedAlways(p.Cluster, u) {
			return true
		}
		f := u.policyFinding("tag %s moves, and the pull policy is %s", tag, u.pulls())
		if u.policy == "" {
			f.Detail = "No policy is set, which means IfNotPresent for every tag but latest."
		}
		p.Report(f)
		return true
	}),
}
