package recording

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

const (
	// mostKept is how many views an [Index] holds for going on from. What they hold is
	// shared as far as it stays the same from one to the next.
	mostKept = 32
	// keptApart is how many lines lie between two of them at first.
	keptApart = 1000
	// longestFrame bounds the last line of a frame: it has a time and a number.
	longestFrame = 256
)

// Index knows where the frames of a recording lie, so that any of them can be read. A
// frame is changes since the one before: some views are kept on the way to go on from
// (at most [mostKept]), and no more is read again than lies between two of them. It is for
// any number of goroutines, each with a [Cursor] of its own.
type Index struct {
	name string
	open func() (io.ReadCloser, error)

	info     kube.Info
	first    *kube.Builder // from which all others come
	mu       sync.Mutex
	frames   []place
	kept     []kept // ascending
	apart    int
	specs    *specTable
	problems []error
}

// place is where a frame ends.
type place struct {
	time time.Time
	line int // its last, from 1
}

// kept is the view of a frame.
type kept struct {
	frame int
	view  *kube.Cluster
}

// NewIndex looks through a recording, which takes about as long as decompressing it. Name
// is what it is called in errors. The error is [ErrFormat] for a file that is none, any of
// opening it, and the context's.
func NewIndex(ctx context.Context, name string, open func() (io.ReadCloser, error)) (*Index, error) {
	x := &Index{name: name, open: open, apart: keptApart, specs: newSpecTable()}
	input, err := open()
	if err != nil {
		return nil, fmt.Errorf("opening recording %s: %w", name, err)
	}
	defer func() { _ = input.Close() }()
	r, err := newReader(input)
	if err != nil {
		return nil, x.wrap(err)
	}
	defer r.close()
	x.first, x.info = r.builder, r.info
	lines := 0 // since the last frame
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		text, err := r.line()
		if errors.Is(err, io.EOF) && lines == 0 {
			break
		}
		if errors.Is(err, io.EOF) {
			err = fmt.Errorf("line %d: %w", r.number, ErrTruncated)
		}
		if err != nil {
			x.problems = append(x.problems, x.wrap(err))
			break
		}
		end := frameIn(text)
		if end == nil {
			lines++
			continue
		}
		lines = 0
		at := end.Time
		if n := len(x.frames); n > 0 && at.Before(x.frames[n-1].time) {
			at = x.frames[n-1].time // the clock of a server may be set back
		}
		x.frames = append(x.frames, place{at, r.number})
	}
	if len(x.frames) == 0 && len(x.problems) == 0 {
		return nil, x.wrap(fmt.Errorf("it has no frame: %w", ErrFormat))
	}
	return x, nil
}

// frameIn returns what a line says of the end of a frame, nil for any other line.
func frameIn(text []byte) *frame {
	if len(text) > longestFrame || !bytes.Contains(text, []byte(`"frame"`)) {
		return nil
	}
	var l line
	if json.Unmarshal(text, &l) != nil {
		return nil
	}
	return l.Frame
}

func (x *Index) wrap(err error) error { return fmt.Errorf("reading recording %s: %w", x.name, err) }

// Moments returns the times of the frames, none before the one it follows; empty if not
// even the first is whole.
func (x *Index) Moments() []time.Time {
	x.mu.Lock()
	defer x.mu.Unlock()
	moments := make([]time.Time, len(x.frames))
	for i, f := range x.frames {
		moments[i] = f.time
	}
	return moments
}

// Problems returns what was wrong with the recording and did not keep it from being
// shown, such as [ErrTruncated].
func (x *Index) Problems() []error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.problems)
}

// cut gives up the frames from one on, as they cannot be read.
func (x *Index) cut(from int, why error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if from < len(x.frames) {
		x.frames = x.frames[:from]
		x.problems = append(x.problems, why)
	}
}

// frame returns a frame, false if there is none of this number.
func (x *Index) frame(i int) (place, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if i < 0 || i >= len(x.frames) {
		return place{}, false
	}
	return x.frames[i], true
}

// nearest returns the last view that is kept up to a frame, false if there is none.
func (x *Index) nearest(frame int) (kept, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	i, exact := slices.BinarySearchFunc(x.kept, frame, func(k kept, frame int) int { return k.frame - frame })
	if !exact {
		i--
	}
	if i < 0 {
		return kept{}, false
	}
	return x.kept[i], true
}

// wants reports whether the view of a frame should be kept: it lies far enough behind the
// one before, and nobody has kept it.
func (x *Index) wants(frame int) bool {
	before, ok := x.nearest(frame)
	if !ok {
		return true
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return before.frame != frame && frame < len(x.frames) && x.frames[frame].line-x.frames[before.frame].line >= x.apart
}

// keep keeps the view of a frame. Where there are too many, every second is given up.
func (x *Index) keep(frame int, view *kube.Cluster) {
	x.mu.Lock()
	defer x.mu.Unlock()
	i, exact := slices.BinarySearchFunc(x.kept, frame, func(k kept, frame int) int { return k.frame - frame })
	if exact {
		return
	}
	x.kept = slices.Insert(x.kept, i, kept{frame, view})
	if len(x.kept) <= mostKept {
		return
	}
	x.apart *= 2
	some := x.kept[:0]
	for i := 0; i < len(x.kept); i += 2 {
		some = append(some, x.kept[i])
	}
	clear(x.kept[len(some):])
	x.kept = some
}
