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

// seconds is a time of the API, which has no finer ones
// (k8s.io/apimachinery/pkg/apis/meta/v1.Time): seconds since the zero time.
type seconds int64

// epoch is the zero time in the count of [time.Time.Unix].
const epoch = -62135596800

func secondsOf(t time.Time) seconds { return seconds(t.Unix() - epoch) }

func (s seconds) time() time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.Unix(int64(s)+epoch, 0)
}
