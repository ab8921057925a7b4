package cause

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// storagePatterns are why volumes are not there.
func storagePatterns() []*Pattern { return []*Pattern{volumeZone, volumeHeld, provisioner} }

var volumeZone = &Pattern{
	ID: "volume-zone", Family: "storage", Title: "a volume is where no usable node is",
	Signals: []string{unschedulable}, Explains: []string{"node-cordoned"}, Mechanism: change.Capacity, Reads: []kube.Resource{kube.PersistentVolumes, kube.PersistentVolumeClaims},
	Speaks:      "the scheduler names the node affinity or the zone of the volume (decisive); no node that is ready matches it (structural); a node went, or was cordoned (temporal)",
	Contradicts: "a node that is ready matches the volume (−10)",
	Unchecked:   "why no node is there",
	gate: func(q *inquiry, s *subject) bool {
		_, says := reasons(said(s), message.VolumeNodeAffinity, message.VolumeZone)
		volume := q.pinned(s)
		if says && volume != nil {
			s.object = kube.PersistentVolumes.Ref("", volume.Name)
		}
		return says && volume != nil
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		why, _ := reasons(said(s), message.VolumeNodeAffinity, message.VolumeZone)
		w.isDecisive("the scheduler says: %s", why)
		volume, _ := q.Cluster.PersistentVolumes.Get("", s.object.Name)
		if usable := q.nodesFor(volume); len(usable) == 0 {
			w.isStructural("no node that is ready and takes pods matches the node affinity of volume %s (%s)", volume.Name, affinityOf(volume))
		} else {
			w.hardly("node %s matches the volume: something else keeps the pod from it", usable[0].Name)
		}
		w.isTemporal(q, q.best(change.Capacity, kinds(change.Node, change.Storage)))
	},
	title: func(q *inquiry, s *subject) string {
		volume, _ := q.Cluster.PersistentVolumes.Get("", s.object.Name)
		return "no usable node where volume " + s.object.Name + " of " + s.name() + " is (" + affinityOf(volume) + ")"
	},
	fix: func(*inquiry, *subject) string {
		return "Bring back a node there, or restore the volume's data where there is one."
	},
	commands: func(q *inquiry, s *subject) []Command {
		return []Command{
			q.get(s.object, "where the volume is", "-o", "jsonpath={.spec.nodeAffinity}"), q.zones(),
			q.describe(orPod(s), "what the scheduler says"),
		}
	},
}

// pinned returns the first volume of the subject's pod that is bound to some nodes, nil
// if there is none.
func (q *inquiry) pinned(s *subject) *corev1.PersistentVolume {
	if s.pod == nil {
		return nil
	}
	for i := range s.pod.Spec.Volumes {
		claim := s.pod.Spec.Volumes[i].PersistentVolumeClaim
		if claim == nil {
			continue
		}
		held, ok := q.Cluster.PersistentVolumeClaims.Get(s.pod.Namespace, claim.ClaimName)
		if !ok {
			continue
		}
		volume, ok := q.Cluster.PersistentVolumes.Get("", held.Spec.VolumeName)
		if ok && volume.Spec.NodeAffinity != nil && volume.Spec.NodeAffinity.Required != nil {
			return volume
		}
	}
	return nil
}

// nodesFor returns the nodes that are ready, take pods and match a volume.
func (q *inquiry) nodesFor(v *corev1.PersistentVolume) []*corev1.Node {
	selector, err := nodeaffinity.NewNodeSelector(v.Spec.NodeAffinity.Required)
	if err != nil {
		return nil
	}
	var usable []*corev1.Node
	for n := range q.Cluster.Nodes.All() {
		ready := readiness(n)
		if selector.Match(n) && !n.Spec.Unschedulable && (ready == nil || ready.Status == corev1.ConditionTrue) {
			usable = append(usable, n)
		}
	}
	return usable
}

// affinityOf says where a volume is, in the words of its first term.
func affinityOf(v *corev1.PersistentVolume) string {
	for _, term := range v.Spec.NodeAffinity.Required.NodeSelectorTerms {
		for _, e := range term.MatchExpressions {
			return e.Key + " " + strings.ToLower(string(e.Operator)) + " " + strings.Join(e.Values, ", ")
		}
	}
	return "by its node affinity"
}

