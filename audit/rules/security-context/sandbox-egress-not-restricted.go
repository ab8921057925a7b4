package securitycontext

import (
	"fmt"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var sandboxEgressNotRestricted = &audit.Rule{
	ID:       "sandbox-egress-not-restricted",
	Title:    "Sandbox reaches everything",
	Severity: audit.Medium,
	Rationale: "Code that nobody has read reaches the other pods, the cloud's metadata and the whole internet: " +
		"it can look for weak neighbours, and carry away what it was given.",
	Remediation: "Leave networkPolicyManagement at Managed, and list in networkPolicy.egress what sandboxes need; " +
		"without a list the controller keeps them from the cluster's networks.",
	Controls: []string{"OWASP22-K01", "OWASP25-K01"},
	Since:    "2",
	Subjects: []kube.Resource{kube.SandboxTemplates},
	Consults: []kube.Resource{kube.NetworkPolicies},
	Check: eachSandboxTemplate(func(p *audit.Pass, t *sandboxTemplate) {
		if t.Spec.NetworkPolicyManagement == "Unmanaged" {
			reportUnmanaged(p, t)
			return
		}
		if t.Spec.NetworkPolicy == nil {
			return // the controller's own policy
		}
		for i, rule := range t.Spec.NetworkPolicy.Egress {
			if peer, open := openPeer(rule.To); open {
				p.Report(audit.Finding{
					Path: fmt.Sprintf("spec.networkPolicy.egress[%d]", i), Message: "sandbox may reach " + peer,
					Detail: fmt.Sprintf("The rule's peers allow %s.", peer),
				})
			}
		}
	}),
}

// reportUnmanaged judges a template whose network is left to others: policies of
// the namespace may restrict it.
func reportUnmanaged(p *audit.Pass, t *sandboxTemplate) {
	if _, blind := p.Cluster.Blind(kube.NetworkPolicies, t.Metadata.Namespace); blind {
		p.Unknown("the NetworkPolicies of the namespace were not read")
		return
	}
	for _, policy := range p.Cluster.NetworkPolicies.In(t.Metadata.Namespace) {
		selector, err := metav1.LabelSelectorAsSelector(&policy.Spec.PodSelector)
		if err == nil && selector.Matches(labels.Set(t.Spec.PodTemplate.Metadata.Labels)) && restrictsEgress(policy) {
			return
		}
	}
	p.Report(audit.Finding{
		Path: "spec.networkPolicyManagement", Message: "sandbox has no network policy",
		Detail: "networkPolicyManagement is Unmanaged, and no NetworkPolicy of the namespace restricts what pods of the template reach.",
	})
}

// restrictsEgress reports whether a policy is about egress and does not allow all.
func restrictsEgress(policy *networkingv1.NetworkPolicy) bool {
	if !slices.Contains(policy.Spec.PolicyTypes, networkingv1.PolicyTypeEgress) && len(policy.Spec.Egress) == 0 {
		return false
	}
	return !slices.ContainsFunc(policy.Spec.Egress, func(rule networkingv1.NetworkPolicyEgressRule) bool {
		_, open := openPeer(rule.To)
		return open && len(rule.Ports) == 0
	})
}

// openPeer returns what peers of an egress rule leave open altogether. No peers
// mean all; addresses without exceptions include the cluster's and the cloud's.
func openPeer(peers []networkingv1.NetworkPolicyPeer) (string, bool) {
	if len(peers) == 0 {
		return "every address", true
	}
	empty := func(s *metav1.LabelSelector) bool { return s != nil && len(s.MatchLabels)+len(s.MatchExpressions) == 0 }
	for _, peer := range peers {
		switch {
		case peer.IPBlock != nil && (peer.IPBlock.CIDR == "0.0.0.0/0" || peer.IPBlock.CIDR == "::/0") && len(peer.IPBlock.Except) == 0:
			return "every address of " + peer.IPBlock.CIDR, true
		case empty(peer.NamespaceSelector) && (peer.PodSelector == nil || empty(peer.PodSelector)):
			return "every pod of the cluster", true
		}
	}
	return "", false
}
