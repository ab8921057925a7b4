package screen

import (
	"maps"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// MostMarked is how many findings are marked at once: what is planned together should be
// read by somebody.
const MostMarked = 5000

// Marks are the findings that the user has marked, by their keys ([FindingKey]), on all
// screens. A finding that is gone stays marked, should it come back. They live where
// the screens do.
type Marks struct {
	keys    map[string]bool
	changes int
}

// NewMarks returns no marks.
func NewMarks() *Marks { return &Marks{keys: map[string]bool{}} }

// Has reports whether a finding is marked.
func (m *Marks) Has(key string) bool { return m.keys[key] }

// Len returns how many are marked.
func (m *Marks) Len() int { return len(m.keys) }

// Changes counts how often the marks have changed, so that it can be told whether they
// have.
func (m *Marks) Changes() int { return m.changes }

// Toggle marks a finding, or takes its mark off. It reports whether it did: no more than
// [MostMarked] are marked.
func (m *Marks) Toggle(key string) bool {
	if m.keys[key] {
		delete(m.keys, key)
		m.changes++
		return true
	}
	return m.Add(key)
}

// Add marks a finding, unless [MostMarked] are, and reports whether it is marked.
func (m *Marks) Add(key string) bool {
	if m.keys[key] {
		return true
	}
	if key == "" || len(m.keys) >= MostMarked {
		return false
	}
	m.keys[key] = true
	m.changes++
	return true
}

// Clear takes all marks off.
func (m *Marks) Clear() {
	clear(m.keys)
	m.changes++
}

// Keys returns a copy of what is marked, for work in the background.
func (m *Marks) Keys() map[string]bool { return maps.Clone(m.keys) }

// FindFindings returns the findings of keys that are there, in the order of the
// assessment. It goes once through each namespace that a key names.
func FindFindings(a *score.Assessment, keys map[string]bool) []*score.Finding {
	rules := map[string]map[string]bool{} // by namespace
	for key := range keys {
		rule, rest, _ := strings.Cut(key, "/")
		namespace, _, _ := strings.Cut(rest, "/")
		if namespace == "" {
			namespace = score.ClusterWide
		}
		if rules[namespace] == nil {
			rules[namespace] = map[string]bool{}
		}
		rules[namespace][rule] = true
	}
	var found []*score.Finding
	for _, n := range a.Namespaces {
		wanted := rules[n.Name]
		if wanted == nil {
			continue
		}
		twins := Twins(n.Findings)
		for _, f := range n.Findings {
			if wanted[f.Rule.ID] && keys[FindingKey(f, twins[f])] {
				found = append(found, f)
			}
		}
	}
	return found
}
