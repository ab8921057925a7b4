package cel_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit/cel"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var noon = time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)

// TestWhatAViewDoesNotKeepIsAGap puts an object of every resource, with all that
// its type can hold, through a view. What is not as it was must be in a gap, and
// there must be no gap where nothing is lost: expressions would be unknown for
// nothing.
func TestWhatAViewDoesNotKeepIsAGap(t *testing.T) {
	t.Parallel()
	for _, r := range kube.Resources() {
		if r == kube.PodMetrics || r == kube.NodeMetrics {
			continue
		}
		t.Run(r.String(), func(t *testing.T) {
			t.Parallel()
			whole := full(r)
			want := likeJSON(t, whole.DeepCopyObject())
			builder := kube.NewBuilder(kube.Info{})
			if err := builder.Set(r, whole.(kube.Object)); err != nil {
				t.Fatal(err)
			}
			c := builder.Build(noon)
			value := cel.ObjectOf(c, r, c.Objects(r)[0])
			hidden := map[*cel.Gaps]bool{}
			compare(t, "object", want, likeJSON(t, value.Of), value.Gaps, hidden)
			needless(t, "object", value.Gaps, hidden)
		})
	}
}

// TestReplicaSetsAreRows: a view keeps less of those that have been replaced.
func TestReplicaSetsAreRows(t *testing.T) {
	t.Parallel()
	for _, replicas := range []int32{0, 1} {
		for _, owned := range []bool{false, true} {
			whole := full(kube.ReplicaSets).(*appsv1.ReplicaSet)
			whole.Spec.Replicas = new(replicas)
			if !owned {
				whole.OwnerReferences = nil
			}
			want := likeJSON(t, whole.DeepCopy())
			builder := kube.NewBuilder(kube.Info{})
			if err := builder.Set(kube.ReplicaSets, whole); err != nil {
				t.Fatal(err)
			}
			c := builder.Build(noon)
			value := cel.ObjectOf(c, kube.ReplicaSets, c.Objects(kube.ReplicaSets)[0])
			compare(t, "object", want, likeJSON(t, value.Of), value.Gaps, map[*cel.Gaps]bool{})
		}
	}
}

// compare reports what differs outside of gaps, and notes the gaps in which
// something does.
func compare(t *testing.T, path string, want, got any, gaps *cel.Gaps, hidden map[*cel.Gaps]bool) {
	t.Helper()
	if gaps != nil && gaps.All {
		hidden[gaps] = hidden[gaps] || !reflect.DeepEqual(want, got)
		return
	}
	below := func(key string) *cel.Gaps {
		if gaps == nil {
			return nil
		}
		if g, ok := gaps.Fields[key]; ok {
			return g
		}
		return gaps.Elements
	}
	wantMap, isMap := want.(map[string]any)
	gotMap, stillMap := got.(map[string]any)
	wantList, isList := want.([]any)
	gotList, stillList := got.([]any)
	switch {
	case isMap && stillMap:
		keys := maps.Clone(wantMap)
		maps.Copy(keys, gotMap)
		for key := range keys {
			compare(t, path+"."+key, wantMap[key], gotMap[key], below(key), hidden)
		}
	case isList && stillList && len(wantList) == len(gotList):
		for i := range wantList {
			compare(t, fmt.Sprintf("%s[%d]", path, i), wantList[i], gotList[i], below("*"), hidden)
		}
	case !reflect.DeepEqual(want, got):
		t.Errorf("%s is %v in the view, %v in the object, and no gap", path, got, want)
	}
}

// seldom are gaps that a filled object cannot show: fields that no server sets.
var seldom = []string{"object.stringData"}

func needless(t *testing.T, path string, gaps *cel.Gaps, hidden map[*cel.Gaps]bool) {
	t.Helper()
	if gaps == nil {
		return
	}
	if gaps.All && !hidden[gaps] && !slices.Contains(seldom, path) {
		t.Errorf("%s is a gap, and nothing is lost there", path)
	}
	needless(t, path+".*", gaps.Elements, hidden)
	for key, below := range gaps.Fields {
		needless(t, path+"."+key, below, hidden)
	}
}

func likeJSON(t *testing.T, o any) map[string]any {
	t.Helper()
	if like, ok := o.(map[string]any); ok {
		return like
	}
	like, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	if err != nil {
		t.Fatal(err)
	}
	return like
}

// full returns an object of a resource in which everything is set.
func full(r kube.Resource) runtime.Object {
	if r.Custom() {
		return custom(r)
	}
	var o runtime.Object
	switch r {
	case kube.Secrets:
		o = &corev1.Secret{}
	case kube.ConfigMaps:
		o = &corev1.ConfigMap{}
	default:
		o = kube.NewObject(r).(runtime.Object)
	}
	fill(reflect.ValueOf(o).Elem(), map[reflect.Type]int{})
	object := o.(metav1.Object)
	object.SetName("web")
	object.SetNamespace("")
	if r.Namespaced {
		object.SetNamespace("shop")
	}
	object.SetAnnotations(map[string]string{
		"kept": "a", "kapp.k14s.io/original": "b", "objectset.rio.cattle.io/applied": "c",
		corev1.LastAppliedConfigAnnotation: "d",
	})
	if pod, ok := o.(*corev1.Pod); ok { // names of containers are unique in a pod
		pod.Spec.EphemeralContainers[0].Name, pod.Status.EphemeralContainerStatuses[0].Name = "debug", "debug"
	}
	version := r.Version
	if r.Group != "" {
		version = r.Group + "/" + version
	}
	kind := reflect.ValueOf(o).Elem().FieldByName("TypeMeta").Addr().Interface().(*metav1.TypeMeta)
	kind.APIVersion, kind.Kind = version, r.Kind
	return o
}

