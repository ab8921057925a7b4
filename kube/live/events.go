package live

import (
	"slices"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// mostEvents is how many Events a feed keeps. A server keeps an hour of them,
// by the hundred thousand in a bad hour, and the newest tell the story.
const mostEvents = 5000

// recent keeps, of all Events, the newest of each reason of each object.
type recent struct {
	feed   keeper
	mu     sync.Mutex
	newest map[plight]occasion
	about  map[types.NamespacedName]plight
}

// plight is what Events repeat: that something befell an object.
type plight struct {
	kind, namespace, name string
	uid                   types.UID
	reason                string
}

// occasion is one Event.
type occasion struct {
	name types.NamespacedName
	at   time.Time
}

func newRecent(feed keeper) *recent {
	return &recent{feed: feed, newest: map[plight]occasion{}, about: map[types.NamespacedName]plight{}}
}

// set keeps an Event if it is newer than what is known of its plight.
func (r *recent) set(o kube.Object) error {
	e, ok := o.(*corev1.Event)
	if !ok {
		return r.feed.set(o) // which refuses it
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	p := plight{e.InvolvedObject.Kind, e.InvolvedObject.Namespace, e.InvolvedObject.Name, e.InvolvedObject.UID, e.Reason}
	now := occasion{nameOf(e), timeOf(e)}
	if held, ok := r.newest[p]; ok && held.name != now.name {
		if held.at.After(now.at) {
			return nil
		}
		r.drop(held.name)
	}
	r.newest[p], r.about[now.name] = now, p
	if err := r.feed.set(e); err != nil {
		return err
	}
	if len(r.newest) > mostEvents+mostEvents/8 {
		r.trim()
	}
	return nil
}

// remove forgets an Event.
func (r *recent) remove(name types.NamespacedName) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drop(name)
}

func (r *recent) drop(name types.NamespacedName) {
	if p, ok := r.about[name]; ok {
		delete(r.about, name)
		delete(r.newest, p)
	}
	r.feed.remove(name)
}

// trim drops the oldest.
func (r *recent) trim() {
	all := make([]occasion, 0, len(r.newest))
	for _, o := range r.newest {
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b occasion) int { return a.at.Compare(b.at) })
	for _, o := range all[:len(all)-mostEvents] {
		r.drop(o.name)
	}
}

// timeOf returns when an Event last happened. Old and new ways of recording
// them fill different fields (KEP-383).
func timeOf(e *corev1.Event) time.Time {
	at := e.CreationTimestamp.Time
	for _, t := range []time.Time{e.FirstTimestamp.Time, e.LastTimestamp.Time, e.EventTime.Time} {
		if t.After(at) {
			at = t
		}
	}
	if e.Series != nil && e.Series.LastObservedTime.After(at) {
		at = e.Series.LastObservedTime.Time
	}
	return at
}
