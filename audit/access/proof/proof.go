package proof

import (
	"context"
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Proof is what a change of objects does. It never changes.
type Proof struct {
	// Changes are those that were asked about, in their order.
	Changes []kube.Change
	// Recreated is how many pods have to be made again for it.
	Recreated int
	// View is the cluster after the changes, Paths the ways through it.
	View  *kube.Cluster
	Paths *paths.Map
	// Targets are everything (cluster-admin) and a node, in this order.
	Targets []Target
	// Rights are the subjects that lose or gain some, in the order of
	// [access.CompareSubjects].
	Rights []Rights
	Score  Score
}

// Target is something that an attacker wants.
type Target struct {
	Name string // as [paths.Map.Target] reads it
	// Before and After are how many starts reach it: those of [paths.Map.Starts]
	// and the subjects whose rights the change is about.
	Before, After int
	// Disconnected are those that reached it and do not any more, Connected those
	// that reach it only now; by kind, namespace and name.
	Disconnected, Connected []graph.Vertex
	// Survivors are those that the change is about and that reach it all the same,
	// easiest first.
	Survivors []Survivor
}

// Survivor is a start from which a way is left.
type Survivor struct {
	Start graph.Vertex
	// Before is the cost of the easiest way before the change, Way the easiest one
	// after it: of [Proof.Paths]. It begins elsewhere than at Start if Start is
	// nobody by then but one of everybody.
	Before int
	Way    paths.Way
}

// Of proves what changes of the objects of an assessed view do. Of each change the
// resource, the name and After count. The error is that of the context, or of
// [kube.Cluster.With].
func Of(ctx context.Context, before *score.Assessment, changes []kube.Change) (*Proof, error) {
	view, recreated, err := rolledOut(before.Cluster, changes)
	if err != nil {
		return nil, fmt.Errorf("proving a change: %w", err)
	}
	p := &Proof{Changes: changes, Recreated: recreated, View: view, Paths: paths.Of(view)}
	about := affected(before.Cluster, view)
	if p.Rights, err = rightsOf(ctx, before.Cluster, view, about); err != nil {
		return nil, err
	}
	s := newSearch(before.Cluster, view, about)
	for _, name := range []string{"cluster-admin", "node"} {
		target, err := s.target(ctx, name)
		if err != nil {
			return nil, err
		}
		p.Targets = append(p.Targets, target)
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("proving a change: %w", err)
	}
	p.Score = scoreOf(before, view)
	return p, nil
}

// Gains reports whether somebody can do or reach more than before: what narrows
// never does.
func (p *Proof) Gains() bool {
	for _, t := range p.Targets {
		if len(t.Connected) > 0 {
			return true
		}
	}
	for _, r := range p.Rights {
		if len(r.Gained) > 0 {
			return true
		}
	}
	return false
}
