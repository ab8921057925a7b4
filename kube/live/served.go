package live

import (
	"context"
	"errors"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// served knows at which versions a server has which resources. Everybody who is
// logged in may ask for that (system:discovery), whereas a list of what is not
// there is forbidden to who may not read everything: it would look as if there
// were something that one may not see.
type served struct {
	client discovery.DiscoveryInterfaceWithContext
	turn   chan struct{} // held by who asks
	age    time.Duration // how long an answer stays good

	asked    time.Time
	versions map[schema.GroupResource][]string // the preferred one first; nil if the server did not say
	unknown  map[string]bool                   // groups that the server could not say anything of
}

func newServed(client *discovery.DiscoveryClient, age time.Duration) *served {
	return &served{client: discovery.ToDiscoveryInterfaceWithContext(client), turn: make(chan struct{}, 1), age: age}
}

// at returns a resource at a version that the server has: the one that is asked
// for, or else the preferred one. The error says that it has none. A server that
// does not say what it has is believed to have everything.
func (s *served) at(ctx context.Context, r kube.Resource) (kube.Resource, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return r, ctx.Err()
	}
	if time.Since(s.asked) > s.age {
		s.ask(ctx)
		s.asked = time.Now()
	}
	if s.versions == nil || s.unknown[r.Group] {
		return r, nil
	}
	resource := schema.GroupResource{Group: r.Group, Resource: r.Plural}
	versions := s.versions[resource]
	if len(versions) == 0 {
		return r, apierrors.NewNotFound(resource, "")
	}
	if !slices.Contains(versions, r.Version) {
		r.Version = versions[0]
	}
	return r, nil
}

func (s *served) ask(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	s.versions, s.unknown = nil, map[string]bool{}
	_, lists, err := discovery.ServerGroupsAndResourcesWithContext(ctx, s.client)
	if failed, ok := errors.AsType[*discovery.ErrGroupDiscoveryFailed](err); ok {
		for version := range failed.Groups {
			s.unknown[version.Group] = true
		}
	} else if err != nil {
		return
	}
	s.versions = map[schema.GroupResource][]string{}
	for _, list := range lists {
		version, err := schema.ParseGroupVersion(list.GroupVersion)
		if err != nil {
			continue
		}
		for i := range list.APIResources {
			resource := version.WithResource(list.APIResources[i].Name).GroupResource()
			s.versions[resource] = append(s.versions[resource], version.Version)
		}
	}
}
