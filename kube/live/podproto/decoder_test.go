package podproto_test

import (
	"bytes"
	"fmt"
	"math/rand"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/apitesting/fuzzer"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/resource"
	metafuzzer "k8s.io/apimachinery/pkg/apis/meta/fuzzer"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live/podproto"
)

// random returns a pod that is filled in at random.
func random(seed int64) *corev1.Pod {
	pod := &corev1.Pod{}
	fuzzer.FuzzerFor(metafuzzer.Funcs, rand.NewSource(seed), scheme.Codecs).Fill(pod)
	pod.Namespace, pod.Name = "shop", fmt.Sprintf("pod-%d", seed)
	return pod
}

// replica returns one of many pods of a Deployment, as an API server stores it.
func replica(n int) *corev1.Pod {
	volume := fmt.Sprintf("kube-api-access-%05d", n)
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "shop", Name: fmt.Sprintf("web-%d", n), ResourceVersion: fmt.Sprint(n),
			Labels: map[string]string{"app": "web"}, Annotations: map[string]string{corev1.LastAppliedConfigAnnotation: "{}", "team": "web"},
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: "web-1", Controller: new(true)}},
			ManagedFields:   []metav1.ManagedFieldsEntry{{Manager: "kubelet", FieldsV1: metav1.NewFieldsV1(`{"f:status":{}}`)}},
		},
		Spec: corev1.PodSpec{
			NodeName: fmt.Sprintf("node-%d", n%7), Hostname: fmt.Sprintf("web-%d", n),
			Containers: []corev1.Container{{Name: "web", Image: "web:1", VolumeMounts: []corev1.VolumeMount{{Name: volume, MountPath: "/token"}}}},
			Volumes:    []corev1.Volume{{Name: volume, VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{}}}},
		},
		Status: corev1.PodStatus{
			Phase:      corev1.PodRunning,
			Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue, LastTransitionTime: metav1.Unix(int64(1000+n), 0)}},
			ContainerStatuses: []corev1.ContainerStatus{{
				Name: "web", Ready: true, RestartCount: -1, Image: "web:1", ImageID: "sha256:1", ContainerID: fmt.Sprint(n),
				State:                corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: metav1.Unix(int64(n), 0)}},
				LastTerminationState: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: -1, Reason: "Error", ContainerID: "x"}},
			}},
		},
	}
}

func encoded(tb testing.TB, pod *corev1.Pod) []byte {
	tb.Helper()
	message, err := pod.Marshal()
	if err != nil {
		tb.Fatal(err)
	}
	return message
}

// row returns what a view holds of a pod.
func row(tb testing.TB, b *kube.Builder, o kube.Object) *kube.Pod {
	tb.Helper()
	if err := b.Set(kube.Pods, o); err != nil {
		tb.Fatal(err)
	}
	held, ok := b.Build(time.Unix(0, 0)).Pods.Get(o.GetNamespace(), o.GetName())
	if !ok {
		tb.Fatalf("%s/%s is not held", o.GetNamespace(), o.GetName())
	}
	return held
}

// differ compares what is held of an encoded pod with what is held of it by way
// of the generated decoder.
func differ(tb testing.TB, d *podproto.Decoder, message []byte) string {
	tb.Helper()
	decoded, err := d.Pod(message)
	if err != nil {
		tb.Fatal(err)
	}
	version := decoded.ResourceVersion
	typed := &corev1.Pod{}
	if err := typed.Unmarshal(message); err != nil {
		tb.Fatal(err)
	}
	if version != typed.ResourceVersion {
		return "resourceVersion " + version + ", want " + typed.ResourceVersion
	}
	got, want := row(tb, kube.NewBuilder(kube.Info{}), decoded), row(tb, kube.NewBuilder(kube.Info{}), typed)
	if want.Status.Ready != got.Status.Ready {
		return fmt.Sprintf("ready %v, want %v", got.Status.Ready, want.Status.Ready)
	}
	return cmp.Diff(want.API(), got.API(), cmpopts.EquateEmpty())
}

func TestRowsAreThoseOfTheGeneratedDecoder(t *testing.T) {
	t.Parallel()
	d := podproto.NewDecoder()
	for seed := range int64(300) {
		if diff := differ(t, d, encoded(t, random(seed))); diff != "" {
			t.Fatalf("seed %d (-generated +own):\n%s", seed, diff)
		}
	}
	for n := range 10 {
		if diff := differ(t, d, encoded(t, replica(n))); diff != "" {
			t.Fatalf("replica %d (-generated +own):\n%s", n, diff)
		}
	}
}

