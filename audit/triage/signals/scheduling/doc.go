// Package scheduling has the detectors of pods that get no node, and of those that
// are not even created.
//
// What the scheduler says is read from the condition PodScheduled and not from its
// events, which come at intervals of up to half an hour. What it does not say is
// worked out by package placement: which taints keep a pod away, and whether a pod
// finds the nodes full or never fits. Where no pod could be created there is none
// to look at: its controller shows it.
package scheduling

import "github.com/seaworthy-dev/seaworthy/audit/triage"

// Detectors returns the detectors of this package.
func Detectors() []*triage.Detector {
	return []*triage.Detector{
		podUnschedulable, podSchedulerError, podNoScheduler, podPreempted, podAdmissionFailed, createRefused,
	}
}
