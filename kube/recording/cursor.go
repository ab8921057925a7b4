package recording

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// specTable are the pod specs of a recording by their numbers, for all who read it. Who
// begins in the middle finds those of before: somebody has read up to there.
type specTable struct {
	mu       sync.Mutex
	byNumber map[int][]byte
}

func newSpecTable() *specTable { return &specTable{byNumber: map[int][]byte{}} }

func (t *specTable) put(number int, spec []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byNumber[number] == nil {
		t.byNumber[number] = append([]byte(nil), spec...)
	}
}

func (t *specTable) get(number int) ([]byte, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	spec, ok := t.byNumber[number]
	return spec, ok
}

// Cursor reads the views of a recording, best one after the other. It is for one
// goroutine, and must be closed.
type Cursor struct {
	index *Index
	input io.Closer // nil while nothing is open
	r     *reader
	at    int // the frame of view, -1 for none
	view  *kube.Cluster
}

// Cursor returns a cursor before the first frame.
func (x *Index) Cursor() *Cursor { return &Cursor{index: x, at: -1} }

// Close closes what the cursor reads. It may be used again.
func (c *Cursor) Close() {
	if c.input != nil {
		c.r.close()
		_ = c.input.Close()
	}
	c.input, c.r, c.at, c.view = nil, nil, -1, nil
}

// Read returns the view of a frame, which is numbered from 0. [kube.Cluster.Generation]
// of it is one more. If a frame on the way to it cannot be read, the recording ends
// before that one from then on.
func (c *Cursor) Read(ctx context.Context, frame int) (*kube.Cluster, error) {
	if _, ok := c.index.frame(frame); !ok {
		return nil, c.index.wrap(fmt.Errorf("it has no frame %d", frame+1))
	}
	if frame == c.at {
		return c.view, nil
	}
	if k, ok := c.index.nearest(frame); ok && (k.frame > c.at || frame < c.at) {
		if err := c.turnTo(k); err != nil {
			return nil, err
		}
	} else if c.r == nil {
		if err := c.start(); err != nil {
			return nil, err
		}
	}
	for c.at < frame {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := c.step(frame); err != nil {
			bad := c.at + 1
			c.Close()
			c.index.cut(bad, err)
			return nil, err
		}
	}
	return c.view, nil
}

// turnTo goes on from a view that is kept.
func (c *Cursor) turnTo(k kept) error {
	end, _ := c.index.frame(k.frame)
	if c.r == nil || c.r.number > end.line {
		c.Close()
		if err := c.start(); err != nil {
			return err
		}
	}
	for c.r.number < end.line {
		if _, err := c.r.line(); err != nil {
			c.Close()
			return c.index.wrap(err)
		}
	}
	c.r.builder = c.index.first.From(k.view)
	c.at, c.view = k.frame, k.view
	return nil
}

// start opens the recording at its first frame.
func (c *Cursor) start() error {
	input, err := c.index.open()
	if err != nil {
		return fmt.Errorf("opening recording %s: %w", c.index.name, err)
	}
	r, err := newReader(input)
	if err != nil {
		_ = input.Close()
		return c.index.wrap(err)
	}
	r.specs = c.index.specs
	r.builder = c.index.first.From(&kube.Cluster{Info: c.index.info})
	c.input, c.r, c.at, c.view = input, r, -1, nil
	return nil
}

// step applies the next frame. The view is built if it is the one to be shown, or if it
// should be kept.
func (c *Cursor) step(to int) error {
	moment, err := c.r.frame()
	if err != nil {
		return c.index.wrap(err)
	}
	c.at++
	wanted := c.index.wants(c.at)
	if c.at != to && !wanted {
		c.r.builder.Skip()
		return nil
	}
	c.view = c.r.builder.Build(moment)
	if wanted {
		c.index.keep(c.at, c.view)
	}
	return nil
}
