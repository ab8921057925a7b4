package kube_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// written returns a custom object that is written down.
func written(t *testing.T, r kube.Resource, text string) object {
	t.Helper()
	o := &unstructured.Unstructured{}
	encoded, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(encoded, &o.Object); err != nil { // whole numbers are int64, as from a server
		t.Fatal(err)
	}
	o.SetAPIVersion(r.Group + "/" + r.Version)
	o.SetKind(r.Kind)
	o.SetNamespace("shop")
	return object{r, o}
}

const podTemplate = `{metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "web:1", resources: {requests: {cpu: 1}}}]}}`

// judgedAs is what is told of a workload.
type judgedAs struct {
	Path, ReplicasPath string
	Replicas           int32 // -1 for none
	Held, Scaled       bool
	Pods               int
}

func TestWorkloadsOfCustomKinds(t *testing.T) {
	t.Parallel()
	replicaSet := func(name string, replicas int32, owner ...string) object {
		return object{kube.ReplicaSets, &appsv1.ReplicaSet{
			ObjectMeta: meta(name, owner...), Spec: appsv1.ReplicaSetSpec{Replicas: &replicas, Template: template("web:1")},
		}}
	}
	deployment := func(name string, owner ...string) object {
		return object{kube.Deployments, &appsv1.Deployment{
			ObjectMeta: meta(name, owner...), Spec: appsv1.DeploymentSpec{Replicas: new(int32(0)), Template: template("web:1")},
		}}
	}
	made := func(d object) object {
		d.object.(*appsv1.Deployment).Labels["serving.knative.dev/service"] = "web"
		return d
	}
	for name, tt := range map[string]struct {
		objects []object
		want    map[string]judgedAs
	}{
		"a Rollout has a template, and its ReplicaSets roll up": {
			[]object{
				written(t, kube.Rollouts, "{metadata: {name: web}, spec: {replicas: 3, template: "+podTemplate+"}}"),
				replicaSet("web-1", 1, "argoproj.io/v1alpha1", "Rollout", "web"),
				{kube.Pods, pod("a", "apps/v1", "ReplicaSet", "web-1")},
			},
			map[string]judgedAs{"Rollout shop/web": {"spec.template.spec", "spec.replicas", 3, true, false, 1}},
		},
		"one replica is the default": {
			[]object{written(t, kube.CloneSets, "{metadata: {name: web}, spec: {template: "+podTemplate+"}}")},
			map[string]judgedAs{"CloneSet shop/web": {"spec.template.spec", "spec.replicas", 1, true, false, 0}},
		},
		"a Deployment that a Rollout refers to is scaled by it": {
			[]object{
				deployment("web"),
				written(t, kube.Rollouts, "{metadata: {name: canary}, spec: {replicas: 3, workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}"),
				replicaSet("canary-1", 3, "argoproj.io/v1alpha1", "Rollout", "canary"),
				{kube.Pods, pod("a", "apps/v1", "ReplicaSet", "canary-1")},
			},
			map[string]judgedAs{"Deployment shop/web": {"spec.template.spec", "spec.replicas", 3, true, true, 1}},
		},
		"a Deployment that is not held leaves the Rollout its ReplicaSets": {
			[]object{
				written(t, kube.Rollouts, "{metadata: {name: canary}, spec: {replicas: 3, workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}"),
				replicaSet("canary-1", 3, "argoproj.io/v1alpha1", "Rollout", "canary"),
			},
			map[string]judgedAs{"Rollout shop/canary": {"spec.template.spec", "spec.replicas", 3, false, true, 0}},
		},
		"what Knative makes rolls up to its Service": {
			[]object{
				written(t, kube.KnativeServices, "{metadata: {name: web}, spec: {template: "+podTemplate+"}}"),
				made(deployment("web-00001-deployment", "serving.knative.dev/v1", "Revision", "web-00001")),
				made(deployment("web-00002-deployment", "serving.knative.dev/v1", "Revision", "web-00002")),
				replicaSet("web-1", 1, "apps/v1", "Deployment", "web-00002-deployment"),
				{kube.Pods, pod("a", "apps/v1", "ReplicaSet", "web-1")},
			},
			map[string]judgedAs{"Service shop/web": {"spec.template.spec", "", -1, true, false, 1}},
		},
		"without the Service its Deployments are judged": {
			[]object{made(deployment("web-00001-deployment", "serving.knative.dev/v1", "Revision", "web-00001"))},
			map[string]judgedAs{"Deployment shop/web-00001-deployment": {"spec.template.spec", "spec.replicas", 0, true, false, 0}},
		},
		"a kind without a template is judged by its pods, and says how many": {
			[]object{
				written(t, kube.PostgreSQLClusters, "{metadata: {name: db}, spec: {instances: 3}}"),
				{kube.Pods, pod("db-1", "postgresql.cnpg.io/v1", "Cluster", "db")},
				{kube.Pods, pod("db-2", "postgresql.cnpg.io/v1", "Cluster", "db")},
			},
			map[string]judgedAs{"Cluster shop/db": {"spec", "spec.instances", 3, false, true, 2}},
		},
		"a kind that lists its pods": {
			[]object{
				written(t, kube.StrimziPodSets, "{metadata: {name: kafka}, spec: {pods: [{metadata: {name: kafka-0}}, {metadata: {name: kafka-1}}]}}"),
				{kube.Pods, pod("kafka-0", "core.strimzi.io/v1beta2", "StrimziPodSet", "kafka")},
			},
			map[string]judgedAs{"StrimziPodSet shop/kafka": {"spec", "", 2, false, true, 1}},
		},
		"a template that is none leaves the pods": {
			[]object{
				written(t, kube.Rollouts, "{metadata: {name: web}, spec: {replicas: x, template: {spec: {containers: 3}}}}"),
				replicaSet("web-1", 1, "argoproj.io/v1alpha1", "Rollout", "web"),
			},
			map[string]judgedAs{"Rollout shop/web": {"spec.template.spec", "spec.replicas", 1, false, true, 0}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := build(t, tt.objects...)
			got := map[string]judgedAs{}
			for _, w := range c.Workloads() {
				told := judgedAs{w.Pod.Path, w.ReplicasPath, -1, w.Held, w.Scaler != nil, len(c.PodsOf(w))}
				if w.Replicas != nil {
					told.Replicas = *w.Replicas
				}
				got[w.Ref.String()] = told
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTemplatesOfCustomKindsAreRead(t *testing.T) {
	t.Parallel()
	c := build(t, written(t, kube.Rollouts, "{metadata: {name: web}, spec: {selector: {matchLabels: {app: web}}, template: "+podTemplate+"}}"),
		object{kube.Services, &corev1.Service{ObjectMeta: meta("web"), Spec: corev1.ServiceSpec{Selector: map[string]string{"app": "web"}}}})
	w := c.Workloads()[0]
	if got := w.Pod.Spec.Containers[0]; got.Image != "web:1" || got.Resources.Requests.Cpu().String() != "1" {
		t.Errorf("its container is %v", got)
	}
	if got := len(c.ServicesSelecting(w)); got != 1 {
		t.Errorf("%d Services select its pods, want 1", got)
	}
	if s := w.LabelSelector(); s == nil || s.MatchLabels["app"] != "web" {
		t.Errorf("it selects %v", s)
	}
}

// TestScalersAreFollowed: a workload is another one when how many pods it has is said anew.
func TestScalersAreFollowed(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	set := func(o object) {
		t.Helper()
		if err := b.Set(o.resource, o.object); err != nil {
			t.Fatal(err)
		}
	}
	counted := func() [2]int32 {
		c := b.Build(time.Unix(0, 0))
		db, web := c.Workload(kube.PostgreSQLClusters.Ref("shop", "db")), c.Workload(kube.Deployments.Ref("shop", "web"))
		return [2]int32{*db.Replicas, *web.Replicas}
	}
	set(object{kube.Pods, pod("db-1", "postgresql.cnpg.io/v1", "Cluster", "db")})
	set(object{kube.Deployments, &appsv1.Deployment{ObjectMeta: meta("web"), Spec: appsv1.DeploymentSpec{Template: template("web:1")}}})
	rollout := "{metadata: {name: r}, spec: {replicas: N, workloadRef: {kind: Deployment, name: web}}}"
	for _, n := range []string{"2", "5"} {
		set(written(t, kube.PostgreSQLClusters, "{metadata: {name: db}, spec: {instances: "+n+"}}"))
		set(written(t, kube.Rollouts, strings.Replace(rollout, "N", n, 1)))
		want := int32(n[0] - '0')
		if got := counted(); got != [2]int32{want, want} {
			t.Errorf("the database and the Rollout have %v pods, want %d each", got, want)
		}
	}
	b.Delete(kube.Rollouts, "shop", "r")
	if got := counted(); got[1] != 1 {
		t.Errorf("without its Rollout the Deployment has %d, want its own 1", got[1])
	}
}

func TestAutoscalersOfAScaler(t *testing.T) {
	t.Parallel()
	h := &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
	h.Spec.ScaleTargetRef = autoscalingv2.CrossVersionObjectReference{APIVersion: "argoproj.io/v1alpha1", Kind: "Rollout", Name: "r"}
	h.Spec.MinReplicas = new(int32(4))
	c := build(t, object{kube.HorizontalPodAutoscalers, h},
		object{kube.Deployments, &appsv1.Deployment{ObjectMeta: meta("web"), Spec: appsv1.DeploymentSpec{Template: template("web:1")}}},
		written(t, kube.Rollouts, "{metadata: {name: r}, spec: {workloadRef: {kind: Deployment, name: web}}}"))
	w := c.Workload(kube.Deployments.Ref("shop", "web"))
	if got, known := c.DesiredReplicas(w); got != 4 || !known {
		t.Errorf("it is to have %d pods (known: %t), want 4", got, known)
	}
	if got := c.WorkloadScaled(kube.ScaleTarget(h)); got != w {
		t.Errorf("the autoscaler scales %v", got)
	}
}

func TestScales(t *testing.T) {
	t.Parallel()
	definition := func(plural, kind, subresources string) object {
		o := written(t, kube.CustomResourceDefinitions, `{metadata: {name: `+plural+`.example.com}, spec: {group: example.com, scope: Namespaced,
			names: {plural: `+plural+`, kind: `+kind+`}, versions: [{name: v1, served: true, storage: true, subresources: `+subresources+`}]}}`)
		o.object.(*unstructured.Unstructured).SetNamespace("")
		return o
	}
	c := build(t, definition("boats", "Boat", "{scale: {specReplicasPath: .spec.crew}}"), definition("piers", "Pier", "{status: {}}"))
	for of, want := range map[[2]string][2]bool{
		{"apps", "Deployment"}: {true, true}, {"apps", "DaemonSet"}: {false, true},
		{"argoproj.io", "Rollout"}: {true, true}, {"core.strimzi.io", "StrimziPodSet"}: {false, true},
		{"example.com", "Boat"}: {true, true}, {"example.com", "Pier"}: {false, true}, {"example.com", "Ship"}: {false, false},
	} {
		if scales, known := c.Scales(of[0], of[1]); [2]bool{scales, known} != want {
			t.Errorf("%s of %s: scales %t, known %t; want %v", of[1], of[0], scales, known, want)
		}
	}
}
