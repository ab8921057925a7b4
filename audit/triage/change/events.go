package change

import (
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// lastOf returns when an event happened last.
func lastOf(e *corev1.Event) time.Time {
	_, last := kube.EventTimes(e)
	return last.Time
}

// firstOf returns when an event happened first.
func firstOf(e *corev1.Event) time.Time {
	first, _ := kube.EventTimes(e)
	return first.Time
}

// regarding names what an event is about.
func regarding(e *corev1.Event) kube.Ref {
	o := e.InvolvedObject
	return kube.Ref{Group: schema.FromAPIVersionAndKind(o.APIVersion, o.Kind).Group, Kind: o.Kind, Namespace: o.Namespace, Name: o.Name}
}

// tellEvents returns what the events of a namespace tell that no object keeps.
func tellEvents(c *kube.Cluster, namespace string, _, _ *space) []*told {
	var found []*told
	for _, e := range c.Events.In(namespace) {
		if t := tellEvent(e); t != nil {
			found = append(found, t)
		}
	}
	return found
}

// nodeEvents are what kubelets and the node lifecycle controller say of a node, and
// which part of it that is about (k8s.io/kubernetes/pkg/kubelet/events, nodelifecycle).
var nodeEvents = map[string]struct{ aspect, title string }{
	"Rebooted":           {"reboot", "rebooted"},
	"RemovingNode":       {"", "left"},
	"NodeNotReady":       {"Ready", "Ready → not ready"},
	"NodeReady":          {"Ready", "Ready → True"},
	"NodeNotSchedulable": {"cordon", "cordoned"},
	"NodeSchedulable":    {"cordon", "uncordoned"},
	"Starting":           {"kubelet", "kubelet started"},
}

// tellEvent returns the change that an event tells, nil for most.
func tellEvent(e *corev1.Event) *told {
	ref := regarding(e)
	t := &told{Change: Change{Time: lastOf(e), Certainty: Stated, Object: ref}}
	switch ref.Kind {
	case kube.HorizontalPodAutoscalers.Kind:
		if e.Reason != "SuccessfulRescale" {
			return nil
		}
		t.Kind, t.Aspect, t.Title = Autoscale, "replicas", clip("rescaled: "+e.Message, longest)
		t.complete = func(c *kube.Cluster, ch *Change) bool {
			if h, held := c.HorizontalPodAutoscalers.Get(ref.Namespace, ref.Name); held {
				ch.Owner, ch.Releases = kube.ScaleTarget(h), ReleasesOf(h)
			}
			return true
		}
	case kube.Nodes.Kind:
		said, known := nodeEvents[e.Reason]
		if !known || e.Reason == "Starting" && e.Source.Component != "kubelet" && e.ReportingController != "kubelet" {
			return nil // kube-proxy starts as well
		}
		t.Kind, t.Aspect, t.Title = Node, said.aspect, said.title
		t.Object.Namespace = ""
		if e.Reason == "RemovingNode" {
			t.Action = Deleted
		}
	case kube.Deployments.Kind:
		if e.Reason != "ScalingReplicaSet" {
			return nil
		}
		t.Kind, t.Aspect, t.Owner = Scale, "replicas", ref
		t.Title, t.Differences = scaling(e.Message)
		t.Compared = t.Differences != nil
		t.complete = func(c *kube.Cluster, _ *Change) bool { return scaledAlone(c, e) }
	default:
		return nil
	}
	return t
}

// scaledAlone reports whether a ScalingReplicaSet event is more than a step of a
// rollout: the ReplicaSet is not new, and no other one of the Deployment was scaled
// at about the time.
func scaledAlone(c *kube.Cluster, e *corev1.Event) bool {
	set, at := scaledSet(e.Message), lastOf(e)
	if rs, held := c.ReplicaSets.Get(e.InvolvedObject.Namespace, set); held && at.Sub(rs.Created()).Abs() <= rolling {
		return false
	}
	for _, other := range c.Events.In(e.Namespace) {
		if other.Reason != e.Reason || other.InvolvedObject.Name != e.InvolvedObject.Name || other.InvolvedObject.Kind != e.InvolvedObject.Kind {
			continue
		}
		if scaledSet(other.Message) != set && lastOf(other).Sub(at).Abs() <= rolling {
			return false
		}
	}
	return true
}

// rolling is how long a rollout takes before its scaling is taken for something else:
// the default progressDeadlineSeconds.
const rolling = 10 * time.Minute

// scaling returns what a ScalingReplicaSet event says of replicas: how many there
// were, which servers before 1.26 do not say, and how many there are to be.
func scaling(message string) (title string, differences []Difference) {
	_, counts, found := strings.Cut(message, scaledSet(message)+" ")
	before, after, both := strings.Cut(strings.TrimPrefix(counts, "from "), " to ")
	switch {
	case found && both:
		return scaled(before, after)
	case found:
		return "scaled " + clip(counts, 20), nil
	}
	return "scaled", nil
}

// scaled says that the number of replicas is another one.
func scaled(before, after string) (title string, differences []Difference) {
	before, after = clip(before, 20), clip(after, 20)
	return "scaled " + before + " → " + after, []Difference{{Path: "spec.replicas", Before: before, After: after, Field: Other}}
}

// scaledSet returns the ReplicaSet of "Scaled up replica set web-abc from 1 to 3".
func scaledSet(message string) string {
	_, rest, _ := strings.Cut(message, "replica set ")
	set, _, _ := strings.Cut(rest, " ")
	return set
}
