package widget_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// sides draws a diff in two columns and returns its rows, blanks squeezed.
func sides(t *testing.T, unified string) []string {
	t.Helper()
	var diff widget.Diff
	diff.SetSides(true)
	diff.SetDiff(unified)
	var rows []string
	for _, line := range diff.Render(stylesOf(t, style.Options{NoColor: true, Tier: style.ASCII}), 110, 20) {
		if row := strings.Join(strings.Fields(ansi.Strip(line)), " "); row != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

// What goes stands beside what comes in its place, by its key; the rest is put beside the
// rest, and what has none beside nothing.
func TestDiffSideBySide(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		diff string
		want []string
	}{
		"a value":    {"@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n+b: 3\n", []string{"@@ -1,2 +1,2 @@", "1 a: 1 | 1 a: 1", "2 - b: 2 | 2 + b: 3"}},
		"added":      {"@@ -1 +1,2 @@\n a: 1\n+b: 3\n", []string{"@@ -1 +1,2 @@", "1 a: 1 | 1 a: 1", "| 2 + b: 3"}},
		"removed":    {"@@ -1,2 +1 @@\n a: 1\n-b: 3\n", []string{"@@ -1,2 +1 @@", "1 a: 1 | 1 a: 1", "2 - b: 3 |"}},
		"by its key": {"@@ -1,2 +1,3 @@\n-b: 1\n-c: 2\n+x: 5\n+b: 2\n+y: 3\n", []string{"@@ -1,2 +1,3 @@", "| 1 + x: 5", "1 - b: 1 | 2 + b: 2", "2 - c: 2 | 3 + y: 3"}},
		"two blocks": {"-a\n+b\n-c\n+d\n", []string{"- a | + b", "- c | + d"}},
		"new file":   {"--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a: 1\n", []string{"--- a/x", "+++ b/x", "@@ -0,0 +1 @@", "| 1 + a: 1"}},
		"nothing":    {"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, sides(t, test.diff)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

// What differs within a line is underlined, by whole words, also without colour.
func TestDiffMarksWhatDiffers(t *testing.T) {
	t.Parallel()
	s := stylesOf(t, style.Options{NoColor: true})
	for unified, want := range map[string][]string{
		"-a: true\n+a: false\n":                          {"true", "false"},
		"-  image: reg/web:1.2\n+  image: reg/web:1.3\n": {"2", "3"},
		"-a: [x, y]\n+a: [x, z, y]\n":                    {"z, "},
		"-one\n+two\n":                                   nil,
		"-  a\n+  b\n":                                   nil,
		"-a: grün\n+a: groß\n":                           {"grün", "groß"},
	} {
		for _, width := range []int{60, 120} {
			var diff widget.Diff
			diff.SetSides(width > widget.SidesFrom)
			diff.SetDiff(unified)
			var got []string
			for _, line := range diff.Render(s, width, 5) {
				for {
					_, rest, found := strings.Cut(line, s.DiffAddPart.Render("x")[:strings.Index(s.DiffAddPart.Render("x"), "x")])
					if !found {
						break
					}
					part, after, _ := strings.Cut(rest, "\x1b[")
					got, line = append(got, part), after
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("marked of %q at %d (-want +got):\n%s", unified, width, diff)
			}
		}
	}
}

// A diff changes its form where it stands, and only where there is room.
func TestDiffChangesItsForm(t *testing.T) {
	t.Parallel()
	s := stylesOf(t, style.Options{NoColor: true, Tier: style.ASCII})
	var diff widget.Diff
	diff.SetDiff("-a: 1\n+a: 2\n")
	height := func(width int) int { return diff.Height(s, width) }
	if diff.Sides() || height(200) != 2 {
		t.Errorf("in one column it has %d lines", height(200))
	}
	diff.SetSides(true)
	if !diff.Sides() || height(widget.SidesFrom) != 1 || height(widget.SidesFrom-1) != 2 {
		t.Errorf("side by side it has %d lines, and %d where there is no room", height(widget.SidesFrom), height(widget.SidesFrom-1))
	}
	diff.SetText("nothing")
	diff.SetSides(false)
	if got := ansi.Strip(diff.Render(s, 40, 1)[0]); strings.TrimSpace(got) != "nothing" {
		t.Errorf("the text instead of it is %q", got)
	}
}
