package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/kube/workgroup"
)

// How many clusters are opened at the same time, and how many of them are read: a view
// takes memory, and is let go when it has been judged.
const (
	openedAtOnce = 8
	readAtOnce   = 2
)

// runFleet scans several clusters into one report. One that cannot be looked at stands in
// it with the reason. The exit code is that of the gravest.
func (o *scanOptions) runFleet(ctx context.Context, s *streams, r *ruling, all []namedCluster, want *wanted) error {
	if o.baseline != "" {
		return usagef("reading --baseline %s: one cluster is compared with it, and %d are looked at", o.baseline, len(all))
	}
	for _, out := range want.outputs {
		if !out.format.OfFleet() {
			return usagef("reading -o %s: %w, and %d are looked at; several are told of by %s", out.format.Name, report.ErrNoFleet, len(all), formatsThat(report.Format.OfFleet))
		}
	}
	f := &fleetScan{s: s, target: &o.target, ruling: r, sections: want.sections, contract: func(a *score.Assessment) error { return o.contract(a, want.threshold) }}
	members, err := f.scan(ctx, all)
	if err != nil {
		return err
	}
	for _, out := range want.outputs {
		if err := out.write(s, func(w io.Writer) error { return out.format.WriteFleet(w, members) }); err != nil {
			return err
		}
	}
	return f.verdict()
}

// printFleet prints the text report of several clusters, as scan does.
func printFleet(ctx context.Context, s *streams, r *ruling, t *target, all []namedCluster) error {
	o := &scanOptions{target: *t, outputs: []string{"text"}, failOn: "never"}
	want, err := o.read()
	if err != nil {
		return err
	}
	return o.runFleet(ctx, s, r, all, want)
}

// contract is what the exit code says of one cluster.
func (o *scanOptions) contract(a *score.Assessment, threshold audit.Severity) error {
	if err := o.enough(a); err != nil {
		return err
	}
	return failing(a, threshold)
}

// fleetScan looks at several clusters.
type fleetScan struct {
	s        *streams
	target   *target
	ruling   *ruling
	sections []report.Section
	contract func(*score.Assessment) error // what the exit code says of a cluster

	clusters []*scanned
	judging  sync.Mutex // one cluster is judged at a time: it takes every core
}

// scanned is one way to a cluster, and what came of it.
type scanned struct {
	namedCluster
	source   kube.Source // nil before it is open
	contact  fleet.Contact
	member   report.Member
	verdict  error        // by the contract
	warnings bytes.Buffer // told when all are read
}

// scan looks at the clusters, and returns what to say of each, once for those that are the
// same. The error is that of the context.
func (f *fleetScan) scan(ctx context.Context, all []namedCluster) ([]report.Member, error) {
	limitGarbage()
	for _, v := range all {
		f.clusters = append(f.clusters, &scanned{namedCluster: v, contact: fleet.Contact{Context: v.name, Address: v.address}})
	}
	atOnce(f.clusters, openedAtOnce, func(v *scanned) {
		v.source, v.contact.UID, v.contact.Err = f.target.open(ctx, f.s, v.namedCluster)
	})
	f.join()
	atOnce(f.clusters, readAtOnce, func(v *scanned) { f.look(ctx, v) })
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f.join() // recordings say only now which cluster they are of
	var members []report.Member
	for _, v := range f.clusters {
		for line := range strings.Lines(v.warnings.String()) {
			_, _ = fmt.Fprintf(f.s.err, "%s: %s", printable.Text(v.name), line)
		}
		members = append(members, v.member)
	}
	return members, nil
}

// join leaves one of the clusters that are the same cluster, with the names of all.
func (f *fleetScan) join() {
	contacts := make([]fleet.Contact, len(f.clusters))
	for i, v := range f.clusters {
		contacts[i] = v.contact
	}
	var kept []*scanned
	for _, same := range fleet.Join(contacts) {
		first := f.clusters[same[0]]
		if first.member.Cluster == nil {
			first.member.Cluster = &fleet.Cluster{}
		}
		for _, i := range same {
			names := []string{f.clusters[i].name}
			if known := f.clusters[i].member.Cluster; known != nil && len(known.Contexts) > 0 {
				names = known.Contexts
			}
			for _, name := range names {
				if !slices.Contains(first.member.Contexts, name) {
					first.member.Contexts = append(first.member.Contexts, name)
				}
			}
		}
		kept = append(kept, first)
	}
	f.clusters = kept
}

// look reads and judges a cluster, and lets go of its view.
func (f *fleetScan) look(ctx context.Context, v *scanned) {
	err := v.contact.Err
	if err == nil {
		err = f.judge(ctx, v)
		v.source = nil
	}
	if err != nil {
		v.contact.Err, v.member.Err, v.member.Tried = err, err, f.s.now()
		v.verdict = couldNotLook(err)
	}
}

// judge reads and judges a cluster. One of which no workload could be read is as good as
// not there.
func (f *fleetScan) judge(ctx context.Context, v *scanned) error {
	own := *f.s
	own.err, own.progress = &v.warnings, false
	view, err := loadSource(ctx, &own, v.source)
	if err != nil {
		return err
	}
	if unseen(view) {
		return fmt.Errorf("nothing could be read: %s", blindReason(view))
	}
	f.judging.Lock()
	defer f.judging.Unlock()
	a, err := f.ruling.assess(view)
	if err != nil {
		return err
	}
	v.member.Standing, v.member.Document = fleet.Of(a), report.NewDocument(a, f.sections...)
	v.contact.UID = v.member.UID
	v.verdict = f.contract(a)
	return nil
}

// verdict is what the exit code says of all clusters, and of each that is not clean why.
func (f *fleetScan) verdict() error {
	code := exitClean
	var reasons []error
	for _, v := range f.clusters {
		if v.verdict != nil {
			code = graver(code, codeOf(v.verdict))
			reasons = append(reasons, fmt.Errorf("%s: %w", v.member.Name(), v.verdict))
		}
	}
	if code == exitClean {
		return nil
	}
	return &exitError{code, errors.Join(reasons...)}
}

// atOnce does something with each, at most so many at the same time.
func atOnce[T any](all []T, most int, do func(T)) {
	work := make(chan T)
	var workers workgroup.Group
	for range min(most, len(all)) {
		workers.Go(func() {
			for one := range work {
				do(one)
			}
		})
	}
	for _, one := range all {
		work <- one
	}
	close(work)
	workers.Wait()
}
