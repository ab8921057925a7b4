package recording

import (
	"context"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Speeds are the multiples of the speed of life at which a recording can be played.
func Speeds() []float64 { return []float64{0.25, 0.5, 1, 2, 5, 10, 30, 60, 300} }

// Position is where a [Player] is.
type Position struct {
	// Moments are the times of the frames, none before the one it follows; empty until
	// they are known, and of a recording that breaks off in its first frame. Nobody may
	// change them.
	Moments []time.Time
	At      int // the frame that is asked for, which may be on its way
	Playing bool
	Speed   float64 // a multiple of the speed of life
}

// Start says where and how a [Player] begins.
type Start struct {
	Last    bool    // at the last frame, not at the first
	Playing bool    // and not paused
	Speed   float64 // a multiple of the speed of life, 0 for 1
	Loop    bool    // it begins again after the last frame
	// Patience is the longest that is waited for a frame, at whatever speed, so that
	// nobody sits through minutes in which nothing happens; 0 for as long as it takes.
	Patience time.Duration
}

// Player is a source that shows any moment of a recording, as it is told. What tells it
// never waits: the frames are read by who watches. The zero value is not usable.
type Player struct {
	source *Source
	start  Start

	mu      sync.Mutex
	index   *Index // nil until it is read
	at      Position
	told    chan struct{} // somebody wants it to be otherwise
	changed chan struct{} // it is otherwise by itself
	ready   chan struct{} // closed when there is an index, or will be none
	once    sync.Once
}

var _ kube.Source = (*Player)(nil)

// NewPlayer returns a player of what open gives, which is called again to go back. Name is
// what the recording is called in errors.
func NewPlayer(name string, open func() (io.ReadCloser, error), start Start) *Player {
	if start.Speed <= 0 {
		start.Speed = 1
	}
	return &Player{
		source: New(name, open), start: start, at: Position{Playing: start.Playing, Speed: start.Speed},
		told: make(chan struct{}, 1), changed: make(chan struct{}, 1), ready: make(chan struct{}),
	}
}

// Position returns where it is.
func (p *Player) Position() Position {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at
}

// Seek goes to a frame, or to the nearest that there is.
func (p *Player) Seek(frame int) {
	p.tell(func(at *Position) { at.At = frame })
}

// Play has it play, from the beginning if it is at the end, or pause.
func (p *Player) Play(playing bool) {
	p.tell(func(at *Position) {
		if at.Playing = playing; playing && at.At == len(at.Moments)-1 {
			at.At = 0
		}
	})
}

// Hasten changes the speed by so many steps of [Speeds].
func (p *Player) Hasten(steps int) {
	p.tell(func(at *Position) {
		speeds := Speeds()
		i, _ := slices.BinarySearch(speeds, at.Speed)
		at.Speed = speeds[max(0, min(i+steps, len(speeds)-1))]
	})
}

func (p *Player) tell(change func(*Position)) {
	p.mu.Lock()
	change(&p.at)
	p.at.At = max(0, min(p.at.At, len(p.at.Moments)-1))
	p.mu.Unlock()
	note(p.told)
}

// note leaves a note unless one is there already.
func note(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Changed has a value when the position has changed by itself: it has come to the end, or
// to what cannot be read.
func (p *Player) Changed() <-chan struct{} { return p.changed }

// Index waits for the frames to be known; nil if there are none, or the context ended.
func (p *Player) Index(ctx context.Context) *Index {
	select {
	case <-ctx.Done():
		return nil
	case <-p.ready:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.index
}

// Problems returns what was wrong with the recording and did not keep it from being
// shown, such as [ErrTruncated].
func (p *Player) Problems() []error {
	p.mu.Lock()
	x := p.index
	p.mu.Unlock()
	if x == nil {
		return p.source.Problems()
	}
	return x.Problems()
}

// Watch publishes the moment that is asked for, and what follows while it plays. It ends
// after the only moment of a recording that has no other. The error is [ErrFormat] for a
// file that is none, any of opening it, and the context's.
func (p *Player) Watch(ctx context.Context, publish func(*kube.Cluster)) error {
	defer p.once.Do(func() { close(p.ready) })
	x, err := NewIndex(ctx, p.source.name, p.source.open)
	if err != nil {
		return err
	}
	moments := x.Moments()
	if len(moments) == 0 {
		return p.source.Watch(ctx, publish) // what there is of the first frame
	}
	p.mu.Lock()
	p.index, p.at.Moments = x, moments
	if p.start.Last {
		p.at.At = len(moments) - 1
	}
	p.mu.Unlock()
	p.once.Do(func() { close(p.ready) })
	c := x.Cursor()
	defer c.Close()
	return p.follow(ctx, c, publish)
}

// follow shows the frame that is asked for.
func (p *Player) follow(ctx context.Context, c *Cursor, publish func(*kube.Cluster)) error {
	shown := -1
	for {
		at := p.Position()
		if len(at.Moments) == 0 {
			return p.source.Watch(ctx, publish) // even the first frame cannot be read
		}
		if at.At != shown {
			view, err := c.Read(ctx, at.At)
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil:
				if p.shorten(c.index) {
					continue
				}
				return err
			}
			shown = at.At
			publish(view)
			continue
		}
		if len(at.Moments) == 1 {
			return ctx.Err()
		}
		if err := p.next(ctx, at); err != nil {
			return err
		}
	}
}

// shorten takes in that a recording is shorter than it seemed, and reports whether it is.
func (p *Player) shorten(x *Index) bool {
	moments := x.Moments()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(moments) >= len(p.at.Moments) {
		return false
	}
	p.at.Moments, p.at.At, p.at.Playing = moments, max(0, min(p.at.At, len(moments)-1)), false
	note(p.changed)
	return true
}

// next waits until another frame is to be shown than that of a position.
func (p *Player) next(ctx context.Context, from Position) error {
	last := len(from.Moments) - 1
	left := time.Duration(0) // of the recorded time until the next frame
	if from.At < last {
		left = from.Moments[from.At+1].Sub(from.Moments[from.At])
	}
	for {
		at := p.Position()
		if at.At != from.At {
			return nil
		}
		began := time.Now()
		var due <-chan time.Time
		wait := time.Duration(float64(left) / at.Speed)
		if most := p.start.Patience; most > 0 {
			wait = min(wait, most)
		}
		timer := time.NewTimer(wait)
		if at.Playing {
			due = timer.C
		}
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-p.told:
			timer.Stop()
			if at.Playing {
				left = max(0, left-time.Duration(float64(time.Since(began))*at.Speed))
			}
		case <-due:
			p.advance(from.At, last)
			left = 0
		}
	}
}

// advance goes from a frame to the next one, unless another was asked for meanwhile.
func (p *Player) advance(from, last int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.at.At != from || !p.at.Playing:
	case from < last:
		p.at.At++
	case p.start.Loop:
		p.at.At = 0
	default:
		p.at.Playing = false
		note(p.changed)
	}
}

