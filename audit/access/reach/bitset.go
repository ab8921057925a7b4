package reach

import (
	"context"
	"fmt"
)

// bitset is a set of small numbers.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) has(i int32) bool { return b[i>>6]&(1<<(i&63)) != 0 }
func (b bitset) set(i int32)      { b[i>>6] |= 1 << (i & 63) }
func (b bitset) clear(i int32)    { b[i>>6] &^= 1 << (i & 63) }

// watch asks a context now and then whether anybody still waits, because asking
// at every step costs more than the step.
type watch struct {
	ctx   context.Context
	doing string
	steps uint32
}

// stopped is called once a vertex, edge or path.
func (w *watch) stopped() bool {
	w.steps++
	return w.steps&1023 == 0 && w.ctx.Err() != nil
}

func (w *watch) err() error {
	if err := w.ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", w.doing, err)
	}
	return nil
}
