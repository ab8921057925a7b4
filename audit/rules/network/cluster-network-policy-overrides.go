package network

import (
	"fmt"
	"iter"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var clusterNetworkPolicyOverrides = &audit.Rule{
	ID:       "cluster-network-policy-overrides",
	Title:    "A policy of administrators decides for namespaces",
	Severity: audit.Info,
	Rationale: "Who owns a namespace sees its NetworkPolicies and not this one, " +
		"which allows or denies traffic before they are asked, or where there are none.",
	Remediation: "Nothing has to be done. Read a namespace's NetworkPolicies together with it.",
	Controls:    []string{"OWASP22-K07", "OWASP25-K05"},
	Since:       "2",
	Subjects:    administratorPolicies(),
	Check: audit.Each(eachCustomOf(administratorPolicies()...), func(p *audit.Pass, one customObject) {
		policy, err := kube.Decode[administratorPolicy](one.Unstructured)
		if err != nil {
			p.Unknown(err.Error())
			return
		}
		decides := func(r administratorsRule) bool { return r.Action != "Pass" }
		if !slices.ContainsFunc(policy.Spec.Ingress, decides) && !slices.ContainsFunc(policy.Spec.Egress, decides) {
			return
		}
		when := fmt.Sprintf("before NetworkPolicies are asked, at priority %d", policy.Spec.Priority)
		if one.resource == kube.BaselineAdminNetworkPolicies || policy.Spec.Tier == "Baseline" {
			when = "where no NetworkPolicy selects the pods"
		}
		p.Report(audit.Finding{
			Path:    "spec",
			Message: "it decides " + when,
			Detail:  "What it allows or denies for the namespaces of its subject is settled " + when + ".",
		})
	}),
}

func administratorPolicies() []kube.Resource {
	return []kube.Resource{kube.AdminNetworkPolicies, kube.BaselineAdminNetworkPolicies, kube.ClusterNetworkPolicies}
}

type administratorPolicy struct {
	Spec struct {
		Tier     string               `json:"tier"`
		Priority int64                `json:"priority"`
		Ingress  []administratorsRule `json:"ingress"`
		Egress   []administratorsRule `json:"egress"`
	} `json:"spec"`
}

type administratorsRule struct {
	Action string `json:"action"`
}

// customObject is an object of one of several custom resources.
type customObject struct {
	*unstructured.Unstructured
	resource kube.Resource
}

// eachCustomOf returns the list of the objects of several custom resources.
func eachCustomOf(resources ...kube.Resource) func(*kube.Cluster) iter.Seq2[audit.Subject, customObject] {
	return func(c *kube.Cluster) iter.Seq2[audit.Subject, customObject] {
		return func(yield func(audit.Subject, customObject) bool) {
			for _, r := range resources {
				for o := range c.Custom(r).All() {
					ref := r.Ref(o.GetNamespace(), o.GetName())
					if !yield(audit.Subject{Ref: ref, Namespace: ref.Namespace}, customObject{o, r}) {
						return
					}
				}
			}
		}
	}
}
