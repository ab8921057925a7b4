package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// page is how many objects a list asks for at once, where the server cannot
// stream one.
const page = 500

// reflecting reads a resource by a client-go Reflector. It stands on both sides
// of it: it asks the server in its name, and is the store it fills.
//
// The Reflector holds a whole first list before it hands it over. So that this
// is a list of names and not of objects, each object is kept as soon as it
// comes, and a [name] takes its place.
type reflecting struct {
	f *feed
	r *cache.Reflector
}

// name stands for an object that is kept already.
type name struct{ types.NamespacedName }

var (
	_ metav1.ObjectMetaAccessor = name{}
	_ runtime.Object            = name{}
)

// GetNamespace returns the object's namespace.
func (n name) GetNamespace() string { return n.Namespace }

// GetName returns the object's name.
func (n name) GetName() string { return n.Name }

// GetObjectMeta is what the Reflector tells objects apart by.
func (n name) GetObjectMeta() metav1.Object {
	return &metav1.ObjectMeta{Namespace: n.Namespace, Name: n.Name}
}

// GetObjectKind returns that nothing is said of the object's kind.
func (n name) GetObjectKind() schema.ObjectKind { return schema.EmptyObjectKind }

// DeepCopyObject returns the name, which does not change.
func (n name) DeepCopyObject() runtime.Object { return n }

// nameList is a page of names.
type nameList struct {
	metav1.TypeMeta
	metav1.ListMeta

	Items []runtime.Object
}

var _ runtime.Object = (*nameList)(nil)

// DeepCopyObject returns a page of its own with the same names.
func (l *nameList) DeepCopyObject() runtime.Object {
	copied := *l
	copied.Items = slices.Clone(l.Items)
	return &copied
}

func newReflecting(f *feed) *reflecting {
	r := &reflecting{f: f}
	r.r = cache.NewReflectorWithOptions(r, nil, r, cache.ReflectorOptions{
		Name:            f.resource.String(),
		TypeDescription: f.resource.String(),
		Backoff:         &wait.Backoff{Duration: f.source.pace.rewatch, Factor: 2, Jitter: 0.5, Cap: 8 * time.Second, Steps: 10},
	})
	r.r.WatchListPageSize = page
	if f.resource == kube.CustomResourceDefinitions {
		r.r.WatchListPageSize = definitionPage
	}
	return r
}

var (
	_ reader                         = (*reflecting)(nil)
	_ cache.ListerWatcherWithContext = (*reflecting)(nil)
	_ cache.ListerWatcher            = (*reflecting)(nil)
	_ cache.ReflectorStore           = (*reflecting)(nil)
	_ cache.TransformingStore        = (*reflecting)(nil)
)

// IsWatchListSemanticsUnSupported tells the Reflector which lists are not to be streamed
// (k8s.io/client-go/util/watchlist).
func (r *reflecting) IsWatchListSemanticsUnSupported() bool {
	return r.f.resource == kube.CustomResourceDefinitions
}

// count lists one object; the server says how many remain.
func (r *reflecting) count(ctx context.Context) (int, error) {
	ctx, cancel := r.f.source.within(ctx, answerTime)
	defer cancel()
	list, err := r.f.source.client.list(ctx, r.f.served, r.f.namespace, metav1.ListOptions{Limit: 1})
	if err != nil {
		return 0, err
	}
	return countOf(list), nil
}

// follow runs the Reflector once.
func (r *reflecting) follow(ctx context.Context) error {
	return r.r.ListAndWatchWithContext(ctx)
}

// countOf returns how many objects a list has, with those on its next pages.
func countOf(list runtime.Object) int {
	n := meta.LenList(list)
	if m, err := meta.ListAccessor(list); err == nil && m.GetRemainingItemCount() != nil {
		n += int(*m.GetRemainingItemCount())
	}
	return n
}

