package recording_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

// long builds so many views, each with a pod that is new, one that changed and one that
// went, seconds apart.
func long(t testing.TB, views int) []*kube.Cluster {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Name: "long"})
	var all []*kube.Cluster
	for i := range views {
		for j := range 60 {
			p := &corev1.Pod{
				ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: fmt.Sprintf("web-%d", (i+j)%200), UID: "u"},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "web", Image: fmt.Sprintf("web:%d", i%7)}}},
				Status:     corev1.PodStatus{Phase: corev1.PodRunning, Message: fmt.Sprint("view ", i)},
			}
			if err := b.Set(kube.Pods, p); err != nil {
				t.Fatal(err)
			}
		}
		b.Delete(kube.Pods, "shop", fmt.Sprintf("web-%d", (i+100)%200))
		all = append(all, b.Build(start.Add(time.Duration(i)*time.Second)))
	}
	return all
}

// brief lists the pods of a view with what tells one from what it was before.
func brief(c *kube.Cluster) []string {
	lines := []string{c.Time.UTC().Format(time.RFC3339)}
	for p := range c.Pods.All() {
		lines = append(lines, p.Name+" "+p.Spec.Containers[0].Image+" "+p.Status.Message)
	}
	return lines
}

func index(t testing.TB, data []byte) *recording.Index {
	t.Helper()
	x, err := recording.NewIndex(t.Context(), "test", opening(data))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestAnyFrameInAnyOrder holds that a frame is the same however one came to it, also when
// several read at once and far more lies between than is kept.
func TestAnyFrameInAnyOrder(t *testing.T) {
	t.Parallel()
	views := long(t, 700)
	x := index(t, record(t, views...))
	if got := len(x.Moments()); got != len(views) {
		t.Fatalf("there are %d moments, want %d", got, len(views))
	}
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, seed))
			c := x.Cursor()
			defer c.Close()
			for range 25 {
				frame := random.IntN(len(views))
				got, err := c.Read(t.Context(), frame)
				if err != nil {
					t.Fatal(err)
				}
				if got.Generation != uint64(frame)+1 {
					t.Errorf("frame %d has generation %d", frame, got.Generation)
				}
				if diff := cmp.Diff(brief(views[frame]), brief(got)); diff != "" {
					t.Fatalf("frame %d (-recorded +read):\n%s", frame, diff)
				}
			}
		})
	}
	c := x.Cursor()
	for _, frame := range []int{-1, len(views)} {
		if _, err := c.Read(t.Context(), frame); err == nil {
			t.Errorf("there is no frame %d, and it is no error to read it", frame)
		}
	}
}

// watched is a player that is watched in a bubble.
type watched struct {
	*recording.Player

	mu    sync.Mutex
	views []*kube.Cluster // as they were published
	err   error
	ended bool
}

func watching(ctx context.Context, data []byte, s recording.Start) *watched {
	w := &watched{Player: recording.NewPlayer("test", opening(data), s)}
	go func() {
		err := w.Watch(ctx, func(c *kube.Cluster) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.views = append(w.views, c)
		})
		w.mu.Lock()
		defer w.mu.Unlock()
		w.err, w.ended = err, true
	}()
	synctest.Wait()
	return w
}

// published waits until nothing moves any more, and returns the views so far. That time
// passes orders nothing: what only a timer follows needs the lock.
func (w *watched) published() []*kube.Cluster {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.views
}

// end waits until nothing moves any more, and returns whether watching has ended, and with what.
func (w *watched) end() (bool, error) {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ended, w.err
}

// shows returns the time since the start of the recording that is shown.
func (w *watched) shows() time.Duration {
	views := w.published()
	return views[len(views)-1].Time.Sub(start)
}

func TestAPlayerDoesWhatItIsTold(t *testing.T) {
	t.Parallel()
	data := record(t, long(t, 11)...)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		p := watching(ctx, data, recording.Start{})
		expect := func(what string, want time.Duration) {
			t.Helper()
			if got := p.shows(); got != want {
				t.Fatalf("%s it shows %v, want %v", what, got, want)
			}
		}
		time.Sleep(time.Minute)
		expect("paused at the start,", 0)
		p.Play(true)
		time.Sleep(2500 * time.Millisecond)
		expect("after playing for 2.5s", 2*time.Second)
		p.Hasten(1) // the half second that is left takes a quarter
		time.Sleep(300 * time.Millisecond)
		expect("played twice as fast", 3*time.Second)
		p.Play(false)
		p.Seek(9)
		expect("told to go on", 9*time.Second)
		p.Seek(1)
		expect("told to go back", time.Second)
		p.Seek(-5)
		expect("told to go before the start", 0)
		p.Seek(99)
		expect("told to go beyond the end", 10*time.Second)
		p.Play(true)
		time.Sleep(time.Millisecond)
		expect("played again from the end", 0)
		time.Sleep(time.Minute)
		expect("at its end", 10*time.Second)
		if p.Position().Playing {
			t.Error("at its end it still plays")
		}
		select {
		case <-p.Changed():
		default:
			t.Error("that it has come to its end is not told")
		}
		cancel()
		if ended, err := p.end(); !ended || !errors.Is(err, context.Canceled) {
			t.Errorf("it ended %v with %v, want with its context", ended, err)
		}
	})
}

