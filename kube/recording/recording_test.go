package recording_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	appsv1 "k8s.io/api/apps/v1"
	certificatesv1 "k8s.io/api/certificates/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

var start = time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)

// story builds three views: pods arrive, one changes and one goes, and nothing
// but the state of a resource changes.
func story(t testing.TB) []*kube.Cluster {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Name: "shop", Server: "https://shop.example", Version: "v1.37.1", User: "jane", Certificate: &kube.Certificate{
		NotBefore: start, NotAfter: start.AddDate(1, 0, 0), Issuer: "CN=kubernetes",
	}})
	set := func(r kube.Resource, o kube.Object) {
		t.Helper()
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	pod := func(name string, phase corev1.PodPhase) *corev1.Pod {
		return &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name, UID: "u", Labels: map[string]string{"app": "web"}},
			Spec:       corev1.PodSpec{NodeName: "node-" + name, Containers: []corev1.Container{{Name: "web", Image: "web:1"}}},
			Status:     corev1.PodStatus{Phase: phase, ContainerStatuses: []corev1.ContainerStatus{{Name: "web", RestartCount: 2}}},
		}
	}
	set(kube.Deployments, &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}})
	set(kube.Pods, pod("web-1", corev1.PodRunning))
	set(kube.Pods, pod("web-2", corev1.PodPending))
	set(kube.Secrets, &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "db"}, Data: map[string][]byte{"password": []byte("hunter2")},
	})
	set(kube.PodMetrics, &kube.Usage{
		Namespace: "shop", Name: "web-1", Time: start, Window: 15 * time.Second,
		Containers: map[string]corev1.ResourceList{"web": {corev1.ResourceCPU: resource.MustParse("250m")}},
	})
	for r, o := range records() {
		set(r, o)
	}
	cpu, memory := resource.MustParse("221m"), resource.MustParse("190Mi")
	set(kube.Measurements, kube.NewMeasurement(kube.ByPrometheus, kube.Deployments.Ref("shop", "web"), []kube.Figures{{
		Container: "web", Samples: 60480, Pods: 7, Window: metav1.Duration{Duration: 168 * time.Hour}, CPU: &cpu, Memory: &memory, OOMKills: 1,
	}}))
	b.SetState(kube.State{Resource: kube.Nodes, Phase: kube.Forbidden, Verb: "list", Reason: "nodes is forbidden"})
	first := b.Build(start)
	set(kube.Pods, pod("web-2", corev1.PodRunning))
	b.Delete(kube.Pods, "shop", "web-1")
	second := b.Build(start.Add(2 * time.Second))
	b.SetState(kube.State{Resource: kube.Nodes, Phase: kube.Synced, Count: 3})
	third := b.Build(start.Add(5 * time.Second))
	return []*kube.Cluster{first, second, third}
}

// records are what components of a cluster write.
func records() map[kube.Resource]kube.Object {
	failing := &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web-1"}}
	failing.Status.Conditions = []appsv1.ReplicaSetCondition{{
		Type: appsv1.ReplicaSetReplicaFailure, Status: corev1.ConditionTrue, Reason: "FailedCreate", Message: "exceeded quota", LastTransitionTime: metav1.NewTime(start.Local()),
	}}
	lease := &coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Namespace: kube.NodeLeases, Name: "one"}}
	lease.Spec.HolderIdentity, lease.Spec.LeaseDurationSeconds = new("one"), new(int32(40))
	lease.Spec.RenewTime = &metav1.MicroTime{Time: start.Local()}
	signing := &certificatesv1.CertificateSigningRequest{ObjectMeta: metav1.ObjectMeta{Name: "csr-x"}}
	signing.Spec.SignerName, signing.Spec.Username = "kubernetes.io/kubelet-serving", "system:node:one"
	attachment := &storagev1.VolumeAttachment{ObjectMeta: metav1.ObjectMeta{Name: "csi-x"}}
	attachment.Spec.NodeName, attachment.Status.Attached = "one", true
	driver := &storagev1.CSIDriver{ObjectMeta: metav1.ObjectMeta{Name: "ebs.csi.aws.com"}}
	definition := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": map[string]any{"name": "boats.example.com"},
		"spec": map[string]any{"group": "example.com", "versions": []any{map[string]any{"name": "v1", "served": true}}},
	}}
	revision := &appsv1.ControllerRevision{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "db-1", OwnerReferences: []metav1.OwnerReference{
		{APIVersion: "apps/v1", Kind: "StatefulSet", Name: "db", Controller: new(true)},
	}}, Revision: 4}
	revision.Data.Raw = []byte(`{"spec": {"template": {"$patch": "replace", "spec": {"containers": [{"name": "db", "image": "postgres:18"}]}}}}`)
	return map[kube.Resource]kube.Object{
		kube.ReplicaSets: failing, kube.Leases: lease, kube.CertificateSigningRequests: signing, kube.VolumeAttachments: attachment,
		kube.ControllerRevisions: revision, kube.CSIDrivers: driver, kube.CustomResourceDefinitions: definition,
	}
}

func record(t testing.TB, views ...*kube.Cluster) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := recording.NewWriter(&out, views[0].Info, recording.Keep)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		if err := w.Append(v); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func opening(data []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
}

func play(t testing.TB, data []byte, options ...recording.Option) ([]*kube.Cluster, *recording.Source, error) {
	t.Helper()
	s := recording.New("test", opening(data), options...)
	var views []*kube.Cluster
	err := s.Watch(t.Context(), func(c *kube.Cluster) { views = append(views, c) })
	return views, s, err
}

