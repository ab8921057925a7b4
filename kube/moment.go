package kube

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Lasted reports whether what began at a time of the API server has lasted for
// at least some minutes at the moment of the view. Rules ask this, because they
// have no clock.
func (c *Cluster) Lasted(began metav1.Time, minutes int) bool {
	return c.Time.Sub(began.Time) >= time.Duration(minutes)*time.Minute
}

// Moment writes a time of the API server as reports do: UTC, RFC 3339.
func Moment(t metav1.Time) string { return t.UTC().Format(time.RFC3339) }