var volumeHeld = &Pattern{
	ID: "volume-held", Family: "storage", Title: "a volume is still attached to another node",
	Signals: []string{"pod-attach-failed", "attach-stuck"}, Mechanism: change.NodeTrouble, Reads: []kube.Resource{kube.Nodes},
	Speaks:      "the attach controller says who has the volume (decisive); that pod is on a node that is not ready, or still runs (structural); the node went before (temporal)",
	Contradicts: "the claim may be used from several nodes (veto)",
	Unchecked:   "whether the node is really off",
	gate: func(q *inquiry, s *subject) bool {
		waits := func(x *triage.Watched) bool { return x.Cause == string(message.InUse) }
		return q.only(s, waits) || q.only(s, causedBy("node-lost", "node-gone"))
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		for _, name := range keysOf(s, triage.ByClaim) {
			namespace, claim, _ := strings.Cut(name, "/")
			if held, ok := q.Cluster.PersistentVolumeClaims.Get(namespace, claim); ok && slices.Contains(held.Spec.AccessModes, corev1.ReadWriteMany) {
				w.veto()
				return
			}
		}
		w.isDecisive("the attach controller says: %s", s.signal.Message)
		holder, node := q.holder(s)
		switch {
		case node != nil && !ready(node):
			w.isStructural("node %s, which has it, is not ready", node.Name)
		case holder != nil && holder.Deleted().IsZero():
			w.isStructural("%s still runs on node %s and uses it", holder.Ref().Short(), holder.Node)
		}
		if on := q.attachedTo(s); len(on) > 0 {
			w.isWeak("by its VolumeAttachment it is attached to node %s", on[0])
		}
		w.isTemporal(q, q.best(change.NodeTrouble, kinds(change.Node)))
		if node == nil && holder == nil {
			w.unknown("which node has it: the message names none that is known")
		}
	},
	title: func(q *inquiry, s *subject) string {
		_, node := q.holder(s)
		if node != nil && !ready(node) {
			return "the volume of " + claimant(s) + " is held by node " + node.Name + ", which is down"
		}
		return "the volume of " + claimant(s) + " is still attached to another node"
	},
	fix: func(q *inquiry, s *subject) string {
		holder, node := q.holder(s)
		switch {
		case node != nil && !ready(node):
			return "Make sure that node " + node.Name + " is off, then tell Kubernetes so (taint node.kubernetes.io/out-of-service): two writers destroy the data. It is detached by force after six minutes otherwise."
		case holder != nil:
			return "Stop " + holder.Ref().String() + ", which uses the volume, or give " + s.name() + " the strategy Recreate."
		}
		return "Wait for the old pod to end; the volume is detached within six minutes."
	},
	commands: func(q *inquiry, s *subject) []Command {
		attachments := q.kubectl("", "which node has which volume", "get", "volumeattachments").
			needs(kube.Right{Verb: "list", Group: "storage.k8s.io", Resource: "volumeattachments"})
		all := append([]Command{attachments}, q.podsOrNone(s)...)
		if _, node := q.holder(s); node != nil {
			all = append(all, q.describe(kube.Nodes.Ref("", node.Name), "whether the node that has it is off"))
		}
		return append(all, q.describe(orPod(s), "what the attach controller says"))
	},
}

// holder returns the pod and the node that have the volume, nil where that is not
// known.
func (q *inquiry) holder(s *subject) (*kube.Pod, *corev1.Node) {
	var holder *kube.Pod
	for _, name := range message.Attach(s.signal.Raw).Pods {
		if pod, ok := q.Cluster.Pods.Get(s.signal.Object.Namespace, name); ok {
			holder = pod
			break
		}
	}
	names := slices.Concat(keysOf(s, triage.ByNode), q.attachedTo(s))
	if holder != nil {
		names = append([]string{holder.Node}, names...)
	}
	for _, name := range names {
		if node, ok := q.Cluster.Nodes.Get("", name); ok {
			return holder, node
		}
	}
	return holder, nil
}

// claimant names who waits for the volume of a subject: a workload, or the claim.
func claimant(s *subject) string {
	if claims := keysOf(s, triage.ByClaim); s.workload == nil && len(claims) > 0 {
		return "claim " + claims[0]
	}
	return s.name()
}

