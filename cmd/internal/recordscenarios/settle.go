package main

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

// memory is where a recording is kept until it is settled.
type memory struct{ bytes.Buffer }

// Before the break everything was well for this long.
const peace = 6 * time.Hour

// breaks is when every scenario breaks.
var breaks = time.Date(2026, time.June, 1, 3, 0, 0, 0, time.UTC)

// moment is a time as the API writes it.
var moment = regexp.MustCompile(`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"`)

// left is what no detector reads, by the resource's name in a recording.
func left(resource string) bool {
	return slices.ContainsFunc([]string{
		"roles", "rolebindings", "clusterroles", "clusterrolebindings", "serviceaccounts", "flowschemas", "prioritylevelconfigurations",
	}, func(name string) bool { return resource == name || strings.HasPrefix(resource, name+".") })
}

// settle writes a recording with its times moved, as the package comment says.
func settle(recorded []byte, began time.Time, file string) error {
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
	if err := settleLines(reader, writer, began); err != nil {
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

func settleLines(in io.Reader, out io.Writer, began time.Time) error {
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
		case e.Frame != nil:
			text = fmt.Sprintf(`{"frame":{"time":%q,"lines":%d}}`, e.Frame.Time.UTC().Format(time.RFC3339Nano), kept)
			kept = -1
		case left(e.Set) || left(e.Delete):
			continue
		case e.Set == "events" && latest(e.Object.LastTimestamp, e.Object.Metadata.CreationTimestamp).Before(began):
			continue
		}
		// A lease is renewed every ten seconds, before the break as well.
		if quiet := peace; e.Frame != nil || strings.HasPrefix(e.Set, "leases") {
			text = moved(text, began, 0)
		} else {
			text = moved(text, began, quiet)
		}
		if _, err := fmt.Fprintln(out, text); err != nil {
			return fmt.Errorf("writing the recording: %w", err)
		}
		kept++
	}
	return lines.Err()
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// moved moves all times of a text to where the break begins when it should, and
// those before by some time more.
func moved(text string, began time.Time, before time.Duration) string {
	// Whole seconds stay whole.
	by := breaks.Sub(began.Truncate(time.Second))
	return moment.ReplaceAllStringFunc(text, func(quoted string) string {
		t, err := time.Parse(time.RFC3339Nano, strings.Trim(quoted, `"`))
		if err != nil {
			return quoted
		}
		target := t.Add(by)
		if t.Before(began) {
			target = target.Add(-before)
		}
		layout := time.RFC3339
		if _, fraction, found := strings.Cut(quoted, "."); found {
			layout = "2006-01-02T15:04:05." + strings.Repeat("0", len(fraction)-len(`Z"`)) + "Z07:00"
		}
		return `"` + target.UTC().Format(layout) + `"`
	})
}
