package incident

import (
	"regexp"
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
)

// mechanism is one way in which something that is broken breaks something else.
// Detectors are named by their ids.
type mechanism struct {
	rung triage.Rung // where it stands on the ladder: what is higher explains first
	// roots are detectors whose signals explain; with role instead, or besides, any
	// signal of a workload that does this for all others ([triage.SharedRole]) if its
	// detector is one of troubles.
	roots []string
	role  string
	// named narrows the roots to objects whose name has this text in it.
	named string
	// symptoms are detectors whose signals are explained, if they have a key of one
	// of the kinds by in common with the root: anywhere in the cluster if that is nil.
	symptoms []string
	by       []triage.KeyKind
	// causes narrows the symptoms to these ways; one whose cause nobody could read
	// is among them, unless says is set.
	causes []string
	// says narrows them to what a component put in these words.
	says *regexp.Regexp
	// A symptom begins at the earliest slack before its root (a minute if zero), since
	// components notice at different speed, and at the latest within after (zero: as
	// long as the root lasts).
	slack, within time.Duration
	// least is how many owners must show the symptom at once for it to mean anything.
	least int
}

// The ladder is §2 of the design, from what explains most to what explains least.
// Owners, shared keys and effects are passes of their own.
func ladder() []mechanism {
	return slices.Concat(ofTheControlPlane(), ofNodes(), ofAgents(), ofAdmission(), ofStorage())
}

func ofTheControlPlane() []mechanism {
	return []mechanism{
		{
			rung: triage.ControlPlane, roots: []string{"leader-stale"}, named: "kube-scheduler",
			symptoms: []string{"pod-no-scheduler"},
		},
		{
			rung: triage.ControlPlane, roots: []string{"leader-stale"}, named: "kube-controller-manager",
			symptoms: []string{"observed-stale", "cron-missed", "csr-pending", "job-long", "ds-missing"},
		},
		{ // The zone is down once most of its nodes are: the first of them are earlier.
			rung: triage.Zones, roots: []string{"zone-down"}, by: []triage.KeyKind{triage.ByZone}, slack: 10 * time.Minute,
			symptoms: []string{"node-notready", "node-silent", "node-lease-stale"},
		},
	}
}

// nodeWindow is for how long after a node was lost its pods go on showing it: 50 s
// until it is noticed, 300 s that pods tolerate it by default, and the retries.
const nodeWindow = 10 * time.Minute

// lossWindow is for how long a lost node explains that there is too little room.
const lossWindow = 30 * time.Minute

func ofNodes() []mechanism {
	lost := []string{"node-notready", "node-silent"}
	node := []triage.KeyKind{triage.ByNode}
	room := []string{ // what the scheduler says where there would be room on the node that is lost
		"capacity", "taint", "cordoned", "pod-anti-affinity", "existing-anti-affinity", "topology-spread",
		"volume-node-affinity", "volume-zone", "no-nodes", "preemption-unhelpful", "no-victims",
	}
	return []mechanism{
		{
			rung: triage.Nodes, roots: lost, by: node, within: nodeWindow,
			symptoms: []string{
				"pod-disrupted", "pod-evicted", "pod-creating-stuck", "pod-sandbox-failed", "pod-mount-failed", "probe-readiness", "probe-liveness",
				"restart-burst", "ds-missing", "pod-admission-failed",
			},
		},
		{ // What waits for the node itself does so for as long as it is lost.
			rung: triage.Nodes, roots: lost, by: node,
			symptoms: []string{"not-ready-node", "pod-unknown", "pod-terminating-stuck", "pod-attach-failed", "attach-stuck"},
		},
		{
			rung: triage.Nodes, roots: append([]string{"zone-down", "node-cordoned"}, lost...), within: lossWindow,
			symptoms: []string{"pod-unschedulable"}, causes: room,
		},
		{
			rung: triage.Nodes, roots: []string{"node-pressure", "node-evicting"}, by: node, slack: time.Hour,
			symptoms: []string{"pod-evicted", "pod-disrupted", "pod-admission-failed"},
		},
		{
			rung: triage.Nodes, roots: []string{"node-pressure"}, by: node,
			symptoms: []string{"image-pull"}, causes: []string{"disk"}, says: regexp.MustCompile(`no space left`),
		},
		{
			rung: triage.Nodes, roots: []string{"node-oom"}, by: node, within: nodeWindow,
			symptoms: []string{"oom-killed", "restart-burst"},
		},
		{
			rung: triage.Nodes, roots: []string{"node-rebooted"}, by: node, within: nodeWindow,
			symptoms: []string{"restart-burst", "pod-unknown", "not-ready-node", "probe-readiness", "pod-sandbox-failed"},
		},
	}
}

