package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// Change is what [Settle] makes of a recording.
type Change struct {
	// Began is when what is told began, by the clock of who recorded it, and Begins when
	// it is said to have.
	Began, Begins time.Time
	// Peace is how much earlier than it happened what was before is said to have.
	Peace time.Duration
	// Leap is what is passed over, zero for nothing.
	Leap Leap
	// Without are resources that are left out, by their plural names without a group.
	Without []string
}

// Leap is a time in which nothing happens and which nobody waited for: what was recorded
// after At is told as By later.
type Leap struct {
	At time.Time
	By time.Duration
	// Gathered is for how long after At there is no frame: until all is written again
	// that is written all the time, and would be stale after the leap.
	Gathered time.Duration
}

// moment is a time as the API writes it.
var moment = regexp.MustCompile(`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"`)

// behaviour is the annotation by which the testbed is told how a pod fails, where others
// follow it: a rollout would tell the cause of its end.
var behaviour = regexp.MustCompile(`"testbed\.seaworthy\.dev/behaviour":"[a-z-]*",`)

func (c *Change) without(resource string) bool {
	name, _, _ := strings.Cut(resource, ".")
	return slices.Contains(c.Without, name)
}

// recent reports whether objects of a resource are written all the time, so that they
// were before what is told as well: leases, every ten seconds, and what is measured.
func recent(resource string) bool {
	return strings.HasPrefix(resource, "leases.") || strings.HasSuffix(resource, ".metrics.k8s.io")
}

// Settle writes what was recorded to a file, changed as the package comment says.
func Settle(recorded []byte, change Change, file string) error {
	reader, err := zstd.NewReader(bytes.NewReader(recorded))
	if err != nil {
		return fmt.Errorf("reading what was recorded: %w", err)
	}
	defer reader.Close()
	var out bytes.Buffer
	// One worker: what several compress is not always the same.
	writer, err := zstd.NewWriter(&out, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return fmt.Errorf("compressing it: %w", err)
	}
	if err := change.lines(reader, writer); err != nil {
		return err
	}
	if err := writer.Close(); err != nil {
		return fmt.Errorf("compressing it: %w", err)
	}
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing the recording: %w", err)
	}
	return nil
}

// entry is as much of a recording's line as is looked at here.
type entry struct {
	Set    string `json:"set"`
	Delete string `json:"delete"`
	Object struct {
		Metadata struct {
			CreationTimestamp time.Time `json:"creationTimestamp"`
		} `json:"metadata"`
		LastTimestamp time.Time `json:"lastTimestamp"`
	} `json:"object"`
	Frame *struct {
		Time time.Time `json:"time"`
	} `json:"frame"`
}

func (c *Change) lines(in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	kept := -1 // lines of the frame: the header is of none
	for lines.Scan() {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return fmt.Errorf("reading what was recorded: %w", err)
		}
		text := lines.Text()
		switch {
		case e.Frame != nil && c.gathers(e.Frame.Time):
			continue
		case e.Frame != nil:
			text = fmt.Sprintf(`{"frame":{"time":%q,"lines":%d}}`, e.Frame.Time.UTC().Format(time.RFC3339Nano), kept)
			kept = -1
		case c.without(e.Set) || c.without(e.Delete):
			continue
		case e.Set == "events" && latest(e.Object.LastTimestamp, e.Object.Metadata.CreationTimestamp).Before(c.Began):
			continue
		}
		peace := c.Peace
		if e.Frame != nil || recent(e.Set) {
			peace = 0
		}
		text = behaviour.ReplaceAllString(c.moved(text, peace), "")
		if _, err := fmt.Fprintln(out, text); err != nil {
			return fmt.Errorf("writing the recording: %w", err)
		}
		kept++
	}
	return lines.Err()
}

func (c *Change) gathers(t time.Time) bool {
	return !c.Leap.At.IsZero() && !t.Before(c.Leap.At) && t.Before(c.Leap.At.Add(c.Leap.Gathered))
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// moved moves all times of a text to where what is told begins when it should, and those
// before by some time more.
func (c *Change) moved(text string, before time.Duration) string {
	// Whole seconds stay whole.
	by := c.Begins.Sub(c.Began.Truncate(time.Second))
	return moment.ReplaceAllStringFunc(text, func(quoted string) string {
		t, err := time.Parse(time.RFC3339Nano, strings.Trim(quoted, `"`))
		if err != nil {
			return quoted
		}
		target := t.Add(by)
		switch {
		case t.Before(c.Began):
			target = target.Add(-before)
		case !c.Leap.At.IsZero() && !t.Before(c.Leap.At):
			target = target.Add(c.Leap.By)
		}
		layout := time.RFC3339
		if _, fraction, found := strings.Cut(quoted, "."); found {
			layout = "2006-01-02T15:04:05." + strings.Repeat("0", len(fraction)-len(`Z"`)) + "Z07:00"
		}
		return `"` + target.UTC().Format(layout) + `"`
	})
}
