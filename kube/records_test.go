package kube_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	certificatesv1 "k8s.io/api/certificates/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// revisionOf is a revision of something that runs an image.
func revisionOf(kind, name, image string, number int64) *appsv1.ControllerRevision {
	o := &appsv1.ControllerRevision{Revision: number, ObjectMeta: metav1.ObjectMeta{
		Namespace: "shop", Name: name, UID: "6f1d2c3b-0a9e-4f00-8001-a1b2c3d4e5f6", CreationTimestamp: metav1.Unix(1_700_000_000, 0),
		Labels: map[string]string{"app": "db"}, Annotations: map[string]string{corev1.LastAppliedConfigAnnotation: "{}", "team": "db"},
		OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: kind, Name: "db", Controller: new(true)}},
	}}
	o.Data.Raw = fmt.Appendf(nil, `{"spec": {"template": {"$patch": "replace", "metadata": {"labels": {"app": "db"}, "annotations": {"checksum/config": "8a1c"}},
		"spec": {"containers": [{"name": "db", "image": %q, "resources": {"limits": {"memory": "512Mi"}}, "livenessProbe": {"httpGet": {"port": "http"}}}]}}}}`, image)
	return o
}

// revisions are those of two StatefulSets and a DaemonSet, one of something else, and one
// that cannot be read.
func revisions(t *testing.T) func(name string) *kube.ControllerRevision {
	t.Helper()
	b := kube.NewBuilder(kube.Info{})
	foreign := revisionOf("VirtualMachine", "vm", "secret", 1)
	foreign.OwnerReferences[0].APIVersion = "kubevirt.io/v1"
	broken := revisionOf("DaemonSet", "broken", "x", 1)
	broken.Data.Raw = []byte(`{"spec": {"template": "none"}}`)
	for _, o := range []*appsv1.ControllerRevision{
		revisionOf("StatefulSet", "a", "postgres:17", 1), revisionOf("StatefulSet", "b", "postgres:18", 2), revisionOf("DaemonSet", "c", "postgres:17", 3), foreign, broken,
	} {
		if err := b.Set(kube.ControllerRevisions, o); err != nil {
			t.Fatal(err)
		}
	}
	view := b.Build(time.Unix(0, 0))
	return func(name string) *kube.ControllerRevision {
		r, ok := view.ControllerRevisions.Get("shop", name)
		if !ok {
			t.Fatalf("there is no revision %s", name)
		}
		return r
	}
}

func TestControllerRevisions(t *testing.T) {
	t.Parallel()
	get := revisions(t)
	r := get("b")
	want := corev1.PodTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "db"}, Annotations: map[string]string{"checksum/config": "8a1c"}},
		Spec: corev1.PodSpec{Containers: []corev1.Container{{
			Name: "db", Image: "postgres:18", Resources: corev1.ResourceRequirements{Limits: corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("512Mi")}},
			LivenessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.FromString("http")}}},
		}}},
	}
	if diff := cmp.Diff(&want, r.Template()); diff != "" {
		t.Errorf("template (-want +got):\n%s", diff)
	}
	if r.Revision != 2 || r.Owner != (kube.Owner{Group: "apps", Kind: "StatefulSet", Name: "db"}) || !r.Created().Equal(time.Unix(1_700_000_000, 0)) {
		t.Errorf("the revision is %d of %v, created %s", r.Revision, r.Owner, r.Created())
	}
	if diff := cmp.Diff(map[string]string{"team": "db"}, r.Annotations); diff != "" {
		t.Errorf("annotations (-want +got):\n%s", diff)
	}
	for _, name := range []string{"vm", "broken"} {
		if r := get(name); r.Template() != nil || r.API().Data.Raw != nil {
			t.Errorf("of the revision %s is held %v", name, r.Template())
		}
	}
}

func TestControllerRevisionsAreCompared(t *testing.T) {
	t.Parallel()
	get := revisions(t)
	if r := get("a"); !r.SameTemplate(get("c")) || r.SameTemplate(get("b")) || get("vm").SameTemplate(get("vm")) {
		t.Error("equal templates differ, or different ones do not")
	}
	// What the API has of one leads to the same row again.
	again := kube.NewBuilder(kube.Info{})
	if err := again.Set(kube.ControllerRevisions, get("b").API()); err != nil {
		t.Fatal(err)
	}
	if r, _ := again.Build(time.Unix(0, 0)).ControllerRevisions.Get("shop", "b"); !r.SameTemplate(get("b")) || r.UID() != get("b").UID() || r.Revision != 2 {
		t.Errorf("from the API it comes back as %+v", r)
	}
}

