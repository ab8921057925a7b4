package kube_test

import (
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func deployment(name string, replicas *int32) *appsv1.Deployment {
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name}}
	d.Spec.Replicas = replicas
	return d
}

func autoscaler(name, apiVersion, kind, target string, minReplicas *int32) *autoscalingv2.HorizontalPodAutoscaler {
	return &autoscalingv2.HorizontalPodAutoscaler{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name},
		Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
			ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{APIVersion: apiVersion, Kind: kind, Name: target},
			MinReplicas:    minReplicas, MaxReplicas: 9,
		},
	}
}

func built(t *testing.T, info kube.Info, objects map[kube.Resource][]kube.Object) *kube.Cluster {
	t.Helper()
	b := kube.NewBuilder(info)
	for r, list := range objects {
		if err := b.Replace(r, "", list); err != nil {
			t.Fatal(err)
		}
	}
	return b.Build(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
}

func TestDesiredReplicas(t *testing.T) {
	t.Parallel()
	web := func(minReplicas *int32) *autoscalingv2.HorizontalPodAutoscaler {
		return autoscaler("web", "apps/v1", "Deployment", "web", minReplicas)
	}
	cases := map[string]struct {
		declared    *int32
		autoscalers []kube.Object
		want        int32
	}{
		"the API's default":                   {nil, nil, 1},
		"declared":                            {new(int32(3)), nil, 3},
		"the autoscaler's minimum":            {new(int32(3)), []kube.Object{web(new(int32(2)))}, 2},
		"the autoscaler's default minimum":    {new(int32(3)), []kube.Object{web(nil)}, 1},
		"an autoscaler leaves zero alone":     {new(int32(0)), []kube.Object{web(new(int32(2)))}, 0},
		"the lower of two autoscalers":        {nil, []kube.Object{web(new(int32(4))), autoscaler("more", "apps/v1", "Deployment", "web", new(int32(3)))}, 3},
		"the version of the reference is old": {nil, []kube.Object{autoscaler("web", "apps/v1beta2", "Deployment", "web", new(int32(2)))}, 2},
		"another group":                       {nil, []kube.Object{autoscaler("web", "extensions/v1beta1", "Deployment", "web", new(int32(2)))}, 1},
		"another kind":                        {nil, []kube.Object{autoscaler("web", "apps/v1", "StatefulSet", "web", new(int32(2)))}, 1},
		"another name":                        {nil, []kube.Object{autoscaler("web", "apps/v1", "Deployment", "api", new(int32(2)))}, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := built(t, kube.Info{}, map[kube.Resource][]kube.Object{
				kube.Deployments:              {deployment("web", tc.declared)},
				kube.HorizontalPodAutoscalers: tc.autoscalers,
			})
			got, known := c.DesiredReplicas(c.Workload(kube.Deployments.Ref("shop", "web")))
			if got != tc.want || !known {
				t.Errorf("got %d (known: %t), want %d", got, known, tc.want)
			}
		})
	}
}

func TestDesiredReplicasWithoutNumber(t *testing.T) {
	t.Parallel()
	rolloutPod := &kube.Pod{
		Family: &kube.Family{Namespace: "shop", Owner: kube.Owner{Group: "argoproj.io", Kind: "Rollout", Name: "web"}},
		Name:   "web-1", Spec: &corev1.PodSpec{}, Status: kube.PodStatus{PodSaid: &kube.PodSaid{}},
	}
	objects := map[kube.Resource][]kube.Object{
		kube.DaemonSets: {&appsv1.DaemonSet{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "agent"}}},
		kube.Pods:       {rolloutPod},
	}
	rollout := kube.Ref{Group: "argoproj.io", Kind: "Rollout", Namespace: "shop", Name: "web"}

	c := built(t, kube.Info{}, objects)
	for _, ref := range []kube.Ref{kube.DaemonSets.Ref("shop", "agent"), rollout} {
		if got, known := c.DesiredReplicas(c.Workload(ref)); known {
			t.Errorf("%s: got %d replicas, want none known", ref, got)
		}
	}

	objects[kube.HorizontalPodAutoscalers] = []kube.Object{
		autoscaler("web", "argoproj.io/v1alpha1", "Rollout", "web", new(int32(2))),
	}
	c = built(t, kube.Info{}, objects)
	if got, known := c.DesiredReplicas(c.Workload(rollout)); got != 2 || !known {
		t.Errorf("a scaled rollout that is not held: got %d (known: %t), want 2", got, known)
	}
}
