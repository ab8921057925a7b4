package screentest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// Snapshots keeps recordings in memory. The zero value has none.
type Snapshots struct {
	// Gate is waited for when a recording is half read; nil means that none has to wait.
	Gate chan struct{}

	guard sync.Mutex
	list  []screen.Snapshot
	views map[string]*kube.Cluster
}

// Add adds a recording of a view.
func (s *Snapshots) Add(name string, c *kube.Cluster) screen.Snapshot {
	s.guard.Lock()
	defer s.guard.Unlock()
	added := screen.Snapshot{Name: name, Folder: "memory", Time: c.Time, Size: 1234}
	if s.views == nil {
		s.views = map[string]*kube.Cluster{}
	}
	s.views[name] = c
	s.list = slices.DeleteFunc(s.list, func(o screen.Snapshot) bool { return o.Name == name })
	s.list = append([]screen.Snapshot{added}, s.list...)
	return added
}

// Lose adds a recording that cannot be read.
func (s *Snapshots) Lose(name string, written time.Time) {
	s.guard.Lock()
	defer s.guard.Unlock()
	s.list = append([]screen.Snapshot{{Name: name, Folder: "memory", Time: written, Size: 99}}, s.list...)
}

// List returns what there is.
func (s *Snapshots) List(context.Context) ([]screen.Snapshot, error) {
	s.guard.Lock()
	defer s.guard.Unlock()
	return slices.Clone(s.list), nil
}

// Load returns the view of a name.
func (s *Snapshots) Load(ctx context.Context, name string, read func(float64)) (*kube.Cluster, error) {
	s.guard.Lock()
	c := s.views[name]
	s.guard.Unlock()
	if c == nil {
		return nil, fmt.Errorf("opening recording %s: there is none", name)
	}
	read(0.5)
	if s.Gate != nil {
		select {
		case <-s.Gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	read(1)
	return c, nil
}

// Save adds a view.
func (s *Snapshots) Save(_ context.Context, c *kube.Cluster) (screen.Snapshot, error) {
	return s.Add(fmt.Sprintf("%s-%d.seaworthy", c.Info.Name, len(s.list)+1), c), nil
}

// Report says where it would write a comparison.
func (*Snapshots) Report(context.Context, *compare.Comparison) (string, error) {
	return "changes.md", nil
}
