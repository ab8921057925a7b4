package briefing_test

import (
	"os"
	"strconv"
	"fmt"
	"testing"
	"time"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

func cpu() time.Duration {
	var ts unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &ts)
	return time.Duration(ts.Nano())
}

func TestScratch(t *testing.T) {
	size, _ := strconv.Atoi(os.Getenv("PODS"))
	rounds, _ := strconv.Atoi(os.Getenv("ROUNDS"))
	f := fleet.Of(size)
	builder, err := f.Builder()
	if err != nil {
		t.Fatal(err)
	}
	r := briefing.NewResponder(signals.All())
	now := fleet.Began().Add(time.Hour)
	c := builder.Build(now)
	b := cpu()
	first := r.Update(c, now)
	fmt.Println("first", cpu()-b, first.Signals, len(first.Incidents))
	n := 0
	for _, changed := range []int{1, 200} {
		var total, least time.Duration
		least = time.Hour
		for range rounds {
			for range changed {
				n++
				if err := builder.Set(kube.Pods, f.Change(n)); err != nil {
					t.Fatal(err)
				}
			}
			now = now.Add(100 * time.Millisecond)
			c := builder.Build(now)
			b := cpu()
			r.Update(c, now)
			d := cpu() - b
			total += d
			least = min(least, d)
		}
		fmt.Println(size, changed, "mean", total/time.Duration(rounds), "least", least)
	}
	runtime.KeepAlive(builder)
}
