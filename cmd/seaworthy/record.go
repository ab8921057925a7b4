package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// recordOptions are the flags of record.
type recordOptions struct {
	target target
	last   time.Duration
	every  time.Duration
	most   string
	keep   int
	values recording.Values
}

func newRecord(s *streams) *cobra.Command {
	o := &recordOptions{}
	c := &cobra.Command{
		Use:   "record [FILE]",
		Short: "Write what happens in a cluster to a file, to walk through it later",
		Long: `Write what can be seen of a cluster to a file, and what changes from then on, until
it is interrupted (^C) or --for has passed. seaworthy replay FILE walks through it, and
every command reads its last moment with --from FILE. It holds no value of a Secret or
ConfigMap: those are never read. Other values are redacted as in a snapshot.

Without FILE it is named after the cluster and the time. An existing file is not written
over. What is written can be read at once, also after the recorder was killed.

When the file has --max-size, recording stops, and says so. With --keep N it goes on in a
new file, which begins with all that is there: FILE is the newest, and of night.seaworthy
the N before it are night.1.seaworthy (the newest of them), night.2.seaworthy and so on.`,
		Example: `  seaworthy record night.seaworthy
  seaworthy record -n payments --for 10m
  seaworthy record night.seaworthy --max-size 64Mi --keep 5`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), s, strings.Join(args, "")) },
	}
	o.target.addFlags(c)
	c.Flags().DurationVar(&o.last, "for", 0, "stop after so long, such as 10m (default: when it is interrupted)")
	c.Flags().DurationVar(&o.every, "every", time.Second, "write what has changed no more often than this")
	c.Flags().StringVar(&o.most, "max-size", "64Mi", "how large the file may become: 64Mi, 64MiB, 1Gi")
	c.Flags().IntVar(&o.keep, "keep", 0, "how many full files to keep beside the newest, instead of stopping")
	addKeepValues(c, &o.values)
	c.ValidArgsFunction = completeRecordings
	return c
}

func (o *recordOptions) run(ctx context.Context, s *streams, file string) error {
	r := &recorder{s: s, file: file, every: o.every, keep: o.keep, values: o.values}
	var err error
	if r.most, err = parseSize(o.most); err != nil {
		return usagef("reading --max-size %s: %w", o.most, err)
	}
	switch {
	case o.last < 0 || o.every < 0:
		return usagef("reading --for and --every: a time of less than nothing")
	case o.keep < 0:
		return usagef("reading --keep %d: fewer files than none", o.keep)
	}
	if file != "" {
		if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
			return usagef("recording to %s: it is there already; remove it, or name another", file)
		}
	}
	source, err := o.target.source(ctx, s)
	if err != nil {
		return err
	}
	if o.target.from != "" {
		source = recordingFile(o.target.from, everyFrame())
	}
	return r.record(ctx, source, o.last)
}

// parseSize reads a number of bytes, as people write it and as the API does.
func parseSize(text string) (int64, error) {
	q, err := resource.ParseQuantity(strings.TrimSuffix(text, "B"))
	if err != nil {
		return 0, errors.New("it is no size such as 64Mi")
	}
	if size := q.Value(); size >= leastSize {
		return size, nil
	}
	return 0, fmt.Errorf("it is less than the %d Ki that a recording takes at least", leastSize>>10)
}

// leastSize is the smallest bound that makes sense, in bytes.
const leastSize = 16 << 10

// recorder writes the views of a source to a file.
type recorder struct {
	s      *streams
	file   string // "" until the first view names it
	most   int64  // bytes
	values recording.Values
	every  time.Duration
	keep   int
	stop   context.CancelFunc

	mu      sync.Mutex
	began   time.Time // by the clock here
	shown   time.Time // when progress was last told
	pending *kube.Cluster
	view    *kube.Cluster // that was written last
	first   *kube.Cluster // of all
	out     *recordingInto
	frames  int
	full    bool
	err     error
	drawn   progress
}

