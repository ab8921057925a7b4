package screen

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// DryRun has the server of the cluster say what it would answer to the changes that a
// screen shows, when the user asks for it. A screen has no client: it sends a
// [DryRunMsg], and the root, which may have a server, begins. Some changes are asked
// about at a time, and the verdicts come as they are there. What is under way ends when
// the screen is left.
type DryRun struct {
	work   *Work
	told   func()
	make   func() (*plan.DryRun, error)
	server plan.Server // of the one under way

	of       *plan.DryRun // nil before the first answer
	verdicts []kube.Verdict
	at       map[kube.Ref]int // verdicts by their objects
	err      error
}

// DryRunMsg asks for a dry run, by who started the program.
type DryRunMsg struct {
	run    *DryRun
	number uint64
}

// Begin begins the dry run with a server, unless the screen has turned to something
// else since it asked.
func (m DryRunMsg) Begin(server plan.Server) {
	if d := m.run; m.number == d.work.number {
		d.server = server
		d.work.Renew(Many)
		d.told()
	}
}

// NewDryRun returns a dry run that nobody has asked for. It calls told, where the screen
// lives, whenever it knows more.
func NewDryRun(told func()) *DryRun {
	d := &DryRun{told: told}
	d.work = NewWork(d.prepare)
	return d
}

// Work returns what is done in the background.
func (d *DryRun) Work() *Work { return d.work }

// Ask forgets what was answered and returns the command that asks anew: about what is
// made in the background, which must only read what never changes.
func (d *DryRun) Ask(what func() (*plan.DryRun, error)) tea.Cmd {
	d.Drop()
	d.make = what
	msg := DryRunMsg{d, d.work.number}
	return func() tea.Msg { return msg }
}

// Drop ends and forgets it all: what was asked about is not shown any more.
func (d *DryRun) Drop() {
	d.work.Stop()
	d.make, d.server, d.of, d.verdicts, d.at, d.err = nil, nil, nil, nil, nil, nil
}

// Stop ends what is under way, and keeps what was answered.
func (d *DryRun) Stop() { d.work.Stop() }

// Pending reports whether an answer is still to come.
func (d *DryRun) Pending() bool { return d.work.Pending() }

// Objects returns what is asked about, nil before the first answer.
func (d *DryRun) Objects() []plan.Object {
	if d.of == nil {
		return nil
	}
	return d.of.Objects
}

// Verdicts returns the answers that are there, in the order of the objects.
func (d *DryRun) Verdicts() []kube.Verdict { return d.verdicts }

// Err returns why there are no further answers, nil if nothing went wrong.
func (d *DryRun) Err() error { return d.err }

// Shown reports whether there is something to tell of it.
func (d *DryRun) Shown() bool { return d.Pending() || d.of != nil || d.err != nil }

// Of returns what the server said of the change of an object; false where it has said
// nothing (yet), or of another change of it.
func (d *DryRun) Of(o *plan.Object) (kube.Verdict, bool) {
	i, ok := d.at[o.Ref]
	if !ok || !plan.SameChange(&d.of.Objects[i], o) {
		return kube.Verdict{}, false
	}
	return d.verdicts[i], true
}

// prepare returns the job that asks about the next changes.
func (d *DryRun) prepare() Job {
	of, what, server, next := d.of, d.make, d.server, len(d.verdicts)
	if server == nil {
		return nil
	}
	return func(ctx context.Context) func() {
		var verdicts []kube.Verdict
		var err error
		if of == nil {
			of, err = what()
		}
		if err == nil {
			verdicts, err = of.Ask(ctx, server, next, min(next+plan.AskedAtOnce, len(of.Objects)))
		}
		if ctx.Err() != nil {
			return nil
		}
		return func() { d.take(of, verdicts, err) }
	}
}

// take keeps some answers, and asks for the next.
func (d *DryRun) take(of *plan.DryRun, verdicts []kube.Verdict, err error) {
	d.of, d.err = of, err
	if d.at == nil {
		d.at = map[kube.Ref]int{}
	}
	for _, v := range verdicts {
		d.at[of.Objects[len(d.verdicts)].Ref] = len(d.verdicts)
		d.verdicts = append(d.verdicts, v)
	}
	if err == nil && len(d.verdicts) < len(of.Objects) {
		d.work.Renew(Many)
	} else {
		d.make, d.server = nil, nil
		if of != nil { // the views are not needed any more
			d.of = &plan.DryRun{Objects: of.Objects}
		}
	}
	d.told()
}
