package triage_test

import (
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
)

func TestSpan(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		-time.Second: "0s", 300 * time.Millisecond: "0s", 90 * time.Second: "90s", 12*time.Minute + time.Second: "12m",
		119 * time.Minute: "119m", 2 * time.Hour: "2h", 125 * time.Minute: "2h5m", 49 * time.Hour: "2d",
	} {
		if got := triage.Span(d); got != want {
			t.Errorf("%s: got %s want %s", d, got, want)
		}
	}
}
