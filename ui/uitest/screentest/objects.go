package screentest

import (
	"context"
	"fmt"
	"sync"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Objects stands in for what reads single objects. The zero value has nothing.
type Objects struct {
	// Texts are the objects; of those that are not in it, the error is Err or, if that is
	// nil, that they are gone.
	Texts map[kube.Ref]kube.Text
	Err   error
	// Happened is what it says of events, whatever they are to be about.
	Happened []*corev1.Event
	// Log writes a log; nil for an empty one.
	Log func(ctx context.Context, l kube.LogRequest, line func(kube.LogLine)) error

	guard sync.Mutex
	asked []string
}

// Object answers with the text.
func (o *Objects) Object(_ context.Context, ref kube.Ref) (kube.Text, error) {
	o.note("object " + ref.String())
	text, ok := o.Texts[ref]
	switch {
	case ok:
		return text, nil
	case o.Err != nil:
		return kube.Text{}, o.Err
	}
	return kube.Text{}, fmt.Errorf("reading %s: it is gone", ref)
}

// Events answers with what happened.
func (o *Objects) Events(_ context.Context, about []kube.Ref) ([]*corev1.Event, error) {
	o.note(fmt.Sprintf("events %v", about))
	return o.Happened, o.Err
}

// Logs writes the log.
func (o *Objects) Logs(ctx context.Context, l kube.LogRequest, line func(kube.LogLine)) error {
	o.note(fmt.Sprintf("log %s/%s/%s previous=%t follow=%t", l.Namespace, l.Pod, l.Container, l.Previous, l.Follow))
	if o.Log == nil {
		return nil
	}
	return o.Log(ctx, l, line)
}

func (o *Objects) note(what string) {
	o.guard.Lock()
	defer o.guard.Unlock()
	o.asked = append(o.asked, what)
}

// Asked returns what it was asked for, in order.
func (o *Objects) Asked() []string {
	o.guard.Lock()
	defer o.guard.Unlock()
	return append([]string{}, o.asked...)
}
