package recording

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Source plays a recording.
type Source struct {
	open func() (io.ReadCloser, error)
	name string
	pace float64

	mu       sync.Mutex
	problems []error
}

// Option changes how a recording is played.
type Option func(*Source)

// Paced plays the frames in time, at a multiple of the speed at which they were
// recorded. Without it, the last frame is shown at once.
func Paced(speed float64) Option { return func(s *Source) { s.pace = speed } }

// New returns a source that plays what open gives. Name is what the recording is called
// in errors.
func New(name string, open func() (io.ReadCloser, error), options ...Option) *Source {
	s := &Source{name: name, open: open}
	for _, option := range options {
		option(s)
	}
	return s
}

// Problems returns what was wrong with the recording and did not keep it from
// being shown, such as [ErrTruncated].
func (s *Source) Problems() []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.problems
}

// Watch publishes the recorded views. The error is [ErrFormat] for a file that
// is none, and any error of opening it.
func (s *Source) Watch(ctx context.Context, publish func(*kube.Cluster)) error {
	input, err := s.open()
	if err != nil {
		return fmt.Errorf("opening recording %s: %w", s.name, err)
	}
	defer func() { _ = input.Close() }()
	r, err := newReader(input)
	if err != nil {
		return fmt.Errorf("reading recording %s: %w", s.name, err)
	}
	defer r.close()
	var shown time.Time
	frames := 0
	for {
		moment, err := r.frame()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			s.trouble(fmt.Errorf("reading recording %s: %w", s.name, err))
			if frames == 0 {
				r.markIncomplete(err)
				publish(r.builder.Build(r.newest))
				return nil
			}
			break
		}
		frames++
		if s.pace == 0 {
			shown = moment
			continue
		}
		if frames > 1 {
			if err := wait(ctx, time.Duration(float64(moment.Sub(shown))/s.pace)); err != nil {
				return err
			}
		}
		shown = moment
		publish(r.builder.Build(moment))
	}
	if frames == 0 {
		return fmt.Errorf("reading recording %s: it has no frame: %w", s.name, ErrFormat)
	}
	if s.pace == 0 {
		publish(r.builder.Build(shown))
	}
	return ctx.Err()
}

func (s *Source) trouble(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problems = append(s.problems, err)
}

// wait returns after d, or with the context's error before.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
