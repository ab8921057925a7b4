package platform

import (
	"fmt"
	"slices"
	"strings"
	"time"

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
			kube.Namespaces, kube.ValidatingAdmissionPolicies, kube.ValidatingAdmissionPolicyBindings,
			kube.ValidatingWebhookConfigurations, kube.ConstraintTemplates,
		}, policyengine.Resources(), kube.PolicyReportResources(), componentResources()),
		Rules: []string{"admission-policy-unbound", "admission-policy-not-ready"},
		Others: []string{
			"admission-webhook-backend-unavailable", "admission-policy-violated",
			"admission-policy-not-enforcing", "admission-policy-fails-open", "constraint-template-not-ready",
			"policy-violated", "policy-audit-stale",
		},
		Find: func(c *kube.Cluster) []Trace {
			return slices.Concat(podSecurity(c), bindings(c), templates(c), constraints(c),
				enginePolicies(c, "Kubewarden", "policy", kube.ClusterAdmissionPolicies),
				enginePolicies(c, "Kyverno", "policy", slices.DeleteFunc(policyengine.Resources(), func(r kube.Resource) bool {
					return r == kube.ClusterAdmissionPolicies || r == kube.Constraints
				})...),
				violations(c), installed(c,
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

// gatekeeperWebhook is the webhook by which the API server asks Gatekeeper, and
// gatekeeperIgnores the label of namespaces of which it does not
// (https://open-policy-agent.github.io/gatekeeper/website/docs/exempt-namespaces).
const (
	gatekeeperWebhook = "validation.gatekeeper.sh"
	gatekeeperIgnores = "admission.gatekeeper.sh/ignore"
)

// constraints is enginePolicies for Gatekeeper, and says what gets past all of them. That
// Gatekeeper fails open is what it is installed with.
func constraints(c *kube.Cluster) []Trace {
	traces := enginePolicies(c, "Gatekeeper", "constraint", kube.Constraints)
	if len(traces) == 0 {
		return nil
	}
	t := &traces[0]
	for o := range c.ValidatingWebhookConfigurations.All() {
		for i := range o.Webhooks {
			if w := &o.Webhooks[i]; w.Name == gatekeeperWebhook && w.FailurePolicy != nil && *w.FailurePolicy == admissionv1.Ignore {
				t.Says += ", passed by while it does not answer"
			}
		}
	}
	ignored := 0
	for n := range c.Namespaces.All() {
		if _, ignores := n.Labels[gatekeeperIgnores]; ignores {
			ignored++
		}
	}
	if ignored > 0 {
		t.Says += ", " + counted(ignored, "namespace") + " exempt"
	}
	return traces
}

// violations says how much engines have found, and when one last looked. It tells nothing
// of how the cluster does: that there is nothing found may be because nobody looked.
func violations(c *kube.Cluster) []Trace {
	state := policyengine.StateOf(c)
	if state.Constraints+state.Reports == 0 {
		return nil
	}
	open, objects := 0, 0
	for _, namespace := range append([]string{""}, c.NamespaceNames()...) {
		for _, found := range policyengine.In(c, namespace) {
			open, objects = open+len(found), objects+1
		}
	}
	says := []string{"no violation is open"}
	if open > 0 {
		says[0] = fmt.Sprintf("%s of %s open", counted(open, "violation"), counted(objects, "object"))
	}
	if state.Unlisted > 0 {
		says = append(says, fmt.Sprintf("%d more are counted and not listed", state.Unlisted))
	}
	if at := state.Audited; !at.IsZero() {
		says = append(says, "last audited "+ago(c, at.Time))
	}
	if at := state.Reported; !at.IsZero() {
		says = append(says, "newest result "+ago(c, at.Time))
	}
	return []Trace{{What: "Violations of policies", Says: strings.Join(says, ", ")}}
}

// ago is how long before the moment of a view something was, in its largest unit.
func ago(c *kube.Cluster, at time.Time) string {
	age := c.Time.Sub(at)
	switch {
	case age < time.Minute:
		return "less than a minute ago"
	case age < time.Hour:
		return counted(int(age/time.Minute), "minute") + " ago"
	case age < 48*time.Hour:
		return counted(int(age/time.Hour), "hour") + " ago"
	}
	return fmt.Sprintf("%d days ago", int(age/(24*time.Hour)))
}

// firstOf names the first few.
func firstOf(names []string) string {
	const few = 3
	last := fmt.Sprintf("%d more", len(names)-few)
	if len(names) <= few {
		last, names = names[len(names)-1], names[:len(names)-1]
	}
	if names = names[:min(few, len(names))]; len(names) == 0 {
		return last
	}
	return strings.Join(names, ", ") + " and " + last
}

// enginePolicies says how many policies, called so, an engine has, how many of them refuse nothing
// of what they forbid, and which namespaces of applications some leave out. What cannot be read is counted as one that refuses: rules say so.
func enginePolicies(c *kube.Cluster, product, called string, kinds ...kube.Resource) []Trace {
	all, audit, partial, exempt := 0, 0, 0, []string{}
	for _, r := range kinds {
		for o := range c.Custom(r).All() {
			all++
			p, err := policyengine.Read(o)
			if err != nil || !p.Forbids {
				continue
			}
			if !p.Enforces {
				audit++
			}
			if left := slices.DeleteFunc(slices.Clone(p.Exempt), kube.Platform); len(left) > 0 {
				partial, exempt = partial+1, append(exempt, left...)
			}
		}
	}
	if all == 0 {
		return nil
	}
	t := Trace{What: product, Says: counted(all, called), Objects: all}
	if audit > 0 {
		t.Says += fmt.Sprintf(", %d to audit alone", audit)
	}
	if partial > 0 {
		slices.Sort(exempt)
		leaves := "leave"
		if partial == 1 {
			leaves = "leaves"
		}
		t.Says += fmt.Sprintf(", %d %s out %s", partial, leaves, firstOf(slices.Compact(exempt)))
	}
	return []Trace{t}
}
