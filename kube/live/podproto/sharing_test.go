package podproto_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"weak"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live/podproto"
)

// alike returns a container made of few parts, so that many have some in common.
func alike(random *rand.Rand, volume string) corev1.Container {
	probe := func() *corev1.Probe {
		if random.IntN(3) == 0 {
			return nil
		}
		return &corev1.Probe{PeriodSeconds: int32(random.IntN(2)), ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/live", Port: intstr.FromInt32(80)}}}
	}
	c := corev1.Container{Name: []string{"web", "proxy"}[random.IntN(2)], Image: "web:1", LivenessProbe: probe(), ReadinessProbe: probe(), StartupProbe: probe()}
	if random.IntN(2) == 0 {
		c.Env = []corev1.EnvVar{{Name: "A", Value: fmt.Sprint(random.IntN(2))}, {Name: "B", Value: "b"}, {Name: "C"}}
		c.Ports = []corev1.ContainerPort{{Name: "http", ContainerPort: 80}}
	}
	if random.IntN(2) == 0 {
		c.Resources.Requests = corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("100m")}
		c.SecurityContext = &corev1.SecurityContext{RunAsNonRoot: new(random.IntN(2) == 0)}
	}
	if random.IntN(2) == 0 {
		c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: "tmp", MountPath: "/tmp"})
	}
	if volume != "" {
		c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: volume, MountPath: "/token", ReadOnly: true})
	}
	return c
}

func alikeSpec(random *rand.Rand, volume string) corev1.PodSpec {
	s := corev1.PodSpec{RestartPolicy: corev1.RestartPolicyAlways, ServiceAccountName: fmt.Sprint("account-", random.IntN(2)), NodeSelector: map[string]string{"zone": "a"}}
	for range 1 + random.IntN(2) {
		s.Containers = append(s.Containers, alike(random, volume))
	}
	for range random.IntN(2) {
		s.InitContainers = append(s.InitContainers, alike(random, volume))
	}
	if random.IntN(2) == 0 {
		s.Tolerations = []corev1.Toleration{{Key: "down", Operator: corev1.TolerationOpExists, TolerationSeconds: new(int64(300))}}
		s.SecurityContext = &corev1.PodSecurityContext{RunAsUser: new(int64(random.IntN(2)))}
		s.Priority, s.EnableServiceLinks, s.AutomountServiceAccountToken = new(int32(0)), new(true), new(false)
	}
	if volume != "" {
		s.Volumes = append(s.Volumes, corev1.Volume{Name: volume, VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{DefaultMode: new(int32(420))}}})
	}
	return s
}

// However much specs share, each is what was sent, also after all others came:
// none is changed by another, and templates keep the names that pods lose.
func TestSharingChangesNothing(t *testing.T) {
	t.Parallel()
	d := podproto.NewDecoder()
	var want, got []*corev1.PodSpec
	for seed := range uint64(600) {
		random := rand.New(rand.NewPCG(seed, 11))
		volume := ""
		if random.IntN(3) > 0 {
			volume = "kube-api-access-" + []string{"abcde", "fghij", "longer", "x"}[random.IntN(4)]
		}
		spec := alikeSpec(random, volume)
		if random.IntN(2) == 0 {
			deployment := &appsv1.Deployment{Spec: appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{Spec: spec}}}
			o, err := d.Object(object(t, "apps/v1", "Deployment", deployment))
			if err != nil {
				t.Fatal(err)
			}
			want, got = append(want, &spec), append(got, &o.(*appsv1.Deployment).Spec.Template.Spec)
			continue
		}
		pod, err := d.Pod(encoded(t, &corev1.Pod{Spec: spec}))
		if err != nil {
			t.Fatal(err)
		}
		want, got = append(want, kube.Shareable(spec.DeepCopy())), append(got, pod.Shared)
	}
	for i := range want {
		if diff := cmp.Diff(want[i], got[i], cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("spec %d (-sent +held):\n%s", i, diff)
		}
	}
}

// Pods have the same mounts but for a name that is generated, and the labels of
// their template.
func TestPodsShareMountsAndLabels(t *testing.T) {
	t.Parallel()
	d := podproto.NewDecoder()
	labels := map[string]string{"app": "web"}
	o, err := d.Object(object(t, "apps/v1", "Deployment", &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Labels: labels},
		Spec:       appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels, Annotations: map[string]string{"team": "web"}}, Spec: replica(1).Spec}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	template := &o.(*appsv1.Deployment).Spec.Template
	one, other := replica(1), replica(2)
	other.Spec.Containers[0].Image = "web:2"
	first, err := d.Pod(encoded(t, one))
	if err != nil {
		t.Fatal(err)
	}
	second, err := d.Pod(encoded(t, other))
	if err != nil {
		t.Fatal(err)
	}
	if first.Shared == second.Shared || &first.Shared.Containers[0].VolumeMounts[0] != &second.Shared.Containers[0].VolumeMounts[0] {
		t.Error("two specs hold the same mounts twice")
	}
	if name := template.Spec.Containers[0].VolumeMounts[0].Name; name != "kube-api-access-00001" {
		t.Errorf("the template's volume is called %s", name)
	}
	template.Labels["seen"], template.Annotations["seen"] = "by all", "by all" // shows who shares them
	if first.Labels["seen"] == "" || second.Annotations["seen"] == "" {
		t.Error("pods hold labels or annotations of their template for themselves")
	}
}

// A ReplicaSet has the pod spec of the Deployment that is held and has the same; one
// that came before, one of another revision, and one whose Deployment is gone have
// their own. Each says what was sent.
func TestReplicaSetsShareTheTemplateOfTheirDeployment(t *testing.T) {
	t.Parallel()
	d := podproto.NewDecoder()
	receive := func(kind string, o interface{ Marshal() ([]byte, error) }) kube.Object {
		got, err := d.Object(object(t, "apps/v1", kind, o))
		if err != nil {
			t.Fatal(err)
		}
		return got.(kube.Object)
	}
	spec := alikeSpec(rand.New(rand.NewPCG(1, 11)), "")
	older := *spec.DeepCopy()
	older.Containers[0].Image = "web:0"
	revision := func(of corev1.PodSpec) *corev1.PodSpec {
		sent := &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web-1"}, Spec: appsv1.ReplicaSetSpec{Template: corev1.PodTemplateSpec{Spec: of}}}
		held := &set(t, receive("ReplicaSet", sent)).Template().Spec
		if diff := cmp.Diff(&of, held, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("the pod spec of the ReplicaSet (-sent +held):\n%s", diff)
		}
		return held
	}
	revision(spec)
	deployment := receive("Deployment", &appsv1.Deployment{Spec: appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{Spec: spec}}}).(*appsv1.Deployment)
	shares := func(held *corev1.PodSpec) bool {
		return &held.Containers[0] == &deployment.Spec.Template.Spec.Containers[0]
	}
	if !shares(revision(spec)) {
		t.Error("the newest revision holds its pod spec for itself")
	}
	if shares(revision(older)) {
		t.Error("an older revision has the pod spec of the newest")
	}
	gone := weak.Make(deployment)
	deployment = nil
	for range 3 {
		runtime.GC()
	}
	if gone.Value() != nil {
		t.Error("the decoder holds a Deployment that nobody has any more")
	}
	revision(spec)
}
