package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/kube/prometheus"
)

// measuring is where the history of what workloads use comes from, if anybody said.
type measuring struct {
	address string
	labels  map[string]string
}

// addFlags adds the flags that name a Prometheus; commands that judge use have them.
func (m *measuring) addFlags(c *cobra.Command) {
	c.Flags().StringVar(&m.address, "prometheus", "", "the URL of a Prometheus that knows what the workloads have used: requests and limits are judged by the last week, and fixed by it")
	c.Flags().StringToStringVar(&m.labels, "prometheus-labels", nil, "the labels that the metrics of this cluster have there, if it has those of several: cluster=prod")
}

// beside puts what was measured beside a source. The error is one of usage.
func (m *measuring) beside(s *streams, source kube.Source) (kube.Source, error) {
	if m.address == "" {
		if len(m.labels) > 0 {
			return nil, usagef("--prometheus-labels says which metrics to take of the Prometheus that --prometheus names")
		}
		return source, nil
	}
	client, err := prometheus.New(prometheus.Options{Address: m.address, Labels: m.labels, Log: s.notes.tell})
	if err != nil {
		return nil, usagef("%w", err)
	}
	return client.Beside(source), nil
}

// measurementsOf returns the state of the measurements of a view, false if nobody was
// asked for any.
func measurementsOf(view *kube.Cluster) (kube.State, bool) {
	states := view.States()
	i := slices.IndexFunc(states, func(s kube.State) bool { return s.Resource == kube.Measurements })
	if i < 0 {
		return kube.State{}, false
	}
	return states[i], true
}

// warnUnmeasured tells that nothing could be measured, although somebody asked for it.
func warnUnmeasured(s *streams, view *kube.Cluster) {
	if state, asked := measurementsOf(view); asked && state.Blind() {
		_, _ = fmt.Fprintf(s.err, "warning: nothing is judged by a history of use: %s\n", printable.Text(state.Reason))
	}
}

// measured puts what was measured of one view beside another one of the same files.
func measured(of, view *kube.Cluster) (*kube.Cluster, error) {
	state, asked := measurementsOf(of)
	if !asked {
		return view, nil
	}
	var all []*kube.Measurement
	for m := range of.Measurements.All() {
		if m.By == kube.ByPrometheus {
			all = append(all, m)
		}
	}
	return view.WithMeasurements(all, state, nil)
}