func TestLeases(t *testing.T) {
	t.Parallel()
	at := func(second, micro int64) *metav1.MicroTime {
		return &metav1.MicroTime{Time: time.Unix(1_700_000_000+second, micro*1000)}
	}
	whole := &coordinationv1.Lease{
		ObjectMeta: metav1.ObjectMeta{Namespace: kube.NodeLeases, Name: "one", ManagedFields: []metav1.ManagedFieldsEntry{
			{Manager: "old", Time: &metav1.Time{Time: time.Unix(1_600_000_000, 0)}},
			{Manager: "kubelet", Time: &metav1.Time{Time: time.Unix(1_700_000_008, 0)}},
			{Manager: "none"},
		}},
		Spec: coordinationv1.LeaseSpec{
			HolderIdentity: new("one"), LeaseDurationSeconds: new(int32(40)), AcquireTime: at(0, 1), RenewTime: at(7, 123456), LeaseTransitions: new(int32(2)),
		},
	}
	bare := &coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Namespace: kube.LeaderLeases, Name: "free"}}
	b := kube.NewBuilder(kube.Info{})
	for _, o := range []*coordinationv1.Lease{whole, bare} {
		if err := b.Set(kube.Leases, o.DeepCopy()); err != nil {
			t.Fatal(err)
		}
	}
	view := b.Build(time.Unix(0, 0))
	got, _ := view.Leases.Get(kube.NodeLeases, "one")
	want := &kube.Lease{
		Namespace: kube.NodeLeases, Name: "one", Holder: "one", Duration: 40 * time.Second, Acquired: at(0, 1).Time, Renewed: at(7, 123456).Time,
		Written: time.Unix(1_700_000_008, 0), Transitions: 2,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the lease (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(whole.Spec, got.API().Spec); diff != "" {
		t.Errorf("for the API (-sent +held):\n%s", diff)
	}
	free, _ := view.Leases.Get(kube.LeaderLeases, "free")
	if diff := cmp.Diff(coordinationv1.LeaseSpec{}, free.API().Spec); diff != "" {
		t.Errorf("of one that nobody holds (-sent +held):\n%s", diff)
	}
}

// What is signed, and how a volume is reached, is not held.
func TestRecordsAreLean(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	const bulk = "tomato-canary-4711"
	signing := &certificatesv1.CertificateSigningRequest{
		ObjectMeta: metav1.ObjectMeta{Name: "node"},
		Spec: certificatesv1.CertificateSigningRequestSpec{
			Request: []byte(bulk), SignerName: "kubernetes.io/kubelet-serving", Username: "system:node:one", UID: bulk, Groups: []string{bulk},
			Extra: map[string]certificatesv1.ExtraValue{"x": {bulk}},
		},
		Status: certificatesv1.CertificateSigningRequestStatus{
			Certificate: []byte(bulk), Conditions: []certificatesv1.CertificateSigningRequestCondition{{Type: certificatesv1.CertificateDenied, Message: "no"}},
		},
	}
	attachment := &storagev1.VolumeAttachment{ObjectMeta: metav1.ObjectMeta{Name: "csi"}}
	attachment.Spec.NodeName, attachment.Spec.Source.PersistentVolumeName = "one", new("data")
	attachment.Spec.Source.InlineVolumeSpec = &corev1.PersistentVolumeSpec{StorageClassName: bulk}
	attachment.Status.AttachmentMetadata = map[string]string{"path": bulk}
	attachment.Status.AttachError = &storagev1.VolumeError{Message: "already used"}
	for r, o := range map[kube.Resource]kube.Object{kube.CertificateSigningRequests: signing, kube.VolumeAttachments: attachment} {
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	view := b.Build(time.Unix(0, 0))
	for r, kept := range map[kube.Resource][]string{
		kube.CertificateSigningRequests: {"kubernetes.io/kubelet-serving", "system:node:one", "Denied"},
		kube.VolumeAttachments:          {`"one"`, `"data"`, "already used"},
	} {
		text, err := json.Marshal(view.Objects(r))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range kept {
			if !strings.Contains(string(text), want) {
				t.Errorf("of %s %s is not held: %s", r, want, text)
			}
		}
		if strings.Contains(string(text), bulk) || strings.Contains(string(text), "dG9tYXRv") {
			t.Errorf("of %s is held what nobody reads: %s", r, text)
		}
	}
}
