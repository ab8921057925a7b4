package cause

import (
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// nodePatterns are why nodes fail, and what runs on them.
func nodePatterns() []*Pattern {
	return []*Pattern{nodeDown, zoneDown, podNetwork, diskPressure, nodeRestart}
}

var nodeDown = &Pattern{
	ID: "node-down", Family: "node", Title: "a node, its kubelet or its network is down",
	Signals: []string{"node-silent", "node-notready", "node-lease-stale"}, Mechanism: change.NodeTrouble, Reads: []kube.Resource{kube.Nodes},
	Speaks:      "the node controller or the kubelet says so (decisive); the other nodes are ready (contrast); its Lease is not renewed, or none of its pods is ready any more (structural); a change of the node (temporal)",
	Contradicts: "its kubelet renews its Lease (veto); other nodes went at the same time (−35); its pods are ready (−10)",
	Unchecked:   "the machine itself, and whether its pods still run: nobody can tell",
	gate:        func(_ *inquiry, s *subject) bool { return s.node != "" && len(nodesOf(s)) == 1 },
	weigh: func(q *inquiry, s *subject, w *weighing) {
		w.isDecisive("%s", nodeWords(s))
		q.lease(s, w)
		if !silent(s) && slices.Contains(message.Node(s.signal.Raw).Problems, message.NetworkUnready) {
			w.strongly("its kubelet lives, and says that it is the network plugin")
		}
		notReady, _ := q.lost()
		if others := q.Cluster.Nodes.Len() - len(notReady); len(notReady) == 1 && others > 0 {
			w.isContrast("all other nodes (%d) are ready", others)
		} else if len(notReady) > 1 {
			w.strongly("%d nodes are not ready", len(notReady))
		}
		switch all, serving := q.onNode(s.node); {
		case len(all) > 0 && serving == 0:
			w.isStructural("none of its %d pods is ready any more", len(all))
		case serving > 0:
			w.hardly("%d of its %d pods are ready, as far as is known", serving, len(all))
		}
		w.isTemporal(q, q.best(change.NodeTrouble, func(r *change.Ranked) bool {
			// That it is not ready is what is to be explained.
			return r.Change.Kind == change.Node && r.Change.Object.Name == s.node && r.Change.Aspect != string(corev1.NodeReady)
		}))
	},
	title: func(_ *inquiry, s *subject) string {
		if silent(s) {
			return "node " + s.node + " is down, or cut off from the API server"
		}
		return sentenceOf(s.signal)
	},
	fix: func(_ *inquiry, s *subject) string {
		if !silent(s) {
			return "Mend on node " + s.node + " what its kubelet names (the container runtime, as a rule), or replace the node."
		}
		return "Reboot or replace node " + s.node + ". Its pods are made elsewhere after five minutes; those with a volume only once it is certain that the node is off (taint node.kubernetes.io/out-of-service)."
	},
	commands: func(q *inquiry, s *subject) []Command {
		lease := q.kubectl("kube-node-lease", "when its kubelet was last heard of", "get", "lease/"+s.node, "-o", "jsonpath={.spec.renewTime}").
			needs(kube.Right{Verb: "get", Group: "coordination.k8s.io", Resource: "leases", Namespace: "kube-node-lease", Name: s.node})
		off := q.kubectl("", "tell Kubernetes that it is off for good: only if that is certain", "taint", "node", s.node, "node.kubernetes.io/out-of-service=nodeshutdown:NoExecute").
			needs(may("patch", kube.Nodes, "", s.node))
		off.Writes = true
		all := []Command{
			q.describe(kube.Nodes.Ref("", s.node), "its conditions and its events"), lease,
			q.podsOn(s.node, "who is hit"), q.cordon(s.node),
		}
		if silent(s) {
			all = append(all, off)
		}
		return all
	},
}

// silent reports whether nothing is heard of the kubelet; otherwise it is the one who
// says that its node is not ready.
func silent(s *subject) bool { return s.signal.Detector.ID != "node-notready" }

// nodesOf returns the nodes that signals are about, each once.
func nodesOf(s *subject) []string {
	var names []string
	for _, x := range s.signals {
		if isNode(x.Object) && !slices.Contains(names, x.Object.Name) {
			names = append(names, x.Object.Name)
		}
	}
	return names
}

// nodeWords says what is said of a node.
func nodeWords(s *subject) string {
	text := sentenceOf(s.signal)
	if s.signal.Raw != "" {
		text += " (" + clip(message.Scrub(s.signal.Raw)) + ")"
	}
	return text
}

var zoneDown = &Pattern{
	ID: "zone-down", Family: "node", Title: "many nodes are down: a zone, its network or the way to the API server",
	Signals: []string{"zone-down", "node-silent", "node-notready"}, Mechanism: change.NodeTrouble, Reads: []kube.Resource{kube.Nodes},
	Speaks:      "several nodes do not report (decisive); all of them are in one zone, while others are well (contrast); within two minutes of each other (weak); no node of the zone is left (structural)",
	Contradicts: "they are spread over zones: rather the way to the API server, its load balancer or a certificate (−10)",
	Unchecked:   "what the cloud says of the zone",
	gate: func(_ *inquiry, s *subject) bool {
		return len(nodesOf(s)) > 1 || slices.ContainsFunc(s.signals, func(x *triage.Watched) bool { return x.Detector.ID == "zone-down" })
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		notReady, _ := q.lost()
		w.isDecisive("%d of %d nodes are not ready", len(notReady), q.Cluster.Nodes.Len())
		zone, there, elsewhere := q.zoneOf(notReady)
		switch {
		case zone != "" && elsewhere > 0:
			w.isContrast("all of them are in zone %s, and %d nodes of other zones are ready", zone, elsewhere)
			if there == 0 {
				w.isStructural("no node of zone %s is ready", zone)
			}
		case zone == "":
			w.hardly("they are in several zones, or in none")
		}
		if first, last := lostBetween(notReady); last.Sub(first) <= 2*time.Minute {
			w.isWeak("they went within %s of each other", triage.Span(last.Sub(first)))
		}
		w.isTemporal(q, q.best(change.NodeTrouble, func(r *change.Ranked) bool {
			return r.Change.Kind == change.Rollout || r.Change.Kind == change.Certificate
		}))
	},
	title: func(q *inquiry, _ *subject) string {
		notReady, _ := q.lost()
		if zone, _, elsewhere := q.zoneOf(notReady); zone != "" && elsewhere > 0 {
			return fmt.Sprintf("zone %s is down or cut off: %d nodes", zone, len(notReady))
		}
		return fmt.Sprintf("%d nodes went at once: the way to the API server, its load balancer or a certificate", len(notReady))
	},
	fix: func(*inquiry, *subject) string {
		return "Ask the provider of the zone, and do not drain: Kubernetes slows evictions while most of a zone is gone, for good reason. Make sure that the other zones can hold the load."
	},
	commands: func(q *inquiry, _ *subject) []Command {
		return []Command{q.zones(), q.raw("/readyz?verbose", "whether the API server itself is well"), q.events("", "what happened to nodes", "involvedObject.kind=Node")}
	},
}

// zoneOf returns the zone that all of some nodes are in, "" if there is none, how many
// nodes of it are ready, and how many of others.
func (q *inquiry) zoneOf(lost []*corev1.Node) (zone string, there, elsewhere int) {
	for i, n := range lost {
		of := n.Labels[corev1.LabelTopologyZone]
		if i > 0 && of != zone {
			return "", 0, 0
		}
		zone = of
	}
	for n := range q.Cluster.Nodes.All() {
		if slices.Contains(lost, n) {
			continue
		}
		if n.Labels[corev1.LabelTopologyZone] == zone {
			there++
		} else {
			elsewhere++
		}
	}
	return zone, there, elsewhere
}

// lostBetween returns when the first and the last of some nodes ceased to be ready.
func lostBetween(lost []*corev1.Node) (first, last time.Time) {
	for _, n := range lost {
		at := readiness(n).LastTransitionTime.Time
		if first.IsZero() || at.Before(first) {
			first = at
		}
		if at.After(last) {
			last = at
		}
	}
	return first, last
}

var podNetwork = &Pattern{
	ID: "pod-network", Family: "node", Title: "the network plugin of a node fails",
	Signals: []string{"node-notready", "pod-sandbox-failed"}, Mechanism: change.NodeTrouble,
	Speaks:      "the kubelet or the runtime names the network plugin, or it has no address left (decisive); its pod on that node is not ready (structural); pods elsewhere start (contrast); its DaemonSet changed (temporal)",
	Contradicts: "its pod on that node is ready, and it does not lack addresses (−35)",
	Unchecked:   "the logs of the plugin",
	gate: func(q *inquiry, s *subject) bool {
		return q.only(s, func(x *triage.Watched) bool {
			if x.Detector.ID == "node-notready" {
				return slices.Contains(message.Node(x.Raw).Problems, message.NetworkUnready)
			}
			switch message.SandboxKind(x.Cause) {
			case message.NoAddress, message.NetworkFailed, message.NetworkUninitialized:
				return true
			default:
			}
			return false
		}) && s.node != ""
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		w.isDecisive("%s", clip(message.Scrub(s.signal.Raw)))
		switch broken := q.agents(s.node, networkRole); {
		case len(broken) > 0:
			w.isStructural("%s, the network of node %s, is not ready", broken[0].Ref().Short(), s.node)
		case message.SandboxKind(s.signal.Cause) != message.NoAddress:
			w.strongly("no pod of the network on node %s is known to be broken", s.node)
		}
		if found := q.spread(s); found.oneNode() {
			w.isContrast("pods of the same workloads serve on other nodes (%d)", found.wellElsewhere)
		}
		w.isTemporal(q, q.best(change.NodeTrouble, func(r *change.Ranked) bool {
			return r.Change.Kind == change.Rollout && r.Change.Object.Kind == kube.DaemonSets.Kind
		}))
	},
	title: func(_ *inquiry, s *subject) string {
		if message.SandboxKind(s.signal.Cause) == message.NoAddress {
			return "the network plugin of node " + s.node + " has no pod addresses left"
		}
		return "the network plugin of node " + s.node + " fails"
	},
	fix: func(q *inquiry, s *subject) string {
		if message.SandboxKind(s.signal.Cause) == message.NoAddress {
			return "Free addresses (pods that ended, leaked ones) or give the node a larger range."
		}
		if agent := q.networkAgent(s.node); agent != nil {
			return "Mend " + agent.Ref.String() + " on node " + s.node + "; if its last rollout broke it, go back."
		}
		return "Mend the pod of the network plugin on node " + s.node + "."
	},
	commands: func(q *inquiry, s *subject) []Command {
		all := []Command{q.podsOn(s.node, "whether the network's own pod is well"), q.describe(kube.Nodes.Ref("", s.node), "what its kubelet says of the network")}
		if agent := q.networkAgent(s.node); agent != nil {
			all = append(append(all, q.rollback(agent)...), q.podsOf(agent, "whether it is well on other nodes"))
		}
		return append(all, q.describe(orPod(s), "what the runtime says"))
	},
}

const networkRole = "pod network"

// networkAgent returns the workload whose pod is the broken network of a node, nil if
// none is known.
func (q *inquiry) networkAgent(node string) *kube.Workload {
	for _, pod := range q.agents(node, networkRole) {
		return q.Cluster.WorkloadOf(pod)
	}
	return nil
}

var diskPressure = &Pattern{
	ID: "disk-pressure", Family: "node", Title: "the disk of a node is full, or a pod writes more than it may",
	Signals: []string{"pod-evicted", "node-pressure", "node-evicting"}, Mechanism: change.NodeTrouble,
	Speaks:      "the kubelet says which disk, or who wrote too much (decisive); the node has the condition DiskPressure (structural); evictions on one node alone (contrast); the garbage collection of images fails (weak)",
	Contradicts: "it was about memory (veto)",
	Unchecked:   "what fills the disk outside of pods: images, logs of the system",
	gate: func(q *inquiry, s *subject) bool {
		return q.only(s, func(x *triage.Watched) bool {
			switch x.Detector.ID {
			case "node-pressure":
				return x.Cause == "disk"
			case "pod-evicted":
				return ofDisk(message.Eviction(x.Raw))
			}
			return false
		})
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		w.isDecisive("the kubelet says: %s", sentenceOf(s.signal))
		if who, wrote := offender(q); who != nil {
			w.isStructural("%s: %s", who.Workload.Short(), wrote)
		}
		own := offends(s) != ""
		for _, x := range q.anywhere("node-pressure") {
			if x.Object.Name == s.node && x.Cause == "disk" {
				w.isStructural("node %s has the condition DiskPressure", s.node)
			}
		}
		if own {
			w.isStructural("the limit that it exceeded is its own, whatever the node has left")
		}
		if found := q.spread(s); len(found.nodes) == 1 && found.pods > 1 {
			w.isContrast("%d pods were evicted, all of them on node %s", found.pods, s.node)
		}
		for _, e := range q.Cluster.Events.In(corev1.NamespaceDefault) {
			if e.InvolvedObject.Name == s.node && (e.Reason == "ImageGCFailed" || e.Reason == "FreeDiskSpaceFailed") {
				w.isWeak("%s: %s", e.Reason, clip(message.Scrub(e.Message)))
				break
			}
		}
		w.isTemporal(q, q.best(change.NodeTrouble, rolledOut(s.workload)))
	},
	title: func(q *inquiry, s *subject) string {
		if who := offends(s); who != "" {
			return s.name() + " writes more to disk than it may: " + who
		}
		if who, _ := offender(q); who != nil {
			return "the disk of node " + s.node + " is full: " + who.Workload.Short() + " wrote more than it requested"
		}
		return "the disk of node " + s.node + " is full"
	},
	fix: func(_ *inquiry, s *subject) string {
		if offends(s) != "" {
			return "Let " + s.name() + " write less, clean up after itself, or use a volume; or raise its limit of ephemeral storage."
		}
		return "Free disk on node " + s.node + " (images, logs), then give each of its pods a limit of ephemeral storage."
	},
	commands: func(q *inquiry, s *subject) []Command {
		failed := q.list(kube.Pods, "", "who was evicted", "--field-selector", "status.phase=Failed", "-o", "wide")
		all := []Command{failed}
		if offends(s) == "" && s.node != "" {
			all = []Command{q.describe(kube.Nodes.Ref("", s.node), "its disk, and what it evicted"), failed, q.podsOn(s.node, "what writes there"), q.cordon(s.node)}
		}
		if s.workload != nil {
			all = append(all, q.podsOf(s.workload, "how its other pods fare"))
		}
		return append(all, q.describe(orPod(s), "why it was evicted"))
	},
}

// offender returns an eviction for the disk of a node in which the kubelet names who
// wrote more than requested, with its words; nil if there is none.
func offender(q *inquiry) (*triage.Watched, string) {
	for _, x := range q.of("pod-evicted") {
		if e := message.Eviction(x.Raw); ofDisk(e) && len(e.Consumers) > 0 {
			return x, x.Message
		}
	}
	return nil, ""
}

// ofDisk reports whether an eviction was for disk.
func ofDisk(e message.Evicted) bool {
	switch e.Kind {
	case message.ContainerStorage, message.PodStorage, message.EmptyDir:
		return true
	default:
	}
	return e.Resource == "ephemeral-storage" || e.Resource == "inodes" || slices.Contains(e.Conditions, string(corev1.NodeDiskPressure))
}

// offends says which limit of its own the subject exceeded, "" if it was the node's.
func offends(s *subject) string {
	if s.signal.Detector.ID != "pod-evicted" {
		return ""
	}
	switch e := message.Eviction(s.signal.Raw); e.Kind {
	case message.ContainerStorage:
		return "container " + e.Container + ", " + e.Limit
	case message.PodStorage:
		return e.Limit
	case message.EmptyDir:
		return "emptyDir " + e.Volume + ", " + e.Limit
	default:
	}
	return ""
}

var nodeRestart = &Pattern{
	ID: "node-restart", Family: "node", Title: "a node was rebooted, or its runtime restarted",
	Signals: []string{"restart-burst", "node-rebooted"}, Mechanism: change.NodeTrouble,
	Speaks:      "event Rebooted (decisive); containers of several workloads restarted at once there, and nowhere else (contrast); they were lost, or ended with 255 (weak); the boot is of the same time (structural)",
	Contradicts: "containers of other nodes restarted as well (−35)",
	Unchecked:   "why it was rebooted",
	gate: func(q *inquiry, s *subject) bool {
		return q.only(s, func(x *triage.Watched) bool { return isNode(x.Object) })
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		rebooted, burst := at(q.anywhere("node-rebooted"), s.node), at(q.anywhere("restart-burst"), s.node)
		if rebooted != nil {
			w.isDecisive("the kubelet found another boot ID: node %s %s", s.node, rebooted.Message)
		}
		if burst != nil {
			w.isContrast("%s on node %s, and on no other", burst.Message, s.node)
		}
		if rebooted != nil && burst != nil && burst.Onset.Sub(rebooted.Onset).Abs() < 10*time.Minute {
			w.isStructural("both within %s", triage.Span(burst.Onset.Sub(rebooted.Onset).Abs()))
		}
		for _, other := range q.anywhere("restart-burst") {
			if isNode(other.Object) && other.Object.Name != s.node {
				w.strongly("on node %s as well: %s", other.Object.Name, other.Message)
				break
			}
		}
		if n := q.lostOn(s.node); n > 0 {
			w.isWeak("%d of its containers were lost or ended with 255: nobody stopped them", n)
		}
	},
	title: func(q *inquiry, s *subject) string {
		if at(q.anywhere("node-rebooted"), s.node) != nil {
			return "node " + s.node + " was rebooted"
		}
		return "node " + s.node + " or its container runtime was restarted"
	},
	fix: func(_ *inquiry, s *subject) string {
		return "Nothing to mend in the workloads: they start again by themselves. Find out who or what rebooted node " + s.node + "."
	},
	commands: func(q *inquiry, s *subject) []Command {
		return []Command{
			q.describe(kube.Nodes.Ref("", s.node), "its boot ID, its conditions and its events"),
			q.events("", "what happened to nodes", "involvedObject.kind=Node"),
			q.podsOn(s.node, "whether all of its pods are back"),
		}
	},
}

// at returns the first of some signals that is about a node, nil if there is none.
func at(all []*triage.Watched, node string) *triage.Watched {
	for _, x := range all {
		if isNode(x.Object) && x.Object.Name == node {
			return x
		}
	}
	return nil
}

// lostOn returns how many containers on a node ended in a way that nobody saw.
func (q *inquiry) lostOn(node string) int {
	n := 0
	pods, _ := q.onNode(node)
	for _, pod := range pods {
		for i := range pod.Status.Containers {
			last := pod.Status.Containers[i].LastTerminated()
			if last != nil && (last.ExitCode == 255 || last.Reason == "ContainerStatusUnknown" || last.Reason == "Unknown") {
				n++
			}
		}
	}
	return n
}
