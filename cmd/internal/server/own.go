package server

import (
	"cmp"
	"io"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/report/exposition"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
)

// own writes the metrics of the program itself, and of what is broken right now. They
// are bounded by the kinds of the view.
func (s *Server) own(out io.Writer, news feed.News, did feed.Statistics, ready bool) error {
	w := exposition.NewWriter(out)
	w.Gauge("build_info", "The program that looks.", []string{"version", "ruleset", "goversion"},
		exposition.At(1, s.version, score.RuleSet, runtime.Version()))
	w.Gauge("ready", "1 once everything was read for the first time; before that nothing is said of the cluster.", nil, exposition.At(number(ready)))
	w.Counter("views_total", "Views of the cluster that its source made.", float64(did.Views))
	w.Counter("assessments_total", "Views that were judged; the others were overtaken.", float64(did.Assessments))
	w.Gauge("assess_duration_seconds", "How long judging the last view took.", nil, exposition.At(did.Last.Seconds()))
	w.Gauge("assess_longest_seconds", "How long judging a view took at the most.", nil, exposition.At(did.Longest.Seconds()))
	w.Gauge("assess_lag_seconds", "From when the last view was there to when it was judged.", nil, exposition.At(did.Lag.Seconds()))
	if did.Memory > 0 {
		w.Gauge("heap_bytes", "Objects in memory.", nil, exposition.At(float64(did.Heap)))
		w.Gauge("memory_bytes", "Memory that the program has of the system.", nil, exposition.At(float64(did.Memory)))
		w.Gauge("goroutines", "Goroutines of the program.", nil, exposition.At(float64(did.Goroutines)))
	}
	if news.Cluster != nil {
		writeStates(w, news.Cluster)
	}
	if news.Triage != nil {
		writeIncidents(w, news.Triage.Incidents)
	}
	return w.Flush()
}

// writeStates tells how well the cluster is followed.
func writeStates(w *exposition.Writer, c *kube.Cluster) {
	type where struct {
		resource kube.Resource
		phase    kube.Phase
	}
	var heard time.Time
	stale, left := map[kube.Resource]bool{}, map[where]int{}
	for _, state := range c.States() {
		if state.Heard.After(heard) {
			heard = state.Heard
		}
		switch {
		case state.Phase == kube.Stale:
			stale[state.Resource] = true
		case unseen(state):
			left[where{state.Resource, state.Phase}]++
		}
	}
	if !heard.IsZero() {
		w.Gauge("heard_timestamp_seconds", "When the API server last sent something.", nil, exposition.At(float64(heard.UnixMilli())/1000))
	}
	w.Gauge("stale_resources", "Kinds that the API server does not answer for any more: what is said of them is old.", nil, exposition.At(float64(len(stale))))
	var unread []exposition.Series
	for _, at := range slices.SortedFunc(maps.Keys(left), func(a, b where) int {
		return cmp.Or(strings.Compare(a.resource.String(), b.resource.String()), cmp.Compare(a.phase, b.phase))
	}) {
		unread = append(unread, exposition.At(float64(left[at]), at.resource.String(), at.phase.String()))
	}
	w.Gauge("resource_unseen_places", "In how many places (namespaces, or 1 for the cluster) a kind could not be read, and why.", []string{"resource", "reason"}, unread...)
}

// writeIncidents tells how many incidents are not over, by severity.
func writeIncidents(w *exposition.Writer, all []*incident.Incident) {
	counts := map[triage.Severity]int{}
	for _, i := range all {
		if i.State == incident.Open {
			counts[i.Severity]++
		}
	}
	var series []exposition.Series
	for _, severity := range []triage.Severity{triage.S1, triage.S2, triage.S3, triage.S4} {
		series = append(series, exposition.At(float64(counts[severity]), severity.String()))
	}
	w.Gauge("incidents", "Incidents that are open, as seaworthy triage tells them.", []string{"severity"}, series...)
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
