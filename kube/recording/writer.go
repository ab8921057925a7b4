package recording

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/klauspost/compress/zstd"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/redaction"
)

// Writer writes a recording. It is not safe for concurrent use.
type Writer struct {
	compressed *zstd.Encoder
	encoder    *json.Encoder
	last       *kube.Cluster
	states     map[state]bool
	specs      map[*corev1.PodSpec]int
	lines      int
	redactor   *redaction.Redactor // nil where values are kept
}

// Values says what becomes of the values of environment variables, arguments, commands,
// headers and annotations.
type Values bool

const (
	// Redact takes them out (package redaction), but for what judgements need.
	Redact Values = false
	// Keep leaves them: the recording is as confidential as the cluster is.
	Keep Values = true
)

// NewWriter writes the header for a cluster. Close must be called, or the
// recording is cut off.
func NewWriter(w io.Writer, info kube.Info, values Values) (*Writer, error) {
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
	if values == Redact && !info.Redacted { // what was taken out once is gone
		out.redactor = redaction.New()
	}
	return out, out.write(header{
		Format: Format, Name: info.Name, Server: info.Server, Version: info.Version,
		User: info.User, Certificate: info.Certificate, Root: info.Root, Offline: info.Offline, Scope: info.Scope,
		Redacted: info.Redacted || values == Redact,
	})
}

// Append writes what changed since the view before as one frame; nothing if
// nothing did.
func (w *Writer) Append(c *kube.Cluster) error {
	w.lines = 0
	w.meet(c)
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

// meet tells the redactor of the objects that others may name. Pods and what else is made
// by the thousand are named by nobody; a StatefulSet's are by the StatefulSet's name.
func (w *Writer) meet(c *kube.Cluster) {
	if w.redactor == nil {
		return
	}
	for change := range kube.ChangesOf(w.last, c, isNamed) {
		w.redactor.Know(change.Resource.Ref(change.Namespace, change.Name).Name)
		w.redactor.Know(change.Namespace)
	}
}

func isNamed(r kube.Resource) bool {
	switch r {
	case kube.Pods, kube.ReplicaSets, kube.EndpointSlices, kube.Events, kube.ControllerRevisions, kube.Leases, kube.PodMetrics, kube.Measurements:
		return false
	}
	return true
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
		return w.pod(pod, entry)
	case *kube.Usage:
		object = usageOf(o)
	default:
		object = kube.APIOf(o)
	}
	encoded, err := w.encoded(object)
	if err != nil {
		return fmt.Errorf("encoding it: %w", err)
	}
	entry.Object = encoded
	return w.write(entry)
}

// pod writes a pod, whose spec is written.
func (w *Writer) pod(pod *corev1.Pod, entry line) error {
	if w.redactor != nil {
		w.redactor.Pod(pod)
	}
	encoded, err := json.Marshal(pod)
	if err != nil {
		return fmt.Errorf("encoding it: %w", err)
	}
	entry.Object = encoded
	return w.write(entry)
}

// encoded returns an object, or a part of one, as it is written.
func (w *Writer) encoded(object any) ([]byte, error) {
	encoded, err := json.Marshal(object)
	if err != nil || w.redactor == nil {
		return encoded, err
	}
	return w.redactor.Object(encoded)
}

// spec returns the number of a pod spec, which it writes when it is new.
func (w *Writer) spec(spec *corev1.PodSpec) (int, error) {
	if number, ok := w.specs[spec]; ok {
		return number, nil
	}
	encoded, err := w.encoded(spec)
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
