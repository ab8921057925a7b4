package recording

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/klauspost/compress/zstd"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Writer writes a recording. It is not safe for concurrent use.
type Writer struct {
	compressed *zstd.Encoder
	encoder    *json.Encoder
	last       *kube.Cluster
	states     map[state]bool
	specs      map[*corev1.PodSpec]int
	lines      int
}

// NewWriter writes the header for a cluster. Close must be called, or the
// recording is cut off.
func NewWriter(w io.Writer, info kube.Info) (*Writer, error) {
	compressed, err := zstd.NewWriter(w)
	if err != nil {
		return nil, fmt.Errorf("compressing the recording: %w", err)
	}
	out := &Writer{
		compressed: compressed,
		encoder:    json.NewEncoder(compressed),
		last:       kube.NewBuilder(info).Build(time.Time{}),
		states:     map[state]bool{},
		specs:      map[*corev1.PodSpec]int{},
	}
	out.encoder.SetEscapeHTML(false)
	return out, out.write(header{
		Format: Format, Name: info.Name, Server: info.Server, Version: info.Version,
		User: info.User, Certificate: (*certificate)(info.Certificate), Offline: info.Offline, Scope: info.Scope,
	})
}

// Append writes what changed since the view before as one frame; nothing if
// nothing did.
func (w *Writer) Append(c *kube.Cluster) error {
	w.lines = 0
	for change := range kube.Changes(w.last, c) {
		if err := w.change(change); err != nil {
			return fmt.Errorf("recording %s: %w", change.Resource.Ref(change.Namespace, change.Name), err)
		}
	}
	if err := w.writeStates(c.States()); err != nil {
		return err
	}
	w.last = c
	if w.lines == 0 {
		return nil
	}
	if err := w.write(line{Frame: &frame{Time: c.Time.UTC(), Lines: w.lines}}); err != nil {
		return err
	}
	if err := w.compressed.Flush(); err != nil {
		return fmt.Errorf("writing the recording: %w", err)
	}
	return nil
}

// Close ends the stream; it does not close what NewWriter was given.
func (w *Writer) Close() error {
	if err := w.compressed.Close(); err != nil {
		return fmt.Errorf("ending the recording: %w", err)
	}
	return nil
}

func (w *Writer) writeStates(states []kube.State) error {
	for _, s := range states {
		written := state{
			Resource: s.Resource.String(), Namespace: s.Namespace, Phase: s.Phase.String(),
			Count: s.Count, Total: s.Total, Verb: s.Verb, Reason: s.Reason,
		}
		if w.states[written] {
			continue
		}
		for old := range w.states {
			if old.Resource == written.Resource && old.Namespace == written.Namespace {
				delete(w.states, old)
			}
		}
		w.states[written] = true
		if err := w.write(line{State: &written}); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) change(c kube.Change) error {
	if c.After == nil {
		return w.write(line{Delete: c.Resource.String(), Namespace: c.Namespace, Name: c.Name})
	}
	entry := line{Set: c.Resource.String()}
	var object any
	switch o := c.After.(type) {
	case *kube.Pod:
		number, err := w.spec(o.Spec)
		if err != nil {
			return err
		}
		entry.Spec = number
		pod := o.API()
		pod.Spec = corev1.PodSpec{NodeName: o.Node}
		object = pod
	case *kube.Usage:
		object = usageOf(o)
	default:
		object = kube.APIOf(o)
	}
	encoded, err := json.Marshal(object)
	if err != nil {
		return fmt.Errorf("encoding it: %w", err)
	}
	entry.Object = encoded
	return w.write(entry)
}

// spec returns the number of a pod spec, which it writes when it is new.
func (w *Writer) spec(spec *corev1.PodSpec) (int, error) {
	if number, ok := w.specs[spec]; ok {
		return number, nil
	}
	encoded, err := json.Marshal(spec)
	if err != nil {
		return 0, fmt.Errorf("encoding its spec: %w", err)
	}
	number := len(w.specs) + 1
	w.specs[spec] = number
	return number, w.write(line{Spec: number, Value: encoded})
}

func (w *Writer) write(value any) error {
	w.lines++
	if err := w.encoder.Encode(value); err != nil {
		return fmt.Errorf("writing the recording: %w", err)
	}
	return nil
}

func usageOf(u *kube.Usage) usage {
	written := usage{
		Namespace: u.Namespace, Name: u.Name, Time: u.Time.UTC(), Window: u.Window,
		Containers: map[string]map[string]string{},
	}
	for container, resources := range u.Containers {
		amounts := map[string]string{}
		for name, quantity := range resources {
			amounts[string(name)] = quantity.String()
		}
		written.Containers[container] = amounts
	}
	return written
}
