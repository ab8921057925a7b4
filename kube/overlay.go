package kube

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/types"
)

// With returns the view as it would be after some changes: what a change would
// lead to can be asked of it before anybody makes it. It shares every table that no
// change touches and takes over what is derived of the rest, so that it costs about
// as much as the view after an event. Of each change the resource, the name and
// After count, which may be an object of the API or what a view holds, and belongs
// to the new view from then on; nil for an object that is gone. Of several changes
// of one object the last one counts. The view has the same generation and time: it
// is no later one, and was never published.
//
// The error is [ErrWrongType], or why a pod spec cannot be kept.
func (c *Cluster) With(changes ...Change) (*Cluster, error) {
	b := NewBuilder(c.Info) // for what it makes of objects; nothing is kept in it
	revisions := map[Resource]map[types.NamespacedName]Object{}
	for _, change := range changes {
		if NewObject(change.Resource) == nil {
			return nil, fmt.Errorf("changing %s %s/%s: %w", change.Resource, change.Namespace, change.Name, ErrWrongType)
		}
		key := types.NamespacedName{Namespace: change.Namespace, Name: change.Name}
		if change.After != nil {
			kept, err := b.lean(change.Resource, change.After)
			if err != nil {
				return nil, err
			}
			change.After, key = kept, types.NamespacedName{Namespace: kept.GetNamespace(), Name: kept.GetName()}
		}
		if revisions[change.Resource] == nil {
			revisions[change.Resource] = map[types.NamespacedName]Object{}
		}
		revisions[change.Resource][key] = change.After
	}
	next := &Cluster{
		Generation: c.Generation, Time: c.Time, Clock: c.Clock, Info: c.Info, states: c.states, stateOf: c.stateOf, blindTo: c.blindTo, origins: c.origins,
	}
	touched := map[string]touched{}
	for _, s := range allShelves() {
		r := s.resource()
		if err := s.overlay(c, next, revisions[r]); err != nil {
			return nil, err
		}
		if slices.Contains(WorkloadResources(), r) {
			for key := range revisions[r] {
				touched[key.Namespace] = controllersTouched
			}
		}
	}
	next.basis = &basis{index: c.index(), touched: touched}
	next.inheritDerivations(c)
	return next, nil
}

// controllersTouched says that anything may have happened to what the workloads
// of a namespace are made of.
var controllersTouched = touched{controllers: true}

func (s on[T]) overlay(c, next *Cluster, revision map[types.NamespacedName]Object) error {
	rows := make([]revisedRow[T], 0, len(revision))
	for key, o := range revision {
		if o == nil {
			rows = append(rows, revisedRow[T]{key: key, gone: true})
			continue
		}
		row, ok := o.(T)
		if !ok {
			return fmt.Errorf("changing %s %s as %T: %w", s.r, key, o, ErrWrongType)
		}
		rows = append(rows, revisedRow[T]{key: key, row: row})
	}
	slices.SortFunc(rows, func(a, b revisedRow[T]) int {
		return cmp.Or(strings.Compare(a.key.Namespace, b.key.Namespace), strings.Compare(a.key.Name, b.key.Name))
	})
	*s.table(next) = *s.table(c)
	if len(rows) > 0 {
		*s.table(next) = s.table(c).revised(rows)
	}
	return nil
}
