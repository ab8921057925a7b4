package live

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/validate/content"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// withheld is why the data of Secrets and ConfigMaps is not in what is read.
const withheld = "seaworthy reads the metadata of Secrets and ConfigMaps only, never their data"

// Object reads one object as the server has it, now and only for this call. Of Secrets
// and ConfigMaps it is the metadata. The error names a right that is missing.
func (s *Source) Object(ctx context.Context, ref kube.Ref) (kube.Text, error) {
	r, ok := kube.ResourceOf(ref.Group, ref.Kind)
	if !ok || r == kube.PodMetrics || r == kube.NodeMetrics || r == kube.Livez {
		return kube.Text{}, fmt.Errorf("reading %s: this kind of object is not read", ref)
	}
	if err := checkNames(ref.Namespace, ref.Name); err != nil {
		return kube.Text{}, fmt.Errorf("reading %s: %w", ref, err)
	}
	ctx, cancel := s.within(ctx, answerTime)
	defer cancel()
	body, err := s.client.object(ctx, r, ref)
	if err != nil {
		return kube.Text{}, s.unread("reading "+ref.String(), rightTo("get", r.String(), ref.Namespace), err)
	}
	text := kube.Text{Line: 1}
	if r.MetadataOnly {
		text.Withheld = withheld
		if body, err = metadataAlone(r, body); err != nil {
			return kube.Text{}, fmt.Errorf("reading %s: %w", ref, err)
		}
	}
	if text.YAML, err = document.FromJSON(body); err != nil {
		return kube.Text{}, fmt.Errorf("reading %s: %w", ref, err)
	}
	return text, nil
}

// object asks for one object as JSON.
func (k *client) object(ctx context.Context, r kube.Resource, ref kube.Ref) ([]byte, error) {
	if r.Page() != "" {
		return k.page(ctx, r)
	}
	accept := runtime.ContentTypeJSON
	if r.MetadataOnly {
		accept = answerOnly
	}
	r = r.As(ref.Kind)
	if r.Custom() {
		at, err := k.served.at(ctx, r)
		if err != nil {
			return nil, err
		}
		r = at
	}
	base := []string{"/apis", r.Group, r.Version}
	if r.Group == "" {
		base = []string{"/api", r.Version}
	}
	if ref.Namespace != "" {
		base = append(base, "namespaces", ref.Namespace)
	}
	return k.versions[schema.GroupVersion{Version: "v1"}].Get().AbsPath(path.Join(append(base, r.Plural, ref.Name)...)).
		SetHeader("Accept", accept).Do(ctx).Raw()
}

// metadataAlone leaves of an answer what may be shown of an object with secrets: its
// type and its metadata, without the annotation in which kubectl apply keeps the values.
func metadataAlone(r kube.Resource, body []byte) ([]byte, error) {
	var partial metav1.PartialObjectMetadata
	if err := json.Unmarshal(body, &partial); err != nil {
		return nil, fmt.Errorf("decoding its metadata: %w", err)
	}
	for key := range partial.Annotations {
		if !kube.KeepsAnnotation(key) {
			delete(partial.Annotations, key)
		}
	}
	partial.APIVersion, partial.Kind = schema.GroupVersion{Group: r.Group, Version: r.Version}.String(), r.Kind
	return json.Marshal(partial)
}

// mostEventsRead is how many Events of an object are read at the most.
const mostEventsRead = 200

// Events reads the Events about some objects, now and only for this call, in the order
// of the objects. The error names a right that is missing; what was read before it is
// returned with it.
func (s *Source) Events(ctx context.Context, about []kube.Ref) ([]*corev1.Event, error) {
	ctx, cancel := s.within(ctx, answerTime)
	defer cancel()
	var events []*corev1.Event
	for _, ref := range about {
		selector := fields.Set{"involvedObject.kind": ref.Kind, "involvedObject.name": ref.Name}
		if ref.Namespace != "" {
			selector["involvedObject.namespace"] = ref.Namespace
		}
		list, err := s.client.list(ctx, kube.Events, ref.Namespace, metav1.ListOptions{
			FieldSelector: selector.AsSelector().String(), Limit: mostEventsRead,
		})
		if err != nil {
			return events, s.unread("reading events of "+ref.String(), rightTo("list", kube.Events.String(), ref.Namespace), err)
		}
		read, ok := list.(*corev1.EventList)
		if !ok {
			return events, fmt.Errorf("reading events of %s: the answer is a %T", ref, list)
		}
		for i := range read.Items {
			events = append(events, &read.Items[i])
		}
	}
	return events, nil
}

