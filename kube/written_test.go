package kube_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func at(hour int) metav1.Time {
	return metav1.NewTime(time.Date(2026, time.January, 1, hour, 0, 0, 0, time.UTC))
}

func entry(manager, apiVersion, subresource string, hour int) metav1.ManagedFieldsEntry {
	then := at(hour)
	return metav1.ManagedFieldsEntry{Manager: manager, APIVersion: apiVersion, Subresource: subresource, Time: &then}
}

func TestWrittenAs(t *testing.T) {
	t.Parallel()
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
			want: kube.Written{APIVersion: "apps/v1beta2", Manager: "helm", At: at(3)},
		},
		"the cluster itself does not count": {
			managed: []metav1.ManagedFieldsEntry{
				entry("kubectl", "apps/v1beta1", "", 1), entry("kube-controller-manager", "apps/v1", "", 3), entry("karpenter", "apps/v1", "status", 4),
			},
			want: kube.Written{APIVersion: "apps/v1beta1", Manager: "kubectl", At: at(1)},
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

// Everybody is told as he wrote last, the newest first; of what was applied the version is
// kept where it is another one.
func TestWriters(t *testing.T) {
	t.Parallel()
	const applied = "kubectl.kubernetes.io/last-applied-configuration"
	for name, tc := range map[string]struct {
		managed []metav1.ManagedFieldsEntry
		applied string
		want    []kube.Written
		kept    string // of the annotation
	}{
		"each once": {
			managed: []metav1.ManagedFieldsEntry{
				entry("helm", "policy/v1beta1", "", 1), entry("kubectl", "policy/v1beta1", "", 2), entry("helm", "policy/v1", "", 3),
				entry("before-first-apply", "policy/v1beta1", "", 4), entry("helm", "policy/v1beta1", "status", 5),
			},
			want: []kube.Written{{"policy/v1", "helm", at(3)}, {"policy/v1beta1", "kubectl", at(2)}},
		},
		"applied as it is read": {applied: `{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","spec":{"x":"tomato"}}`},
		"applied otherwise": {
			managed: []metav1.ManagedFieldsEntry{entry("velero-server", "policy/v1", "", 1)},
			applied: `{"apiVersion":"policy/v1beta1","kind":"PodDisruptionBudget","spec":{"x":"tomato"}}`,
			want:    []kube.Written{{"policy/v1", "velero-server", at(1)}, {APIVersion: "policy/v1beta1", Manager: kube.KubectlApply}},
			kept:    `{"apiVersion":"policy/v1beta1"}`,
		},
		"applied by whom is known": {
			managed: []metav1.ManagedFieldsEntry{entry("kubectl-client-side-apply", "policy/v1beta1", "", 1)},
			applied: `{"apiVersion":"policy/v1beta1"}`,
			want:    []kube.Written{{"policy/v1beta1", "kubectl-client-side-apply", at(1)}},
			kept:    `{"apiVersion":"policy/v1beta1"}`,
		},
		"no object": {applied: `{"apiVersion":"policy/v1beta1`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			budget := &policyv1.PodDisruptionBudget{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web", ManagedFields: tc.managed}}
			if tc.applied != "" {
				budget.Annotations = map[string]string{applied: tc.applied}
			}
			held, _ := build(t, object{kube.PodDisruptionBudgets, budget}).PodDisruptionBudgets.Get("shop", "web")
			if diff := cmp.Diff(tc.want, kube.Writers(held)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := held.Annotations[applied]; got != tc.kept {
				t.Errorf("of the annotation it keeps %q, want %q", got, tc.kept)
			}
		})
	}
}

// Of a definition is kept who wrote it, if somebody did through a version that is gone.
func TestWritersOfDefinitions(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ managed, want []metav1.ManagedFieldsEntry }{
		"as it is read": {managed: []metav1.ManagedFieldsEntry{entry("helm", "apiextensions.k8s.io/v1beta1", "", 1), entry("helm", "apiextensions.k8s.io/v1", "", 2)}},
		"by a version that is gone": {
			managed: []metav1.ManagedFieldsEntry{entry("helm", "apiextensions.k8s.io/v1beta1", "", 1), entry("kubectl", "apiextensions.k8s.io/v1", "", 2)},
			want:    []metav1.ManagedFieldsEntry{entry("helm", "apiextensions.k8s.io/v1beta1", "", 1), entry("kubectl", "apiextensions.k8s.io/v1", "", 2)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &unstructured.Unstructured{}
			if err := json.Unmarshal([]byte(boats), &o.Object); err != nil {
				t.Fatal(err)
			}
			o.SetManagedFields(tc.managed)
			held, _ := build(t, object{kube.CustomResourceDefinitions, o}).Custom(kube.CustomResourceDefinitions).Get("", "boats.example.com")
			if diff := cmp.Diff(tc.want, held.GetManagedFields()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
