package kube_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// What people changed of what is delivered is kept field by field; of all else, and of
// what is not delivered, only who owns the replicas.
func TestFieldsChangedByHand(t *testing.T) {
	t.Parallel()
	const edited = `{"f:spec":{"f:type":{}}}`
	long := `{"f:spec":{"f:` + strings.Repeat("x", 5000) + `":{}}}`
	entry := func(manager, subresource, fields string) metav1.ManagedFieldsEntry {
		return metav1.ManagedFieldsEntry{Manager: manager, Subresource: subresource, FieldsV1: metav1.NewFieldsV1(fields)}
	}
	for name, test := range map[string]struct {
		entries []metav1.ManagedFieldsEntry
		want    []string
	}{
		"delivered": {
			[]metav1.ManagedFieldsEntry{entry("argocd-controller", "", edited), entry("kubectl-edit", "", edited), entry("kubectl-patch", "", long), entry("kubelet", "status", edited)},
			[]string{"argocd-controller ", "kubectl-edit " + edited, "kubectl-patch ", "kubelet "},
		},
		"not delivered": {[]metav1.ManagedFieldsEntry{entry("kubectl-edit", "", edited)}, []string{"kubectl-edit "}},
		"by its status": {[]metav1.ManagedFieldsEntry{entry("kustomize-controller", "status", edited), entry("kubectl-edit", "", edited)}, []string{"kustomize-controller ", "kubectl-edit "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			held, _ := build(t, object{kube.Services, &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "shop", ManagedFields: test.entries}}}).Services.Get("shop", "web")
			var got []string
			for _, e := range held.ManagedFields {
				fields := ""
				if e.FieldsV1 != nil {
					fields = string(e.FieldsV1.GetRawBytes())
				}
				got = append(got, fmt.Sprint(e.Manager, " ", fields))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestByHand(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		manager, subresource string
		apply, want          bool
	}{
		{"kubectl-edit", "", false, true},
		{"kubectl-edit", "status", false, false},
		{"kubectl", "scale", false, true},
		{"kubectl", "", true, true},
		{"kubectl", "", false, false},
		{"kubectl-client-side-apply", "", false, false},
		{"kubectl-rollout", "", false, false},
		{"k9s", "scale", false, true},
		{"kube-controller-manager", "scale", false, false},
		{"argocd-controller", "", true, false},
	} {
		e := metav1.ManagedFieldsEntry{Manager: test.manager, Subresource: test.subresource, Operation: metav1.ManagedFieldsOperationUpdate}
		if test.apply {
			e.Operation = metav1.ManagedFieldsOperationApply
		}
		if got := kube.ByHand(e); got != test.want {
			t.Errorf("%+v by hand: %t", test, got)
		}
	}
}
