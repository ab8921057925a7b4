package form_test

import (
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/policy/form"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{"mark", "unmark", "pdb-missing", "pdb-too-strict", "rbac", "rbac/escalation"}
	for wrong, want := range map[string]string{
		"unmakr":                         "unmark",
		"pdb-mising":                     "pdb-missing",
		"pdb-too":                        "pdb-too-strict", // goes on where this ends
		"rbca":                           "rbac",           // the shorter of two
		"kram":                           "",
		"m":                              "mark",
		"x":                              "",
		"":                               "",
		"rbac" + strings.Repeat("x", 90): "",
	} {
		if want != "" {
			want = `; did you mean "` + want + `"?`
		}
		if got := form.Nearest(wrong, names); got != want {
			t.Errorf("near %q is %q, want %q", wrong, got, want)
		}
	}
	long := strings.Repeat("n", 1<<22)
	if got := form.Nearest(long, []string{long + "n"}) + form.Nearest("nnm", []string{long}); got != "" {
		t.Errorf("of what no one would read, %.20q is near", got)
	}
	if got := form.Nearest("unmark", nil); got != "" {
		t.Errorf("of no names, %q is near", got)
	}
}