// describe lists everything that a view says.
func describe(c *kube.Cluster) []string {
	info, certificate := c.Info, *c.Info.Certificate
	info.Certificate = nil // a pointer
	lines := []string{fmt.Sprintf("%s %+v %+v", c.Time.UTC().Format(time.RFC3339), info, certificate)}
	for _, r := range append(kube.Resources(), kube.Measurements) {
		for _, o := range c.Objects(r) {
			lines = append(lines, fmt.Sprintf("%s %s", r, describeObject(o)))
		}
	}
	for _, s := range c.States() {
		lines = append(lines, fmt.Sprintf("%+v", s))
	}
	return lines
}

func describeObject(o kube.Object) string {
	switch o := o.(type) {
	case *kube.Pod:
		return fmt.Sprintf("%+v", o.API())
	case *kube.Measurement, *kube.ReplicaSet, *kube.ControllerRevision, *kube.Lease:
		text, _ := json.Marshal(kube.APIOf(o)) // they have pointers
		return string(text)
	}
	return fmt.Sprintf("%+v", o)
}

func TestPlaysWhatWasRecorded(t *testing.T) {
	t.Parallel()
	views := story(t)
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		played, s, err := play(t, record(t, views...), recording.Paced(1))
		if err != nil || len(s.Problems()) > 0 {
			t.Fatalf("playing: %v, problems %v", err, s.Problems())
		}
		if len(played) != len(views) {
			t.Fatalf("played %d views, want %d", len(played), len(views))
		}
		for i := range views {
			if diff := cmp.Diff(describe(views[i]), describe(played[i])); diff != "" {
				t.Errorf("view %d (-recorded +played):\n%s", i, diff)
			}
		}
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("played in %v, want the 5s of the recording", took)
		}
	})
}

func TestLastFrameAtOnce(t *testing.T) {
	t.Parallel()
	views := story(t)
	played, _, err := play(t, record(t, views...))
	if err != nil || len(played) != 1 {
		t.Fatalf("played %d views, error %v; want the last one", len(played), err)
	}
	if diff := cmp.Diff(describe(views[2]), describe(played[0])); diff != "" {
		t.Errorf("(-recorded +played):\n%s", diff)
	}
}

func TestNoSecretIsRecorded(t *testing.T) {
	t.Parallel()
	plain, err := zstd.NewReader(bytes.NewReader(record(t, story(t)...)))
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	text, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, []byte(`"db"`)) || bytes.Contains(text, []byte("hunter2")) || bytes.Contains(text, []byte("aHVudGVyMg")) {
		t.Errorf("the recording should name the secret db and not have its data:\n%s", text)
	}
	if specs := bytes.Count(text, []byte(`"value":`)); specs != 1 {
		t.Errorf("%d specs are written for three pods that share one", specs)
	}
}

func TestTruncated(t *testing.T) {
	t.Parallel()
	whole := record(t, story(t)...)
	shown := map[int]bool{}
	for cut := range whole {
		views, s, err := play(t, whole[:cut])
		if fault := faultOfCut(views, s.Problems(), err); fault != "" {
			t.Fatalf("cut at %d of %d: %s", cut, len(whole), fault)
		}
		for _, v := range views {
			shown[v.Pods.Len()] = true
			if _, blind := v.Blind(kube.Pods, "shop"); v.Time.IsZero() && !blind {
				t.Fatalf("cut at %d: an incomplete frame claims to have read all pods", cut)
			}
		}
	}
	if !shown[2] || !shown[1] {
		t.Errorf("cutting showed views with %v pods; want the whole frames, with 2 and 1", shown)
	}
}

// faultOfCut says what is wrong with how a recording was read that ends early.
func faultOfCut(views []*kube.Cluster, problems []error, err error) string {
	switch {
	case err != nil && len(views) > 0:
		return fmt.Sprintf("%d views and error %v", len(views), err)
	case err != nil && !errors.Is(err, recording.ErrFormat) && !errors.Is(err, recording.ErrTruncated):
		return fmt.Sprintf("error %v says neither what it is nor that it ends early", err)
	case err != nil || len(problems) > 0:
		return ""
	case len(views) == 1 && views[0].Time.Equal(start.Add(5*time.Second)):
		return "" // only the stream's own end is missing
	}
	return "nothing is said of it"
}

func TestWrongInput(t *testing.T) {
	t.Parallel()
	compress := func(text string) []byte {
		var out bytes.Buffer
		w, err := zstd.NewWriter(&out)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, text)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"empty":       {nil, "it does not start like one"},
		"a manifest":  {[]byte("apiVersion: v1\nkind: Pod\n"), "it does not start like one"},
		"other JSON":  {compress(`{"format":"tape"}`), "it does not start like one"},
		"not JSON":    {compress("hello\n"), "it does not start like one"},
		"newer":       {compress(`{"format":"seaworthy/recording/v9"}`), "its format is seaworthy/recording/v9 and this version reads seaworthy/recording/v1"},
		"only a head": {compress(`{"format":"seaworthy/recording/v1"}`), "it has no frame"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := play(t, tt.data)
			if !errors.Is(err, recording.ErrFormat) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v; want ErrFormat saying %q", err, tt.want)
			}
		})
	}
}

func FuzzReader(f *testing.F) {
	f.Add(record(f, story(f)...))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		views, s, err := play(t, data)
		if err == nil && len(views) == 0 {
			t.Errorf("no error, no view, problems %v", s.Problems())
		}
	})
}