// record follows a source until it ends, or it is time to stop.
func (r *recorder) record(ctx context.Context, source kube.Source, last time.Duration) error {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	r.stop, r.began, r.drawn = stop, r.s.now(), progress{s: r.s}
	var flushing sync.WaitGroup
	if r.every > 0 {
		flushing.Go(func() { r.flush(watching) })
	}
	if last > 0 {
		timer := time.AfterFunc(last, stop)
		defer timer.Stop()
	}
	err := source.Watch(watching, r.see)
	stopped := watching.Err() != nil
	stop()
	flushing.Wait()
	r.drawn.done()
	if err := r.finish(); err != nil {
		return err
	}
	warn(r.s, source)
	switch {
	case r.view == nil && err != nil && (!stopped || ctx.Err() != nil):
		return couldNotLook(err)
	case r.view == nil:
		return couldNotLook(fmt.Errorf("recording: %w", kube.ErrNothingRead))
	case err != nil && !stopped:
		return couldNotLook(err)
	}
	r.tell()
	return expectNamespaces(r.s, r.view)
}

// see takes the next view. Before all was read once there is nothing to write.
func (r *recorder) see(c *kube.Cluster) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.view == nil && !c.Settled() {
		r.drawn.show(c)
		return
	}
	if r.view == nil {
		if r.err = live.Refused(c); r.err != nil {
			r.stop()
			return
		}
	}
	r.pending = c
	if r.view == nil || !c.Clock.Ticks || c.Time.Sub(r.view.Time) >= r.every {
		r.write()
	}
}

// flush writes now and then what came too soon after what was written before it.
func (r *recorder) flush(ctx context.Context) {
	ticker := time.NewTicker(r.every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			r.mu.Lock()
			r.write()
			r.mu.Unlock()
		}
	}
}

// write writes what is pending, and begins another file when this one is full.
func (r *recorder) write() {
	if r.pending == nil || r.err != nil || r.full {
		return
	}
	c := r.pending
	r.pending = nil
	if r.err = r.append(c); r.err != nil {
		r.stop()
		return
	}
	r.view = c
	r.frames++
	if r.first == nil {
		r.first = c
	}
	r.progress()
	if r.out.size < r.most {
		return
	}
	if r.keep == 0 {
		r.full = true
		r.stop()
		return
	}
	r.err = r.out.close()
	r.out = nil // the next view begins the next file
}

// append writes a view to the file, or begins one with it.
func (r *recorder) append(c *kube.Cluster) error {
	if r.out != nil {
		return r.out.append(c)
	}
	if r.file == "" {
		r.file = plainName(c.Info.Name) + "-" + c.Time.UTC().Format("2006-01-02T150405Z") + recordingSuffix
	}
	if r.first != nil {
		if err := rotate(r.file, r.keep); err != nil {
			return err
		}
	}
	var err error
	r.out, err = recordInto(r.file, c, r.values)
	return err
}

// finish writes what is left and closes the file.
func (r *recorder) finish() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.write()
	if r.out != nil {
		r.err = errors.Join(r.err, r.out.close())
	}
	return r.err
}

// progress draws over the line that says how far it is.
func (r *recorder) progress() {
	now := r.s.now()
	if !r.s.progress || now.Sub(r.shown) < time.Second && r.frames > 1 {
		return
	}
	r.shown = now
	r.drawn.draw(fmt.Sprintf("recording %s: %d moments, %s of %s, %s; ^C stops",
		filepath.Base(r.file), r.frames, screen.Bytes(float64(r.out.size)), screen.Bytes(float64(r.most)), now.Sub(r.began).Truncate(time.Second)))
}

// tell says what was recorded.
func (r *recorder) tell() {
	if r.full {
		_, _ = fmt.Fprintf(r.s.err, "stopped: %s has the %s of --max-size; --keep N would have gone on in another file\n", r.file, screen.Bytes(float64(r.most)))
	}
	_, _ = fmt.Fprintf(r.s.err, "wrote %s: %d moments from %s to %s; seaworthy replay %s\n", r.file, r.frames,
		r.first.Time.UTC().Format("2006-01-02 15:04:05"), r.view.Time.UTC().Format("15:04:05 UTC"), r.file)
}

// everyFrame plays each frame of a recording, and at once.
func everyFrame() recording.Option { return recording.Paced(math.Inf(1)) }
