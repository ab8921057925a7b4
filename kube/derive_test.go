package kube_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func meta(name string, owner ...string) metav1.ObjectMeta {
	m := metav1.ObjectMeta{Namespace: "shop", Name: name, Labels: map[string]string{"app": "web"}}
	if len(owner) == 3 {
		m.OwnerReferences = []metav1.OwnerReference{{APIVersion: owner[0], Kind: owner[1], Name: owner[2], Controller: new(true)}}
	}
	return m
}

func template(image string) corev1.PodTemplateSpec {
	return corev1.PodTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "web"}},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "web", Image: image}}},
	}
}

func pod(name string, owner ...string) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: meta(name, owner...),
		Spec:       corev1.PodSpec{NodeName: name + "-node", Containers: []corev1.Container{{Name: "web", Image: "web:1"}}},
		Status:     corev1.PodStatus{Phase: corev1.PodRunning},
	}
}

type object struct {
	resource kube.Resource
	object   kube.Object
}

func build(t *testing.T, objects ...object) *kube.Cluster {
	t.Helper()
	b := kube.NewBuilder(kube.Info{})
	for _, o := range objects {
		if err := b.Set(o.resource, o.object); err != nil {
			t.Fatal(err)
		}
	}
	return b.Build(time.Unix(0, 0))
}

func TestOwnerChains(t *testing.T) {
	t.Parallel()
	deployment := object{kube.Deployments, &appsv1.Deployment{ObjectMeta: meta("web"), Spec: appsv1.DeploymentSpec{Template: template("web:1")}}}
	replicaSet := func(name string, replicas int32, created int64, owner ...string) object {
		rs := &appsv1.ReplicaSet{ObjectMeta: meta(name, owner...), Spec: appsv1.ReplicaSetSpec{Replicas: &replicas, Template: template(name)}}
		rs.CreationTimestamp = metav1.Unix(created, 0)
		return object{kube.ReplicaSets, rs}
	}
	done := pod("done")
	done.Status.Phase = corev1.PodSucceeded
	for name, tt := range map[string]struct {
		objects []object
		want    map[string][]string // workload → its pods
	}{
		"a Deployment's pods roll up through its ReplicaSets": {
			[]object{
				deployment, replicaSet("web-1", 0, 1, "apps/v1", "Deployment", "web"), replicaSet("web-2", 2, 2, "apps/v1", "Deployment", "web"),
				{kube.Pods, pod("a", "apps/v1", "ReplicaSet", "web-2")},
				{kube.Pods, pod("b", "apps/v1", "ReplicaSet", "web-2")},
			},
			map[string][]string{"Deployment shop/web": {"a", "b"}},
		},
		"a CronJob's Jobs and pods roll up": {
			[]object{
				{kube.CronJobs, &batchv1.CronJob{ObjectMeta: meta("nightly")}},
				{kube.Jobs, &batchv1.Job{ObjectMeta: meta("nightly-1", "batch/v1", "CronJob", "nightly")}},
				{kube.Pods, pod("n", "batch/v1", "Job", "nightly-1")},
			},
			map[string][]string{"CronJob shop/nightly": {"n"}},
		},
		"a Job of its own": {
			[]object{{kube.Jobs, &batchv1.Job{ObjectMeta: meta("once")}}},
			map[string][]string{"Job shop/once": nil},
		},
		"bare and static pods are workloads, finished ones are not": {
			[]object{{kube.Pods, pod("bare")}, {kube.Pods, pod("static", "v1", "Node", "n1")}, {kube.Pods, done}},
			map[string][]string{"Pod shop/bare": {"bare"}, "Pod shop/static": {"static"}},
		},
		"a ReplicaSet of its own": {
			[]object{replicaSet("rs", 1, 1), {kube.Pods, pod("a", "apps/v1", "ReplicaSet", "rs")}},
			map[string][]string{"ReplicaSet shop/rs": {"a"}},
		},
		"members of a controller that is not held form one workload": {
			[]object{
				replicaSet("old", 1, 1, "argoproj.io/v1alpha1", "Rollout", "web"),
				replicaSet("new", 1, 2, "argoproj.io/v1alpha1", "Rollout", "web"),
				replicaSet("past", 0, 3, "argoproj.io/v1alpha1", "Rollout", "web"),
				{kube.Pods, pod("a", "apps/v1", "ReplicaSet", "old")},
				{kube.Pods, pod("b", "apps/v1", "ReplicaSet", "new")},
			},
			map[string][]string{"Rollout shop/web": {"a", "b"}},
		},
		"pods of a controller that is not held": {
			[]object{{kube.Pods, pod("a", "kafka.strimzi.io/v1", "StrimziPodSet", "kafka")}, {kube.Pods, pod("b", "kafka.strimzi.io/v1", "StrimziPodSet", "kafka")}},
			map[string][]string{"StrimziPodSet shop/kafka": {"a", "b"}},
		},
		"a StatefulSet that an operator owns stays the subject": {
			[]object{{kube.StatefulSets, &appsv1.StatefulSet{ObjectMeta: meta("prometheus-k8s", "monitoring.coreos.com/v1", "Prometheus", "k8s")}}},
			map[string][]string{"StatefulSet shop/prometheus-k8s": nil},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 2 { // the order in which objects come must not matter
				c := build(t, tt.objects...)
				got := map[string][]string{}
				for _, w := range c.Workloads() {
					var pods []string
					for _, p := range c.PodsOf(w) {
						pods = append(pods, p.Name)
						if c.WorkloadOf(p) != w {
							t.Errorf("pod %s is of %v, not of %v", p.Name, c.WorkloadOf(p), w.Ref)
						}
					}
					got[w.Ref.String()] = pods
					if c.Workload(w.Ref) != w {
						t.Errorf("workload %v is not found by its name", w.Ref)
					}
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				slices.Reverse(tt.objects)
			}
		})
	}
}

