//go:build unix

package ui_test

import (
	"context"
	"io"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// BenchmarkIdle measures what the program takes while nothing happens and nobody
// presses a key, as a share of one core. The goal is under 1 %.
func BenchmarkIdle(b *testing.B) {
	in, keys, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	source := newSource()
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = ui.Run(ctx, ui.Options{Sighting: ui.Sighting{Source: source}, Categories: screentest.Categories(), At: "overview", Theme: themes.Default, In: in, Out: io.Discard})
	}()
	b.Cleanup(func() { cancel(); <-done; _ = keys.Close(); _ = in.Close() })
	source.views <- fleet(b, 400, 2).Build(screentest.Noon)
	const second = time.Second
	<-time.After(3 * second) // what the view led to is over
	b.ReportAllocs()
	before, loops := used(b), 0
	for b.Loop() {
		<-time.After(second)
		loops++
	}
	b.ReportMetric(100*(used(b)-before).Seconds()/float64(loops), "%-of-a-core")
}

// used is the time of a processor that this process took so far.
func used(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
