package message

import "strings"

// unfit reads one reason.
func unfit(reason string) Unfit {
	u := Unfit{Kind: exact(reason), Text: Scrub(reason)}
	if u.Kind != UnparsedReason {
		if u.Kind == Capacity { // "Too many pods" (plugins/noderesources/fit.go)
			u.Name = "pods"
		}
		return u
	}
	for _, read := range [...]func(string) (SchedulerReason, string){ofResource, ofTaint, ofPlugins, ofClaim, ofGate, ofDevice} {
		if kind, name := read(reason); kind != UnparsedReason {
			u.Kind, u.Name = kind, name
			return u
		}
	}
	return u
}

// exact knows the reasons that name nothing: the constants ErrReason… of the
// plugins, with their words since 1.24.
func exact(reason string) SchedulerReason {
	switch reason {
	case "Too many pods": // noderesources/fit.go
		return Capacity
	case "node(s) had untolerated taint(s)", // tainttoleration/taint_toleration.go, 1.37
		"node(s) had taints that the pod didn't tolerate": // ErrReasonNotMatch
		return Taint
	case "node(s) were unschedulable": // nodeunschedulable, ErrReasonUnschedulable
		return Cordoned
	case "node(s) didn't match Pod's node affinity/selector", // nodeaffinity, ErrReasonPod
		"node(s) didn't match scheduler-enforced node affinity",
		"node(s) didn't match the requested node name", // nodename, ErrReason
		"pod affinity terms conflict":                  // nodeaffinity, errReasonConflict
		return Selector
	case "node(s) didn't match Pod's required features": // nodedeclaredfeatures
		return Features
	case "waiting for the preemption for this pod to be finished", // defaultpreemption, PreEnqueue
		"waiting for the preemption for this pod group to be finished":
		return Preempting
	case "pod resize fits, waiting for Kubelet actuation", // deferredpodscheduling
		"pod assigned to different node", "node had resize preemption disabled":
		return Resizing
	case "no nodes available to schedule pods": // scheduler.go, ErrNoNodesAvailable
		return NoNodes
	case "Preemption is not helpful for scheduling": // framework/preemption/preemption.go
		return PreemptionUnhelpful
	case "No preemption victims found for incoming pod", // defaultpreemption, SelectVictimsOnNode
		"No preemption victims found for incoming preemptor":
		return NoVictims
	}
	if kind := ofOtherPods(reason); kind != UnparsedReason {
		return kind
	}
	return ofVolume(reason)
}

// ofOtherPods knows the constants about where other pods run.
func ofOtherPods(reason string) SchedulerReason {
	switch reason {
	case "node(s) didn't match pod affinity rules": // interpodaffinity/filtering.go
		return PodAffinity
	case "node(s) didn't match pod anti-affinity rules":
		return PodAntiAffinity
	case "node(s) didn't satisfy existing pods anti-affinity rules":
		return ExistingAntiAffinity
	case "node(s) didn't match pod topology spread constraints": // podtopologyspread/plugin.go
		return TopologySpread
	case "node(s) didn't match pod topology spread constraints (missing required label)":
		return TopologyLabel
	case "node(s) didn't have free ports for the requested pod ports": // nodeports, ErrReason
		return HostPort
	}
	return UnparsedReason
}

// ofVolume knows the constants of the plugins volumebinding (binder.go),
// volumezone, volumerestrictions and nodevolumelimits.
func ofVolume(reason string) SchedulerReason {
	switch reason {
	case "pod has unbound immediate PersistentVolumeClaims": // volume_binding.go, PreFilter
		return VolumeUnbound
	case "node(s) didn't find available persistent volumes to bind": // ErrReasonBindConflict
		return VolumeNoneToBind
	case "node(s) didn't match PersistentVolume's node affinity", // ErrReasonNodeConflict
		"node(s) had volume node affinity conflict": // the same in 1.24 and 1.31
		return VolumeNodeAffinity
	case "node(s) did not have enough free storage": // ErrReasonNotEnoughSpace
		return VolumeSpace
	case "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)": // ErrReasonPVNotExist
		return VolumeClaimLost
	case "node(s) had no available volume zone": // volumezone, ErrReasonConflict
		return VolumeZone
	case "node(s) exceed max volume count": // nodevolumelimits/csi.go
		return VolumeCount
	case "node(s) had no available disk": // volumerestrictions, ErrReasonDiskConflict
		return VolumeDisk
	case "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod",
		"node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode": // 1.24 and 1.31
		return VolumeAccessMode
	case "PersistentVolumeClaim had no pv name and storageClass name", "PersistentVolume had no name", "PersistentVolumeClaim had no name":
		return VolumeUnbound
	}
	return UnparsedReason
}

// ofResource reads "Insufficient nvidia.com/gpu" (noderesources/fit.go).
func ofResource(reason string) (SchedulerReason, string) {
	name, is := strings.CutPrefix(reason, "Insufficient ")
	if !is || name == "" || strings.ContainsAny(name, " ,") {
		return UnparsedReason, ""
	}
	return Capacity, name
}