func TestReplicasShareWhatTheyHaveInCommon(t *testing.T) {
	t.Parallel()
	d, b := podproto.NewDecoder(), kube.NewBuilder(kube.Info{})
	decode := func(pod *corev1.Pod) *kube.Pod {
		decoded, err := d.Pod(encoded(t, pod))
		if err != nil {
			t.Fatal(err)
		}
		return row(t, b, decoded)
	}
	first, second := decode(replica(1)), decode(replica(2))
	if first.Spec != second.Spec || first.Spec.Volumes[0].Name != "kube-api-access" {
		t.Errorf("two replicas have specs of their own, the first with volume %q", first.Spec.Volumes[0].Name)
	}
	if first.Node == second.Node {
		t.Errorf("both replicas are on %s", first.Node)
	}
	other := replica(3)
	other.Spec.Containers[0].Args = []string{"--debug"}
	if decode(other).Spec == first.Spec {
		t.Error("a pod with other arguments has the spec of the replicas")
	}
}

// FuzzPod holds that no message makes the decoder panic, and that it reads what
// it was given: whatever the generated decoder refuses, and the decoder does not,
// is in a part that it skips.
func FuzzPod(f *testing.F) {
	f.Add(encoded(f, replica(1)))
	f.Add(encoded(f, random(1)))
	f.Add([]byte{0x0a, 0xff})
	f.Fuzz(func(t *testing.T, message []byte) {
		d := podproto.NewDecoder()
		first, err := d.Pod(message)
		if err != nil {
			return
		}
		second, err := d.Pod(message)
		if err != nil {
			t.Fatalf("decoding it again: %v", err)
		}
		if first.Shared != second.Shared || first.Name != second.Name {
			t.Error("the same message gives two pods")
		}
	})
}