func TestUnheldControllerIsJudgedByItsNewestMember(t *testing.T) {
	t.Parallel()
	member := func(name string, created int64) object {
		rs := &appsv1.ReplicaSet{
			ObjectMeta: meta(name, "argoproj.io/v1alpha1", "Rollout", "web"),
			Spec:       appsv1.ReplicaSetSpec{Replicas: new(int32(1)), Template: template(name)},
		}
		rs.CreationTimestamp = metav1.Unix(created, 0)
		return object{kube.ReplicaSets, rs}
	}
	w := build(t, member("a", 1), member("b", 3), member("c", 2)).Workloads()[0]
	if got := w.Pod.Spec.Containers[0].Image; got != "b" || w.Held {
		t.Errorf("judged by %s, held %v; want the newest, b, and not held", got, w.Held)
	}
}

func TestContainers(t *testing.T) {
	t.Parallel()
	always := corev1.ContainerRestartPolicyAlways
	spec := template("web:1")
	spec.Spec.InitContainers = []corev1.Container{{Name: "init"}, {Name: "proxy", RestartPolicy: &always}}
	spec.Spec.EphemeralContainers = []corev1.EphemeralContainer{{EphemeralContainerCommon: corev1.EphemeralContainerCommon{Name: "debug"}}}
	cron := &batchv1.CronJob{ObjectMeta: meta("nightly")}
	cron.Spec.JobTemplate.Spec.Template = spec
	w := build(t, object{kube.CronJobs, cron}).Workloads()[0]
	var got []string
	for c := range w.Containers() {
		got = append(got, c.Kind.String()+" "+c.Name+" "+c.Field("image"))
	}
	want := []string{
		"init container init spec.jobTemplate.spec.template.spec.initContainers[0].image",
		"sidecar proxy spec.jobTemplate.spec.template.spec.initContainers[1].image",
		"container web spec.jobTemplate.spec.template.spec.containers[0].image",
		"ephemeral container debug spec.jobTemplate.spec.template.spec.ephemeralContainers[0].image",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := w.MetadataPath(); got != "spec.jobTemplate.spec.template.metadata" {
		t.Errorf("metadata is at %s", got)
	}
}

func TestSelection(t *testing.T) {
	t.Parallel()
	c := build(t,
		object{kube.Deployments, &appsv1.Deployment{ObjectMeta: meta("web"), Spec: appsv1.DeploymentSpec{Template: template("web:1")}}},
		object{kube.Services, &corev1.Service{ObjectMeta: meta("web"), Spec: corev1.ServiceSpec{Selector: map[string]string{"app": "web"}}}},
		object{kube.Services, &corev1.Service{ObjectMeta: meta("external")}},
	)
	w := c.Workloads()[0]
	if got := c.ServicesSelecting(w); len(got) != 1 || got[0].Name != "web" {
		t.Errorf("selected by %v; want web alone: a Service without a selector selects nothing", got)
	}
	for name, tt := range map[string]struct {
		selector *metav1.LabelSelector
		want     int
	}{
		"nil selects nothing": {nil, 0},
		"empty selects all":   {&metav1.LabelSelector{}, 1},
		"expressions count": {&metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{
			{Key: "app", Operator: metav1.LabelSelectorOpNotIn, Values: []string{"web"}},
		}}, 0},
		"one that does not parse selects nothing": {&metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "app", Operator: "Like"}}}, 0},
	} {
		if got := c.WorkloadsSelected("shop", tt.selector); len(got) != tt.want {
			t.Errorf("%s: selected %d, want %d", name, len(got), tt.want)
		}
	}
	if len(c.WorkloadsRunningAs("shop", "default")) != 1 {
		t.Error("a template that names no ServiceAccount runs as default")
	}
	for want, spec := range map[string]corev1.PodSpec{
		"old": {DeprecatedServiceAccount: "old"}, "new": {DeprecatedServiceAccount: "old", ServiceAccountName: "new"},
	} {
		if got := (&kube.Workload{Pod: kube.Template{Spec: &spec}}).ServiceAccount(); got != want {
			t.Errorf("pods run as %s, want %s", got, want)
		}
	}
}
