package ui_test

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// populous is a fleet of one namespace, in which each Deployment has so many pods.
func populous(b *testing.B, deployments, pods int) *kube.Builder {
	b.Helper()
	cluster := fleet(b, 1, deployments)
	for d := range deployments {
		name := fmt.Sprintf("service-%04d", d)
		owner := func(kind, name string) []metav1.OwnerReference {
			return []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: kind, Name: name, Controller: new(true)}}
		}
		set := screentest.ReplicaSet("team-000", name+"-6c9f")
		set.OwnerReferences = owner("Deployment", name)
		if err := cluster.Set(kube.ReplicaSets, set); err != nil {
			b.Fatal(err)
		}
		for p := range pods {
			pod := &corev1.Pod{
				ObjectMeta: metav1.ObjectMeta{
					Namespace: "team-000", Name: fmt.Sprintf("%s-6c9f-%d", name, p), OwnerReferences: owner("ReplicaSet", name+"-6c9f"), Labels: map[string]string{"app": name},
				},
				Spec:   corev1.PodSpec{NodeName: "node-1", Containers: []corev1.Container{{Name: "main", Image: "x"}}},
				Status: corev1.PodStatus{Phase: corev1.PodRunning},
			}
			if err := cluster.Set(kube.Pods, pod); err != nil {
				b.Fatal(err)
			}
		}
	}
	return cluster
}

// BenchmarkWorkload measures the screen of one workload among 15,000 of its namespace,
// which has 150,000 pods: keys, panes, and news.
func BenchmarkWorkload(b *testing.B) {
	cluster := populous(b, 15000, 10)
	h := opened(b, cluster, "workload/Deployment/team-000/service-0007", "Pods (10)")
	for _, kind := range []struct {
		name string
		keys []string
	}{{"row", []string{"j", "k"}}, {"pane", []string{"tab"}}, {"sort", []string{"s"}}, {"open and back", []string{"esc", "]"}}} {
		b.Run(kind.name, func(b *testing.B) {
			h.measure(b, func() { h.press(kind.keys...) })
		})
	}
	b.Run("news", func(b *testing.B) {
		turn := 0
		h.measure(b, func() {
			if turn++; turn%2 == 1 {
				cluster.Delete(kube.Deployments, "team-000", "service-0000")
			} else {
				deploy(b, cluster, 0, 0)
			}
			h.publish(cluster)
		})
	})
}
