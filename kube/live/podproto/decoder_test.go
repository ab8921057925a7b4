package podproto_test

import (
	"fmt"
	"math/rand"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/apitesting/fuzzer"
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
	return cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b kube.PodCondition) bool {
		return a.Said() == b.Said() && a.Since().Equal(b.Since())
	}))
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
			"Deployment": &appsv1.Deployment{}, "ReplicaSet": &appsv1.ReplicaSet{},
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
			if set, ok := want.(*appsv1.ReplicaSet); ok {
				set.ManagedFields = nil
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s, seed %d (-generated +own):\n%s", kind, seed, diff)
			}
		}
	}
}

func TestReplicaSetsShareTheirDeploymentsTemplate(t *testing.T) {
	t.Parallel()
	d := podproto.NewDecoder()
	template := corev1.PodTemplateSpec{Spec: replica(1).Spec}
	first, err := d.Object(object(t, "apps/v1", "Deployment", &appsv1.Deployment{Spec: appsv1.DeploymentSpec{Template: template}}))
	if err != nil {
		t.Fatal(err)
	}
	second, err := d.Object(object(t, "apps/v1", "ReplicaSet", &appsv1.ReplicaSet{Spec: appsv1.ReplicaSetSpec{Template: template}}))
	if err != nil {
		t.Fatal(err)
	}
	a, b := first.(*appsv1.Deployment).Spec.Template.Spec, second.(*appsv1.ReplicaSet).Spec.Template.Spec
	if &a.Containers[0] != &b.Containers[0] || a.Hostname == "" {
		t.Errorf("the containers are held twice, or hostname %q is lost", a.Hostname)
	}
}
