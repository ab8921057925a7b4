package main

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// triageOptions are the flags of triage.
type triageOptions struct {
	target target
	output string
	watch  time.Duration
	asOf   string
	failOn string
}

func newTriage(s *streams) *cobra.Command {
	o := &triageOptions{}
	c := &cobra.Command{
		Use:   "triage [INCIDENT]",
		Short: "Say what is broken, what changed and the likely cause",
		Long: `Say what is broken in a cluster right now, since when, what changed before it, the
likely cause with what speaks against it, who else is hit, and the next commands.
Nothing is written to the cluster: commands that would are marked, and for you to type.
Commands that the server says you may not run are left out, and the missing right named.

Times are what objects of the cluster record. What no object dates counts only once it
was seen for a while: --watch looks for that long before it tells. With the ID of an
incident, that one is told alone.

Exit codes: 0, 1 an incident at or over --fail-on is open, 2 usage, 3 could not look.`,
		Example: `  seaworthy triage
  seaworthy triage -n payments --watch 1m
  seaworthy triage -o json
  seaworthy triage --from friday.seaworthy
  kubectl get pods,nodes,deploy,rs,events -A -o yaml | seaworthy triage -f -`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), s, args) },
	}
	o.target.addFlags(c)
	c.Flags().StringVarP(&o.output, "output", "o", "text", "text or json")
	c.Flags().DurationVar(&o.watch, "watch", 0, "look for so long before telling, such as 1m")
	c.Flags().StringVar(&o.asOf, "as-of", "", "the time at which manifests were taken from their cluster, RFC 3339 (default: the newest they record)")
	c.Flags().StringVar(&o.failOn, "fail-on", "never", "exit with 1 on open incidents of this severity or worse: S1, S2, S3, S4, never")
	completeValues(c, map[string][]string{"output": {"text", "json"}, "fail-on": {"never", "S1", "S2", "S3", "S4"}})
	return c
}

func (o *triageOptions) run(ctx context.Context, s *streams, args []string) error {
	threshold, err := parseTriageSeverity(o.failOn)
	if err != nil {
		return err
	}
	if o.output != "text" && o.output != "json" {
		return usagef("reading -o %s: it is neither text nor json", o.output)
	}
	if o.watch < 0 {
		return usagef("reading --watch %s: it lies in the past", o.watch)
	}
	asOf, err := o.moment()
	if err != nil {
		return err
	}
	report, rights, err := o.look(ctx, s, asOf)
	if err != nil {
		return err
	}
	if err := o.write(ctx, s.out, report, rights, args); err != nil {
		return err
	}
	if worst := report.Worst(); threshold != 0 && worst != 0 && worst <= threshold {
		return &exitError{exitFindings, nil}
	}
	return nil
}

// moment reads --as-of, zero if it is not given.
func (o *triageOptions) moment() (time.Time, error) {
	if o.asOf == "" {
		return time.Time{}, nil
	}
	if len(o.target.files) == 0 {
		return time.Time{}, usagef("reading --as-of: only manifests do not know when they were taken")
	}
	t, err := time.Parse(time.RFC3339, o.asOf)
	if err != nil {
		return time.Time{}, usagef("reading --as-of %s: it is no time such as 2026-01-31T12:00:00Z", o.asOf)
	}
	return t, nil
}

// write writes the report, or the incident that was asked for.
func (o *triageOptions) write(ctx context.Context, w io.Writer, r *briefing.Report, rights cause.Rights, args []string) error {
	if len(args) == 0 {
		if o.output == "json" {
			return briefing.WriteJSON(w, r, answersOf(ctx, rights, r.Briefings))
		}
		told, _ := r.Told()
		return briefing.WriteText(w, r, answersOf(ctx, rights, told))
	}
	b := r.Find(args[0])
	if b == nil {
		return usagef("looking for incident %s: there is none of this ID, only %s", args[0], strings.Join(incidentIDs(r), ", "))
	}
	alone := *r
	alone.Briefings = []*briefing.Briefing{b}
	known := answersOf(ctx, rights, alone.Briefings)
	if o.output == "json" {
		return briefing.WriteJSON(w, &alone, known)
	}
	return briefing.WriteBriefing(w, b, r.Time, known)
}

// rightsTime is how long the server may be asked about rights before a report is
// written: who waits for it was just called.
const rightsTime = 5 * time.Second

