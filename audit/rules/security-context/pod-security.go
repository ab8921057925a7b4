package securitycontext

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// podSecurityChecks are the checks of the Pod Security Standards that the API
// server's admission plugin runs, each in all its versions.
var podSecurityChecks = policy.DefaultChecks()

// podSecurityEvaluator runs all the checks of a level. The library vouches for
// its own checks: an error means that it is broken.
var podSecurityEvaluator, errPodSecurity = policy.NewEvaluator(podSecurityChecks, nil)

// standard is one check of the Pod Security Standards, in the version of the
// cluster's server, about one workload.
type standard struct {
	cluster  *kube.Cluster
	workload *kube.Workload
	check    policy.CheckPodFn // nil where the server's version has no such check
	part     *part             // where parts of the pod are checked; nil before one is
}

// part is a pod with a single container, for checking parts of a workload by
// themselves one after another: pod specs are large.
type part struct {
	spec       corev1.PodSpec
	containers [1]corev1.Container
}

// podSecurityCheck returns a Check whose verdict is that of the Pod Security
// admission plugin. Blame says which fields it comes from; if it finds none, the
// finding is about the pod as a whole, in the plugin's own words.
func podSecurityCheck(id policy.CheckID, blame func(standard) []audit.Finding) audit.Check {
	return eachForbidden(id, func(p *audit.Pass, s standard, verdict policy.CheckResult) {
		findings := blame(s)
		if len(findings) == 0 {
			findings = []audit.Finding{{
				Path:    s.workload.Pod.Path,
				Message: "pod is refused by Pod Security: " + verdict.ForbiddenReason,
				Detail:  verdict.ForbiddenDetail,
			}}
		}
		for _, f := range findings {
			p.Report(f)
		}
	})
}

// podSecurityPart is like [podSecurityCheck] for a rule that reports a part of
// what the check forbids, other rules the rest.
func podSecurityPart(id policy.CheckID, blame func(standard) []audit.Finding) audit.Check {
	return eachForbidden(id, func(p *audit.Pass, s standard, _ policy.CheckResult) {
		for _, f := range blame(s) {
			p.Report(f)
		}
	})
}

func eachForbidden(id policy.CheckID, report func(*audit.Pass, standard, policy.CheckResult)) audit.Check {
	return audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		s := standardOf(p.Cluster, id, w)
		if s.check == nil {
			p.NotApplicable()
			return
		}
		verdict := s.check(annotated(w), w.Pod.Spec)
		switch {
		case !verdict.Allowed:
			s.part = &part{}
			report(p, s, verdict)
		case w.Windows() && linuxOnly(id):
			p.NotApplicable()
		}
	})
}

// linuxOnly reports whether a check is about what only Linux has.
func linuxOnly(id policy.CheckID) bool {
	switch id {
	case "privileged", "allowPrivilegeEscalation", "capabilities_baseline", "capabilities_restricted",
		"seccompProfile_baseline", "seccompProfile_restricted", "appArmorProfile", "seLinuxOptions",
		"procMount", "procMount_restricted", "sysctls", "runAsUser":
		return true
	}
	return false
}

// standardOf finds a check by its ID.
func standardOf(c *kube.Cluster, id policy.CheckID, w *kube.Workload) standard {
	return standard{cluster: c, workload: w, check: podSecurityOf.Of(c)[id]}
}

// podSecurityOf has the checks in the version of the cluster's server.
var podSecurityOf = kube.Derive(func(c *kube.Cluster) map[policy.CheckID]policy.CheckPodFn {
	server := podSecurityVersion.Of(c)
	checks := map[policy.CheckID]policy.CheckPodFn{}
	for _, check := range podSecurityChecks {
		for _, v := range check.Versions {
			if !server.Older(v.MinimumVersion) {
				checks[check.ID] = v.CheckPod
			}
		}
	}
	return checks
}).From()

// annotated is what the checks read of a pod's metadata: annotations about its
// security. Nothing of it is changed, so that pods without such can have the same.
func annotated(w *kube.Workload) *metav1.ObjectMeta {
	for key := range w.Pod.Annotations {
		if strings.Contains(key, "security.") {
			return &metav1.ObjectMeta{Annotations: w.Pod.Annotations}
		}
	}
	return bare
}

var bare = &metav1.ObjectMeta{}

// podSecurityVersion is the policy version of the cluster's server, the latest if
// the server's version is not known.
var podSecurityVersion = kube.Derive(func(c *kube.Cluster) api.Version {
	v, err := version.ParseGeneric(c.Info.Version)
	if err != nil {
		return api.LatestVersion()
	}
	return api.MajorMinorVersion(int(v.Major()), int(v.Minor()))
}).From()

// forbidsContainer reports whether a container is forbidden for its own sake:
// alone in a pod, under no settings of the pod's security context.
func (s standard) forbidsContainer(c *corev1.Container) bool {
	return s.forbids(nil, c)
}

// forbidsSecurityContext reports whether a container would be forbidden for this
// security context.
func (s standard) forbidsSecurityContext(sc *corev1.SecurityContext) bool {
	return s.forbids(nil, &corev1.Container{SecurityContext: sc})
}

// forbidsPodSecurityContext reports whether a pod's security context is
// forbidden, whatever the containers say.
func (s standard) forbidsPodSecurityContext(sc *corev1.PodSecurityContext) bool {
	return s.forbids(sc, nil)
}

// forbids reports whether a pod with a security context and a container, either
// of which may be nil, is forbidden.
func (s standard) forbids(sc *corev1.PodSecurityContext, c *corev1.Container) bool {
	if s.part == nil {
		s.part = &part{}
	}
	spec := &s.part.spec
	*spec = corev1.PodSpec{SecurityContext: sc, OS: s.workload.Pod.Spec.OS, HostUsers: s.workload.Pod.Spec.HostUsers}
	if c != nil {
		s.part.containers[0] = *c
		spec.Containers = s.part.containers[:]
	}
	return !s.check(bare, spec).Allowed
}
