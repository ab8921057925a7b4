package recording

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/zstd"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// maxLine bounds one line, so that a damaged file cannot ask for all memory.
// The API server takes no object over 1.5 MiB (etcd's request limit).
const maxLine = 16 << 20

// A small file may stand for any amount of text, and what is read is kept: from
// freeText on, a recording may be mostDense times as large as its file. Names and UIDs
// keep even one of equal pods far below that.
const (
	freeText  = 256 << 20
	mostDense = 500
)

// mostWindow is how far back a recording may refer, as the zstd program has it.
const mostWindow = 128 << 20

// errDense is the fault of a file that is made to fill the memory.
var errDense = fmt.Errorf("it stands for more than %d times its size", mostDense)

// counted counts what is read; the decoder reads ahead of who counts lines.
type counted struct {
	io.Reader
	read atomic.Int64
}

// Read reads and counts.
func (c *counted) Read(into []byte) (int, error) {
	n, err := c.Reader.Read(into)
	c.read.Add(int64(n))
	return n, err
}

// reader reads frames into a builder.
type reader struct {
	file       *counted
	text       int64 // bytes of all lines up to here
	compressed *zstd.Decoder
	lines      *bufio.Scanner
	info       kube.Info
	builder    *kube.Builder
	specs      *specTable
	newest     time.Time
	number     int // of the line being read, from 1
}

func newReader(input io.Reader) (*reader, error) {
	file := &counted{Reader: input}
	compressed, err := zstd.NewReader(file, zstd.WithDecoderMaxMemory(1<<30), zstd.WithDecoderMaxWindow(mostWindow))
	if err != nil {
		return nil, fmt.Errorf("decompressing it: %w", err)
	}
	r := &reader{file: file, compressed: compressed, lines: bufio.NewScanner(compressed), specs: newSpecTable()}
	r.lines.Buffer(make([]byte, 64<<10), maxLine)
	var h header
	if err := r.next(&h); err != nil {
		compressed.Close()
		if errors.Is(err, zstd.ErrMagicMismatch) || errors.Is(err, io.EOF) || errors.Is(err, ErrFormat) {
			return nil, fmt.Errorf("it does not start like one: %w", ErrFormat)
		}
		return nil, err
	}
	if h.Format != Format {
		compressed.Close()
		if strings.HasPrefix(h.Format, "seaworthy/recording/") {
			return nil, fmt.Errorf("its format is %s and this version reads %s: %w", h.Format, Format, ErrFormat)
		}
		return nil, fmt.Errorf("it does not start like one: %w", ErrFormat)
	}
	r.info = kube.Info{
		Name: h.Name, Server: h.Server, Version: h.Version, User: h.User, Certificate: h.Certificate, Root: h.Root, Offline: h.Offline,
		Redacted: h.Redacted, Scope: h.Scope,
	}
	r.builder = kube.NewBuilder(r.info)
	return r, nil
}

func (r *reader) close() { r.compressed.Close() }

// line reads one line, which is there until the next call; io.EOF at the end of a stream
// that ended properly.
func (r *reader) line() ([]byte, error) {
	if !r.lines.Scan() {
		switch err := r.lines.Err(); {
		case err == nil:
			return nil, io.EOF
		case errors.Is(err, io.ErrUnexpectedEOF):
			return nil, fmt.Errorf("line %d: %w", r.number+1, ErrTruncated)
		default:
			return nil, fmt.Errorf("line %d: %w", r.number+1, err)
		}
	}
	r.number++
	if r.text += int64(len(r.lines.Bytes())) + 1; r.text > freeText && r.text/mostDense > r.file.read.Load() {
		return nil, fmt.Errorf("line %d: %w", r.number, errDense)
	}
	return r.lines.Bytes(), nil
}

// next reads one line into a value.
func (r *reader) next(into any) error {
	text, err := r.line()
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		if !r.lines.Scan() && errors.Is(r.lines.Err(), io.ErrUnexpectedEOF) {
			return fmt.Errorf("line %d: %w", r.number, ErrTruncated) // it was the last, and not whole
		}
		return fmt.Errorf("line %d: %w: %w", r.number, ErrFormat, err)
	}
	return nil
}