// ofTaint reads the taint that older schedulers name: in 1.24 and 1.31
// "node(s) had untolerated taint {key: value}", before
// "node(s) had taint {key: value}, that the pod didn't tolerate".
func ofTaint(reason string) (SchedulerReason, string) {
	tail, is := strings.CutPrefix(reason, "node(s) had untolerated taint ")
	if !is {
		tail, is = strings.CutPrefix(reason, "node(s) had taint ")
	}
	if !is || !strings.HasPrefix(tail, "{") {
		return UnparsedReason, ""
	}
	taint, _, closed := strings.Cut(tail, "}")
	if !closed {
		return UnparsedReason, ""
	}
	return Taint, taint + "}"
}

// ofPlugins reads which plugins ruled nodes out beforehand
// (schedule_one.go, findNodesThatFitPod; framework/runtime, RunPreFilterPlugins).
func ofPlugins(reason string) (SchedulerReason, string) {
	var plugins string
	if tail, is := strings.CutPrefix(reason, "node(s) didn't satisfy plugin(s) "); is {
		plugins = strings.Join(listed(tail), " ")
	} else if tail, is := strings.CutPrefix(reason, "node(s) didn't satisfy plugin "); is {
		plugins = before(tail, " ")
	}
	switch plugins {
	case "":
		return UnparsedReason, ""
	case "NodeAffinity", "NodeName":
		return Selector, plugins
	case "VolumeBinding": // it names the nodes of local volumes
		return VolumeNodeAffinity, plugins
	}
	return Excluded, plugins
}

// ofClaim reads what is said of one claim, class or driver
// (volumebinding/volume_binding.go, podHasPVCs; volumezone, getErrorAsStatus).
func ofClaim(reason string) (SchedulerReason, string) {
	if name, rest, is := quoted(after(reason, "waiting for ephemeral volume controller to create the persistentvolumeclaim ")); is && rest == "" {
		return VolumeClaimPending, name
	}
	if name, is := strings.CutSuffix(reason, " CSI driver is not installed on the node"); is && !strings.Contains(name, " ") {
		return VolumeDriver, name // nodevolumelimits/csi.go
	}
	if class := quotedAfter(reason, "VolumeBindingMode not set for StorageClass "); class != "" {
		return VolumeClass, class
	}
	if class := quotedAfter(reason, "storageclass.storage.k8s.io "); class != "" && strings.HasSuffix(reason, " not found") {
		return VolumeClass, class
	}
	tail, is := strings.CutPrefix(reason, "persistentvolumeclaim ")
	if !is {
		return UnparsedReason, ""
	}
	name, rest, is := quoted(tail)
	switch {
	case !is:
		return UnparsedReason, ""
	case rest == " not found":
		return VolumeClaimMissing, name
	case rest == " is being deleted":
		return VolumeClaimGoing, name
	case strings.HasPrefix(rest, " bound to non-existent persistentvolume "):
		return VolumeClaimLost, name
	}
	return UnparsedReason, ""
}

// ofGate reads what holds a pod back before it is looked at: gates
// (plugins/schedulinggates; pkg/registry/core/pod/strategy.go for the condition)
// and groups (plugins/gangscheduling).
func ofGate(reason string) (SchedulerReason, string) {
	if gates, is := strings.CutPrefix(reason, "waiting for scheduling gates: "); is {
		return Gated, strings.Join(listed(gates), " ")
	}
	switch {
	case reason == "Scheduling is blocked due to non-empty scheduling gates":
		return Gated, ""
	case strings.HasPrefix(reason, "waiting for pods's pod group "):
		return Gang, quotedAfter(reason, "pod group ")
	case strings.HasPrefix(reason, "waiting for composite pod group "):
		return Gang, quotedAfter(reason, "pod group ")
	case strings.HasPrefix(reason, "waiting for minCount pods from a gang"),
		strings.HasPrefix(reason, "minCount ("),
		reason == "pod group is unschedulable",
		reason == "no feasible placements found":
		return Gang, ""
	}
	return UnparsedReason, ""
}

// ofDevice reads what the plugin dynamicresources says, of which the claim or
// device class is taken where it stands in quotes or behind its word.
func ofDevice(reason string) (SchedulerReason, string) {
	switch {
	case strings.HasPrefix(reason, "resourceclaim "), strings.HasPrefix(reason, "resourceclaim.resource.k8s.io "):
		return Device, quotedAfter(reason, " ")
	case strings.HasPrefix(reason, "resource claim "):
		return Device, wordAfter(reason, "resource claim ")
	case strings.HasPrefix(reason, "node allocatable resource claim "):
		return Device, wordAfter(reason, "resource claim ")
	case strings.HasPrefix(reason, "request ") && strings.Contains(reason, ": device class "):
		return Device, wordAfter(reason, ": device class ")
	case strings.HasPrefix(reason, "pod ") && strings.HasSuffix(reason, ": ResourceClaim not created yet"),
		reason == "cannot allocate all claims",
		reason == "cannot schedule extended resource claim",
		reason == "cannot fit resource",
		reason == "excluded by device class node filter", // 1.31
		strings.HasPrefix(reason, "pod level request for "),
		strings.HasPrefix(reason, "pod level limit for "),
		strings.HasPrefix(reason, "asked by caller to stop allocating devices"):
		return Device, ""
	}
	return UnparsedReason, ""
}
