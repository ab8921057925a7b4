package kube_test

import (
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestWrittenAs(t *testing.T) {
	t.Parallel()
	entry := func(manager, apiVersion, subresource string, hour int) metav1.ManagedFieldsEntry {
		at := metav1.NewTime(time.Date(2026, time.January, 1, hour, 0, 0, 0, time.UTC))
		return metav1.ManagedFieldsEntry{Manager: manager, APIVersion: apiVersion, Subresource: subresource, Time: &at}
	}
	for name, tc := range map[string]struct {
		offline bool
		origin  string
		managed []metav1.ManagedFieldsEntry
		want    kube.Written
	}{
		"the last who wrote it": {
			managed: []metav1.ManagedFieldsEntry{
				entry("kubectl", "apps/v1beta1", "", 1), entry("helm", "apps/v1beta2", "", 3), entry("flux", "apps/v1", "", 2),
			},
			want: kube.Written{APIVersion: "apps/v1beta2", Manager: "helm"},
		},
		"the cluster itself does not count": {
			managed: []metav1.ManagedFieldsEntry{
				entry("kubectl", "apps/v1beta1", "", 1), entry("kube-controller-manager", "apps/v1", "", 3), entry("karpenter", "apps/v1", "status", 4),
			},
			want: kube.Written{APIVersion: "apps/v1beta1", Manager: "kubectl"},
		},
		"nobody else did":           {managed: []metav1.ManagedFieldsEntry{entry("kube-controller-manager", "apps/v1", "", 3)}},
		"nothing is known":          {},
		"as it is in its file":      {offline: true, origin: "extensions/v1beta1", want: kube.Written{APIVersion: "extensions/v1beta1"}},
		"a file that does not say":  {offline: true, want: kube.Written{APIVersion: "apps/v1"}},
		"a file beats its managers": {offline: true, origin: "apps/v1beta1", managed: []metav1.ManagedFieldsEntry{entry("kubectl", "apps/v1", "", 1)}, want: kube.Written{APIVersion: "apps/v1beta1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &appsv1.Deployment{
				TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"},
				ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web", ManagedFields: tc.managed},
			}
			b := kube.NewBuilder(kube.Info{Offline: tc.offline})
			if err := b.Set(kube.Deployments, d); err != nil {
				t.Fatal(err)
			}
			if tc.origin != "" {
				origin := kube.NewOrigin("web.yaml", 1, nil)
				origin.APIVersion = tc.origin
				b.SetOrigin(kube.Deployments.Ref("shop", "web"), origin)
			}
			c := b.Build(time.Unix(0, 0))
			held, _ := c.Deployments.Get("shop", "web")
			got, known := c.WrittenAs(kube.Deployments, held)
			if got != tc.want || known != (tc.want != kube.Written{}) {
				t.Errorf("it was written as %+v (%v), want %+v", got, known, tc.want)
			}
		})
	}
}
