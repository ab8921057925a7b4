// Package workloads has the detectors of workloads that do not come to what they
// declare: rollouts that do not get on, replicas that are missing, Jobs that fail
// and CronJobs that do not start.
//
// They tell what controllers say. Why it is so is told, as a rule, by the pods:
// what is found here stands low on the ladder and is explained by them. While a
// rollout is under way missing replicas are to be expected and a note
// ([triage.Signal], Mild); one that does not get on is told by its deadline.
package workloads

import "github.com/seaworthy-dev/seaworthy/audit/triage"

// Detectors returns the detectors of this package.
func Detectors() []*triage.Detector {
	return []*triage.Detector{
		deployDeadline, deployStalling, deployUnavailable, deployDegraded, observedStale,
		stsBlockedOrdinal, stsBadRevision, dsMissing,
		jobFailed, jobLong, cronMissed, cronEvents, cronNeverOK,
	}
}
