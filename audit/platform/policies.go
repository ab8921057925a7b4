package platform

import (
	"fmt"
	"slices"

	admissionv1 "k8s.io/api/admissionregistration/v1"

	"github.com/seaworthy-dev/seaworthy/audit/policyengine"
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
			kube.Namespaces, kube.ValidatingAdmissionPolicies, kube.ValidatingAdmissionPolicyBindings, kube.Constraints,
			kube.ConstraintTemplates,
		}, policyengine.Resources(), componentResources()),
		Rules: []string{"admission-policy-unbound", "admission-policy-not-ready"},
		Others: []string{
			"admission-webhook-backend-unavailable", "admission-policy-violated",
			"admission-policy-not-enforcing", "admission-policy-fails-open", "constraint-template-not-ready",
		},
		Find: func(c *kube.Cluster) []Trace {
			return slices.Concat(podSecurity(c), bindings(c), templates(c),
				enginePolicies(c, "Kubewarden", kube.ClusterAdmissionPolicies),
				enginePolicies(c, "Kyverno", kube.KyvernoClusterPolicies, kube.KyvernoPolicies), installed(c,
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

// templates says how many templates of constraints Gatekeeper has. What is done with what a
// constraint forbids, the constraint says, of a kind that its template makes: that a
// template is in order does not tell whether there is any.
func templates(c *kube.Cluster) []Trace {
	n := c.Custom(kube.ConstraintTemplates).Len()
	if n == 0 {
		return nil
	}
	return []Trace{{What: "Gatekeeper", Says: counted(n, "ConstraintTemplate")}}
}

// enginePolicies says how many policies an engine has, and how many of them refuse nothing
// of what they forbid. What cannot be read is counted as one that refuses: rules say so.
func enginePolicies(c *kube.Cluster, product string, kinds ...kube.Resource) []Trace {
	all, audit := 0, 0
	for _, r := range kinds {
		for o := range c.Custom(r).All() {
			all++
			if p, err := policyengine.Read(o); err == nil && p.Forbids && !p.Enforces {
				audit++
			}
		}
	}
	if all == 0 {
		return nil
	}
	t := Trace{What: product, Says: counted(all, "policy"), Objects: all}
	if audit > 0 {
		t.Says += fmt.Sprintf(", %d to audit alone", audit)
	}
	return []Trace{t}
}
