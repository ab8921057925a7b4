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
}

// asking finds out about one incident at a time, in the background.
type asking struct {
	of     *briefing.Briefing // nil for none
	answer *answer            // of it as it is or was; nil while nothing is known of it
	work   *screen.Work
	taken  func() // called when there is another answer
}

func newAsking(taken func()) *asking {
	a := &asking{taken: taken}
	a.work = screen.NewWork(a.prepare)
	return a
}

// turn asks about an incident, as it is now.
func (a *asking) turn(b *briefing.Briefing) {
	before := a.of
	a.of = b
	switch {
	case b == nil:
		a.answer = nil
		a.work.Stop()
	case before == b:
	case before != nil && b.Is(before.ID):
		a.work.Renew(screen.Many)
	default:
		a.answer = nil
		a.work.Restart(screen.Many)
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
		made := &answer{b, b.Diagnosis(), b.Radius()}
		return func() {
			a.answer = made
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

// commands are those of the likeliest cause, nil while they are not known.
func (a *asking) commands() []cause.Command {
	if c := a.cause(); c != nil {
		return c.Commands
	}
	return nil
}