// attachedTo returns the nodes that the subject's volume is attached to, other than its
// own, as VolumeAttachments have it.
func (q *inquiry) attachedTo(s *subject) []string {
	var nodes []string
	volumes := keysOf(s, triage.ByVolume)
	for a := range q.Cluster.VolumeAttachments.All() {
		volume := a.Spec.Source.PersistentVolumeName
		if volume != nil && slices.Contains(volumes, *volume) && a.Spec.NodeName != s.node && a.Status.Attached {
			nodes = append(nodes, a.Spec.NodeName)
		}
	}
	return nodes
}

func ready(n *corev1.Node) bool {
	is := readiness(n)
	return is == nil || is.Status == corev1.ConditionTrue
}

var provisioner = &Pattern{
	ID: "provisioner", Family: "storage", Title: "a volume is not made: its class, its driver or a limit of the storage",
	Signals: []string{"pvc-pending"}, Mechanism: change.Capacity, Reads: []kube.Resource{kube.StorageClasses},
	Speaks:      "the driver says why (decisive); the StorageClass is not there, no pod of the driver is ready, or neither a CSIDriver nor a workload bears its name (structural); several claims of one class (contrast); the class or the driver changed (temporal); the driver is silent, or has never made a volume (weak)",
	Contradicts: "the claim waits for its first pod, by design (no signal)",
	Unchecked:   "the logs of the driver, and the limits of the storage behind it",
	gate: func(q *inquiry, s *subject) bool {
		s.text = q.missingDriver(s)
		return true
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		switch s.signal.Cause {
		case "provisioning-failed":
			w.isDecisive("the driver says: %s", clip(message.Scrub(s.signal.Raw)))
		case "class-missing":
			w.isDecisive("%s", s.signal.Message)
			w.isStructural("StorageClass %s is not there", classOf(s))
		case "waits-for-driver":
			w.isWeak("%s", s.signal.Message)
		case "no-volume":
			w.isDecisive("the volume controller says: %s", clip(message.Scrub(s.signal.Raw)))
		}
		if driver := q.driver(s); driver != nil && q.serving(driver) == 0 {
			w.isStructural("no pod of %s, which makes volumes, is ready", driver.Ref)
		}
		if s.text != "" {
			w.isStructural("the claim waits for %s, of which there is no CSIDriver, and no workload that is told its name", s.text)
			if n, known := q.made(s.text); known && n == 0 {
				w.isWeak("no volume that is there was made by it")
			}
		}
		if len(s.signals) > 1 {
			w.isContrast("%d claims of class %s get no volume", len(s.signals), classOf(s))
		}
		w.isTemporal(q, q.best(change.Capacity, func(r *change.Ranked) bool {
			driver := q.driver(s)
			return r.Change.Object.Kind == kube.StorageClasses.Kind || driver != nil && r.Change.Object == driver.Ref
		}))
	},
	title: func(q *inquiry, s *subject) string {
		switch driver := q.driver(s); {
		case s.signal.Cause == "class-missing":
			return "StorageClass " + classOf(s) + " does not exist"
		case driver != nil && q.serving(driver) == 0:
			return "the storage driver " + driver.Ref.Short() + " is down"
		case s.text != "":
			return "the storage driver " + s.text + " of class " + classOf(s) + " is not installed"
		}
		return "the driver of class " + classOf(s) + " does not make the volume of " + s.signal.Object.Short()
	},
	fix: func(_ *inquiry, s *subject) string {
		switch {
		case s.signal.Cause == "class-missing":
			return "Create StorageClass " + classOf(s) + ", or make the claim again with one that exists: the class of a claim cannot be changed."
		case s.text != "":
			return "Install the driver " + s.text + ", or make the claim again with a class whose driver runs: the class of a claim cannot be changed."
		}
		return "Mend the driver, or raise the limit of the storage that it names."
	},
	commands: func(q *inquiry, s *subject) []Command {
		drivers := q.kubectl("", "which drivers there are", "get", "csidrivers").needs(kube.Right{Verb: "list", Group: "storage.k8s.io", Resource: "csidrivers"})
		return []Command{q.describe(s.signal.Object, "what its driver says, in its events"), q.list(kube.StorageClasses, "", "which classes there are"), drivers}
	},
}

// classOf returns the StorageClass that the subject is about.
func classOf(s *subject) string {
	for _, name := range keysOf(s, triage.ByStorageClass) {
		class, _, _ := strings.Cut(name, " ")
		return class
	}
	return "none"
}
