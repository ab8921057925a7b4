package platform

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// replicationSource is what matters of a ReplicationSource of VolSync
// (https://volsync.readthedocs.io/en/stable/usage/triggers.html).
type replicationSource struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     struct {
		SourcePVC string `json:"sourcePVC"`
		Paused    bool   `json:"paused"`
		// Trigger says when the volume is copied: by a schedule, once for each new
		// text that people set, or, if there is none, without a pause.
		Trigger *struct {
			Schedule string `json:"schedule"`
			Manual   string `json:"manual"`
		} `json:"trigger"`
	} `json:"spec"`
	Status struct {
		LastSyncTime      *metav1.Time `json:"lastSyncTime"` // of the last that went well
		LatestMoverStatus struct {
			Result string `json:"result"` // Successful or Failed, "" before the first
		} `json:"latestMoverStatus"`
		Conditions []metav1.Condition `json:"conditions"`
	} `json:"status"`
}

const moverFailed = "Failed"

// repeats reports whether the volume is copied again and again.
func (s *replicationSource) repeats() bool {
	t := s.Spec.Trigger
	return !s.Spec.Paused && (t == nil || t.Schedule != "" || t.Manual == "")
}

// plan reads when a volume is copied. VolSync itself takes a source for late by the same
// measure: two of its times have passed (controllers/statemachine/machine.go).
func (s *replicationSource) plan(p *audit.Pass) (*plan, bool) {
	if !s.repeats() || s.Spec.Trigger == nil || s.Spec.Trigger.Schedule == "" || s.Metadata.CreationTimestamp.IsZero() {
		p.NotApplicable() // no times are set, backup-schedule-inactive says it, or a manifest
		return nil, false
	}
	runs, err := timed(standard(), "spec.trigger.schedule", s.Spec.Trigger.Schedule)
	if err != nil {
		p.Unknown(err.Error())
		return nil, false
	}
	l := &plan{path: "spec.trigger.schedule", runs: runs, created: s.Metadata.CreationTimestamp, good: s.Status.LastSyncTime}
	if s.Status.LatestMoverStatus.Result == moverFailed {
		l.news = " The last mover failed."
	}
	return l, true
}
