package platform

import (
	"fmt"
	"slices"

	admissionv1 "k8s.io/api/admissionregistration/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func policies() Capability {
	return Capability{
		ID:     "policy",
		Title:  "What may run is decided before it runs",
		Level:  Governed,
		About:  "A rule that a server enforces holds for everybody, also at night.",
		Advice: "Label namespaces with a Pod Security level, and have ValidatingAdmissionPolicies or an engine refuse the rest; `seaworthy enforce` writes policies.",
		Reads: slices.Concat([]kube.Resource{
			kube.Namespaces, kube.ValidatingAdmissionPolicies, kube.ValidatingAdmissionPolicyBindings, kube.AllowedRepos,
		}, componentResources()),
		Rules:  []string{"admission-policy-unbound"},
		Others: []string{"admission-webhook-backend-unavailable", "admission-policy-violated"},
		Find: func(c *kube.Cluster) []Trace {
			return slices.Concat(podSecurity(c), bindings(c), installed(c,
				component{what: "Gatekeeper", images: []string{"openpolicyagent/gatekeeper"}},
				component{what: "Kubewarden", images: []string{"kubewarden/policy-server", "kubewarden/kubewarden-controller"}},
				component{what: "Kyverno", images: []string{"kyverno/kyverno", "kyverno"}},
			))
		},
	}
}

// enforceLabel is the label by which a namespace has a Pod Security level enforced
// (kubernetes.io/docs/concepts/security/pod-security-admission).
const enforceLabel = "pod-security.kubernetes.io/enforce"

// podSecurity says how many namespaces of applications have a Pod Security level enforced
// that forbids anything. What the server's own configuration sets does not show.
func podSecurity(c *kube.Cluster) []Trace {
	enforced, all := 0, 0
	for n := range c.Namespaces.All() {
		if kube.Platform(n.Name) {
			continue
		}
		all++
		if level := n.Labels[enforceLabel]; level == "baseline" || level == "restricted" {
			enforced++
		}
	}
	if enforced == 0 {
		return nil
	}
	t := Trace{What: "Pod Security", State: Healthy, Says: fmt.Sprintf("%d of %d namespaces of applications enforce a level", enforced, all)}
	if enforced < all {
		t.State = Problems
	}
	return []Trace{t}
}

// bindings says what ValidatingAdmissionPolicyBindings do with what is forbidden.
func bindings(c *kube.Cluster) []Trace {
	denying, others := 0, 0
	for b := range c.ValidatingAdmissionPolicyBindings.All() {
		if slices.Contains(b.Spec.ValidationActions, admissionv1.Deny) {
			denying++
		} else {
			others++
		}
	}
	t := Trace{What: "ValidatingAdmissionPolicy", State: Healthy}
	switch {
	case denying == 0 && others == 0:
		return nil
	case denying == 0:
		t.State, t.Says = Problems, "nothing is denied: "+counted(others, "binding")+" to warn or to audit"
	case others == 0:
		t.Says = counted(denying, "binding") + " to deny"
	default:
		t.Says = fmt.Sprintf("%s to deny, %d to warn or to audit", counted(denying, "binding"), others)
	}
	return []Trace{t}
}
