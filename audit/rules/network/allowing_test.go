package network_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/network"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// shop is a cluster with one workload that an Ingress leads to, whose controller
// reports the address of a Service in another namespace.
func shop(t *testing.T, hosted bool, states ...kube.State) *kube.Cluster {
	t.Helper()
	labels := func(app string) map[string]string { return map[string]string{"app": app} }
	deployment := func(namespace, name string, pod corev1.PodSpec) *appsv1.Deployment {
		return &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Spec: appsv1.DeploymentSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels(name)},
			Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels(name)}, Spec: pod},
		}}
	}
	service := func(namespace, name string) *corev1.Service {
		return &corev1.Service{
			ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
			Spec:       corev1.ServiceSpec{Selector: labels(name), Ports: []corev1.ServicePort{{Port: 8080}}},
		}
	}
	front := service("edge", "front")
	front.Status.LoadBalancer.Ingress = []corev1.LoadBalancerIngress{{IP: "192.0.2.7"}}
	ingress := &networkingv1.Ingress{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
	ingress.Spec.DefaultBackend = &networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{Name: "web"}}
	ingress.Status.LoadBalancer.Ingress = []networkingv1.IngressLoadBalancerIngress{{IP: "192.0.2.7"}}

	b := kube.NewBuilder(kube.Info{})
	containers := []corev1.Container{{Name: "main", Image: "registry.example/main:1"}}
	for _, o := range []struct {
		resource kube.Resource
		object   kube.Object
	}{
		{kube.Deployments, deployment("shop", "web", corev1.PodSpec{Containers: containers})},
		{kube.Deployments, deployment("edge", "front", corev1.PodSpec{Containers: containers, HostNetwork: hosted})},
		{kube.Services, service("shop", "web")},
		{kube.Services, front},
		{kube.Ingresses, ingress},
	} {
		if err := b.Set(o.resource, o.object); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range states {
		b.SetState(s)
	}
	return b.Build(time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC))
}

// isolate returns the best fix of the workload that no policy isolates.
func isolate(t *testing.T, c *kube.Cluster) audit.Fix {
	t.Helper()
	fixer := audit.NewFixer(c)
	for _, f := range audit.Run(c, []audit.Category{network.Category()}).Findings() {
		if f.Rule.ID == "pod-not-isolated" && f.Subject == kube.Deployments.Ref("shop", "web") {
			return fixer.Fixes(f)[0]
		}
	}
	t.Fatal("nothing is found")
	return audit.Fix{}
}

// Who brings the traffic of an Ingress shows by the address that its controller reports.
func TestCallersByAddress(t *testing.T) {
	t.Parallel()
	const own = `{"from":[{"podSelector":{}}],"ports":[{"port":8080,"protocol":"TCP"}]}`
	const edge = `{"from":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"edge"}}}],"ports":[{"port":8080,"protocol":"TCP"}]}`
	for name, test := range map[string]struct {
		hosted bool
		want   string
	}{
		"from pods":                     {false, "[" + edge + "," + own + "]"},
		"from the network of the nodes": {true, `[{"ports":[{"port":8080,"protocol":"TCP"}]}]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(isolate(t, shop(t, test.hosted)).New[0]["spec"].(map[string]any)["ingress"])
			if err != nil || string(got) != test.want {
				t.Errorf("ingress is\n%s, %v, want\n%s", got, err, test.want)
			}
		})
	}
}

// What may not be read may bring callers, which the fix then cuts off.
func TestUnreadCallersAreSaid(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		state kube.State
		want  string
	}{
		"all is read":             {kube.State{Resource: kube.Services, Phase: kube.Synced}, ""},
		"Ingresses are forbidden": {kube.State{Resource: kube.Ingresses, Phase: kube.Forbidden}, "Not read, so that whom they bring is cut off: ingresses"},
		"there are no routes":     {kube.State{Resource: kube.HTTPRoutes, Phase: kube.Absent}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			risk := isolate(t, shop(t, false, test.state)).Risk
			if test.want == "" && strings.Contains(risk, "Not read") || !strings.Contains(risk, test.want) {
				t.Errorf("the risk is %q, want %q in it", risk, test.want)
			}
		})
	}
}
