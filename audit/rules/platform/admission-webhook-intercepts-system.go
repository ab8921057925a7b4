package platform

import (
	"fmt"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/.
var admissionWebhookInterceptsSystem = &audit.Rule{
	ID:       "admission-webhook-intercepts-system",
	Title:    "A webhook stands between the cluster and its own parts",
	Severity: audit.Medium,
	Rationale: "Its failure policy is Fail, and it sees what the cluster itself has to write to get up: Leases of nodes and of the control plane, Nodes, or Pods of kube-system. " +
		"While the webhook does not answer, as when its own pod is being moved in an upgrade, nodes go NotReady, nobody is elected, or the network does not come back, " +
		"and with it neither does the webhook.",
	Remediation: "Narrow its rules to the kinds that it is for, leave out kube-system and kube-node-lease by the namespaceSelector " +
		"(kubernetes.io/metadata.name NotIn [kube-system, kube-node-lease]), or set failurePolicy Ignore for what it need not refuse.",
	Since:    "3",
	Subjects: kube.WebhookConfigurations(),
	Reads:    []kube.Resource{kube.Namespaces},
	Wide:     true,
	Check: audit.EachOf(kube.WebhookConfigurations(), func(p *audit.Pass, o kube.Object) {
		judged := false
		for _, w := range kube.WebhooksOf(o) {
			if !w.Rejects() {
				continue
			}
			judged = true
			judgeInterception(p, w)
		}
		if !judged {
			p.NotApplicable()
		}
	}),
}

func judgeInterception(p *audit.Pass, w kube.Webhook) {
	var seen []string
	unsure := ""
	for _, v := range vitals() {
		sees, why := v.seenBy(p.Cluster, w)
		if sees {
			seen = append(seen, v.what)
		}
		if why != "" {
			unsure = why
		}
	}
	if len(seen) == 0 {
		if unsure != "" {
			p.Unknown(unsure)
		}
		return
	}
	if len(w.Conditions) > 0 {
		p.Unknown("its matchConditions may leave out what the cluster writes")
		return
	}
	p.Report(audit.Finding{
		Path:    w.Path + ".rules",
		Message: fmt.Sprintf("webhook %s sees %s", w.Name, strings.Join(seen, ", ")),
		Detail:  "Its failure policy is Fail: while it does not answer, the API server refuses to write them.",
	})
}

// vital is something that the cluster itself has to write to get up and stay up.
type vital struct {
	what            string
	group, resource string
	namespace       string // "" for what is in none
	operations      []admissionv1.OperationType
}

// vitals returns what is written by kubelets, which renew their Lease, make their Node and, since 1.14,
// judge by both who is ready (https://kubernetes.io/docs/concepts/architecture/leases/); by
// the control plane, which elects by Leases; and by who runs the network and DNS.
func vitals() []vital {
	return []vital{
		{"Leases of nodes", "coordination.k8s.io", "leases", corev1.NamespaceNodeLease, []admissionv1.OperationType{admissionv1.Create, admissionv1.Update}},
		{"Leases of the control plane", "coordination.k8s.io", "leases", metav1.NamespaceSystem, []admissionv1.OperationType{admissionv1.Create, admissionv1.Update}},
		{"Nodes", "", "nodes", "", []admissionv1.OperationType{admissionv1.Create, admissionv1.Update}},
		{"Pods of kube-system", "", "pods", metav1.NamespaceSystem, []admissionv1.OperationType{admissionv1.Create}},
	}
}

// seenBy reports whether a webhook sees what the cluster writes, or why that cannot be
// said. An objectSelector sees it if it selects what has no labels: what it would have to
// opt in for is not in its way.
func (v vital) seenBy(c *kube.Cluster, w kube.Webhook) (sees bool, why string) {
	if !slices.ContainsFunc(w.Rules, v.ruled) || !labelsMatch(w.Objects, nil) {
		return false, ""
	}
	if v.namespace == "" { // of what is in no namespace the namespaceSelector does not ask
		return true, ""
	}
	known := map[string]string{corev1.LabelMetadataName: v.namespace}
	n, held := c.Namespaces.Get("", v.namespace)
	if held {
		known = n.Labels
	}
	switch {
	case !labelsMatch(w.Namespaces, known):
		return false, ""
	case !held && asksFurther(w.Namespaces):
		return false, "the labels of namespace " + v.namespace + " are not known"
	}
	return true, ""
}

// ruled reports whether a rule names what the cluster writes. Subresources, which have rules
// of their own, are left alone.
func (v vital) ruled(r admissionv1.RuleWithOperations) bool {
	named := func(in []string, name string) bool { return slices.Contains(in, "*") || slices.Contains(in, name) }
	operated := slices.ContainsFunc(r.Operations, func(o admissionv1.OperationType) bool {
		return o == admissionv1.OperationAll || slices.Contains(v.operations, o)
	})
	scoped := r.Scope == nil || *r.Scope == admissionv1.AllScopes || (*r.Scope == admissionv1.NamespacedScope) == (v.namespace != "")
	return operated && scoped && named(r.APIGroups, v.group) && (named(r.Resources, v.resource) || slices.Contains(r.Resources, "*/*"))
}

// labelsMatch reports whether a selector, nil for all, selects what has some labels. One that
// the API would not take selects nothing.
func labelsMatch(s *metav1.LabelSelector, has map[string]string) bool {
	if s == nil {
		return true
	}
	selector, err := metav1.LabelSelectorAsSelector(s)
	return err == nil && selector.Matches(labels.Set(has))
}

// asksFurther reports whether a selector asks for another label of a namespace than its
// name, which every server sets.
func asksFurther(s *metav1.LabelSelector) bool {
	if s == nil {
		return false
	}
	for key := range s.MatchLabels {
		if key != corev1.LabelMetadataName {
			return true
		}
	}
	return slices.ContainsFunc(s.MatchExpressions, func(e metav1.LabelSelectorRequirement) bool { return e.Key != corev1.LabelMetadataName })
}
