package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/catalogue"
)

func TestNamed(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"POP-106":                 {"resources-entirely-unset"},
		"popeye:pop-106":          {"resources-entirely-unset"},
		"C-0016":                  {"allow-privilege-escalation"},
		"privileged-container":    {"privileged-container"},
		"nobody-calls-it-so":      nil,
		"popeye:C-0016":           nil,
		"":                        nil,
		"KSV-0111":                {"cluster-admin-bound", "namespace-admin-bound"},
		"pdbDisruptionsIsZero":    {"pdb-max-unavailable-zero", "pdb-min-available-blocks-drain"},
		"pod-probes-identical":    {"probes-identical"},
		"drop-net-raw-capability": {"capabilities-net-raw-not-dropped"},
	} {
		var got []string
		for _, c := range catalogue.Named(name) {
			got = append(got, c.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", name, diff)
		}
	}
	if names := catalogue.Elsewhere("privileged-container"); !slices.Contains(names, "kubescape:C-0057") || !slices.IsSorted(names) {
		t.Errorf("a privileged container is called %v", names)
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range catalogue.All() {
		if c.ID == "" || c.Category == "" || seen[c.ID] {
			t.Errorf("check %+v has no ID or category, or is there twice", c)
		}
		seen[c.ID] = true
		for _, name := range c.Elsewhere {
			if tool, id, ok := strings.Cut(name, ":"); !ok || tool == "" || id == "" {
				t.Errorf("%s: %q is not a tool and a name", c.ID, name)
			}
		}
	}
	for _, c := range catalogue.All() {
		if c.Instead != "" && (!seen[c.Instead] || len(catalogue.Named(c.ID)) == 0 || catalogue.Named(c.Instead)[0].LeftOut != "") {
			t.Errorf("%s is a part of %q, which is no rule", c.ID, c.Instead)
		}
	}
	if len(seen) != 459 {
		t.Errorf("there are %d checks, not 459", len(seen))
	}
}