// reading is the key of contexts in which a log may be asked for. Only [Source.Logs]
// uses it.
type reading struct{}

// mostOfLine is how much of a line of a log is kept, in bytes.
const mostOfLine = 64 << 10

// Logs reads the log of a container line by line until it ends or, if it is followed,
// until the context does. The error names a right that is missing; it is nil at the end
// of a log.
func (s *Source) Logs(ctx context.Context, l kube.LogRequest, line func(kube.LogLine)) error {
	what := fmt.Sprintf("reading the log of container %s of pod %s/%s", l.Container, l.Namespace, l.Pod)
	if err := checkNames(l.Namespace, l.Pod); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	r := s.client.versions[schema.GroupVersion{Version: "v1"}].Get().Namespace(l.Namespace).Resource(kube.Pods.Plural).
		Name(l.Pod).SubResource("log").Param("container", l.Container).Param("timestamps", "true").
		Param("tailLines", strconv.Itoa(max(1, l.Tail)))
	if l.Previous {
		r = r.Param("previous", "true")
	}
	if l.Follow {
		r = r.Param("follow", "true")
	}
	stream, err := r.Stream(context.WithValue(ctx, reading{}, true))
	if err != nil {
		return s.unread(what, rightTo("get", kube.Pods.Plural+"/log", l.Namespace), err)
	}
	defer func() { _ = stream.Close() }()
	if err := readLines(stream, line); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// readLines reads lines that begin with their time, and keeps no more of each than
// mostOfLine.
func readLines(from io.Reader, line func(kube.LogLine)) error {
	in := bufio.NewReader(from)
	var kept []byte
	for {
		part, more, err := in.ReadLine()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		room := mostOfLine - len(kept)
		cut := len(part) > room
		kept = append(kept, part[:min(len(part), room)]...)
		for more && err == nil { // the rest of a line that is too long for the buffer
			if part, more, err = in.ReadLine(); err == nil {
				room = mostOfLine - len(kept)
				cut = cut || len(part) > room
				kept = append(kept, part[:min(len(part), room)]...)
			}
		}
		l := lineOf(string(kept))
		l.Cut = cut
		line(l)
		kept = kept[:0]
	}
}

// lineOf takes the time off the start of a line (PodLogOptions.timestamps: RFC 3339).
func lineOf(text string) kube.LogLine {
	stamp, rest, _ := strings.Cut(text, " ")
	at, err := time.Parse(time.RFC3339Nano, stamp)
	if err != nil {
		return kube.LogLine{Text: text}
	}
	return kube.LogLine{Time: at, Text: rest}
}

// checkNames refuses what would be another path than that of an object.
func checkNames(namespace, name string) error {
	names := []string{name}
	if namespace != "" {
		names = append(names, namespace)
	}
	if i := slices.IndexFunc(names, func(n string) bool { return n == "" || len(content.IsPathSegmentName(n)) > 0 }); i >= 0 {
		return fmt.Errorf("%q is no name of an object", names[i])
	}
	return nil
}

// unread explains why something could not be read.
func (s *Source) unread(what, right string, err error) error {
	e := &Error{Reason: reasonOf(err), Context: s.connection.name, Server: s.connection.config.Host, Err: err}
	var status apierrors.APIStatus
	switch {
	case e.Reason == Forbidden:
		e.Message = fmt.Sprintf("%s: not permitted: it needs %s", what, right)
	case errors.As(err, &status) && e.Reason != Unauthorized:
		e.Message = fmt.Sprintf("%s: %s", what, oneLine(status.Status().Message))
	case errors.Is(err, ErrRefused):
		e.Message = fmt.Sprintf("%s: %s", what, oneLine(err.Error()))
	default:
		e.Message = fmt.Sprintf("%s: %s", what, s.connection.diagnose(err))
	}
	return e
}

// rightTo names a right in the words of kubectl auth can-i.
func rightTo(verb, resource, namespace string) string {
	right := fmt.Sprintf("the right to %s %s", verb, resource)
	if namespace != "" {
		right += " in namespace " + namespace
	}
	return right
}