// custom returns an object of a custom resource.
func custom(r kube.Resource) runtime.Object {
	claim := full(kube.PersistentVolumeClaims) // for its metadata
	like, err := runtime.DefaultUnstructuredConverter.ToUnstructured(claim)
	if err != nil {
		panic(err) // it is a claim
	}
	o := &unstructured.Unstructured{Object: like}
	o.SetAPIVersion(r.Group + "/" + r.Version)
	o.SetKind(r.Kind)
	if r == kube.CustomResourceDefinitions {
		o.Object["spec"], o.Object["status"] = definition()
	}
	if kube.Kept(r) != nil {
		o.Object["more"] = "a" // is dropped, as is what is beside each field
	}
	if r == kube.ClusterTrustBundles {
		o.Object["spec"] = map[string]any{"signerName": "x", "trustBundle": "x"}
	}
	for _, path := range kube.Kept(r) {
		set(o.Object, strings.Split(path, "."))
		for parts := strings.Split(path, "."); len(parts) > 0; parts = parts[:len(parts)-1] {
			if beside := strings.Join(parts, ".") + "Too"; !strings.HasSuffix(beside, "*Too") {
				set(o.Object, strings.Split(beside, "."))
			}
		}
	}
	if r == kube.Prometheuses {
		o.Object["spec"].(map[string]any)["remoteWrite"] = []any{map[string]any{"url": "x"}}
	}
	if !r.Namespaced {
		o.SetNamespace("")
	}
	return o
}

// set gives an object a field at a path, in which * is the only member of a list.
func set(o map[string]any, path []string) {
	key, rest := path[0], path[1:]
	if len(rest) == 0 {
		o[key] = "a"
		return
	}
	if rest[0] == "*" {
		list, _ := o[key].([]any)
		if list == nil {
			list = []any{map[string]any{}}
		}
		o[key] = list
		set(list[0].(map[string]any), rest[1:])
		return
	}
	below, _ := o[key].(map[string]any)
	if below == nil {
		below = map[string]any{}
	}
	o[key] = below
	set(below, rest)
}

// fill sets all of a value, and of what contains itself, twice that.
func fill(v reflect.Value, depth map[reflect.Type]int) {
	if fillSpecial(v) || depth[v.Type()] > 1 {
		return
	}
	depth[v.Type()]++
	defer func() { depth[v.Type()]-- }()
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), depth)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, depth)
		fill(value, depth)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	default:
		fillScalar(v)
	}
}

func fillScalar(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint8:
		v.SetUint(7)
	case reflect.Float64:
		v.SetFloat(0.5)
	default:
	}
}

// fillSpecial sets a value whose JSON is not that of its fields.
func fillSpecial(v reflect.Value) bool {
	switch special := v.Addr().Interface().(type) {
	case *metav1.Time:
		*special = metav1.NewTime(noon.Local())
	case *metav1.MicroTime:
		*special = metav1.NewMicroTime(noon.Local())
	case *resource.Quantity:
		*special = resource.MustParse("2")
	case *intstr.IntOrString:
		*special = intstr.FromString("http")
	case *metav1.FieldsV1:
		*special = *metav1.NewFieldsV1(`{"f:spec":{"f:paused":{}}}`)
	case *runtime.RawExtension:
		special.Raw = []byte(`{"a":1}`)
	default:
		return false
	}
	return true
}

// definition is all that a CustomResourceDefinition can say (apiextensions.k8s.io/v1).
func definition() (spec, status map[string]any) {
	names := map[string]any{
		"plural": "boats", "singular": "boat", "kind": "Boat", "listKind": "BoatList", "shortNames": []any{"bo"}, "categories": []any{"all"},
	}
	version := map[string]any{
		"name": "v1", "served": false, "storage": true, "deprecated": true, "deprecationWarning": "x", "schema": map[string]any{"openAPIV3Schema": "x"},
		"subresources": map[string]any{"status": map[string]any{}}, "additionalPrinterColumns": []any{"x"}, "selectableFields": []any{"x"},
	}
	client := map[string]any{
		"url": "x", "caBundle": "x", "service": map[string]any{"namespace": "x", "name": "x", "path": "x", "port": int64(7)},
	}
	spec = map[string]any{
		"group": "example.com", "names": names, "scope": "Cluster", "versions": []any{version}, "preserveUnknownFields": true,
		"conversion": map[string]any{
			"strategy": "Webhook", "webhook": map[string]any{"clientConfig": client, "conversionReviewVersions": []any{"v1"}},
		},
	}
	condition := map[string]any{
		"type": "x", "status": "True", "reason": "x", "message": "x", "lastTransitionTime": "2026-01-01T12:00:00Z", "observedGeneration": int64(7),
	}
	status = map[string]any{
		"conditions": []any{condition}, "acceptedNames": names, "storedVersions": []any{"v1"}, "observedGeneration": int64(7),
	}
	return spec, status
}