// The roles that [triage.SharedRole] knows and that explain something here.
const (
	podNetwork     = "pod network"
	serviceNetwork = "service network"
	storageDriver  = "storage driver"
	clusterDNS     = "cluster DNS"
)

func ofAgents() []mechanism {
	node := []triage.KeyKind{triage.ByNode}
	calls := []string{"crash-loop", "probe-readiness", "probe-liveness", "probe-startup", "init-stuck", "job-failed"}
	return []mechanism{
		{rung: triage.NodeAgents, role: podNetwork, by: node, symptoms: []string{"pod-sandbox-failed", "pod-creating-stuck"}},
		{
			rung: triage.NodeAgents, role: podNetwork, by: node, symptoms: []string{"node-notready"},
			causes: []string{"network-not-ready"}, says: regexp.MustCompile(`(?i)network|cni`),
		},
		{rung: triage.NodeAgents, role: serviceNetwork, by: node, symptoms: []string{"pod-sandbox-failed"}},
		{
			rung: triage.NodeAgents, role: storageDriver, by: node,
			symptoms: []string{"pod-mount-failed", "pod-creating-stuck"}, causes: []string{"driver-missing", "volume-timeout", "volume-failed"},
		},
		{rung: triage.NodeAgents, role: storageDriver, by: node, symptoms: []string{"pod-attach-failed"}, causes: []string{"timeout", "failed"}},
		{ // Whoever cannot resolve a name mostly says so.
			rung: triage.NameServices, roots: []string{"dns-unhealthy"}, role: clusterDNS, symptoms: calls, causes: []string{"dns"},
			says: regexp.MustCompile(`(?i)no such host|name resolution|name or service not known|server misbehaving|could not resolve|getaddrinfo|EAI_AGAIN|lookup \S+.*(timeout|refused)`),
		},
		{
			rung: triage.NameServices, roots: []string{"dns-unhealthy"}, role: clusterDNS, symptoms: calls,
			within: nodeWindow, least: 5,
		},
	}
}

func ofAdmission() []mechanism {
	return []mechanism{
		{
			rung: triage.Admission, roots: []string{"cert-expiring"}, symptoms: []string{"webhook-down", "apiservice-down"},
			by: []triage.KeyKind{triage.ByWebhook, triage.ByAPIService, triage.ByService}, slack: 24 * time.Hour,
		},
		{rung: triage.Admission, roots: []string{"webhook-down"}, symptoms: []string{"create-refused"}, by: []triage.KeyKind{triage.ByWebhook}},
		{rung: triage.Admission, roots: []string{"apiservice-down"}, named: "metrics.k8s.io", symptoms: []string{"hpa-blind"}},
		{
			rung: triage.Admission, roots: []string{"apiservice-down"}, symptoms: []string{"ns-stuck", "hpa-blind", "create-refused"},
			by: []triage.KeyKind{triage.ByAPIService},
		},
		{ // What asks for a version that nobody converts to says so (apiextensions-apiserver pkg/apiserver/conversion).
			rung: triage.Admission, roots: []string{"crd-bad"}, symptoms: []string{"ns-stuck", "create-refused", "gitops-failed"},
			says: regexp.MustCompile(`conversion webhook for `),
		},
		{rung: triage.Quotas, roots: []string{"quota-full"}, symptoms: []string{"create-refused", "pvc-pending"}, by: []triage.KeyKind{triage.ByQuota}, slack: time.Hour},
	}
}

func ofStorage() []mechanism {
	claim := []triage.KeyKind{triage.ByClaim, triage.ByVolume}
	return []mechanism{
		{
			rung: triage.Storage, role: storageDriver, symptoms: []string{"pvc-pending", "pvc-resize", "attach-stuck"},
			by: []triage.KeyKind{triage.ByStorageClass, triage.ByNode},
		},
		{
			rung: triage.Storage, roots: []string{"pvc-pending", "pvc-lost"}, by: claim,
			symptoms: []string{"pod-unschedulable", "pod-creating-stuck", "pod-mount-failed", "pod-attach-failed", "sts-blocked-ordinal"},
		},
		{
			rung: triage.Storage, roots: []string{"attach-stuck"}, by: claim, slack: nodeWindow,
			symptoms: []string{"pod-attach-failed", "pod-creating-stuck", "pod-mount-failed", "sts-blocked-ordinal"},
		},
	}
}

// troubles are the detectors whose signals tell that a workload with a role does
// not do its part. That its node is lost is not the workload's doing.
func troubles() []string {
	return []string{
		"crash-loop", "oom-killed", "image-pull", "config-error", "create-error", "init-stuck", "pod-mount-failed",
		"probe-liveness", "probe-startup", "probe-readiness", "pod-unschedulable", "pod-admission-failed",
		"create-refused", "ds-missing", "deploy-unavailable",
	}
}

