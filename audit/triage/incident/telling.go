package incident

import "github.com/seaworthy-dev/seaworthy/audit/triage"

// telling is what an incident was told by, so that it need not be told again while
// nothing of that changes.
type telling struct {
	update   int // in which it was told
	key      triage.Key
	shared   bool
	known    int // facts that were ever part of it
	links    []link
	severity triage.Severity
	flaps    bool
	reach    [4]int
}

// link is a fact and what explains it.
type link struct {
	fact, parent *fact
	through      triage.Key
	mutual       bool
}

func linkOf(f *fact) link { return link{f, f.parent, f.through, f.mutual} }

// note remembers by what an incident is told.
func (t *telling) note(r *record, update int) {
	t.update, t.key, t.shared, t.known = update, r.key, r.shared, len(r.facts)
	t.links = t.links[:0]
	for _, f := range r.group.facts {
		t.links = append(t.links, linkOf(f))
	}
}

// current reports whether what was last told of an incident is still so: none of its
// signals changed, nor what explains them, nor the namespaces of its workloads, nor
// since some Update which Services are idle.
func (r *record) current(v *view, idle int) bool {
	t := &r.telling
	if r.told == nil || r.told.State == Resolved || t.update < idle || t.key != r.key || t.shared != r.shared ||
		t.known != len(r.facts) || len(t.links) != len(r.group.facts) {
		return false
	}
	for n, f := range r.group.facts {
		if t.links[n] != linkOf(f) || !f.Workload.IsZero() && v.changed(f.of.home) > t.update {
			return false
		}
	}
	for _, f := range r.facts {
		if f.changed > t.update {
			return false
		}
	}
	return true
}
