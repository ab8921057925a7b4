package compare

import (
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// relation is what the findings of an object have in common with those of the object
// that it has become.
type relation struct {
	rule, container, shape string
	namespace, kind, name  string // one of them is left out
}

// relations are the ways in which an object becomes another one, the surest first: it
// goes to another namespace, another kind takes its place, it is renamed.
func relations() []func(f *score.Finding, shape string) relation {
	return []func(*score.Finding, string) relation{
		func(f *score.Finding, shape string) relation {
			return relation{f.Rule.ID, f.Container, shape, "", f.Subject.Kind, f.Subject.Name}
		},
		func(f *score.Finding, shape string) relation {
			return relation{f.Rule.ID, f.Container, shape, f.Namespace, "", f.Subject.Name}
		},
		func(f *score.Finding, shape string) relation {
			return relation{f.Rule.ID, f.Container, shape, f.Namespace, f.Subject.Kind, ""}
		},
	}
}

// moves pairs what is gone with what came where there is no doubt, and returns all
// changes: what moved, and the rest as it was.
func moves(gone, came []Change) []Change {
	var all []Change
	if len(gone) > 0 && len(came) > 0 {
		was, is := shapes(gone), shapes(came)
		for _, relate := range relations() {
			from, to := alone(was, relate), alone(is, relate)
			for key, i := range from {
				j, ok := to[key]
				if !ok || i < 0 || j < 0 {
					continue
				}
				all = append(all, Change{Kind: Moved, Before: gone[i].Before, After: came[j].After})
				was[i].finding, is[j].finding = nil, nil
			}
		}
		for i := range gone {
			if was[i].finding != nil {
				all = append(all, gone[i])
			}
		}
		for i := range came {
			if is[i].finding != nil {
				all = append(all, came[i])
			}
		}
		return all
	}
	return append(append(all, gone...), came...)
}

// shaped is a finding with the shape of its message; the finding is nil once it has
// moved.
type shaped struct {
	finding *score.Finding
	shape   string
}

func shapes(changes []Change) []shaped {
	all := make([]shaped, len(changes))
	for i := range changes {
		f := changes[i].Finding()
		all[i] = shaped{f, shape(f)}
	}
	return all
}

// alone returns the index of the one finding of each key, -1 where there are several.
func alone(all []shaped, relate func(*score.Finding, string) relation) map[relation]int {
	found := map[relation]int{}
	for i, s := range all {
		if s.finding == nil {
			continue
		}
		key := relate(s.finding, s.shape)
		if _, taken := found[key]; taken {
			found[key] = -1
		} else {
			found[key] = i
		}
	}
	return found
}
