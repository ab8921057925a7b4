package network

import (
	"fmt"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var cniWithoutNetworkPolicySupport = &audit.Rule{
	ID:       "cni-without-network-policy-support",
	Title:    "Nothing enforces network policies",
	Severity: audit.High,
	Rationale: "The API server takes network policies and nobody heeds them: " +
		"all traffic passes, while everybody believes that it is restricted.",
	Remediation: "Install a network plugin that enforces NetworkPolicies, or an agent that does it beside the present one. " +
		"With the VPC CNI of AWS, switch its network policy agent on.",
	Controls: []string{"CIS-5.3.1", "OWASP22-K07", "OWASP25-K05"},
	Since:    "2",
	Subjects: []kube.Resource{kube.DaemonSets},
	Consults: []kube.Resource{kube.NetworkPolicies},
	Wide:     true, // what enforces may be in any namespace
	Check: audit.EachObject(kube.DaemonSets, func(c *kube.Cluster) kube.Table[*appsv1.DaemonSet] { return c.DaemonSets },
		func(p *audit.Pass, d *appsv1.DaemonSet) {
			plugin := lackingPlugin(d)
			switch {
			case plugin == "":
				p.NotApplicable()
			case enforced.Of(p.Cluster):
			case p.Cluster.Info.Offline:
				p.Unknown("manifests do not show what else runs on the nodes")
			case p.Cluster.Info.Scope != nil:
				p.Unknown("not all namespaces are looked at")
			default:
				p.Report(audit.Finding{
					Path:    "spec.template.spec.containers",
					Message: plugin + " does not enforce network policies",
					Detail: fmt.Sprintf("No DaemonSet of the cluster is known to enforce them. %d NetworkPolicies are without effect.",
						p.Cluster.NetworkPolicies.Len()),
				})
			}
		}),
}

// lackingPlugin returns the network plugin that a DaemonSet is, if it is one that
// does not enforce policies; "" for everything else.
func lackingPlugin(d *appsv1.DaemonSet) string {
	agent := false
	plugin := ""
	for c := range kube.ContainersOf(&d.Spec.Template.Spec, "") {
		image := kube.RepositoryOf(c.Image)
		switch {
		case !c.LongRunning():
		case strings.HasSuffix(image, "flannel"):
			plugin = "flannel"
		case strings.HasSuffix(image, "/amazon-k8s-cni"):
			plugin = "the VPC CNI"
		case strings.HasSuffix(image, "/aws-network-policy-agent"):
			agent = !slices.Contains(c.Args, "--enable-network-policy=false")
		}
	}
	if agent {
		return ""
	}
	return plugin
}

// enforced reports whether something in the cluster is known to enforce policies.
var enforced = kube.Derive(func(c *kube.Cluster) bool {
	for d := range c.DaemonSets.All() {
		for container := range kube.ContainersOf(&d.Spec.Template.Spec, "") {
			image := kube.RepositoryOf(container.Image)
			if container.LongRunning() && slices.ContainsFunc(enforcers(), func(e string) bool { return strings.Contains(image, e) }) {
				return true
			}
		}
	}
	return false
}).From(kube.DaemonSets)

// enforcers returns parts of the image names of agents that enforce policies.
func enforcers() []string {
	return []string{
		"calico/node", "calico-node", "cilium/cilium", "mirrored-cilium-cilium", "kube-router", "antrea", "weave-npc",
		"kube-network-policies", "azure-npm", "ovn-kube", "kube-ovn",
	}
}
