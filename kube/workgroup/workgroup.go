// Package workgroup waits for goroutines, and carries a panic in one of them to who
// waits. A goroutine that panics by itself ends the whole process at once, without a
// chance to give back a terminal that was taken over; here the panic goes on in the
// goroutine that has the work done, as if there were only that one.
package workgroup

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// Group is like [sync.WaitGroup], of which Go and Wait are all that is needed. The zero
// value is ready; a Group must not be copied.
type Group struct {
	// Stop, if not nil, is called by the first goroutine that panics: it ends the
	// others where they would go on for long.
	Stop func()

	running sync.WaitGroup
	once    sync.Once
	first   *Panic
}

// Panic is a panic of a goroutine. Wait panics with it.
type Panic struct {
	// Value is what was panicked with.
	Value any
	// Stack is the stack of the goroutine that panicked.
	Stack []byte
}

// Error tells the value and the stack, for who lets the panic end the process.
func (p *Panic) Error() string { return fmt.Sprintf("%v\n\n%s", p.Value, p.Stack) }

// Go calls a function in a goroutine.
func (g *Group) Go(f func()) {
	g.running.Go(func() {
		defer g.carry()
		f()
	})
}

// carry is deferred by each goroutine.
func (g *Group) carry() {
	value := recover()
	if value == nil {
		return
	}
	g.once.Do(func() {
		g.first = Caught(value)
		if g.Stop != nil {
			g.Stop()
		}
	})
}

// Caught makes a Panic of what recover returned, in the deferred function that called
// it. What another group carried here keeps the stack of where it began.
func Caught(value any) *Panic {
	if carried, ok := value.(*Panic); ok {
		return carried
	}
	return &Panic{Value: value, Stack: debug.Stack()}
}

// Wait waits until every goroutine has ended. It panics with a [*Panic] if one of them
// did.
func (g *Group) Wait() {
	g.running.Wait()
	if g.first != nil {
		panic(g.first)
	}
}
