package finding

import (
	"context"
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access/proof"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// proven is what the chosen fix would do to who can do what.
type proven struct {
	of    provable
	lines []string
}

// provable is what a proof is about: a finding as it was judged, and a fix of it.
type provable struct {
	finding *score.Finding
	fix     string // its title, "" for none
}

// provable returns what there is to prove: fixes that are about access, in which much
// more changes than the finding.
func (s *Screen) provable() provable {
	if s.finding == nil || s.gone || s.choice >= len(s.fixes) {
		return provable{}
	}
	chosen := s.fixes[s.choice]
	if s.finding.Category != "rbac" && len(chosen.Delete) == 0 {
		return provable{}
	}
	return provable{s.finding, chosen.Title}
}

// askForProof asks for a proof where the one that is shown is of something else, or of a
// finding that has been judged again since.
func (s *Screen) askForProof() {
	switch of := s.provable(); {
	case of.fix == "":
		s.proving.Stop()
		s.proof = proven{}
	case s.proof.of == of:
	case s.proof.of.fix == of.fix:
		if !s.proving.Pending() { // else it is asked for when that one is shown
			s.proving.Renew(screen.Many)
		}
	case !s.proving.Pending() || s.asked != of:
		s.proof = proven{}
		s.asked = of
		s.proving.Restart(screen.Many)
	}
}

// prove returns the job that judges the cluster as it would be.
func (s *Screen) prove() screen.Job {
	of, shown := s.provable(), s.shown
	if of.fix == "" {
		return nil
	}
	chosen, again := s.fixes[s.choice], s.proof.of.fix == of.fix
	return func(ctx context.Context) func() {
		if again && !screen.Rest(ctx) {
			return nil
		}
		lines, err := prove(ctx, shown, of.finding, chosen)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			lines = []string{fmt.Sprintf("It cannot be said what it would do: %v", err)}
		}
		return func() {
			s.proof = proven{of, lines}
			s.detail.Update(s.describe)
		}
	}
}

func prove(ctx context.Context, shown *score.Assessment, f *score.Finding, chosen audit.Fix) ([]string, error) {
	changes, err := fix.Outcome(shown.Cluster, f.Subject, chosen)
	if err != nil {
		return nil, err
	}
	p, err := proof.Of(ctx, shown, changes)
	if err != nil {
		return nil, err
	}
	return tell(p, f), nil
}

// tell says in sentences what a proof says.
func tell(p *proof.Proof, f *score.Finding) []string {
	var lines, stories []string
	for _, t := range p.Targets {
		switch {
		case t.Before+t.After == 0:
			lines = append(lines, "nobody reached "+t.Name+" before")
			continue
		case len(t.Disconnected) == 0:
			lines = append(lines, fmt.Sprintf("cuts nobody of %d off from %s", t.Before, t.Name))
		default:
			line := fmt.Sprintf("cuts %d of %d off from %s: %s", len(t.Disconnected), t.Before, t.Name, t.Disconnected[0])
			if more := len(t.Disconnected) - 1; more > 0 {
				line += fmt.Sprintf(" and %d more", more)
			}
			lines = append(lines, line)
		}
		if len(t.Connected) > 0 {
			lines = append(lines, fmt.Sprintf("lets %s reach %s", t.Connected[0], t.Name))
		}
		if len(t.Survivors) > 0 {
			stories = append(stories, survivor(p, t))
		}
	}
	lost, gained := 0, 0
	for _, r := range p.Rights {
		lost, gained = lost+proof.Count(r.Lost), gained+proof.Count(r.Gained)
	}
	rights := "takes no right"
	if lost > 0 {
		rights = fmt.Sprintf("rights lost: %d, of %s", lost, p.Rights[0].Subject)
		if more := len(p.Rights) - 1; more > 0 {
			rights += fmt.Sprintf(" and %d more", more)
		}
	}
	if gained > 0 {
		rights += fmt.Sprintf("; gained: %d", gained)
	}
	lines = append(lines, rights)
	if p.Recreated > 0 {
		lines = append(lines, fmt.Sprintf("pods to be made again for it: %d", p.Recreated))
	}
	return append(append(lines, scoreLine(p.Score, f.Home())), stories...)
}

// survivor tells the easiest way that is left.
func survivor(p *proof.Proof, t proof.Target) string {
	s := t.Survivors[0]
	steps := make([]string, len(s.Way.Hops))
	for i, h := range s.Way.Hops {
		steps[i] = p.Paths.Describe(h.Edge)
	}
	return fmt.Sprintf("%s still reaches %s: %s", s.Start, t.Name, strings.Join(steps, "; "))
}

// scoreLine says what becomes of the scores.
func scoreLine(s proof.Score, home *score.Namespace) string {
	for _, n := range s.Namespaces {
		if n.Name == home.Name {
			return fmt.Sprintf("score of %s %.1f → %.1f, of the cluster %.1f → %.1f", n.Name, n.Before, n.After, s.Before, s.After)
		}
	}
	return fmt.Sprintf("score of %s stays %.1f, of the cluster %.1f → %.1f", home.Name, home.Score, s.Before, s.After)
}

// proofLines are the lines below PROOF; none where there is nothing to prove.
func (s *Screen) proofLines() []string {
	of := s.provable()
	switch {
	case of.fix == "":
		return nil
	case s.proof.of.fix == of.fix:
		return s.proof.lines
	}
	return []string{"judging the cluster as it would be"}
}