// answersOf asks about the rights that the commands of some incidents need; nil where
// nobody can be asked.
func answersOf(ctx context.Context, rights cause.Rights, all []*briefing.Briefing) cause.Answers {
	if rights == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, rightsTime)
	defer cancel()
	var known cause.Answers
	for _, b := range all {
		known = b.Diagnosis().Ask(ctx, rights, known)
	}
	return known
}

func incidentIDs(r *briefing.Report) []string {
	ids := make([]string, 0, len(r.Briefings))
	for _, b := range r.Briefings {
		ids = append(ids, b.ID)
	}
	if len(ids) == 0 {
		return []string{"silence"}
	}
	return ids
}

// look follows the target for as long as was asked for, once it was read. It returns who
// knows what may be done there, nil for nobody.
func (o *triageOptions) look(ctx context.Context, s *streams, asOf time.Time) (*briefing.Report, cause.Rights, error) {
	source, err := o.target.source(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	if o.target.from != "" {
		source = recordingFile(o.target.from, everyFrame())
	}
	follower := &triageFollower{responder: briefing.NewResponder(signals.All()), progress: progress{s: s}, local: s.now, asOf: asOf}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	err = source.Watch(ctx, func(c *kube.Cluster) {
		if follower.see(c); follower.enough(o.watch) {
			stop()
		}
	})
	follower.progress.done()
	switch {
	case follower.view == nil && err == nil:
		err = kube.ErrNothingRead
	case follower.view != nil && follower.view.Settled():
		err = live.Refused(follower.view)
	}
	if err != nil {
		return nil, nil, couldNotLook(err)
	}
	warn(s, source)
	return follower.report(), rightsOf(source), expectNamespaces(s, follower.view)
}

// triageFollower follows a source until enough was seen.
type triageFollower struct {
	responder *briefing.Responder
	progress  progress
	local     func() time.Time
	asOf      time.Time // of manifests, zero for the newest that they record
	view      *kube.Cluster
	last      *briefing.Report
	settled   time.Time // when all had been read
}

// see takes the next view. Nothing is broken for sure before all was read.
func (f *triageFollower) see(c *kube.Cluster) {
	f.view = c
	if !c.Settled() {
		f.progress.show(c)
		return
	}
	now := c.Now(f.local())
	if c.Info.Offline {
		if now = f.asOf; now.IsZero() {
			now = newest(c)
		}
	}
	if f.settled.IsZero() {
		f.settled = now
	}
	f.last = f.responder.Update(c, now)
}

// enough reports whether the source was followed for so long after it had been read.
func (f *triageFollower) enough(watch time.Duration) bool {
	return f.last != nil && f.view.Clock.Ticks && f.last.Time.Sub(f.settled) >= watch
}

// report returns what is broken by what was seen.
func (f *triageFollower) report() *briefing.Report {
	if f.last == nil {
		f.last = f.responder.Update(f.view, f.view.Time)
	}
	return f.last
}

// newest returns the newest time that objects of a view record: manifests that were
// taken from a cluster are as old as that. The time of the view if they record none.
func newest(c *kube.Cluster) time.Time {
	var last time.Time
	consider := func(t time.Time) {
		if t.After(last) && !t.After(c.Time) {
			last = t
		}
	}
	for e := range c.Events.All() {
		consider(triage.Happened(e))
	}
	for pod := range c.Pods.All() {
		for condition := range pod.Status.Conditions() {
			consider(condition.Since())
		}
		for i := range pod.Status.Containers {
			if since, runs := pod.Status.Containers[i].Running(); runs {
				consider(since.Time)
			}
			if ended := pod.Status.Containers[i].LastTerminated(); ended != nil {
				consider(ended.FinishedAt.Time)
			}
		}
	}
	for d := range c.Deployments.All() {
		for _, condition := range d.Status.Conditions {
			consider(condition.LastUpdateTime.Time)
		}
	}
	for node := range c.Nodes.All() {
		for _, condition := range node.Status.Conditions {
			consider(condition.LastHeartbeatTime.Time)
			consider(condition.LastTransitionTime.Time)
		}
	}
	if last.IsZero() {
		return c.Time
	}
	return last
}

// parseTriageSeverity reads a severity of incidents, none for never.
func parseTriageSeverity(text string) (triage.Severity, error) {
	if text == "never" {
		return 0, nil
	}
	all := []triage.Severity{triage.S1, triage.S2, triage.S3, triage.S4}
	i := slices.IndexFunc(all, func(s triage.Severity) bool { return strings.EqualFold(s.String(), text) })
	if i < 0 {
		return 0, usagef("reading --fail-on %s: it is none of S1, S2, S3, S4, never", text)
	}
	return all[i], nil
}