// effects are detectors whose signals follow from the pods that their object
// depends on, where something is wrong with those.
func effects() []string {
	return []string{
		"deploy-deadline", "deploy-stalling", "deploy-unavailable", "deploy-degraded", "sts-blocked-ordinal", "ds-missing",
		"hpa-blind", "hpa-target-gone", "hpa-maxed", "pdb-blocking", "pdb-impossible",
		"svc-no-endpoints", "ingress-backend", "gateway-bad", "gitops-failed",
		"dns-unhealthy", "webhook-down", "apiservice-down", "crd-bad",
	}
}

// ownCauses are causes of effects that follow from nothing but the object itself: what
// it names does not exist, or it asks for what cannot be.
func ownCauses() []string {
	return []string{
		"ingress-backend service-missing", "ingress-backend port-missing", "ingress-backend class-missing", "ingress-backend certificate-missing",
		"crd-bad names", "crd-bad not-established", "crd-bad terminating", "crd-bad not-structural", "crd-bad service-missing",
		"hpa-blind no-request", "hpa-blind request-missing", "hpa-blind selector", "hpa-blind selector-ambiguous",
	}
}

// vague are detectors whose signals say that something does not work, and not why:
// they go with whatever else is wrong with their pod, or with their workload.
func vague() []string {
	return []string{
		"pod-creating-stuck", "probe-readiness", "readiness-gate", "not-ready-node", "pod-unknown", "pod-terminating-stuck",
		"pod-disrupted", "node-lease-stale", "restart-burst", "resize-stuck", "job-long", "sts-bad-revision", "cron-never-ok",
	}
}

// masses are detectors whose signals are one thing where as many objects say the
// same at about the same time, although no key tells what they share: it is a part
// of the control plane, or the way to it.
func masses() []string {
	return []string{
		"observed-stale", "pod-no-scheduler", "pod-scheduler-error", "hpa-blind",
		"node-notready", "node-silent", "node-lease-stale", "node-clock",
	}
}

// mass is how many of them it takes.
const mass = 3

// table is the ladder, indexed.
type table struct {
	ladder                           []mechanism
	bySymptom                        map[string][]int // places in ladder
	byRoot                           map[string][]int
	byRole                           map[string][]int
	troubles, effects, vague, masses map[string]bool
	ownCauses                        map[string]bool // detector and cause
}

func newTable() *table {
	t := &table{
		ladder: ladder(), bySymptom: map[string][]int{}, byRoot: map[string][]int{}, byRole: map[string][]int{},
		troubles: set(troubles()), effects: set(effects()), vague: set(vague()), masses: set(masses()),
		ownCauses: set(ownCauses()),
	}
	for i := range t.ladder {
		m := &t.ladder[i]
		for _, id := range m.symptoms {
			t.bySymptom[id] = append(t.bySymptom[id], i)
		}
		for _, id := range m.roots {
			t.byRoot[id] = append(t.byRoot[id], i)
		}
		if m.role != "" {
			t.byRole[m.role] = append(t.byRole[m.role], i)
		}
	}
	return t
}

func set(ids []string) map[string]bool {
	all := make(map[string]bool, len(ids))
	for _, id := range ids {
		all[id] = true
	}
	return all
}

// Detectors returns the ids of all detectors that the tables of this package name,
// sorted: one that does not exist is a mistake.
func Detectors() []string {
	all := slices.Concat(troubles(), effects(), vague(), masses())
	for _, m := range ladder() {
		all = slices.Concat(all, m.roots, m.symptoms)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// suits reports whether a signal may be a symptom by what it says of its cause.
func (m *mechanism) suits(f *fact) bool {
	if m.says != nil && (m.says.MatchString(f.Raw) || m.says.MatchString(f.Message)) {
		return true
	}
	if len(m.causes) == 0 {
		return m.says == nil
	}
	if unsaid(f.Cause) {
		return m.says == nil
	}
	return slices.Contains(m.causes, f.Cause)
}

// unsaid reports whether a cause says nothing: nobody told it, or nobody could read it.
func unsaid(cause string) bool {
	return cause == "" || cause == "unsaid" || cause == "unparsed" || cause == "undecided"
}

// timely reports whether a symptom began when it may, after a root.
func (m *mechanism) timely(root, symptom *fact) bool {
	slack := m.slack
	if slack == 0 {
		slack = time.Minute
	}
	after := symptom.first.Sub(root.first)
	return after >= -slack && (m.within == 0 || after <= m.within)
}
