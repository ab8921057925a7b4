package incident

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	networkingv1 "k8s.io/api/networking/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const minute = time.Minute

var (
	deploy  = func(namespace, name string) kube.Ref { return kube.Deployments.Ref(namespace, name) }
	node    = func(name string) kube.Ref { return kube.Nodes.Ref("", name) }
	service = func(namespace, name string) kube.Ref { return kube.Services.Ref(namespace, name) }
)

// TestPasses looks at one moment of many clusters.
func TestPasses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		build func(w *world)
		at    time.Duration
		want  []string
	}{
		"nothing": {func(*world) {}, 0, nil},
		"one workload is one incident, and what follows from it is a symptom": {func(w *world) {
			w.deploy(deployment{namespace: "shop", name: "web", replicas: 3, revision: 14})
			w.service("shop", "web", "web")
			w.sayAll("crash-loop", pods("shop", "web", 14, 0, 1, 2), 0)
			w.sayAll("probe-readiness", pods("shop", "web", 14, 0), 0)
			w.say("deploy-degraded", deploy("shop", "web"), minute)
			w.say("svc-no-endpoints", service("shop", "web"), minute, severe(triage.S1))
		}, 2 * minute, []string{"S1 open owner Deployment shop/web, 3 pods: 3 crash-loop 1 probe-readiness 1 ←deploy-degraded 1 ←svc-no-endpoints"}},
		"a lost node explains its pods, the replacements and what is missing": {func(w *world) {
			w.nodes(4)
			w.deploy(deployment{namespace: "shop", name: "web", replicas: 4, ready: 4})
			w.deploy(deployment{namespace: "pay", name: "api", replicas: 4, ready: 4})
			w.say("node-silent", node("n1"), 0, severe(triage.S2))
			w.sayAll("not-ready-node", pods("shop", "web", 0, 1), 5*time.Second)
			w.sayAll("not-ready-node", pods("pay", "api", 0, 1), 5*time.Second)
			w.sayAll("pod-unschedulable", pods("shop", "web", 0, 3), 6*minute, cause("capacity"))
			w.say("deploy-degraded", deploy("pay", "api"), minute)
		}, 10 * minute, []string{"S2 open node n1, 3 pods: 1 node-silent 1 ←deploy-degraded 2 ←not-ready-node 1 ←pod-unschedulable"}},
		"what began before a node was lost, or long after, is something else": {func(w *world) {
			w.nodes(4)
			w.deploy(deployment{namespace: "shop", name: "web", replicas: 4, ready: 4})
			w.deploy(deployment{namespace: "pay", name: "api", replicas: 4, ready: 4})
			w.say("node-silent", node("n1"), 0, severe(triage.S2))
			w.sayAll("probe-readiness", pods("shop", "web", 0, 1), -2*minute)
			w.sayAll("probe-readiness", pods("pay", "api", 0, 1), 11*minute)
		}, 12 * minute, []string{
			"S2 open node n1, 0 pods: 1 node-silent",
			"S4 open message notes, 2 pods: 2 probe-readiness", // since nothing is lost by them
		}},
		"what waits for a node does so as long as it is lost": {func(w *world) {
			w.nodes(4)
			w.deploy(deployment{namespace: "shop", name: "db", replicas: 4, ready: 2})
			w.say("node-silent", node("n1"), 0, severe(triage.S2))
			w.sayAll("pod-attach-failed", pods("shop", "db", 0, 3), time.Hour, keyed(triage.ByNode, "n1"))
			w.sayAll("pod-terminating-stuck", pods("shop", "db", 0, 1), 2*time.Hour)
		}, 3 * time.Hour, []string{"S2 open node n1, 2 pods: 1 node-silent 1 ←pod-attach-failed 1 ←pod-terminating-stuck"}},
		"a zone explains its nodes, and they their pods": {func(w *world) {
			w.nodes(9)
			w.deploy(deployment{namespace: "shop", name: "web", replicas: 9, ready: 9})
			w.say("zone-down", kube.Ref{Kind: "Zone", Name: "z1"}, minute, severe(triage.S1), keyed(triage.ByZone, "z1"))
			for _, n := range []int{1, 4, 7} {
				w.say("node-silent", node(fmt.Sprintf("n%d", n)), 0, severe(triage.S2))
				w.sayAll("not-ready-node", pods("shop", "web", 0, n), 0)
			}
		}, 2 * minute, []string{"S1 open zone z1, 3 pods: 1 zone-down 3 ←node-silent 3 ←not-ready-node"}},
		"the network of one node fails because the node does": {func(w *world) {
			w.nodes(4)
			w.deploy(deployment{namespace: "kube-system", name: "cilium", replicas: 4, ready: 4})
			w.say("node-notready", node("n1"), 0, severe(triage.S2), cause("network-not-ready"))
			w.say("ds-missing", deploy("kube-system", "cilium"), minute, keyed(triage.ByNode, "n1"), severe(triage.S3))
		}, 2 * minute, []string{"S2 open node n1, 0 pods: 1 node-notready 1 ←ds-missing"}},
		"the network of one node fails first": {func(w *world) {
			w.nodes(4)
			w.deploy(deployment{namespace: "kube-system", name: "cilium", replicas: 4, ready: 3})
			w.sayAll("crash-loop", pods("kube-system", "cilium", 0, 3), 0)
			w.say("node-notready", node("n3"), minute, severe(triage.S2), cause("network-not-ready"))
		}, 2 * minute, []string{"S2 open owner Deployment kube-system/cilium, 1 pods: 1 crash-loop 1 ←node-notready"}},
		"a rollout of the network on many nodes explains them, whichever was first": {func(w *world) {
			w.nodes(4)
			w.deploy(deployment{namespace: "kube-system", name: "cilium", replicas: 4, ready: 1})
			for n := 1; n < 4; n++ {
				w.say("node-notready", node(fmt.Sprintf("n%d", n)), 0, severe(triage.S2), cause("network-not-ready"))
				w.sayAll("pod-creating-stuck", pods("kube-system", "cilium", 0, n), 3*minute)
				w.sayAll("crash-loop", pods("kube-system", "cilium", 0, n), 3*minute)
			}
		}, 4 * minute, []string{"S1 open owner Deployment kube-system/cilium, 3 pods: 3 crash-loop 3 pod-creating-stuck 3 ←node-notready"}},
		"cluster DNS explains who cannot resolve a name": {func(w *world) {
			w.deploy(deployment{namespace: "kube-system", name: "coredns", replicas: 2})
			w.deploy(deployment{namespace: "shop", name: "web", replicas: 2, ready: 1})
			w.deploy(deployment{namespace: "shop", name: "cart", replicas: 2, ready: 1})
			w.sayAll("oom-killed", pods("kube-system", "coredns", 0, 0, 1), 0)
			w.say("dns-unhealthy", deploy("kube-system", "coredns"), 0, severe(triage.S1))
			w.sayAll("crash-loop", pods("shop", "web", 0, 1), minute, func(s *triage.Signal) { s.Raw = "lookup db: no such host" })
			w.sayAll("crash-loop", pods("shop", "cart", 0, 1), minute, words("exit 1"))
		}, 2 * minute, []string{
			"S1 open owner Deployment kube-system/coredns, 3 pods: 2 oom-killed 1 ←crash-loop 1 ←dns-unhealthy",
			"S3 open owner Deployment shop/cart, 1 pods: 1 crash-loop",
		}},
		"cluster DNS explains what many owners show at once": {func(w *world) {
			w.deploy(deployment{namespace: "kube-system", name: "coredns", replicas: 2})
			w.say("dns-unhealthy", deploy("kube-system", "coredns"), 0, severe(triage.S1))
			for n := range 5 {
				name := fmt.Sprintf("app%d", n)
				w.deploy(deployment{namespace: name, name: name, replicas: 2, ready: 1})
				w.sayAll("probe-readiness", pods(name, name, 0, 1), minute, words(strings.Repeat("x", n+1)))
			}
		}, 2 * minute, []string{"S1 open owner Deployment kube-system/coredns, 5 pods: 1 dns-unhealthy 5 ←probe-readiness"}},
		"a webhook that is down is what its backend does": {webhook, 2 * minute, []string{
			"S1 open owner Deployment guard/gatekeeper, 1 pods: 1 crash-loop 2 ←create-refused 1 ←svc-no-endpoints 1 ←webhook-down",
		}},
		"a webhook that refuses its own pods is a circle, opened where it began": {func(w *world) {
			webhook(w)
			w.unsay("crash-loop")
			w.unsay("svc-no-endpoints")
			w.say("create-refused", deploy("guard", "gatekeeper"), -5*minute, keyed(triage.ByWebhook, "gatekeeper/validate.example"))
			w.say("create-refused", deploy("shop", "web"), minute, keyed(triage.ByWebhook, "gatekeeper/validate.example"))
		}, 2 * minute, []string{"S1 open owner Deployment guard/gatekeeper, 0 pods: 1 create-refused 2 ←create-refused 1 ←webhook-down"}},
		"who does not convert explains the namespace that cannot be emptied for it, and no other": {func(w *world) {
			w.say("crd-bad", kube.CustomResourceDefinitions.Ref("", "boats.example.com"), 0, cause("service-missing"), severe(triage.S2))
			w.say("ns-stuck", kube.Namespaces.Ref("", "fleet"), minute, severe(triage.S3), func(s *triage.Signal) {
				s.Raw = "Failed to delete all resource types: conversion webhook for example.com/v1, Kind=Boat failed: service \"converter\" not found"
			})
			w.say("ns-stuck", kube.Namespaces.Ref("", "harbor"), minute, severe(triage.S3), func(s *triage.Signal) { s.Raw = "Some content in the namespace has finalizers remaining" })
		}, 2 * minute, []string{
			"S2 open definition boats.example.com, 0 pods: 1 crd-bad 1 ←ns-stuck",
			"S3 open owner Namespace harbor, 0 pods: 1 ns-stuck",
		}},
		"a quota that is used up explains who is refused": {func(w *world) {
			for _, name := range []string{"web", "api"} {
				w.deploy(deployment{namespace: "shop", name: name, replicas: 2, ready: 1})
				w.say("create-refused", deploy("shop", name), minute, keyed(triage.ByQuota, "shop/compute"))
			}
			w.say("quota-full", kube.ResourceQuotas.Ref("shop", "compute"), 0, severe(triage.S4))
		}, 2 * minute, []string{"S3 open quota shop/compute, 0 pods: 1 quota-full 2 ←create-refused"}},
		"a storage driver explains the claims of its classes, not of others": {func(w *world) {
			for _, name := range []string{"ebs", "efs"} {
				w.set(kube.StorageClasses, &storagev1.StorageClass{ObjectMeta: metav1.ObjectMeta{Name: name}, Provisioner: name + ".csi.aws.com"})
				w.say("pvc-pending", kube.PersistentVolumeClaims.Ref("shop", name), minute, keyed(triage.ByStorageClass, name+" ("+name+".csi.aws.com)"))
			}
			w.deploy(deployment{namespace: "kube-system", name: "ebs-csi-controller", replicas: 2})
			w.sayAll("crash-loop", pods("kube-system", "ebs-csi-controller", 0, 0, 1), 0)
		}, 2 * minute, []string{
			"S1 open owner Deployment kube-system/ebs-csi-controller, 2 pods: 2 crash-loop 1 ←pvc-pending",
			"S3 open claim shop/efs, 0 pods: 1 pvc-pending",
		}},
		"what GitOps says of a release follows from its pods": {func(w *world) {
			w.deploy(deployment{namespace: "shop", name: "web", replicas: 2, labels: map[string]string{"argocd.argoproj.io/instance": "shop"}})
			w.sayAll("image-pull", pods("shop", "web", 0, 0), 0)
			w.say("gitops-failed", kube.Applications.Ref("argocd", "shop"), minute, severe(triage.S3), keyed(triage.ByRelease, "Application shop"))
		}, 2 * minute, []string{"S2 open owner Deployment shop/web, 1 pods: 1 image-pull 1 ←gitops-failed"}},
		"a claim that is not bound explains the pod that waits for it": {func(w *world) {
			w.deploy(deployment{namespace: "shop", name: "db", replicas: 1})
			w.say("pvc-pending", kube.PersistentVolumeClaims.Ref("shop", "data"), 0)
			w.sayAll("pod-unschedulable", pods("shop", "db", 0, 0), 0, keyed(triage.ByClaim, "shop/data"), cause("volume"))
		}, minute, []string{"S2 open claim shop/data, 1 pods: 1 pvc-pending 1 ←pod-unschedulable"}},
		"an Ingress belongs to the Service that it names, and that to its pods": {func(w *world) {
			w.deploy(deployment{namespace: "shop", name: "web", replicas: 1})
			w.service("shop", "web", "web")
			w.set(kube.Ingresses, &networkingv1.Ingress{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "front"}, Spec: networkingv1.IngressSpec{
				DefaultBackend: &networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{Name: "web"}},
			}})
			w.sayAll("image-pull", pods("shop", "web", 0, 0), 0)
			w.say("svc-no-endpoints", service("shop", "web"), 0, severe(triage.S1))
			w.say("ingress-backend", kube.Ingresses.Ref("shop", "front"), 0, severe(triage.S2))
		}, minute, []string{"S1 open owner Deployment shop/web, 1 pods: 1 image-pull 1 ←ingress-backend 1 ←svc-no-endpoints"}},
		"an Ingress without its certificate is another thing than its Service": {func(w *world) {
			w.service("shop", "web", "other")
			w.set(kube.Ingresses, &networkingv1.Ingress{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "front"}, Spec: networkingv1.IngressSpec{
				DefaultBackend: &networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{Name: "web"}},
			}})
			w.say("svc-no-endpoints", service("shop", "web"), 0, severe(triage.S1))
			w.say("ingress-backend", kube.Ingresses.Ref("shop", "front"), 0, severe(triage.S3), cause("certificate-missing"))
		}, minute, []string{
			"S1 open service shop/web, 0 pods: 1 svc-no-endpoints",
			"S3 open owner Ingress shop/front, 0 pods: 1 ingress-backend",
		}},
		"a Service whose pods are well is an incident of its own": {func(w *world) {
			w.deploy(deployment{namespace: "shop", name: "web", replicas: 1, ready: 1})
			w.service("shop", "web", "other")
			w.say("svc-no-endpoints", service("shop", "web"), 0, severe(triage.S1))
		}, minute, []string{"S1 open service shop/web, 0 pods: 1 svc-no-endpoints"}},
		"two causes on different pods of a workload are two things to mend": {func(w *world) {
			w.deploy(deployment{namespace: "shop", name: "web", replicas: 4, ready: 1})
			w.sayAll("crash-loop", pods("shop", "web", 0, 1, 2), 0)
			w.sayAll("image-pull", pods("shop", "web", 0, 3), 0)
			w.sayAll("probe-readiness", pods("shop", "web", 0, 1, 3), 0)
		}, minute, []string{
			"S2 open owner Deployment shop/web, 2 pods: 2 crash-loop 1 probe-readiness",
			"S2 open owner Deployment shop/web, 1 pods: 1 image-pull 1 probe-readiness",
		}},
		"many objects that say the same are one thing": {func(w *world) {
			w.nodes(6)
			for n := range 4 {
				w.say("node-silent", node(fmt.Sprintf("n%d", n)), time.Duration(n)*time.Second, severe(triage.S2), cause("silent"))
			}
		}, minute, []string{"S2 open message node-silent silent, 0 pods: 4 node-silent"}},
		"notes are no incidents": {func(w *world) {
			w.deploy(deployment{namespace: "shop", name: "web", replicas: 1, ready: 1})
			w.say("pdb-blocking", kube.PodDisruptionBudgets.Ref("shop", "web"), 0, severe(triage.S4))
		}, minute, []string{"S4 open message notes, 0 pods: 1 pdb-blocking"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			test.build(w)
			want := ""
			for _, line := range test.want {
				want += line + "\n"
			}
			if diff := cmp.Diff(want, told(w.at(test.at))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// webhook is one whose only pod crashes, and a workload that is refused.
func webhook(w *world) {
	w.deploy(deployment{namespace: "guard", name: "gatekeeper", replicas: 1})
	w.deploy(deployment{namespace: "shop", name: "web", replicas: 2, ready: 1})
	w.deploy(deployment{namespace: "pay", name: "api", replicas: 2, ready: 1})
	w.service("guard", "gatekeeper", "gatekeeper")
	w.set(kube.ValidatingWebhookConfigurations, &admissionv1.ValidatingWebhookConfiguration{
		ObjectMeta: metav1.ObjectMeta{Name: "gatekeeper"}, Webhooks: []admissionv1.ValidatingWebhook{{
			Name: "validate.example", ClientConfig: admissionv1.WebhookClientConfig{Service: &admissionv1.ServiceReference{Namespace: "guard", Name: "gatekeeper"}},
		}},
	})
	refused := keyed(triage.ByWebhook, "gatekeeper/validate.example")
	w.sayAll("crash-loop", pods("guard", "gatekeeper", 0, 0), 0)
	w.say("svc-no-endpoints", service("guard", "gatekeeper"), 0, severe(triage.S1))
	w.say("webhook-down", kube.ValidatingWebhookConfigurations.Ref("", "gatekeeper"), 0, refused, severe(triage.S1))
	w.say("create-refused", deploy("shop", "web"), minute, refused)
	w.say("create-refused", deploy("pay", "api"), minute, refused)
}