// Trail goes through the views of a player again, in order: what a view means may depend
// on those before it. It is for one goroutine, and must be closed.
type Trail struct {
	player *Player
	cursor *Cursor
	last   *kube.Cluster // that was visited
}

// Trail returns a trail before the first view.
func (p *Player) Trail() *Trail { return &Trail{player: p} }

// To visits each view after the one that was visited last, up to one that the player has
// published; from the first one on if that lies before.
func (t *Trail) To(ctx context.Context, view *kube.Cluster, visit func(*kube.Cluster)) error {
	x := t.player.Index(ctx)
	if x == nil {
		if ctx.Err() == nil {
			visit(view)
		}
		return ctx.Err()
	}
	if t.cursor == nil {
		t.cursor = x.Cursor()
	}
	next := 0
	if t.last != nil && t.last.Generation <= view.Generation {
		next = int(t.last.Generation) //nolint:gosec // the number of a frame
	}
	for ; next < int(view.Generation); next++ { //nolint:gosec // the number of a frame
		c, err := t.cursor.Read(ctx, next)
		if err != nil {
			return err
		}
		visit(c)
		t.last = c
	}
	return nil
}

// Close closes what it reads.
func (t *Trail) Close() {
	if t.cursor != nil {
		t.cursor.Close()
	}
}
