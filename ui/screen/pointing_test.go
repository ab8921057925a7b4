package screen_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

func TestWorkloadOf(t *testing.T) {
	t.Parallel()
	b := screentest.Cluster(t)
	screentest.Add(t, b, `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: cart, namespace: checkout}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}, maxReplicas: 5}
`)
	c := b.Build(screentest.Noon)
	gateway := kube.Deployments.Ref("payments", "gateway")
	for ref, want := range map[kube.Ref]kube.Ref{
		gateway: gateway,
		kube.Pods.Ref("payments", "gateway-7d9f-a"):              gateway,
		kube.Services.Ref("payments", "pay"):                     gateway,
		kube.ServiceAccounts.Ref("payments", "ledger"):           kube.StatefulSets.Ref("payments", "ledger"),
		kube.HorizontalPodAutoscalers.Ref("checkout", "cart"):    kube.Deployments.Ref("checkout", "cart"),
		kube.Pods.Ref("payments", "gone"):                        {},
		kube.Namespaces.Ref("", "payments"):                      {},
		kube.ClusterRoleBindings.Ref("", "jane-admin"):           {},
		kube.ServiceAccounts.Ref("kube-system", "somebody"):      {},
		kube.HorizontalPodAutoscalers.Ref("checkout", "nothing"): {},
		kube.Services.Ref("payments", "gone"):                    {},
	} {
		got, ok := screen.WorkloadOf(c, ref)
		if got != want || ok == want.IsZero() {
			t.Errorf("%v belongs to %v (%v), want %v", ref, got, ok, want)
		}
	}
}

func TestFindWorkload(t *testing.T) {
	t.Parallel()
	c := screentest.Cluster(t).Build(screentest.Noon)
	for _, want := range []struct{ kind, namespace, name, found string }{
		{"Deployment", "payments", "gateway", "Deployment payments/gateway"},
		{"deploy", "", "gateway", "Deployment payments/gateway"},
		{"DEPLOYMENT", "payments", "gateway", "Deployment payments/gateway"},
		{"sts", "payments", "ledger", "StatefulSet payments/ledger"},
		{"Deployment", "checkout", "gateway", ""},
		{"Deployment", "payments", "gatewa", ""},
		{"Job", "", "gateway", ""},
	} {
		found := ""
		if w := screen.FindWorkload(c, want.kind, want.namespace, want.name); w != nil {
			found = w.Ref.String()
		}
		if found != want.found {
			t.Errorf("%s %s/%s is %q, want %q", want.kind, want.namespace, want.name, found, want.found)
		}
	}
}

func TestPodState(t *testing.T) {
	t.Parallel()
	waits := func(reason string) []corev1.ContainerStatus {
		return []corev1.ContainerStatus{{Name: "a", RestartCount: 3, State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason}}}}
	}
	ended := func(reason string, code int32) []corev1.ContainerStatus {
		return []corev1.ContainerStatus{{Name: "a", State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: reason, ExitCode: code}}}}
	}
	ready := []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}}
	for _, c := range []struct {
		status  corev1.PodStatus
		deleted bool
		want    string
		well    bool
	}{
		{corev1.PodStatus{Phase: corev1.PodRunning, Conditions: ready}, false, "Running", true},
		{corev1.PodStatus{Phase: corev1.PodRunning}, false, "not ready", false},
		{corev1.PodStatus{Phase: corev1.PodRunning}, true, "Terminating", true},
		{corev1.PodStatus{Phase: corev1.PodRunning, ContainerStatuses: waits("CrashLoopBackOff")}, false, "CrashLoopBackOff", false},
		{corev1.PodStatus{Phase: corev1.PodPending, ContainerStatuses: waits("ContainerCreating")}, false, "ContainerCreating", true},
		{corev1.PodStatus{Phase: corev1.PodPending, ContainerStatuses: waits("PodInitializing")}, false, "Pending", true},
		{corev1.PodStatus{Phase: corev1.PodFailed, ContainerStatuses: ended("OOMKilled", 137)}, false, "OOMKilled", false},
		{corev1.PodStatus{Phase: corev1.PodFailed, ContainerStatuses: ended("", 2)}, false, "exit 2", false},
		{corev1.PodStatus{Phase: corev1.PodFailed, Reason: "Evicted"}, false, "Evicted", false},
		{corev1.PodStatus{Phase: corev1.PodFailed}, false, "Failed", false},
		{corev1.PodStatus{Phase: corev1.PodSucceeded}, false, "Completed", true},
		{corev1.PodStatus{}, false, "not known", true},
	} {
		b := screentest.Empty()
		pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "a", Name: "b", CreationTimestamp: metav1.Time{Time: screentest.Noon.Add(-time.Hour)}}, Status: c.status}
		if c.deleted {
			pod.DeletionTimestamp = &metav1.Time{Time: screentest.Noon}
		}
		if err := b.Set(kube.Pods, pod); err != nil {
			t.Fatal(err)
		}
		view := b.Build(screentest.Noon)
		row, _ := view.Pods.Get("a", "b")
		if got, well := screen.PodState(row); got != c.want || well != c.well {
			t.Errorf("the state is %q (%v), want %q (%v)", got, well, c.want, c.well)
		}
		if got := screen.PodAge(view, row); got != "60m" {
			t.Errorf("the age is %q, want 60m", got)
		}
	}
}