// ListWithContext reads one page for the Reflector and returns its names.
func (r *reflecting) ListWithContext(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) {
	// Read from the cache of the server ("0"), a list would ignore the limit.
	o.ResourceVersion = ""
	ctx, cancel := r.f.source.within(ctx, listTime)
	defer cancel()
	list, err := r.f.source.client.list(ctx, r.f.served, r.f.namespace, o)
	if err != nil {
		return nil, err
	}
	m, err := meta.ListAccessor(list)
	if err != nil {
		return nil, fmt.Errorf("reading a list of %s: %w", r.f.resource, err)
	}
	if o.Continue == "" {
		r.f.expects(countOf(list))
	}
	page := &nameList{ListMeta: metav1.ListMeta{
		ResourceVersion: m.GetResourceVersion(), Continue: m.GetContinue(), RemainingItemCount: m.GetRemainingItemCount(),
	}}
	items, err := meta.ExtractListWithAlloc(list)
	if err != nil {
		return nil, fmt.Errorf("reading a list of %s: %w", r.f.resource, err)
	}
	for _, item := range items {
		n, err := r.take(item)
		if err != nil {
			return nil, err
		}
		page.Items = append(page.Items, n)
	}
	return page, nil
}

// WatchWithContext opens a watch for the Reflector, and tells the feed whether
// the server answers. To begin an answer it has as long as for any other: client-go
// would wait for ever, and for ten times what a header Retry-After says.
func (r *reflecting) WatchWithContext(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
	r.f.asks()
	watching, cancel := context.WithCancelCause(ctx)
	late := time.AfterFunc(r.f.source.patience(answerTime), func() { cancel(context.DeadlineExceeded) })
	w, err := r.f.source.client.watch(watching, r.f.served, r.f.namespace, o)
	if !late.Stop() && ctx.Err() == nil {
		err = errors.Join(err, context.DeadlineExceeded)
	}
	switch {
	case ctx.Err() != nil:
	case err != nil:
		r.f.unanswered(err)
		err = watchError{err}
	case o.SendInitialEvents == nil:
		r.f.answered()
	}
	if err != nil {
		if w != nil {
			w.Stop()
		}
		cancel(err)
		return nil, err
	}
	return ending{w, cancel}, nil
}

// ending is a watch whose context ends with it.
type ending struct {
	watch.Interface

	cancel context.CancelCauseFunc
}

// Stop ends the watch.
func (e ending) Stop() {
	e.Interface.Stop()
	e.cancel(nil)
}

// List is not used: the Reflector prefers ListWithContext.
func (r *reflecting) List(o metav1.ListOptions) (runtime.Object, error) {
	return r.ListWithContext(context.Background(), o)
}

// Watch is not used: the Reflector prefers WatchWithContext.
func (r *reflecting) Watch(o metav1.ListOptions) (watch.Interface, error) {
	return r.WatchWithContext(context.Background(), o)
}

// Transformer keeps each object of a streamed list as it comes.
func (r *reflecting) Transformer() cache.TransformFunc {
	return func(o any) (any, error) { return r.take(o) }
}

// take keeps an object and returns its name.
func (r *reflecting) take(o any) (name, error) {
	object, ok := o.(kube.Object)
	if !ok {
		return name{}, fmt.Errorf("keeping %s: the server sent %T", r.f.resource, o)
	}
	n := name{nameOf(object)}
	return n, r.f.keep.set(object)
}

// Add keeps an object that appeared.
func (r *reflecting) Add(o any) error {
	_, err := r.take(o)
	return err
}

// Update keeps an object that changed.
func (r *reflecting) Update(o any) error { return r.Add(o) }

// Delete forgets an object that is gone.
func (r *reflecting) Delete(o any) error {
	if object, ok := o.(kube.Object); ok {
		r.f.keep.remove(types.NamespacedName{Namespace: object.GetNamespace(), Name: object.GetName()})
	}
	return nil
}

// Replace ends a list: what is not on it is gone.
func (r *reflecting) Replace(listed []any, _ string) error {
	names := make(map[types.NamespacedName]struct{}, len(listed))
	for _, o := range listed {
		if object, ok := o.(kube.Object); ok {
			names[types.NamespacedName{Namespace: object.GetNamespace(), Name: object.GetName()}] = struct{}{}
		}
	}
	r.f.retain(names)
	r.f.complete()
	return nil
}

// Resync does nothing: there is nobody to tell again.
func (r *reflecting) Resync() error { return nil }
