package kube_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func custom(r kube.Resource, namespace, name string) *unstructured.Unstructured {
	o := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{"size": int64(3)}}}
	o.SetAPIVersion(r.Group + "/" + r.Version)
	o.SetKind(r.Kind)
	o.SetNamespace(namespace)
	o.SetName(name)
	return o
}

func TestCustomObjectsAreHeld(t *testing.T) {
	t.Parallel()
	for _, r := range kube.CustomResources() {
		c := build(t, object{r, custom(r, "shop", "one")})
		table := c.Custom(r)
		if table.Len() != 1 {
			t.Errorf("%s: %d objects are held", r, table.Len())
			continue
		}
		held := table.In("shop")[0]
		if found, ok := c.Find(r.Ref("shop", held.GetName())); !ok || found != kube.Object(held) {
			t.Errorf("%s is not found by its name", r)
		}
		kept := kube.Kept(r)
		wanted := !r.MetadataOnly && (kept == nil || slices.ContainsFunc(kept, func(path string) bool { return strings.HasPrefix(path, "spec.") }))
		if _, whole := held.Object["spec"]; whole != wanted {
			t.Errorf("%s: with its spec %v, of metadata alone %v", r, whole, r.MetadataOnly)
		}
		for _, other := range kube.CustomResources() {
			if other != r && c.Custom(other).Len() > 0 {
				t.Errorf("%s is held as %s", r, other)
			}
		}
	}
}

func TestCustomObjectsOfMetadataAlone(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	m := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Name: "widgets.example.com", Labels: map[string]string{"a": "b"}}}
	if err := b.Set(kube.CustomResourceDefinitions, m); err != nil {
		t.Fatal(err)
	}
	held := b.Build(time.Unix(0, 0)).Custom(kube.CustomResourceDefinitions).In("")
	if len(held) != 1 || held[0].GetLabels()["a"] != "b" || held[0].GetKind() != "CustomResourceDefinition" {
		t.Errorf("held as %v", held)
	}
	if kube.CustomResourceDefinitions.Custom() == kube.Pods.Custom() {
		t.Error("pods are as custom as definitions of custom resources")
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	type sized struct {
		Spec struct {
			Size int `json:"size"`
		} `json:"spec"`
	}
	o := custom(kube.Gateways, "shop", "one")
	if got, err := kube.Decode[sized](o); err != nil || got.Spec.Size != 3 {
		t.Errorf("decoded as %v: %v", got, err)
	}
	o.Object["spec"] = "large"
	if _, err := kube.Decode[sized](o); err == nil || !strings.Contains(err.Error(), "reading Gateway shop/one: ") {
		t.Errorf("a text is decoded as an object: %v", err)
	}
}

func TestWhatNobodyInstalledIsKnownToBeNone(t *testing.T) {
	t.Parallel()
	for r, blind := range map[kube.Resource]bool{kube.Gateways: false, kube.PodMetrics: true} {
		if s := (kube.State{Resource: r, Phase: kube.Absent}); s.Blind() != blind {
			t.Errorf("%s that the server does not have: blind is %t", r, !blind)
		}
	}
}

// Of kinds that there may be many of, or that are large, what no rule reads is dropped.
func TestCustomObjectsAreLean(t *testing.T) {
	t.Parallel()
	backup := custom(kube.Backups, "velero", "nightly")
	backup.SetLabels(map[string]string{"velero.io/schedule-name": "nightly"})
	backup.Object["spec"] = map[string]any{
		"defaultVolumesToFsBackup": true, "includedNamespaces": []any{"shop"}, "hooks": map[string]any{"resources": []any{}},
	}
	backup.Object["status"] = map[string]any{"phase": "Completed", "progress": map[string]any{"totalItems": int64(12)}}
	held := build(t, object{kube.Backups, backup}).Custom(kube.Backups).In("velero")[0]
	want := map[string]any{
		"apiVersion": "velero.io/v1", "kind": "Backup",
		"metadata": map[string]any{"name": "nightly", "namespace": "velero", "labels": map[string]any{"velero.io/schedule-name": "nightly"}},
		"spec":     map[string]any{"defaultVolumesToFsBackup": true},
		"status":   map[string]any{"phase": "Completed"},
	}
	if diff := cmp.Diff(want, held.Object); diff != "" {
		t.Errorf("a Backup is held as (-want +got):\n%s", diff)
	}

	odd := custom(kube.Backups, "velero", "odd")
	odd.Object["spec"], odd.Object["status"] = "large", map[string]any{}
	held = build(t, object{kube.Backups, odd}).Custom(kube.Backups).In("velero")[0]
	if held.Object["spec"] != "large" {
		t.Errorf("a spec that is a text is held as %v: nobody learns that it cannot be read", held.Object["spec"])
	}
}

// Of where a Prometheus writes to nothing is held but how often it does.
func TestWhereMeasurementsAreWrittenIsNotHeld(t *testing.T) {
	t.Parallel()
	prometheus := custom(kube.Prometheuses, "monitoring", "k8s")
	prometheus.Object["spec"] = map[string]any{
		"retention": "15d", "externalUrl": "https://metrics.example.com",
		"remoteWrite": []any{map[string]any{"url": "https://example.com/?token=s3cret", "headers": map[string]any{"X-Key": "s3cret"}}},
	}
	held := build(t, object{kube.Prometheuses, prometheus}).Custom(kube.Prometheuses).In("monitoring")[0]
	want := map[string]any{"retention": "15d", "remoteWrite": []any{map[string]any{}}}
	if diff := cmp.Diff(want, held.Object["spec"]); diff != "" {
		t.Errorf("a Prometheus is held as (-want +got):\n%s", diff)
	}
}

// Of the members of a list only what rules read is kept, and each stays where it was.
func TestListsAreLean(t *testing.T) {
	t.Parallel()
	policy := custom(kube.KyvernoClusterPolicies, "", "no-latest")
	policy.Object["spec"] = map[string]any{
		"validationFailureAction": "Audit",
		"rules": []any{
			map[string]any{"name": "tags", "match": map[string]any{}, "validate": map[string]any{"failureAction": "Enforce", "pattern": map[string]any{}}},
			map[string]any{"name": "labels", "mutate": map[string]any{}},
			"odd",
			map[string]any{"verifyImages": []any{map[string]any{"required": true}}},
		},
	}
	held := build(t, object{kube.KyvernoClusterPolicies, policy}).Custom(kube.KyvernoClusterPolicies).In("")[0]
	want := map[string]any{
		"validationFailureAction": "Audit",
		"rules": []any{
			map[string]any{"name": "tags", "validate": map[string]any{"failureAction": "Enforce"}},
			map[string]any{"name": "labels"},
			"odd",
			map[string]any{"verifyImages": []any{map[string]any{}}},
		},
	}
	if diff := cmp.Diff(want, held.Object["spec"]); diff != "" {
		t.Errorf("a ClusterPolicy is held as (-want +got):\n%s", diff)
	}
}
