package starting

import (
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podMountFailed = &triage.Detector{
	ID:    "pod-mount-failed",
	Title: "A volume of a pod is not mounted",
	About: "The pod is not created, and the event FailedMount says that a volume is not set up: a ConfigMap, Secret or key of it does not exist, a claim is not bound, a driver fails " +
		"(pkg/volume/util/operationexecutor; pkg/kubelet/volumemanager). Optional volumes never fail so. The kubelet waits for up to two minutes between two attempts: what has been created since the last one is no problem any more. " +
		"That a volume is not attached, or one too many for the node, is another signal; so is what is missed by running pods only when they start again.",
	Reads: []kube.Resource{kube.Pods, kube.Events},
	Helps: []kube.Resource{kube.ConfigMaps, kube.Secrets},
	Rung:  triage.Configuration,
	After: time.Minute,
	Paged: mixinWaiting,
	Check: func(p *triage.Pass) {
		for _, pod := range creating(p) {
			if triage.Started(pod) {
				continue // volumes are mounted before anything starts
			}
			e := blocking(p.PodEvents(pod), "FailedMount", "FailedMapVolume")
			if e == nil {
				continue
			}
			what := message.Config(e.Message)
			created, exists := creation(p.Cluster, pod.Namespace, what)
			if what.Kind == message.MountLimit || exists && created.Add(time.Minute).After(triage.Happened(e)) {
				continue
			}
			if what.Kind == message.MountTimedOut && triage.Latest(p.PodEvents(pod), nil, "FailedAttachVolume") != nil {
				continue // it is not mounted because it is not attached
			}
			what = named(pod, what)
			line := lackLine(what)
			if len(what.Unmounted) > 0 && what.Kind == message.MountTimedOut {
				line = "volumes are not mounted in time: " + strings.Join(what.Unmounted, ", ")
			}
			if exists {
				line = "the kubelet does not find " + what.Object + " " + what.Name + ", though it exists"
			}
			p.Report(triage.Signal{
				Object: pod.Ref(), Least: triage.S3, Since: triage.Began(e), Cause: string(what.Kind), Raw: e.Message,
				Message: line, Keys: lacking(pod.Namespace, what),
			})
		}
	},
}

// creation returns when an object that was missed was created, false if it is not there.
func creation(c *kube.Cluster, namespace string, what message.ConfigProblem) (created time.Time, exists bool) {
	if what.Kind != message.ObjectMissing {
		return created, false
	}
	switch what.Object {
	case kube.ConfigMaps.Kind:
		if o, ok := c.ConfigMaps.Get(namespace, what.Name); ok {
			return o.CreationTimestamp.Time, true
		}
	case kube.Secrets.Kind:
		if o, ok := c.Secrets.Get(namespace, what.Name); ok {
			return o.CreationTimestamp.Time, true
		}
	}
	return created, false
}

// named adds the object of a volume of which the message names no more than the
// volume and the key.
func named(pod *kube.Pod, what message.ConfigProblem) message.ConfigProblem {
	if what.Kind != message.KeyMissing || what.Name != "" {
		return what
	}
	for i := range pod.Spec.Volumes {
		v := &pod.Spec.Volumes[i]
		switch {
		case v.Name != what.Volume:
		case v.ConfigMap != nil && what.Object == kube.ConfigMaps.Kind:
			what.Name = v.ConfigMap.Name
		case v.Secret != nil && what.Object == kube.Secrets.Kind:
			what.Name = v.Secret.SecretName
		}
	}
	return what
}
