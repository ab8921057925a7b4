package triage

import (
	"cmp"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// eventsAbout has the events of a namespace by what they are about, the newest last.
var eventsAbout = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[kube.Ref][]*corev1.Event {
	about := map[kube.Ref][]*corev1.Event{}
	for _, e := range c.Events.In(namespace) {
		ref := About(e)
		about[ref] = append(about[ref], e)
	}
	for _, events := range about {
		slices.SortFunc(events, func(a, b *corev1.Event) int {
			return cmp.Or(Happened(a).Compare(Happened(b)), strings.Compare(a.Name, b.Name))
		})
	}
	return about
})

// eventsOf returns the events about an object, the newest last. Events about
// objects without a namespace are in the namespace default
// (k8s.io/client-go/tools/record, and staging/src/k8s.io/api/core/v1 ObjectReference).
func eventsOf(c *kube.Cluster, about kube.Ref) []*corev1.Event {
	namespace := cmp.Or(about.Namespace, corev1.NamespaceDefault)
	return eventsAbout.Of(c, namespace)[about]
}

// About returns what an event is about.
func About(e *corev1.Event) kube.Ref {
	o := &e.InvolvedObject
	group := schema.FromAPIVersionAndKind(o.APIVersion, o.Kind).Group
	return kube.Ref{Group: group, Kind: o.Kind, Namespace: o.Namespace, Name: o.Name}
}

// Happened returns when an event last happened. Recorders of the old and the new
// API fill in different fields; the first of them that is set counts.
func Happened(e *corev1.Event) time.Time {
	switch {
	case e.Series != nil && !e.Series.LastObservedTime.IsZero():
		return e.Series.LastObservedTime.Time
	case !e.LastTimestamp.IsZero():
		return e.LastTimestamp.Time
	case !e.EventTime.IsZero():
		return e.EventTime.Time
	}
	return e.CreationTimestamp.Time
}

// Began returns when an event first happened.
func Began(e *corev1.Event) time.Time {
	switch {
	case !e.EventTime.IsZero():
		return e.EventTime.Time
	case !e.FirstTimestamp.IsZero():
		return e.FirstTimestamp.Time
	}
	return Happened(e)
}

// Times returns how often an event happened, once at the least.
func Times(e *corev1.Event) int {
	n := max(int(e.Count), 1)
	if e.Series != nil {
		n = max(n, int(e.Series.Count))
	}
	return n
}

// ContainerOf returns the container of a pod that an event is about, "" for the
// pod: the field path is spec.containers{name} (k8s.io/kubernetes
// pkg/kubelet/container/ref.go).
func ContainerOf(e *corev1.Event) string {
	_, name, found := strings.Cut(e.InvolvedObject.FieldPath, "{")
	if !found {
		return ""
	}
	return strings.TrimSuffix(name, "}")
}
