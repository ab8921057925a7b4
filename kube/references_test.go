package kube_test

import (
	"math"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// referring is a namespace in which something is referred to in many ways.
func referring(t *testing.T) *kube.Cluster {
	t.Helper()
	named := func(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Namespace: "shop", Name: name} }
	set := &appsv1.StatefulSet{ObjectMeta: named("db"), Spec: appsv1.StatefulSetSpec{
		Replicas: new(int32(2)), Ordinals: &appsv1.StatefulSetOrdinals{Start: 5},
		VolumeClaimTemplates: []corev1.PersistentVolumeClaim{{ObjectMeta: metav1.ObjectMeta{Name: "data"}}},
		Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
			ServiceAccountName: "db",
			Containers: []corev1.Container{{
				Name: "db", Args: []string{"--tls-secret=shop/db-tls"}, Env: []corev1.EnvVar{{Name: "CONFIG", Value: "db.settings"}},
			}},
		}},
	}}
	huge := &appsv1.StatefulSet{ObjectMeta: named("huge"), Spec: appsv1.StatefulSetSpec{
		Replicas:             new(int32(math.MaxInt32)),
		VolumeClaimTemplates: []corev1.PersistentVolumeClaim{{ObjectMeta: metav1.ObjectMeta{Name: "data"}}},
	}}
	release := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{
		"serviceAccountName": "deployer",
		"kubeConfig":         map[string]any{"secretRef": map[string]any{"name": "kubeconfig"}},
		"valuesFrom": []any{
			map[string]any{"kind": "ConfigMap", "name": "values"},
			map[string]any{"kind": "Secret", "name": "more-values"},
		},
		"elsewhere": map[string]any{"kind": "Secret", "name": "far", "namespace": "blog"},
		"chart":     map[string]any{"spec": map[string]any{"chart": "web", "sourceRef": map[string]any{"kind": "HelmRepository", "name": "charts"}}},
	}}}
	release.SetNamespace("shop")
	release.SetName("web")
	class := &storagev1.StorageClass{ObjectMeta: metav1.ObjectMeta{Name: "disks"}, Parameters: map[string]string{
		"csi.storage.k8s.io/provisioner-secret-name": "provisioner", "csi.storage.k8s.io/provisioner-secret-namespace": "shop",
		"csi.storage.k8s.io/node-stage-secret-name": "stage", "csi.storage.k8s.io/node-stage-secret-namespace": "${pvc.namespace}",
	}}
	b := kube.NewBuilder(kube.Info{})
	for r, o := range map[kube.Resource]kube.Object{kube.HelmReleases: release, kube.StorageClasses: class} {
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Replace(kube.StatefulSets, "", []kube.Object{set, huge}); err != nil {
		t.Fatal(err)
	}
	return b.Build(time.Time{})
}

func TestReferred(t *testing.T) {
	t.Parallel()
	c := referring(t)
	for _, test := range []struct {
		resource kube.Resource
		name     string
		want     bool
	}{
		{kube.PersistentVolumeClaims, "data-db-5", true},
		{kube.PersistentVolumeClaims, "data-db-6", true},
		{kube.PersistentVolumeClaims, "data-db-4", false},
		{kube.PersistentVolumeClaims, "data-db-7", false},
		{kube.PersistentVolumeClaims, "data-db-x", false},
		{kube.PersistentVolumeClaims, "data-huge-2147483646", true},
		{kube.PersistentVolumeClaims, "data", false},
		{kube.ServiceAccounts, "db", true},
		{kube.ServiceAccounts, "deployer", true},
		{kube.ServiceAccounts, "api", false},
		{kube.Secrets, "db-tls", true},
		{kube.Secrets, "kubeconfig", true},
		{kube.Secrets, "more-values", true},
		{kube.Secrets, "far", false},
		{kube.Secrets, "charts", false},
		{kube.Secrets, "values", false},
		{kube.Secrets, "provisioner", true},
		{kube.Secrets, "stage", true},
		{kube.ConfigMaps, "values", true},
		{kube.ConfigMaps, "db.settings", true},
		{kube.ConfigMaps, "settings", false},
	} {
		if got := c.Referred(test.resource, "shop", test.name); got != test.want {
			t.Errorf("%s %s is referred to: %t", test.resource, test.name, got)
		}
	}
	if c.Referred(kube.Secrets, "blog", "provisioner") {
		t.Error("a Secret is referred to from another namespace")
	}
	if !c.Referred(kube.Secrets, "blog", "stage") {
		t.Error("a Secret of the namespace of whatever claim is not referred to")
	}
}
