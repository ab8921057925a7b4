package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// The values of --dry-run, as kubectl has them.
const (
	dryRunNone   = "none"
	dryRunServer = "server"
)

// trial has a server say what it thinks of a plan.
type trial struct {
	mode     string      // a value of --dry-run
	server   plan.Server // nil until it is connected, and where nobody asked
	verdicts map[kube.Ref]kube.Verdict
}

func (t *trial) addFlag(c *cobra.Command) {
	c.Flags().StringVar(&t.mode, "dry-run", dryRunNone, "server: have the server say what it would answer to each change, which it does not make; none")
	c.Flags().Lookup("dry-run").NoOptDefVal = dryRunServer
	completeValues(c, map[string][]string{"dry-run": {dryRunNone, dryRunServer}})
}

// check says why a dry run cannot be.
func (t *trial) check(of *target) error {
	switch {
	case t.mode == dryRunNone:
		return nil
	case t.mode != dryRunServer:
		return usagef("reading --dry-run=%s: it is neither %s nor %s", t.mode, dryRunServer, dryRunNone)
	case len(of.files) > 0 || of.from != "":
		return usagef("--dry-run asks a cluster: there is none behind -f and --from")
	}
	return nil
}

func (t *trial) asked() bool { return t.mode == dryRunServer }

// open connects to the cluster that is asked later, and reads it.
func (t *trial) open(ctx context.Context, s *streams, of *target) (*kube.Cluster, error) {
	source, err := of.connect(ctx, s)
	if err != nil {
		return nil, err
	}
	t.server = source
	measured, err := of.measuring.beside(s, source)
	if err != nil {
		return nil, err
	}
	return loadSource(ctx, s, measured)
}

// run asks for a verdict on each object of a plan.
func (t *trial) run(ctx context.Context, p *planned) error {
	objects := make([]*plan.Object, len(p.Objects))
	for i := range p.Objects {
		objects[i] = &p.Objects[i]
	}
	verdicts, err := p.DryRun(objects).Ask(ctx, t.server, 0, len(objects))
	if err != nil {
		return couldNotLook(fmt.Errorf("trying the changes: %w", err))
	}
	t.verdicts = map[kube.Ref]kube.Verdict{}
	for i, o := range objects {
		t.verdicts[o.Ref] = verdicts[i]
	}
	return nil
}

// summarizeTrial tells of what the server would not do, and warns of.
func (p *planned) summarizeTrial(m summary) {
	if !p.trial.asked() || p.Empty() {
		return
	}
	counts := map[kube.Outcome]int{}
	var lines []string
	for _, o := range p.Objects {
		v := p.trial.verdicts[o.Ref]
		counts[v.Outcome]++
		told := v.Sentences()
		if v.Outcome == kube.Accepted {
			told = told[1:]
		}
		for _, text := range told {
			lines = append(lines, fmt.Sprintf("  %s %s: %s", o.Action, o.Ref, text))
		}
	}
	m.line("dry run: the server accepts %d of %s, refuses %d, does not permit %d; %d cannot be tried",
		counts[kube.Accepted], plural(len(p.Objects), "change", "changes"), counts[kube.Refused], counts[kube.NotPermitted], counts[kube.Untried])
	m.list(len(lines), func(i int) string { return lines[i] })
}

// verdictRow is a verdict as -o json has it.
type verdictRow struct {
	Outcome  string   `json:"outcome"` // accepted, refused, not permitted, untried
	By       string   `json:"by"`      // who refuses, "" for other outcomes
	Why      string   `json:"why"`     // "" for what is accepted
	Warnings []string `json:"warnings"`
}

// verdictRow is what the server says of an object; nil where nobody asked.
func (p *planned) verdictRow(ref kube.Ref) *verdictRow {
	v, asked := p.trial.verdicts[ref]
	if !asked {
		return nil
	}
	return &verdictRow{v.Outcome.String(), v.By, v.Why, append([]string{}, v.Warnings...)}
}
