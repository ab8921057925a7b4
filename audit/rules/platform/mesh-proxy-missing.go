package platform

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var meshProxyMissing = &audit.Rule{
	ID:       "mesh-proxy-missing",
	Title:    "A pod that is to be in the mesh is not",
	Severity: audit.Medium,
	Rationale: "What it sends and takes is plain text, nobody proves to it who calls, and the policies of the mesh do not hold for it, " +
		"while its namespace says that they do.",
	Remediation: "A pod gets its proxy when it is created: `kubectl rollout restart` brings it to those that are older than the label or the injector. " +
		"If new ones have none either, see whether the webhook of the injector selects the namespace and the revision it names is installed; Linkerd also passes by pods without a token of their ServiceAccount. " +
		"What is to stay outside says so: sidecar.istio.io/inject: \"false\", istio.io/dataplane-mode: none, linkerd.io/inject: disabled.",
	Since:    "3",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.Namespaces, kube.Pods},
	Consults: []kube.Resource{kube.MutatingWebhookConfigurations},
	Check:    audit.EachWorkload(judgeProxies),
}

// judgeProxies passes by what no mesh takes in: pods of the host's network, Windows, and
// those that end, which many leave out because a proxy keeps them from ending.
func judgeProxies(p *audit.Pass, w *kube.Workload) {
	namespace, held := p.Cluster.Namespaces.Get("", w.Ref.Namespace)
	if !held || w.RunsToCompletion() || w.Pod.Spec.HostNetwork || w.Windows() || spared(w.Ref.Namespace) {
		p.NotApplicable()
		return
	}
	var asked, without []*kube.Pod
	var by kube.DataPlane
	how := ""
	for _, pod := range p.Cluster.PodsOf(w) {
		plane, said := invited(namespace, pod)
		if plane == kube.NoMesh || !admitted(pod, plane) {
			continue
		}
		asked = append(asked, pod)
		if pod.DataPlane() == kube.NoMesh {
			without, by, how = append(without, pod), plane, said
		}
	}
	switch {
	case len(asked) == 0:
		p.NotApplicable()
	case len(without) > 0:
		p.Report(audit.Finding{
			Message: fmt.Sprintf("%d of %d pods are not in the mesh, and %s is asked for", len(without), len(asked), by),
			Detail:  fmt.Sprintf("It is asked for by %s. %s", how, without[0].Name) + lacking(by) + older(p.Cluster, by, without),
		})
	}
}

// admitted reports whether a pod has come as far as to have its proxy: a sidecar is there
// from its creation, and the node agent does its part when the pod starts.
func admitted(pod *kube.Pod, by kube.DataPlane) bool {
	switch {
	case pod.Created().IsZero() || !pod.Deleted().IsZero() || pod.Finished():
		return false // a manifest, or on its way out
	case by == kube.IstioAmbient:
		return pod.Status.Phase == corev1.PodRunning
	}
	return true
}

// lacking says what a pod lacks.
func lacking(by kube.DataPlane) string {
	if by == kube.IstioAmbient {
		return " bears no sign that its traffic is led to the proxy of its node."
	}
	if by == kube.LinkerdSidecar {
		return " has no container " + kube.LinkerdProxy + "."
	}
	return " has no container " + kube.IstioProxy + ", and is not in ambient mode."
}

// older says so where all pods were there before there was an injector, or where there is
// none.
func older(c *kube.Cluster, by kube.DataPlane, pods []*kube.Pod) string {
	if _, blind := c.Blind(kube.MutatingWebhookConfigurations, ""); blind || by == kube.IstioAmbient {
		return ""
	}
	var first metav1.Time
	for o := range c.MutatingWebhookConfigurations.All() {
		for i := range o.Webhooks {
			if injects(o.Webhooks[i].Name, by) && (first.IsZero() || o.CreationTimestamp.Before(&first)) {
				first = o.CreationTimestamp
			}
		}
	}
	if first.IsZero() {
		return " No webhook that would add it is in the cluster."
	}
	for _, pod := range pods {
		if !pod.Created().Before(first.Time) {
			return ""
		}
	}
	return " The injector is of " + kube.Moment(first) + ", and these pods are older."
}

// injects reports whether a webhook of a name adds proxies: Istio's are called
// rev.namespace.sidecar-injector.istio.io and the like.
func injects(webhook string, by kube.DataPlane) bool {
	if by == kube.LinkerdSidecar {
		return webhook == "linkerd-proxy-injector.linkerd.io"
	}
	return strings.HasSuffix(webhook, "sidecar-injector.istio.io")
}
