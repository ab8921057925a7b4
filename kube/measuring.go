package kube

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/types"
)

// WithMeasurements returns the view with measurements beside those it has, in place
// of any of the same name, and what is known of their reading: for who measures
// apart from the source of the view. After is what this returned for the view
// before, nil for the first: what is derived of that is taken over. The view has
// the generation and time of c. The caller must not change the measurements.
func (c *Cluster) WithMeasurements(measurements []*Measurement, state State, after *Cluster) (*Cluster, error) {
	revision := make(map[types.NamespacedName]Object, len(measurements))
	for _, m := range measurements {
		revision[types.NamespacedName{Namespace: m.Namespace, Name: m.Name}] = m
	}
	next := &Cluster{
		Generation: c.Generation, Time: c.Time, Clock: c.Clock, Info: c.Info, origins: c.origins,
		states: append(slices.Clip(c.states), state), stateOf: maps.Clone(c.stateOf), blindTo: c.blindTo,
	}
	sortStates(next.states)
	next.stateOf[stateKey{state.Resource, state.Namespace}] = state
	if state.Blind() {
		next.blindTo = append(slices.Clip(c.blindTo), state.Resource)
	}
	for _, s := range allShelves() {
		var of map[types.NamespacedName]Object
		if s.resource() == Measurements {
			of = revision
		}
		if err := s.overlay(c, next, of); err != nil {
			return nil, err
		}
	}
	next.basis = &basis{index: c.index(), touched: map[string]touched{}}
	if after == nil {
		after = c
	}
	next.inheritDerivations(after)
	return next, nil
}
