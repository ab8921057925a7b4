package workloadhealth

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// warnings has the events of type Warning of a namespace by what they are about,
// but for those of pods.
var warnings = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[kube.Ref][]*corev1.Event {
	about := map[kube.Ref][]*corev1.Event{}
	for _, e := range c.Events.In(namespace) {
		if e.Type != corev1.EventTypeWarning || e.InvolvedObject.Kind == kube.Pods.Kind {
			continue
		}
		group := schema.FromAPIVersionAndKind(e.InvolvedObject.APIVersion, e.InvolvedObject.Kind).Group
		ref := kube.Ref{Group: group, Kind: e.InvolvedObject.Kind, Namespace: namespace, Name: e.InvolvedObject.Name}
		about[ref] = append(about[ref], e)
	}
	return about
})

// happened returns when an event happened last.
func happened(e *corev1.Event) metav1.Time {
	_, last := kube.EventTimes(e)
	return last
}

// refusalMinutes is for how many minutes an event counts that tells of a pod
// that could not be created: controllers repeat it at least every quarter of an hour.
const refusalMinutes = 30

// refusal returns the newest event that tells that a controller cannot create
// pods, nil if there is none: quota, admission, a ServiceAccount that is missing.
func refusal(c *kube.Cluster, owner kube.Ref) *corev1.Event {
	var newest *corev1.Event
	for _, e := range warnings.Of(c, owner.Namespace)[owner] {
		if e.Reason != "FailedCreate" || c.Lasted(happened(e), refusalMinutes) {
			continue
		}
		if newest == nil || happened(e).After(happened(newest).Time) {
			newest = e
		}
	}
	return newest
}
