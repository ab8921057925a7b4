package triage

import (
	"context"

	"github.com/seaworthy-dev/seaworthy/audit/triage/blast"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// answer is what takes its time to be known of an incident.
type answer struct {
	of        *briefing.Briefing
	diagnosis *cause.Diagnosis
	radius    *blast.Radius
	known     cause.Answers  // nil while nothing is known of the rights of who looks
	next      cause.Proposal // the commands of the likeliest cause
}

// with returns the answer with what is known of the rights.
func (a answer) with(known cause.Answers) *answer {
	a.known = known
	if len(a.diagnosis.Causes) > 0 {
		a.next = a.diagnosis.Causes[0].Propose(known)
	}
	return &a
}

// asking finds out about one incident at a time, in the background: first why it
// happened, then which of the commands who looks may run.
type asking struct {
	of         *briefing.Briefing // nil for none
	answer     *answer            // of it as it is or was; nil while nothing is known of it
	rights     cause.Rights       // nil if there is nobody to ask
	work       *screen.Work
	permission *screen.Work
	taken      func() // called when there is another answer
}

func newAsking(rights cause.Rights, taken func()) *asking {
	a := &asking{rights: rights, taken: taken}
	a.work, a.permission = screen.NewWork(a.prepare), screen.NewWork(a.review)
	return a
}

// works returns what is done in the background.
func (a *asking) works() []*screen.Work { return []*screen.Work{a.work, a.permission} }

// turn asks about an incident, as it is now.
func (a *asking) turn(b *briefing.Briefing) {
	before := a.of
	a.of = b
	switch {
	case b == nil:
		a.answer = nil
		a.work.Stop()
		a.permission.Stop()
	case before == b:
	case before != nil && b.Is(before.ID):
		a.work.Renew(screen.Many)
	default:
		a.answer = nil
		a.work.Restart(screen.Many)
		a.permission.Stop()
	}
}

// prepare returns the job that finds out about the incident. However much happens to it,
// it is asked about at most once a second.
func (a *asking) prepare() screen.Job {
	b, again := a.of, a.answer != nil
	if b == nil {
		return nil
	}
	return func(ctx context.Context) func() {
		if again && !screen.Rest(ctx) {
			return nil
		}
		made := answer{of: b, diagnosis: b.Diagnosis(), radius: b.Radius()}
		return func() {
			a.take(made)
			a.permission.Renew(screen.Many)
		}
	}
}

// take takes an answer. What was known of the rights stands until it is asked again.
func (a *asking) take(made answer) {
	var known cause.Answers
	if a.answer != nil {
		known = a.answer.known
	}
	a.answer = made.with(known)
	a.taken()
}

// review returns the job that asks about the rights that the commands need.
func (a *asking) review() screen.Job {
	if a.rights == nil || a.answer == nil {
		return nil
	}
	rights, diagnosis := a.rights, a.answer.diagnosis
	return func(ctx context.Context) func() {
		known := diagnosis.Ask(ctx, rights, nil)
		if ctx.Err() != nil {
			return nil
		}
		return func() {
			a.answer = a.answer.with(known)
			a.taken()
		}
	}
}

// cause returns the likeliest cause, nil while it is not known.
func (a *asking) cause() *cause.Cause {
	if a.answer == nil || len(a.answer.diagnosis.Causes) == 0 {
		return nil
	}
	return &a.answer.diagnosis.Causes[0]
}

// next returns the commands of the likeliest cause, none while they are not known.
func (a *asking) next() cause.Proposal {
	if a.answer == nil {
		return cause.Proposal{}
	}
	return a.answer.next
}

// leftOut says which commands are left out, and why; "" if none is.
func (a *answer) leftOut() string { return cause.LeftOut(a.known, a.next) }

// nothing says why there is no command.
func (a *asking) nothing() string {
	if a.answer != nil && len(a.answer.next.Denied) > 0 {
		return a.answer.leftOut()
	}
	return "no command is known yet"
}
