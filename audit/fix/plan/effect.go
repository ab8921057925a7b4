package plan

import (
	"reflect"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/ownership"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Action is what becomes of an object.
type Action int

// The actions of a plan.
const (
	Change Action = iota
	Create
	Delete
)

// String returns "change", "create" or "delete".
func (a Action) String() string { return [...]string{"change", "create", "delete"}[a] }

// Object is an object that a plan changes.
type Object struct {
	Ref    kube.Ref
	Action Action
	Edits  []audit.Edit    // of an object that is changed, in order
	New    audit.Object    // of an object that is created
	Fixes  []*Applied      // that it is part of
	Owner  ownership.Owner // what would undo the change; zero if nothing is known
	// Remade says that it is a workload whose template changes: all its pods have to be
	// made again, those that the view has and those that it does not. What runs to its
	// end is left to end.
	Remade bool
	// Restarts is how many running pods of a workload have to be made again, because
	// their template changes. What runs to its end is not counted.
	Restarts int
	// Breaks is what the change means for what runs, beside the risks of its fixes:
	// each a clause about the object, which it calls "it".
	Breaks []string
}

// effects works out what the plan does.
func (p *Plan) effects() {
	at := map[kube.Ref]int{}
	add := func(ref kube.Ref, action Action) *Object {
		i, known := at[ref]
		if !known {
			i = len(p.Objects)
			at[ref] = i
			p.Objects = append(p.Objects, Object{Ref: ref, Action: action, Owner: ownership.Of(p.Before.Cluster, ref)})
		}
		return &p.Objects[i]
	}
	for _, e := range p.Fix.Edits {
		o := add(e.Object, Change)
		o.Edits = append(o.Edits, e)
	}
	for _, n := range p.Fix.New {
		ref, _ := fix.RefOf(n) // it was asked before
		add(ref, Create).New = n
	}
	for _, ref := range p.Fix.Delete {
		add(ref, Delete)
	}
	for _, a := range p.Applied {
		for ref := range a.draft.objects() {
			if i, known := at[ref]; known {
				p.Objects[i].Fixes = append(p.Objects[i].Fixes, a)
			}
		}
	}
	for i := range p.Objects {
		o := &p.Objects[i]
		if o.Remade = remade(p.Before.Cluster, p.After.Cluster, o.Ref); o.Remade {
			o.Restarts = pods(p.Before.Cluster, o.Ref)
		}
		p.Restarts += o.Restarts
		o.Breaks = p.breaks(o)
	}
	slices.SortFunc(p.Objects, func(a, b Object) int { return kube.CompareRefs(a.Ref, b.Ref) })
	p.Cleared, p.Raised = less(p.Before, p.After), less(p.After, p.Before)
}

// remade reports whether the template of a workload is another one.
func remade(before, after *kube.Cluster, ref kube.Ref) bool {
	was, is := before.Workload(ref), after.Workload(ref)
	if was == nil || is == nil || !was.Held || was.RunsToCompletion() || ref.Kind == kube.Pods.Kind {
		return false
	}
	return !reflect.DeepEqual(was.Pod, is.Pod)
}

// less returns the open findings of an assessment that another one does not have.
func less(a, b *score.Assessment) []*score.Finding {
	there := map[string]int{}
	for _, n := range b.Namespaces {
		for _, f := range n.Findings {
			if f.Open() {
				there[f.ID()]++
			}
		}
	}
	var gone []*score.Finding
	for _, n := range a.Namespaces {
		for _, f := range n.Findings {
			if !f.Open() {
				continue
			}
			if there[f.ID()]--; there[f.ID()] < 0 {
				gone = append(gone, f)
			}
		}
	}
	slices.SortStableFunc(gone, func(a, b *score.Finding) int { return audit.CompareFindings(a.Placed, b.Placed) })
	return gone
}
