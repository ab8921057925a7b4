package workgroup_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube/workgroup"
)

// caught returns what a function panics with, nil if it returns.
func caught(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

func TestWaitReturnsWhenAllIsDone(t *testing.T) {
	t.Parallel()
	var g workgroup.Group
	var done atomic.Int64
	for range 10 {
		g.Go(func() { done.Add(1) })
	}
	if value := caught(g.Wait); value != nil || done.Load() != 10 {
		t.Errorf("Wait panics with %v when %d of 10 are done", value, done.Load())
	}
}

func sinkingFunction() { panic(errors.New("sinking")) }

// TestAPanicIsCarried also through a second group, and ends what would go on.
func TestAPanicIsCarried(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	outer := workgroup.Group{Stop: stop}
	outer.Go(func() { <-ctx.Done() })
	outer.Go(func() {
		var inner workgroup.Group
		inner.Go(sinkingFunction)
		inner.Wait()
	})
	carried, ok := caught(outer.Wait).(*workgroup.Panic)
	if !ok {
		t.Fatal("Wait does not panic with a *Panic")
	}
	if err, ok := carried.Value.(error); !ok || err.Error() != "sinking" {
		t.Errorf("the value is %v, want the error", carried.Value)
	}
	if !strings.Contains(string(carried.Stack), "sinkingFunction") || !strings.HasPrefix(carried.Error(), "sinking\n") {
		t.Errorf("the stack does not name where it began:\n%s", carried.Error())
	}
}