func TestAPlayerBeginsAsItIsAsked(t *testing.T) {
	t.Parallel()
	data := record(t, long(t, 5)...)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		if got := watching(ctx, data, recording.Start{Last: true}).shows(); got != 4*time.Second {
			t.Errorf("asked for the last moment it shows %v", got)
		}
		looped := watching(ctx, data, recording.Start{Playing: true, Loop: true, Speed: 2})
		time.Sleep(2600 * time.Millisecond)
		if got, views := looped.shows(), looped.published(); got > time.Second || len(views) < 6 {
			t.Errorf("a loop shows %v after %d views, want the beginning again", got, len(views))
		}
		short := watching(ctx, data, recording.Start{Playing: true, Patience: 100 * time.Millisecond})
		time.Sleep(250 * time.Millisecond)
		if got := short.shows(); got != 2*time.Second {
			t.Errorf("with little patience it shows %v after two waits, want the third moment", got)
		}
		alone := watching(ctx, record(t, long(t, 1)...), recording.Start{Playing: true})
		if ended, err := alone.end(); !ended || err != nil || len(alone.published()) != 1 {
			t.Errorf("of one moment: ended %v, %v, %d views", ended, err, len(alone.published()))
		}
		cancel()
		synctest.Wait()
	})
}

// TestATrailLeavesNothingOut holds that whoever goes along it sees each view once, and all
// of them again after going back.
func TestATrailLeavesNothingOut(t *testing.T) {
	t.Parallel()
	data := record(t, long(t, 11)...)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		p := watching(ctx, data, recording.Start{})
		trail := p.Trail()
		defer trail.Close()
		for _, step := range []struct{ to, from, count int }{{3, 0, 4}, {3, 0, 0}, {7, 4, 4}, {2, 0, 3}} {
			p.Seek(step.to)
			views := p.published()
			var seen []uint64
			if err := trail.To(ctx, views[len(views)-1], func(c *kube.Cluster) { seen = append(seen, c.Generation) }); err != nil {
				t.Fatal(err)
			}
			if len(seen) != step.count || step.count > 0 && seen[0] != uint64(step.from)+1 {
				t.Errorf("on the way to frame %d it visits %v, want %d from frame %d on", step.to, seen, step.count, step.from)
			}
		}
	})
}

// TestAPlayerShowsWhatCanBeRead of recordings that are cut off or damaged anywhere, and
// says what is wrong with them.
func TestAPlayerShowsWhatCanBeRead(t *testing.T) {
	t.Parallel()
	whole := record(t, story(t)...)
	for at := 0; at < len(whole); at += 31 {
		damaged := bytes.Clone(whole)
		damaged[at] ^= 0x55
		for what, data := range map[string][]byte{"cut": whole[:at], "damaged": damaged} {
			p := recording.NewPlayer("test", opening(data), recording.Start{Last: true})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			shown := 0
			err := p.Watch(ctx, func(*kube.Cluster) { shown++; cancel() })
			cancel()
			switch {
			case shown == 0 && (err == nil || errors.Is(err, context.DeadlineExceeded)):
				t.Fatalf("%s at %d: nothing is shown, and the error is %v", what, at, err)
			case shown > 0 && len(p.Problems()) == 0 && len(p.Position().Moments) < 3:
				t.Fatalf("%s at %d: %d of 3 moments are there, and nothing is said", what, at, len(p.Position().Moments))
			}
		}
	}
	_, err := recording.NewIndex(t.Context(), "absent", func() (io.ReadCloser, error) { return nil, errors.New("not there") })
	if err == nil || err.Error() != "opening recording absent: not there" {
		t.Errorf("error %v", err)
	}
}

// BenchmarkSeek is going back by one frame at the end of a long recording.
func BenchmarkSeek(b *testing.B) {
	views := long(b, 2000)
	x := index(b, record(b, views...))
	c := x.Cursor()
	defer c.Close()
	if _, err := c.Read(b.Context(), len(views)-1); err != nil {
		b.Fatal(err)
	}
	at := len(views) - 1
	for b.Loop() {
		if at--; at == 0 {
			at = len(views) - 1
		}
		if _, err := c.Read(b.Context(), at); err != nil {
			b.Fatal(err)
		}
	}
}
