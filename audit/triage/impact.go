package triage

import (
	"sync"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Impact is what is left of a workload, and who depends on it.
type Impact struct {
	Desired   int // pods that there should be
	Available int // pods that are ready
	// Floor is how many pods a disruption budget asks for, 0 without a budget.
	Floor int
	// Served says that a Service sends traffic to it.
	Served bool
	// Shared is what it does for all others ("cluster DNS"), "" if nothing.
	Shared string
}

// ImpactOn weighs a workload as the view shows it.
func ImpactOn(c *kube.Cluster, w *kube.Workload) Impact {
	i := Impact{Served: len(c.ServicesSelecting(w)) > 0, Shared: SharedRole(c, w)}
	pods := 0
	for _, pod := range c.PodsOf(w) {
		if pod.Finished() {
			continue
		}
		if pod.Deleted().IsZero() {
			pods++
		}
		if pod.Status.Ready {
			i.Available++
		}
	}
	i.Desired = pods
	if desired, known := c.DesiredReplicas(w); known {
		i.Desired = int(desired)
	}
	if d, perNode := w.Object.(*appsv1.DaemonSet); perNode {
		i.Desired, i.Available = int(d.Status.DesiredNumberScheduled), int(d.Status.NumberAvailable)
	}
	for _, b := range c.BudgetsSelecting(w) {
		i.Floor = max(i.Floor, floorOf(b.Spec.MinAvailable, b.Spec.MaxUnavailable, i.Desired))
	}
	return i
}

// floorOf returns how many of some pods a budget asks for (policy/v1: both round
// up, as pkg/controller/disruption does).
func floorOf(least, most *intstr.IntOrString, desired int) int {
	switch {
	case least != nil:
		if n, err := intstr.GetScaledValueFromIntOrPercent(least, desired, true); err == nil {
			return n
		}
	case most != nil:
		if n, err := intstr.GetScaledValueFromIntOrPercent(most, desired, true); err == nil {
			return max(desired-n, 0)
		}
	}
	return 0
}

// Severity returns how bad it is: S1 if nothing is left of what serves others, S2
// if less than half of it or less than its disruption budget asks for, S3 if some
// of it, S4 if all is there. What is shared counts for one step more.
func (i Impact) Severity() Severity {
	s := S4
	switch {
	case i.Desired > 0 && i.Available == 0 && i.Served:
		s = S1
	case i.Desired > 0 && (i.Available == 0 || 2*i.Available < i.Desired) || i.Available < i.Floor:
		s = S2
	case i.Available < i.Desired:
		s = S3
	}
	if i.Shared != "" && s != S4 {
		return s.Raised()
	}
	return s
}

// SharedRole returns what a workload does for all others, "" if it is a workload
// like any other: that it runs in kube-system says nothing.
func SharedRole(c *kube.Cluster, w *kube.Workload) string {
	if role := backends.Of(c)[w.Ref]; role != "" {
		return role
	}
	for _, known := range sharedComponents() {
		for _, name := range known.names {
			if w.Ref.Name == name || w.Pod.Labels["k8s-app"] == name || w.Pod.Labels["app.kubernetes.io/name"] == name {
				return known.role
			}
		}
	}
	return ""
}

// component is what many workloads depend on, by the names that its projects
// give it in their manifests and charts.
type component struct {
	role  string
	names []string
}

var sharedComponents = sync.OnceValue(func() []component {
	return []component{
		{"cluster DNS", []string{"kube-dns", "coredns", "node-local-dns"}},
		{"pod network", []string{
			"cilium", "cilium-agent", "calico-node", "calico-typha", "kube-flannel", "kube-flannel-ds", "flannel", "weave-net", "aws-node",
			"azure-cni", "antrea-agent", "kube-router", "ovnkube-node", "canal", "kindnet",
		}},
		{"service network", []string{"kube-proxy"}},
		{"storage driver", []string{
			"ebs-csi-controller", "ebs-csi-node", "efs-csi-node", "pd-csi-driver", "csi-azuredisk-node", "csi-azuredisk-controller",
			"longhorn-manager", "longhorn-csi-plugin", "csi-cinder-controllerplugin", "csi-rbdplugin", "csi-cephfsplugin",
		}},
		{"ingress", []string{"ingress-nginx", "ingress-nginx-controller", "traefik", "haproxy-ingress", "contour", "envoy-gateway", "istio-ingressgateway"}},
		{"certificates", []string{"cert-manager", "cert-manager-webhook", "cert-manager-cainjector"}},
		{"metrics", []string{"metrics-server", "prometheus-adapter", "keda-operator-metrics-apiserver"}},
		{"node scaling", []string{"cluster-autoscaler", "karpenter"}},
	}
})

// backends has what workloads do behind webhooks and aggregated APIs.
var backends = kube.Derive(func(c *kube.Cluster) map[kube.Ref]string {
	roles := map[kube.Ref]string{}
	add := func(namespace, name, role string) {
		s, ok := c.Services.Get(namespace, name)
		if !ok {
			return
		}
		for _, w := range c.WorkloadsServed(s) {
			if roles[w.Ref] == "" {
				roles[w.Ref] = role
			}
		}
	}
	for configuration := range c.ValidatingWebhookConfigurations.All() {
		for i := range configuration.Webhooks {
			if s := configuration.Webhooks[i].ClientConfig.Service; s != nil {
				add(s.Namespace, s.Name, "admission webhook")
			}
		}
	}
	for configuration := range c.MutatingWebhookConfigurations.All() {
		for i := range configuration.Webhooks {
			if s := configuration.Webhooks[i].ClientConfig.Service; s != nil {
				add(s.Namespace, s.Name, "admission webhook")
			}
		}
	}
	for service := range c.Custom(kube.APIServices).All() {
		namespace, _, _ := unstructured.NestedString(service.Object, "spec", "service", "namespace")
		name, _, _ := unstructured.NestedString(service.Object, "spec", "service", "name")
		add(namespace, name, "aggregated API")
	}
	return roles
})

// Serving reports whether a pod takes part in what its workload does: it is ready
// and stays.
func Serving(pod *kube.Pod) bool {
	return pod.Status.Ready && pod.Status.Phase == corev1.PodRunning && pod.Deleted().IsZero()
}

// SeverityOf returns how bad a signal is: what it says of itself, or else what is
// left of its workload, and no better than its least; S3 where there is none. A mild
// one is a note while its workload is being rolled out.
func SeverityOf(c *kube.Cluster, s *Signal) Severity {
	w := c.Workload(s.Workload)
	if w == nil {
		return s.Weigh(nil, Impact{})
	}
	return s.Weigh(w, ImpactOn(c, w))
}

// Weigh is [SeverityOf] for who knows what is left of the signal's workload, which is
// nil where the view does not hold it.
func (s *Signal) Weigh(w *kube.Workload, left Impact) Severity {
	if s.Mild && w != nil {
		if r, rolling := Rolling(w); rolling && !r.Failed {
			return S4
		}
	}
	switch {
	case s.Severity != 0:
		return s.Severity
	case w == nil:
		return S3
	}
	return Worse(left.Severity(), s.Least)
}
