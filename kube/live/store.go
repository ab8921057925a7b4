package live

import (
	"hash/maphash"

	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// keeper takes what a feed reads.
type keeper interface {
	set(o kube.Object) error
	remove(name types.NamespacedName)
}

func nameOf(o kube.Object) types.NamespacedName {
	return types.NamespacedName{Namespace: o.GetNamespace(), Name: o.GetName()}
}

// versions makes numbers of resourceVersions, which are opaque texts.
type versions struct{ seed maphash.Seed }

// unversioned is the number of an object without a resourceVersion.
const unversioned = 0

// of returns the number of an object's resourceVersion; samples of usage have none,
// and are told apart by their times.
func (v versions) of(o kube.Object) uint64 {
	if u, ok := o.(*kube.Usage); ok && !u.Time.IsZero() {
		return max(1, uint64(u.Time.UnixNano()))
	}
	versioned, ok := o.(interface{ GetResourceVersion() string })
	if !ok || versioned.GetResourceVersion() == "" {
		return unversioned
	}
	return max(1, maphash.String(v.seed, versioned.GetResourceVersion()))
}

// set keeps an object in the builder, unless it is the one that is there: what
// is listed again has not changed.
func (f *feed) set(o kube.Object) error { return f.setAll([]kube.Object{o}) }

// setAll keeps objects as set does, and has one view made of all of them.
func (f *feed) setAll(objects []kube.Object) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	changed := false
	for _, o := range objects {
		if f.ended {
			break
		}
		key, version := nameOf(o), f.versions.of(o) // before the builder takes the object apart
		if held, ok := f.known.of(key); ok && held == version && version != unversioned {
			continue
		}
		if err := f.builder.Set(f.resource, o); err != nil {
			return err
		}
		f.known.set(key, version)
		if f.synced {
			f.traffic.events.Add(1)
		}
		changed = true
	}
	// That a Lease was renewed is no news, but that one was not: time tells, and the next
	// view has what was read meanwhile.
	if changed && (f.resource != kube.Leases || !f.synced) {
		f.touch()
	}
	return nil
}

// holds reports whether the feed holds an object as it is.
func (f *feed) holds(o kube.Object) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	held, ok := f.known.of(nameOf(o))
	return ok && held == f.versions.of(o) && held != unversioned
}

// remove forgets an object that is gone.
func (f *feed) remove(name types.NamespacedName) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.known.of(name); !ok {
		return
	}
	f.builder.Delete(f.resource, name.Namespace, name.Name)
	f.known.remove(name)
	if f.synced {
		f.traffic.events.Add(1)
	}
	f.touch()
}

// retain forgets every object that is not among the names.
func (f *feed) retain(names map[types.NamespacedName]struct{}) {
	for _, name := range f.names() {
		if _, ok := names[name]; !ok {
			f.keep.remove(name)
		}
	}
}

// forgetAll forgets every object.
func (f *feed) forgetAll() { f.retain(nil) }

// names returns the names of all objects held.
func (f *feed) names() []types.NamespacedName {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.known.names()
}

// has reports whether the feed holds an object.
func (f *feed) has(name types.NamespacedName) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok := f.known.of(name)
	return ok
}

// end stops the feed for good; it keeps nothing that comes after.
func (f *feed) end() {
	f.mu.Lock()
	f.ended = true
	f.mu.Unlock()
	f.stop()
}
