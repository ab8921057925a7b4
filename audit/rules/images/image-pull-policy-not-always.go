package images

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const required = "required"

var imagePullPolicyNotAlways = &audit.Rule{
	ID:       "image-pull-policy-not-always",
	Title:    "Images are not asked for at each start",
	Severity: audit.Info,
	Rationale: "Where nodes are shared by people who do not trust each other, a pod may start from an image that another one's " +
		"pull secret brought to the node. Asking the registry each time has it check who asks. " +
		"In return nothing starts while the registry cannot be reached, which is why few should demand it.",
	Remediation: "Set imagePullPolicy to Always, or turn on the admission plugin AlwaysPullImages for the whole cluster.",
	Controls:    []string{"OWASP22-K02"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Consults:    []kube.Resource{kube.Pods},
	Parameters: []audit.Parameter{{
		Name:  required,
		About: "Whether every image has to be asked for at each start. Images pinned by their digest, and those meant as latest, are judged by other rules.",
		Value: false,
	}},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Pods},
		Except:    "!variables.required",
		Variables: useVariables(),
		AtFault:   `variables.uses.filter(u, !u.image.contains('@') && !(u.image.find(':[^/:]+$') in ['', ':latest']) && u.policy != 'Always').map(u, u.image)`,
	},
	Check: eachImage(func(p *audit.Pass, u *use) bool {
		if !p.Switch(required) || u.digest != "" || u.release() == latest {
			return false
		}
		if u.pulls() != corev1.PullAlways && !admittedAlways(p.Cluster, u) {
			p.Report(u.policyFinding("the pull policy is %s", u.pulls()))
		}
		return true
	}),
}
