package triage_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestSeverityOfASignal is about a Deployment of which all pods are there.
func TestSeverityOfASignal(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "test"})
	one := int32(1)
	p := pod("shop", "web-1-a", true)
	p.OwnerReferences = []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "StatefulSet", Name: "web", Controller: new(true)}}
	for r, o := range map[kube.Resource]kube.Object{
		kube.Pods: p,
		kube.StatefulSets: &appsv1.StatefulSet{
			ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"},
			Spec:       appsv1.StatefulSetSpec{Replicas: &one, Template: corev1.PodTemplateSpec{}},
		},
	} {
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	c := b.Build(noon)
	web := kube.StatefulSets.Ref("shop", "web")
	for _, test := range []struct {
		what   string
		signal triage.Signal
		want   triage.Severity
	}{
		{"nothing is missing", triage.Signal{Workload: web}, triage.S4},
		{"it has a floor", triage.Signal{Workload: web, Least: triage.S3}, triage.S3},
		{"it says itself", triage.Signal{Workload: web, Severity: triage.S2, Least: triage.S3}, triage.S2},
		{"nobody knows of what", triage.Signal{}, triage.S3},
	} {
		if got := triage.SeverityOf(c, &test.signal); got != test.want {
			t.Errorf("%s: got %s want %s", test.what, got, test.want)
		}
	}
}
