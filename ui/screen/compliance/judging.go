package compliance

import (
	"context"
	"time"
)

// interval is how long a job waits before it judges again.
const interval = time.Second

// rest waits for the interval; it reports false if the job is given up.
func rest(ctx context.Context) bool {
	timer := time.NewTimer(interval)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// emptyFor is what the table says before anything is judged.
func emptyFor(failed error) string {
	if failed != nil {
		return failed.Error()
	}
	return "judging controls"
}