func BenchmarkPod(b *testing.B) {
	var messages [][]byte
	for n := range 1000 {
		messages = append(messages, encoded(b, replica(n)))
	}
	b.Run("own", func(b *testing.B) {
		d, i := podproto.NewDecoder(), 0
		b.ReportAllocs()
		for b.Loop() {
			if _, err := d.Pod(messages[i%len(messages)]); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
	b.Run("generated", func(b *testing.B) {
		i := 0
		b.ReportAllocs()
		for b.Loop() {
			if err := new(corev1.Pod).Unmarshal(messages[i%len(messages)]); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
}

// object encodes an object as an API server sends it.
func object(tb testing.TB, version, kind string, o interface{ Marshal() ([]byte, error) }) []byte {
	tb.Helper()
	raw, err := o.Marshal()
	if err != nil {
		tb.Fatal(err)
	}
	unknown := runtime.Unknown{TypeMeta: runtime.TypeMeta{APIVersion: version, Kind: kind}, Raw: raw}
	encoded, err := unknown.Marshal()
	if err != nil {
		tb.Fatal(err)
	}
	return append([]byte("k8s\x00"), encoded...)
}

func TestTemplatesAreThoseOfTheGeneratedDecoder(t *testing.T) {
	t.Parallel()
	d := podproto.NewDecoder()
	for seed := range int64(60) {
		for kind, o := range map[string]interface {
			runtime.Object
			Marshal() ([]byte, error)
			Unmarshal([]byte) error
		}{
			"Deployment":  &appsv1.Deployment{},
			"StatefulSet": &appsv1.StatefulSet{}, "DaemonSet": &appsv1.DaemonSet{},
		} {
			fuzzer.FuzzerFor(metafuzzer.Funcs, rand.NewSource(seed), scheme.Codecs).Fill(o)
			got, err := d.Object(object(t, "apps/v1", kind, o))
			if err != nil {
				t.Fatal(err)
			}
			raw, err := o.Marshal()
			if err != nil {
				t.Fatal(err)
			}
			want, _ := scheme.Scheme.New(appsv1.SchemeGroupVersion.WithKind(kind))
			if err := want.(interface{ Unmarshal([]byte) error }).Unmarshal(raw); err != nil {
				t.Fatal(err)
			}
			want.GetObjectKind().SetGroupVersionKind(appsv1.SchemeGroupVersion.WithKind(kind))
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s, seed %d (-generated +own):\n%s", kind, seed, diff)
			}
		}
	}
}

func TestReplicaSetsAreThoseOfTheGeneratedDecoder(t *testing.T) {
	t.Parallel()
	d := podproto.NewDecoder()
	for seed := range int64(100) {
		sent := &appsv1.ReplicaSet{}
		fuzzer.FuzzerFor(metafuzzer.Funcs, rand.NewSource(seed), scheme.Codecs).Fill(sent)
		sent.Namespace, sent.Name = "shop", "web"
		if seed%2 == 0 {
			sent.OwnerReferences = nil // or few have a selector and template of their own
		}
		got, err := d.Object(object(t, "apps/v1", "ReplicaSet", sent))
		if err != nil {
			t.Fatal(err)
		}
		want := &appsv1.ReplicaSet{}
		raw, err := sent.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if err := want.Unmarshal(raw); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(set(t, want).API(), set(t, got.(kube.Object)).API(), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("seed %d (-generated +own):\n%s", seed, diff)
		}
	}
}

// set returns what a view holds of a ReplicaSet.
func set(tb testing.TB, o kube.Object) *kube.ReplicaSet {
	tb.Helper()
	b := kube.NewBuilder(kube.Info{})
	if err := b.Set(kube.ReplicaSets, o); err != nil {
		tb.Fatal(err)
	}
	held, ok := b.Build(time.Unix(0, 0)).ReplicaSets.Get(o.GetNamespace(), o.GetName())
	if !ok {
		tb.Fatalf("%s/%s is not held", o.GetNamespace(), o.GetName())
	}
	return held
}

func TestAReplicaSetWithoutItsPodsIsRefused(t *testing.T) {
	t.Parallel()
	whole := &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
	whole.Spec.Template.Spec.NodeName = "node-one"
	message := object(t, "apps/v1", "ReplicaSet", whole)
	i := bytes.Index(message, []byte("\x08node-one"))
	message[i] = 0x07 // the name is cut short, and a field begins that none ends
	if o, err := podproto.NewDecoder().Object(message); err == nil {
		t.Errorf("a broken pod spec is taken for %v", o)
	}
}

func TestListsAreThoseOfTheGeneratedDecoder(t *testing.T) {
	t.Parallel()
	d := podproto.NewDecoder()
	sent := &appsv1.DeploymentList{ListMeta: metav1.ListMeta{ResourceVersion: "7", Continue: "more"}}
	for i := range 3 {
		sent.Items = append(sent.Items, appsv1.Deployment{
			ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: fmt.Sprint(i)},
			Spec:       appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{Spec: replica(1).Spec}},
		})
	}
	page, err := d.Object(object(t, "apps/v1", "DeploymentList", sent))
	if err != nil {
		t.Fatal(err)
	}
	m, err := meta.ListAccessor(page)
	if err != nil || m.GetContinue() != "more" || m.GetResourceVersion() != "7" {
		t.Fatalf("the page has metadata %v, %v", m, err)
	}
	items, err := meta.ExtractListWithAlloc(page)
	if err != nil || len(items) != len(sent.Items) {
		t.Fatalf("the page has %d items, %v", len(items), err)
	}
	shared := items[0].(*appsv1.Deployment).Spec.Template.Spec.Volumes[0].Projected
	for i, item := range items {
		want := sent.Items[i].DeepCopy()
		want.TypeMeta = metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"}
		if diff := cmp.Diff(runtime.Object(want), item, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("item %d (-sent +decoded):\n%s", i, diff)
		}
		if item.(*appsv1.Deployment).Spec.Template.Spec.Volumes[0].Projected != shared {
			t.Errorf("item %d has the volume of the token for itself", i)
		}
	}
	if o, err := d.Object(object(t, "apps/v1", "ControllerRevisionList", &appsv1.ControllerRevisionList{})); o != nil || err != nil {
		t.Errorf("a list of another kind is decoded: %v, %v", o, err)
	}
}

// FuzzObject holds that nothing that a server sends makes the decoder panic.
func FuzzObject(f *testing.F) {
	template := corev1.PodTemplateSpec{Spec: replica(1).Spec}
	f.Add(object(f, "apps/v1", "ReplicaSet", &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Name: "x", Namespace: "y"}, Spec: appsv1.ReplicaSetSpec{Template: template}}))
	f.Add(object(f, "apps/v1", "DaemonSetList", &appsv1.DaemonSetList{Items: []appsv1.DaemonSet{{Spec: appsv1.DaemonSetSpec{Template: template}}}}))
	f.Add(object(f, "v1", "Pod", replica(1)))
	f.Add(object(f, "v1", "PodList", &corev1.PodList{Items: []corev1.Pod{*replica(1), *replica(2)}}))
	f.Fuzz(func(t *testing.T, sent []byte) {
		o, err := podproto.NewDecoder().Object(sent)
		if o != nil && err != nil {
			t.Errorf("both an object and the error %v", err)
		}
	})
}

func TestDeploymentsShareWhatTheirContainersAre(t *testing.T) {
	t.Parallel()
	d := podproto.NewDecoder()
	decode := func(args ...string) corev1.PodSpec {
		template := corev1.PodTemplateSpec{Spec: replica(1).Spec}
		template.Spec.Containers[0].Args = args
		template.Spec.Containers[0].Resources.Requests = corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("100m")}
		o, err := d.Object(object(t, "apps/v1", "Deployment", &appsv1.Deployment{Spec: appsv1.DeploymentSpec{Template: template}}))
		if err != nil {
			t.Fatal(err)
		}
		return o.(*appsv1.Deployment).Spec.Template.Spec
	}
	a, b, other := decode("--fast"), decode("--fast"), decode("--slow")
	if &a.Containers[0].Args[0] != &b.Containers[0].Args[0] || &a.Containers[0].Args[0] == &other.Containers[0].Args[0] || a.Hostname == "" {
		t.Errorf("what containers have in common is held twice, or hostname %q is lost", a.Hostname)
	}
	delete(a.Containers[0].Resources.Requests, corev1.ResourceCPU) // shows who shares them
	if len(other.Containers[0].Resources.Requests) != 0 || a.Volumes[0].Projected != other.Volumes[0].Projected {
		t.Error("two containers hold the same requests twice, or two specs the volume of the token")
	}
}
