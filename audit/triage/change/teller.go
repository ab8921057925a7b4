package change

import (
	"slices"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// told is a change as it is remembered. What costs more than its time is found when
// somebody asks for it.
type told struct {
	Change
	// object is what belongs to releases, nil if nothing does.
	object metav1.Object
	// complete fills in the rest; false means that it is none after all. Nil where
	// nothing is missing. It must not change what others see of the told.
	complete func(c *kube.Cluster, ch *Change) bool
}

// latest returns the last moment at which the change may have happened, as far as it
// is known before it is complete.
func (t *told) latest() time.Time {
	if t.Bound == NotBefore {
		return time.Unix(1<<40, 0) // whenever
	}
	return t.Time
}

// source is a resource by whose objects changes are told.
type source struct {
	resource kube.Resource
	kind     Kind
	stamp    func(c *kube.Cluster, namespace string) stamp
	objects  func(c *kube.Cluster, namespace string, each func(kube.Object))
}

// stamp tells the objects of a namespace from others: they are the same if they are
// the same slice (see [kube.Table]).
type stamp struct {
	first any
	n     int
}

func from[T kube.Object](r kube.Resource, kind Kind, table func(*kube.Cluster) kube.Table[T]) source {
	return source{
		resource: r, kind: kind,
		stamp: func(c *kube.Cluster, namespace string) stamp {
			rows := table(c).In(namespace)
			if len(rows) == 0 {
				return stamp{}
			}
			return stamp{&rows[0], len(rows)}
		},
		objects: func(c *kube.Cluster, namespace string, each func(kube.Object)) {
			for _, o := range table(c).In(namespace) {
				each(o)
			}
		},
	}
}

// space is what is told of one namespace, what may have happened last first.
type space struct {
	stamps []stamp
	told   []*told
	diffs  map[pair]func() []Difference // of revisions, which do not change
}

// telling is what one teller tells of a view.
type telling struct {
	spaces []*space          // those that tell anything, what may have happened last first
	of     map[string]*space // by namespace
}

// teller finds changes in the objects of some resources.
type teller struct {
	sources []source
	tell    func(c *kube.Cluster, namespace string, s, before *space) []*told
	memory  *kube.Derivation[*telling]
}

// telledBy returns a teller that remembers what it tells of each namespace until one
// of its objects there changes.
func telledBy(tell func(c *kube.Cluster, namespace string, s, before *space) []*told, sources ...source) *teller {
	t := &teller{sources: sources, tell: tell}
	resources := make([]kube.Resource, len(sources))
	for i, s := range sources {
		resources[i] = s.resource
	}
	t.memory = kube.Revise(t.revise).From(resources...)
	return t
}

func (t *teller) revise(c *kube.Cluster, before *telling) *telling {
	next := &telling{of: map[string]*space{}}
	for _, namespace := range append([]string{""}, c.NamespaceNames()...) {
		stamps, populated := make([]stamp, len(t.sources)), false
		for i, s := range t.sources {
			stamps[i] = s.stamp(c, namespace)
			populated = populated || stamps[i].n > 0
		}
		if !populated {
			continue
		}
		var held *space
		if before != nil {
			held = before.of[namespace]
		}
		s := held
		if held == nil || !slices.Equal(held.stamps, stamps) {
			s = &space{stamps: stamps}
			s.told = t.tell(c, namespace, s, held)
			slices.SortStableFunc(s.told, func(a, b *told) int { return b.latest().Compare(a.latest()) })
		}
		next.of[namespace] = s
		if len(s.told) > 0 {
			next.spaces = append(next.spaces, s)
		}
	}
	slices.SortStableFunc(next.spaces, func(a, b *space) int { return b.told[0].latest().Compare(a.told[0].latest()) })
	return next
}

// tellers returns all of them.
var tellers = sync.OnceValue(func() []*teller {
	all := []*teller{
		telledBy(tellDeployments, ofDeployments(), ofReplicaSets()),
		telledBy(tellControllerRevisions, ofStatefulSets(), ofDaemonSets(), ofControllerRevisions()),
		telledBy(tellEvents, ofEvents()),
		telledBy(tellLeases, ofLeases()),
		telledBy(tellImages, ofPods()),
	}
	for _, s := range sources() {
		all = append(all, telledBy(func(c *kube.Cluster, namespace string, _, _ *space) []*told {
			var found []*told
			s.objects(c, namespace, func(o kube.Object) { found = append(found, tellObject(s, o)...) })
			return found
		}, s))
	}
	return all
})

// tellObject returns what one object tells by itself.
func tellObject(s source, o kube.Object) []*told {
	var found []*told
	switch s.resource {
	case kube.Nodes:
		found = tellNode(o)
	case kube.HorizontalPodAutoscalers:
		found = tellAutoscaler(o)
	case kube.Secrets, kube.ConfigMaps:
		if release := tellHelm(s.resource, o); release != nil || unremarkable(o) {
			return release
		}
	case kube.Applications:
		found = tellApplication(o)
	case kube.Kustomizations:
		found = tellKustomization(o)
	case kube.HelmReleases:
		found = tellHelmRelease(o)
	case kube.Certificates:
		found = tellCertificate(o)
	}
	return append(found, tellWritten(s.resource, s.kind, o)...)
}
