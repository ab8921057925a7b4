package live

import (
	"slices"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// mostEvents is how many Events a feed keeps. A server keeps an hour of them,
// by the hundred thousand in a bad hour, and the newest tell the story.
const mostEvents = 5000

// recent keeps, of all Events, the newest of each thing that befell an object. Of too
// many it forgets the oldest, those first from which nothing is told ([kube.EventTells]).
type recent struct {
	feed   keeper
	mu     sync.Mutex
	newest map[plight]occasion
	about  map[types.NamespacedName]plight
}

// plight is what Events repeat: that something befell an object, or a part of it.
type plight struct {
	kind, namespace, name string
	uid                   types.UID
	part                  string // of a pod, the container (fieldPath)
	reason, gist          string
}

// mostGist is how much of a message tells one plight from another, in bytes.
const mostGist = 64

// plightOf returns what an Event repeats. One reason may stand for several things: the
// kubelet says Unhealthy of each probe, and Failed of an image that cannot be pulled and
// then of waiting to pull it again. So the message counts up to where it is likely to
// differ each time, at the first number or name; but names and numbers are what counts
// where volumes are mounted and workloads scaled.
func plightOf(e *corev1.Event) plight {
	about := &e.InvolvedObject
	p := plight{about.Kind, about.Namespace, about.Name, about.UID, about.FieldPath, e.Reason, e.Message}
	switch e.Reason {
	case "ScalingReplicaSet", "SuccessfulRescale", "FailedMount", "FailedAttachVolume":
		return p
	}
	if end := strings.IndexAny(p.gist, `"0123456789`); end >= 0 {
		p.gist = p.gist[:end]
	}
	p.gist = p.gist[:min(len(p.gist), mostGist)]
	return p
}

// occasion is one Event.
type occasion struct {
	name  types.NamespacedName
	at    time.Time
	tells bool
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
	p := plightOf(e)
	_, last := kube.EventTimes(e)
	now := occasion{nameOf(e), last.Time, kube.EventTells(e)}
	if before, ok := r.about[now.name]; ok && before != p {
		delete(r.newest, before) // its message changed: it tells of similar events now
	}
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

// trim drops the oldest of which nothing is told, and then the oldest.
func (r *recent) trim() {
	all := make([]occasion, 0, len(r.newest))
	for _, o := range r.newest {
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b occasion) int {
		if a.tells != b.tells {
			if a.tells {
				return 1
			}
			return -1
		}
		return a.at.Compare(b.at)
	})
	for _, o := range all[:len(all)-mostEvents] {
		r.drop(o.name)
	}
}