// frame applies the lines up to the end of the next frame and returns its time;
// io.EOF after the last one.
func (r *reader) frame() (time.Time, error) {
	for count := 0; ; count++ {
		var l line
		err := r.next(&l)
		if errors.Is(err, io.EOF) && count > 0 {
			return time.Time{}, fmt.Errorf("line %d: %w", r.number, ErrTruncated)
		}
		if err != nil {
			return time.Time{}, err
		}
		if l.Frame != nil {
			if l.Frame.Lines != count {
				return time.Time{}, fmt.Errorf("line %d: the frame has %d lines, not %d: %w", r.number, count, l.Frame.Lines, ErrFormat)
			}
			r.newest = l.Frame.Time
			return r.newest, nil
		}
		if err := r.apply(&l); err != nil {
			return time.Time{}, fmt.Errorf("line %d: %w", r.number, err)
		}
	}
}

// apply does what a line says; a line of a later minor version, which says
// nothing that is known here, is passed over.
func (r *reader) apply(l *line) error {
	switch {
	case l.Value != nil:
		r.specs.put(l.Spec, l.Value)
		return nil
	case l.Set != "":
		return r.set(l)
	case l.Delete != "":
		if known, ok := resourceNamed(l.Delete); ok {
			r.builder.Delete(known, l.Namespace, l.Name)
		}
		return nil
	case l.State != nil:
		known, ok := resourceNamed(l.State.Resource)
		phase, understood := phaseNamed(l.State.Phase)
		if !ok || !understood {
			return nil
		}
		r.builder.SetState(kube.State{
			Resource: known, Namespace: l.State.Namespace, Phase: phase,
			Count: l.State.Count, Total: l.State.Total, Verb: l.State.Verb, Reason: l.State.Reason,
		})
	}
	return nil
}

func (r *reader) set(l *line) error {
	known, ok := resourceNamed(l.Set)
	if !ok {
		return nil
	}
	if known == kube.PodMetrics || known == kube.NodeMetrics {
		var u usage
		if err := json.Unmarshal(l.Object, &u); err != nil {
			return fmt.Errorf("reading usage: %w", err)
		}
		return r.setUsage(known, u)
	}
	object := kube.NewObject(known)
	if err := json.Unmarshal(l.Object, object); err != nil {
		return fmt.Errorf("reading %s: %w", l.Set, err)
	}
	if pod, ok := object.(*corev1.Pod); ok {
		node := pod.Spec.NodeName
		spec, written := r.specs.get(l.Spec)
		if !written {
			return fmt.Errorf("pod %s/%s refers to spec %d, which is not there: %w", pod.Namespace, pod.Name, l.Spec, ErrFormat)
		}
		if err := json.Unmarshal(spec, &pod.Spec); err != nil {
			return fmt.Errorf("reading spec %d: %w", l.Spec, err)
		}
		pod.Spec.NodeName = node
	}
	return r.builder.Set(known, object)
}

func (r *reader) setUsage(known kube.Resource, u usage) error {
	read := &kube.Usage{
		Namespace: u.Namespace, Name: u.Name, Time: u.Time, Window: u.Window,
		Containers: map[string]corev1.ResourceList{},
	}
	for container, amounts := range u.Containers {
		list := corev1.ResourceList{}
		for name, amount := range amounts {
			quantity, err := resource.ParseQuantity(amount)
			if err != nil {
				return fmt.Errorf("reading usage of %s: %q: %w", u.Name, amount, err)
			}
			list[corev1.ResourceName(name)] = quantity
		}
		read.Containers[container] = list
	}
	return r.builder.Set(known, read)
}

// markIncomplete says of every resource that it was not read to its end.
func (r *reader) markIncomplete(cause error) {
	for _, known := range kube.Resources() {
		r.builder.SetState(kube.State{Resource: known, Phase: kube.Failed, Reason: cause.Error()})
	}
}
