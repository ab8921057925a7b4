package kube_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// amounts is a ResourceList as people write it.
type amounts map[corev1.ResourceName]string

func (a amounts) list() corev1.ResourceList {
	list := corev1.ResourceList{}
	for name, quantity := range a {
		list[name] = resource.MustParse(quantity)
	}
	return list
}

func amountsOf(list corev1.ResourceList) amounts {
	a := amounts{}
	for name, quantity := range list {
		a[name] = quantity.String()
	}
	return a
}

func limitRange(items ...corev1.LimitRangeItem) *corev1.LimitRange {
	return &corev1.LimitRange{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "defaults"},
		Spec:       corev1.LimitRangeSpec{Limits: items},
	}
}

func TestRequirements(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		requests, limits         amounts
		item                     corev1.LimitRangeItem
		wantRequests, wantLimits amounts
	}{
		"nothing at all": {wantRequests: amounts{}, wantLimits: amounts{}},
		"a limit is a request": {
			limits:       amounts{"memory": "64Mi"},
			wantRequests: amounts{"memory": "64Mi"}, wantLimits: amounts{"memory": "64Mi"},
		},
		"a declared request stays": {
			requests: amounts{"cpu": "10m"}, limits: amounts{"cpu": "1"},
			wantRequests: amounts{"cpu": "10m"}, wantLimits: amounts{"cpu": "1"},
		},
		"the namespace's defaults": {
			item: corev1.LimitRangeItem{
				Type: corev1.LimitTypeContainer, Default: amounts{"memory": "128Mi"}.list(),
				DefaultRequest: amounts{"memory": "64Mi", "cpu": "50m"}.list(),
			},
			wantRequests: amounts{"memory": "64Mi", "cpu": "50m"}, wantLimits: amounts{"memory": "128Mi"},
		},
		"a declared limit is the request before the namespace's default is": {
			limits: amounts{"memory": "96Mi"},
			item: corev1.LimitRangeItem{
				Type: corev1.LimitTypeContainer, DefaultRequest: amounts{"memory": "64Mi"}.list(),
			},
			wantRequests: amounts{"memory": "96Mi"}, wantLimits: amounts{"memory": "96Mi"},
		},
		"max stands in for default, min for defaultRequest": {
			item: corev1.LimitRangeItem{
				Type: corev1.LimitTypeContainer, Max: amounts{"memory": "1Gi"}.list(), Min: amounts{"cpu": "5m"}.list(),
			},
			wantRequests: amounts{"memory": "1Gi", "cpu": "5m"}, wantLimits: amounts{"memory": "1Gi"},
		},
		"limits of pods and claims default nothing": {
			item:         corev1.LimitRangeItem{Type: corev1.LimitTypePod, Max: amounts{"memory": "1Gi"}.list()},
			wantRequests: amounts{}, wantLimits: amounts{},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
			d.Spec.Template.Spec.Containers = []corev1.Container{{
				Name:      "web",
				Resources: corev1.ResourceRequirements{Requests: tc.requests.list(), Limits: tc.limits.list()},
			}}
			c := built(t, kube.Info{}, map[kube.Resource][]kube.Object{
				kube.Deployments: {d}, kube.LimitRanges: {limitRange(tc.item)},
			})
			w := c.Workload(kube.Deployments.Ref("shop", "web"))
			for container := range w.Containers() {
				got := c.Requirements(w, container)
				if diff := cmp.Diff(tc.wantRequests, amountsOf(got.Requests)); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tc.wantLimits, amountsOf(got.Limits)); diff != "" {
					t.Errorf("limits (-want +got):\n%s", diff)
				}
			}
			if declared := d.Spec.Template.Spec.Containers[0].Resources; len(declared.Requests) != len(tc.requests) {
				t.Errorf("the view was changed: requests are %v", declared.Requests)
			}
		})
	}
}

// A LimitRange changes no pod that was admitted before it came.
func TestRequirementsOfPods(t *testing.T) {
	t.Parallel()
	for _, offline := range []bool{false, true} {
		pod := &kube.Pod{Family: &kube.Family{Namespace: "shop"}, Name: "web", Status: kube.PodStatus{PodSaid: &kube.PodSaid{}}, Spec: &corev1.PodSpec{Containers: []corev1.Container{{Name: "web"}}}}
		c := built(t, kube.Info{Offline: offline}, map[kube.Resource][]kube.Object{
			kube.Pods: {pod},
			kube.LimitRanges: {limitRange(corev1.LimitRangeItem{
				Type: corev1.LimitTypeContainer, Default: amounts{"memory": "128Mi"}.list(),
			})},
		})
		w := c.Workload(kube.Pods.Ref("shop", "web"))
		for container := range w.Containers() {
			if _, defaulted := c.Requirements(w, container).Limits[corev1.ResourceMemory]; defaulted != offline {
				t.Errorf("offline %t: limit defaulted %t", offline, defaulted)
			}
		}
	}
}

func TestPodRequirements(t *testing.T) {
	t.Parallel()
	w := &kube.Workload{Pod: kube.Template{Spec: &corev1.PodSpec{}}}
	if got := w.PodRequirements(); len(got.Requests)+len(got.Limits) != 0 {
		t.Errorf("nothing is declared for the pod, got %v", got)
	}
	w.Pod.Spec.Resources = &corev1.ResourceRequirements{Limits: amounts{"memory": "1Gi"}.list()}
	if diff := cmp.Diff(amounts{"memory": "1Gi"}, amountsOf(w.PodRequirements().Requests)); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}
