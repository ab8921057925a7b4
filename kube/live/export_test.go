package live

import (
	"fmt"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Hastened returns options whose source waits a tenth as long as others, or less.
func Hastened(o Options) Options {
	o.pace = &pace{
		stale: 500 * time.Millisecond, retryFirst: 100 * time.Millisecond,
		retryMost: time.Second, refused: time.Second, pulse: time.Second, served: 500 * time.Millisecond,
		rewatch: 50 * time.Millisecond,
	}
	return o
}

// Again says when a resource in a state is asked for again, at the usual pace.
func Again(s kube.State) string {
	p := usual()
	switch {
	case s.Phase == kube.Synced || s.Phase == kube.Syncing:
		return "nothing to do"
	case s.Phase == kube.Forbidden || s.Phase == kube.Absent || s.Verb != "":
		return fmt.Sprintf("each %s", p.refused)
	}
	return fmt.Sprintf("after %s, later up to %s apart, at random", p.retryFirst, p.retryMost)
}
