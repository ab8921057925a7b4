package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

// recordingInto is a recording that is being written to a file. What was appended is in
// the file when append returns: whoever kills the program leaves a file that can be read.
type recordingInto struct {
	name   string
	file   *os.File
	writer *recording.Writer
	size   int64
}

// recordInto begins a recording with its first view. The file takes its name when that is
// written: it is never there and empty.
func recordInto(name string, first *kube.Cluster, values recording.Values) (_ *recordingInto, err error) {
	out := &recordingInto{name: name}
	if out.file, err = part(name, forOwner); err != nil {
		return nil, usagef("creating %s: %w", name, unwritten(err))
	}
	beside := out.file.Name()
	defer func() {
		if err != nil {
			_ = out.file.Close()
			_ = os.Remove(beside)
		}
	}()
	if out.writer, err = recording.NewWriter(out, first.Info, values); err != nil {
		return nil, fmt.Errorf("recording to %s: %w", name, unwritten(err))
	}
	if err := out.append(first); err != nil {
		return nil, err
	}
	// A file that is open cannot be renamed everywhere.
	if err := errors.Join(out.file.Sync(), out.file.Close()); err != nil {
		return nil, fmt.Errorf("recording to %s: %w", name, unwritten(err))
	}
	if err := os.Rename(beside, name); err != nil {
		return nil, fmt.Errorf("recording to %s: %w", name, unwritten(err))
	}
	if out.file, err = os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0); err != nil {
		return nil, fmt.Errorf("recording to %s: %w", name, err)
	}
	return out, nil
}

// Write writes to the file, and counts.
func (o *recordingInto) Write(text []byte) (int, error) {
	n, err := o.file.Write(text)
	o.size += int64(n)
	return n, err
}

func (o *recordingInto) append(c *kube.Cluster) error {
	if err := o.writer.Append(c); err != nil {
		return fmt.Errorf("recording to %s: %w", o.name, unwritten(err))
	}
	return nil
}

func (o *recordingInto) close() error {
	if err := errors.Join(o.writer.Close(), o.file.Sync(), o.file.Close()); err != nil {
		return fmt.Errorf("recording to %s: %w", o.name, unwritten(err))
	}
	return nil
}

// rotate makes room for a new file: night.seaworthy becomes night.1.seaworthy, that
// night.2.seaworthy, up to so many, of which the last one goes.
func rotate(name string, keep int) error {
	suffix := filepath.Ext(name)
	base := strings.TrimSuffix(name, suffix)
	numbered := func(i int) string {
		if i == 0 {
			return name
		}
		return fmt.Sprintf("%s.%d%s", base, i, suffix)
	}
	for i := keep; i > 0; i-- {
		if err := os.Rename(numbered(i-1), numbered(i)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("making room for %s: %w", name, err)
		}
	}
	return nil
}
