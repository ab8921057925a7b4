package starting

import (
	"cmp"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// creating returns the pods that have a node and of which a container is yet to be
// made, as far as nothing is known to be wrong with it.
func creating(p *triage.Pass) []*kube.Pod {
	return slices.DeleteFunc(slices.Clone(p.Living()), func(pod *kube.Pod) bool {
		return pod.Node == "" || pod.Status.Phase != corev1.PodPending || triage.Initializing(pod) || !waits(pod)
	})
}

// waits reports whether a pod waits for its sandbox or a container to be made.
// PodInitializing is what the kubelet says of main containers while there are init
// containers, also when all of those have ended (pkg/kubelet/kubelet_pods.go).
func waits(pod *kube.Pod) bool {
	for _, status := range triage.Containers(pod) {
		if w := status.Waiting(); w != nil && w.Reason != "ContainerCreating" && w.Reason != "PodInitializing" && w.Reason != "" {
			return false
		}
	}
	return true
}

// makingSince returns since when the next container of a pod could be made: since
// it has a node, or the last init container ended.
func makingSince(pod *kube.Pod) time.Time {
	since := triage.Placed(pod)
	for c, status := range triage.Containers(pod) {
		if ended := status.Terminated(); ended != nil && c.Kind == kube.Init && ended.FinishedAt.After(since) {
			since = ended.FinishedAt.Time
		}
	}
	return since
}

// blocking returns the newest of the events of a pod that is of one of the reasons,
// unless the kubelet has come further since: it pulls images and makes containers
// only when volumes and sandbox are there (pkg/kubelet/kubelet.go, SyncPod).
func blocking(events []*corev1.Event, reasons ...string) *corev1.Event {
	e := triage.Latest(events, nil, reasons...)
	if e == nil {
		return nil
	}
	further := triage.Latest(events, nil, "Pulling", "Pulled", "Created", "Started")
	if further != nil && triage.Happened(further).After(triage.Happened(e)) {
		return nil
	}
	return e
}

// claims reports whether a pod has volumes that have to be attached.
func claims(pod *kube.Pod) bool {
	return slices.ContainsFunc(pod.Spec.Volumes, func(v corev1.Volume) bool {
		return v.PersistentVolumeClaim != nil || v.Ephemeral != nil || v.CSI != nil
	})
}

// configKey names a ConfigMap or Secret of a namespace as what explains a signal.
func configKey(kind, namespace, name string) triage.Key {
	return triage.Key{Kind: triage.ByConfig, Name: kind + " " + namespace + "/" + name}
}

// absent reports whether the view shows that there is no such ConfigMap or Secret.
func absent(c *kube.Cluster, r kube.Resource, namespace, name string) bool {
	_, blind := c.Blind(r, namespace)
	return !blind && !c.Has(r.Ref(namespace, name))
}

// lacking is what package message read of a pod that lacks something, with the
// keys of it.
func lacking(namespace string, what message.ConfigProblem) []triage.Key {
	if what.Name == "" {
		return nil
	}
	namespace = cmp.Or(what.Namespace, namespace)
	switch what.Object {
	case kube.ConfigMaps.Kind, kube.Secrets.Kind:
		return []triage.Key{configKey(what.Object, namespace, what.Name)}
	case kube.ServiceAccounts.Kind:
		return []triage.Key{{Kind: triage.ByAccount, Name: namespace + "/" + what.Name}}
	case kube.PersistentVolumeClaims.Kind:
		return []triage.Key{{Kind: triage.ByClaim, Name: namespace + "/" + what.Name}}
	}
	return nil
}

// lackLine says what a pod lacks, as a message: "ConfigMap settings is not there".
func lackLine(what message.ConfigProblem) string {
	object := what.Object + " " + what.Name
	switch what.Kind {
	case message.ObjectMissing:
		return object + " does not exist"
	case message.KeyMissing:
		if what.Name == "" {
			return "a " + what.Object + " has no key " + what.Key
		}
		return object + " has no key " + what.Key
	case message.ObjectForbidden:
		return "the kubelet may not read " + object
	case message.ObjectUnsynced:
		return "the kubelet has not got its " + cmp.Or(what.Object, "configuration") + "s yet"
	case message.RunsAsRoot:
		return "runAsNonRoot is set, and its image runs as root or does not say as whom"
	case message.ClaimUnbound:
		return object + " is not bound"
	case message.ClaimDeleted:
		return object + " is being deleted"
	case message.DriverMissing:
		return "CSI driver " + what.Name + " is not registered on the node"
	case message.HostPath:
		return "hostPath " + what.Name + " is not what its type says"
	case message.MountLimit:
		return "the node has as many volumes attached as it takes"
	case message.MountTimedOut:
		return "its volumes are not mounted in time"
	default:
		if what.Volume != "" {
			return "volume " + what.Volume + " cannot be mounted"
		}
		return "a volume cannot be mounted"
	}
}
