package record

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestChangeMovesTimes(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, time.November, 22, 3, 21, 7, 400_000_000, time.UTC)
	recorded := strings.Join([]string{
		`{"format":"seaworthy/recording/v1"}`,
		`{"set":"pods","object":{"metadata":{"creationTimestamp":"2026-11-22T03:21:05Z"}}}`,
		`{"set":"clusterroles.rbac.authorization.k8s.io","object":{"metadata":{"creationTimestamp":"2026-11-22T03:21:00Z"}}}`,
		`{"set":"events","object":{"metadata":{"creationTimestamp":"2026-11-22T03:21:05Z"},"lastTimestamp":"2026-11-22T03:21:06Z"}}`,
		`{"set":"leases.coordination.k8s.io","object":{"spec":{"renewTime":"2026-11-22T03:21:05.120000Z"}}}`,
		`{"set":"pods.metrics.k8s.io","object":{"name":"web-1","time":"2026-11-22T03:21:04Z"}}`,
		`{"frame":{"time":"2026-11-22T03:21:06.900000001Z","lines":5}}`,
		`{"set":"pods","object":{"metadata":{"annotations":{"testbed.seaworthy.dev/behaviour":"oom-loop","testbed.seaworthy.dev/cpu":"1"},"creationTimestamp":"2026-11-22T03:21:05Z"},"status":{"startTime":"2026-11-22T03:21:09Z"}}}`,
		`{"set":"events","object":{"metadata":{"creationTimestamp":"2026-11-22T03:21:05Z"},"lastTimestamp":"2026-11-22T03:21:09Z"}}`,
		`{"delete":"pods","namespace":"shop","name":"web-1"}`,
		`{"frame":{"time":"2026-11-22T03:21:10.5Z","lines":3}}`,
		`{"delete":"pods","namespace":"shop","name":"web-2"}`,
		`{"frame":{"time":"2026-11-22T03:21:20Z","lines":1}}`,
		`{"set":"leases.coordination.k8s.io","object":{"spec":{"renewTime":"2026-11-22T03:21:25.120000Z"}}}`,
		`{"frame":{"time":"2026-11-22T03:21:30Z","lines":1}}`,
	}, "\n")
	want := []string{
		`{"format":"seaworthy/recording/v1"}`,
		`{"set":"pods","object":{"metadata":{"creationTimestamp":"2026-05-31T20:59:58Z"}}}`,
		`{"set":"leases.coordination.k8s.io","object":{"spec":{"renewTime":"2026-06-01T02:59:58.120000Z"}}}`,
		`{"set":"pods.metrics.k8s.io","object":{"name":"web-1","time":"2026-06-01T02:59:57Z"}}`,
		`{"frame":{"time":"2026-06-01T02:59:59.900000001Z","lines":3}}`,
		`{"set":"pods","object":{"metadata":{"annotations":{"testbed.seaworthy.dev/cpu":"1"},"creationTimestamp":"2026-05-31T20:59:58Z"},"status":{"startTime":"2026-06-01T03:00:02Z"}}}`,
		`{"set":"events","object":{"metadata":{"creationTimestamp":"2026-05-31T20:59:58Z"},"lastTimestamp":"2026-06-01T03:00:02Z"}}`,
		`{"delete":"pods","namespace":"shop","name":"web-1"}`,
		`{"frame":{"time":"2026-06-01T03:00:03.5Z","lines":3}}`,
		`{"delete":"pods","namespace":"shop","name":"web-2"}`,
		`{"set":"leases.coordination.k8s.io","object":{"spec":{"renewTime":"2026-06-01T03:10:18.120000Z"}}}`,
		`{"frame":{"time":"2026-06-01T03:10:23Z","lines":2}}`,
	}
	var out strings.Builder
	change := Change{
		Began: began, Begins: time.Date(2026, time.June, 1, 3, 0, 0, 0, time.UTC), Peace: 6 * time.Hour, Without: []string{"clusterroles"},
		Leap: Leap{At: began.Add(12 * time.Second), By: 10 * time.Minute, Gathered: 10 * time.Second},
	}
	if err := change.lines(strings.NewReader(recorded), &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, strings.Split(strings.TrimSpace(out.String()), "\n")); diff != "" {
		t.Errorf("settled (-want +got):\n%s", diff)
	}
}
