package paths

import (
	"context"
	"fmt"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// How much is told: of how many starts, how many ways of a single one, how many
// changes, and how much of what leads to it.
const (
	startsMost     = 10
	alternatesMost = 4
	changesMost    = 5
	leadingMost    = 5
)

// found is what there is to tell. It never changes.
type found struct {
	of     *paths.Map
	to     string
	from   []int32
	open   int             // how many of them reach the target
	told   [][]screen.Told // of some, easiest first; further ways of a single one behind its first
	blast  []string        // what falls with them, in sentences
	into   []string        // what leads to a single one
	plan   []string        // what would close the ways
	limits []string        // what is not seen
	none   string          // why there is nothing to tell, "" if there is
}

// asked is what to look for.
type asked struct {
	view  *kube.Cluster
	start screen.Start
	all   bool // from everywhere
	to    string
}

// search looks for the ways. What was found before is taken over where the graph is
// the same; nil if the context ended.
func (a asked) search(ctx context.Context, before *found) *found {
	m := paths.Of(a.view)
	f := &found{of: m, to: a.to, limits: a.limits()}
	targets, err := m.Target(a.to)
	if err != nil {
		f.none = err.Error()
		return f
	}
	if f.from, f.none = a.starts(m); f.none != "" {
		return f
	}
	if before != nil && before.of == m && before.to == a.to && slices.Equal(before.from, f.from) {
		same := *before
		same.limits = f.limits
		return &same
	}
	ways, err := m.Towards(ctx, targets)
	if err != nil {
		return nil
	}
	if err := f.tell(ctx, a.view, ways); err != nil {
		return nil
	}
	if !a.all {
		blast, err := m.Blast(ctx, f.from)
		if err != nil {
			return nil
		}
		f.blast = screen.Falls(blast)
		if len(f.from) == 1 {
			f.into = screen.Leading(m, f.from[0], leadingMost)
		}
	}
	return f
}

// limits says what is not seen.
func (a asked) limits() []string {
	all := func(*access.Binding) bool { return true }
	return answer.LimitsOf(a.view, all).AlsoOf(a.view, graph.Resources()).Lines()
}

// starts returns where the ways begin, or a sentence that says why none does.
func (a asked) starts(m *paths.Map) (from []int32, none string) {
	switch {
	case a.all:
		return m.Starts(), ""
	case a.start.Entry != "":
		for _, v := range m.Entries() {
			if m.Vertex(v).String() == a.start.Entry {
				return []int32{v}, ""
			}
		}
		return nil, fmt.Sprintf("Nothing comes in by %q any more.", a.start.Entry)
	case a.start.Object.IsZero():
		v, err := m.Start(a.start.Subject)
		if err != nil {
			return nil, err.Error()
		}
		return []int32{v}, ""
	}
	return a.startsOfObject(m)
}

func (a asked) startsOfObject(m *paths.Map) (from []int32, none string) {
	ref := a.start.Object
	switch ref.Kind {
	case kube.Namespaces.Kind:
		if from = m.Inside(ref.Name); len(from) > 0 {
			return from, ""
		}
		if _, known := m.AdminOf(ref.Name); !known {
			return nil, fmt.Sprintf("There is no namespace %s, or it cannot be seen.", ref.Name)
		}
		return nil, fmt.Sprintf("Nothing in the namespace %s could be taken over: it has neither pods nor ServiceAccounts.", ref.Name)
	case kube.RoleBindings.Kind, kube.ClusterRoleBindings.Kind, kube.Roles.Kind, kube.ClusterRoles.Kind:
		from = a.startsOfGrant(m)
	default:
		if v, ok := m.Find(a.view, ref); ok {
			from = []int32{v}
		}
	}
	switch {
	case len(from) > 0:
		return from, ""
	case !a.view.Has(ref):
		return nil, fmt.Sprintf("There is no %s, or it cannot be seen.", ref)
	case ref.Kind == kube.Roles.Kind || ref.Kind == kube.ClusterRoles.Kind:
		return nil, fmt.Sprintf("Nobody has %s: no binding gives it to anybody.", ref)
	}
	return nil, fmt.Sprintf("No path begins at %s: it runs nothing, and nobody acts as it.", ref)
}

// startsOfGrant returns the subjects of a binding, or of every binding of a role.
func (a asked) startsOfGrant(m *paths.Map) []int32 {
	var from []int32
	for _, b := range access.Of(a.view).Bindings {
		if b.Ref != a.start.Object && b.Role != a.start.Object {
			continue
		}
		for _, s := range b.Subjects {
			if v, ok := m.Subject(s.Subject); ok {
				from = append(from, v)
			}
		}
	}
	slices.Sort(from)
	return slices.Compact(from)
}

// tell words the ways from the easiest starts, and what would close them.
func (f *found) tell(ctx context.Context, view *kube.Cluster, ways *paths.Ways) error {
	easiest := ways.Easiest(f.from)
	f.open = len(easiest)
	for _, v := range easiest[:min(len(easiest), startsMost)] {
		best, _ := ways.Best(v)
		all := []paths.Way{best}
		if len(f.from) == 1 {
			var err error
			if all, err = ways.Alternates(ctx, v, alternatesMost); err != nil {
				return err
			}
		}
		var told []screen.Told
		for _, way := range all {
			told = append(told, screen.Tell(f.of, way))
		}
		f.told = append(f.told, told)
	}
	changes, _, err := ways.Plan(ctx, view, f.from, changesMost)
	f.plan = screen.Changes(changes, f.open)
	return err
}
