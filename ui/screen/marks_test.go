package screen_test

import (
	"fmt"
	"testing"

	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

func TestMarks(t *testing.T) {
	t.Parallel()
	m := screen.NewMarks()
	if !m.Toggle("a") || !m.Add("b") || !m.Add("b") || m.Len() != 2 || m.Changes() != 2 || !m.Has("a") {
		t.Errorf("%d are marked after %d changes", m.Len(), m.Changes())
	}
	keys := m.Keys()
	if !m.Toggle("a") || m.Has("a") || !keys["a"] {
		t.Errorf("a is marked: %t, in the copy: %t", m.Has("a"), keys["a"])
	}
	if m.Add("") {
		t.Error("nothing is marked")
	}
}

func TestNoMoreMarksThanCanBeRead(t *testing.T) {
	t.Parallel()
	m := screen.NewMarks()
	m.Add("b")
	for i := range screen.MostMarked {
		m.Add(fmt.Sprint(i))
	}
	if m.Len() != screen.MostMarked || m.Toggle("one more") || !m.Toggle("b") || !m.Toggle("one more") {
		t.Errorf("%d are marked", m.Len())
	}
	before := m.Changes()
	if m.Clear(); m.Len() != 0 || m.Changes() == before {
		t.Errorf("%d are marked after all marks were taken off", m.Len())
	}
}

// TestFindFindings finds each finding by its key, twins as well, and no other.
func TestFindFindings(t *testing.T) {
	t.Parallel()
	a := screentest.Assess(screentest.Cluster(t))
	all := map[string]bool{"gone/payments/Deployment/x//": true}
	count := 0
	for _, n := range a.Namespaces {
		twins := screen.Twins(n.Findings)
		for _, f := range n.Findings {
			key := screen.FindingKey(f, twins[f])
			all[key] = true
			count++
			if got := screen.FindFindings(a, map[string]bool{key: true}); len(got) != 1 || got[0] != f || got[0] != screen.FindFinding(a, key) {
				t.Errorf("%s finds %v", key, got)
			}
		}
	}
	if got := screen.FindFindings(a, all); len(got) != count || count == 0 {
		t.Errorf("all keys find %d findings of %d", len(got), count)
	}
	if got := screen.FindFindings(a, nil); got != nil {
		t.Errorf("no key finds %v", got)
	}
}
