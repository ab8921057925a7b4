package plan

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// Rejected is one of several fixes of a finding that a plan does not take, although it
// came before the one that it takes.
type Rejected struct {
	Fix audit.Fix
	Why string // in words that end a sentence
}

// way is one of the fixes of a finding. It goes by its title: the same finding of another
// view may have other fixes beside it.
type way struct{ finding, title string }

func wayOf(f *score.Finding, fix audit.Fix) way { return way{f.Statement(), fix.Title} }

// ban says why a fix is left out.
type ban struct {
	with *score.Finding // nil if it is nobody else's fault
	why  string
}

func (b ban) String() string {
	if b.with == nil {
		return b.why
	}
	return "it would bring back " + b.with.ID()
}

// chosen is which of the fixes of a finding is to be made.
type chosen struct {
	fix     audit.Fix
	alone   *draft
	instead []Rejected
}

// pick returns the first of the fixes of a finding that can be made and is not known to be of no
// use or to bring a worse finding back; false if there is none, and then all of them
// are rejected.
func (m *maker) pick(f *score.Finding, fixes []audit.Fix) (chosen, bool) {
	var c chosen
	for _, fix := range fixes {
		alone, why := m.usable(f, fix)
		if why == "" {
			c.fix, c.alone = fix, alone
			return c, true
		}
		c.instead = append(c.instead, Rejected{fix, why})
	}
	return c, false
}

// inOrder returns the fixes in the order in which they are tried: the one that is
// preferred, then the others, best first.
func (m *maker) inOrder(f *score.Finding, fixes []audit.Fix) []audit.Fix {
	if m.Prefer == nil {
		return fixes
	}
	first := m.Prefer(f)
	if first <= 0 || first >= len(fixes) {
		return fixes
	}
	others := slices.Delete(slices.Clone(fixes), first, first+1)
	return slices.Insert(others, 0, fixes[first])
}

// usable returns a fix as a draft of its own, or why it cannot be made.
func (m *maker) usable(f *score.Finding, fix audit.Fix) (alone *draft, why string) {
	if b, banned := m.banned[wayOf(f, fix)]; banned {
		return nil, b.String()
	}
	if err := m.Target.Try(f.Subject, fix); err != nil {
		return nil, err.Error()
	}
	alone = newDraft()
	switch ok, err := alone.add(f.Subject, fix); {
	case err != nil:
		return nil, err.Error()
	case !ok:
		return nil, "it contradicts itself"
	}
	return alone, ""
}
