package widget_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// attack is a text that would clear the screen, set the clipboard and write
// from right to left, if it were not cleaned.
const attack = "pay\x1b[2J\x1b]52;c;eA==\x07\u202Eload\nroot"

// looks are the ways each widget is drawn for its goldens.
var looks = map[string]style.Options{
	"color": {},
	"mono":  {NoColor: true},
	"ascii": {Tier: style.ASCII, NoColor: true},
}

func stylesOf(t testing.TB, options style.Options) *style.Styles {
	t.Helper()
	theme, err := (*themes.Library)(nil).Load(themes.Default)
	if err != nil {
		t.Fatal(err)
	}
	return style.New(theme, options)
}

// sizes are the sizes each widget is drawn at, golden or not: none, too small,
// odd, usual.
var sizes = [][2]int{{0, 0}, {1, 1}, {2, 2}, {3, 3}, {7, 2}, {20, 4}, {33, 7}, {78, 11}, {140, 12}, {300, 3}}

// goldenSizes are those of them that are kept as goldens.
var goldenSizes = [][2]int{{20, 4}, {78, 11}, {140, 12}}

// drawings are the widgets that fill a place, each with something to show.
func drawings() map[string]func(s *style.Styles, width, height int) widget.Block {
	return map[string]func(s *style.Styles, width, height int) widget.Block{
		"table": func(s *style.Styles, width, height int) widget.Block {
			table := widget.NewTable(namespaceColumns())
			table.SetRows(namespaces(s, 400))
			table.SortBy("score", false)
			table.SetMarks(marked{})
			table.Handle(keymap.Mark)
			return table.Render(s, width, height)
		},
		"table-empty": func(s *style.Styles, width, height int) widget.Block {
			table := widget.NewTable(namespaceColumns())
			table.Empty = "no namespace matches " + attack
			return table.Render(s, width, height)
		},
		"box": func(s *style.Styles, width, height int) widget.Block {
			box := widget.Box{Title: "Namespaces " + attack, Footer: "1-9 of 400", Focus: true}
			return box.Render(s, width, height, nil)
		},
		"box-plain": func(s *style.Styles, width, height int) widget.Block {
			box := widget.Box{Title: "Score", Padding: 1}
			var text widget.Lines
			text.SetText("82 of 100, grade B. Fix privileged containers first.")
			innerWidth, innerHeight := box.Inner(width, height)
			return box.Render(s, width, height, text.Render(s, innerWidth, innerHeight))
		},
		"lines": func(s *style.Styles, width, height int) widget.Block {
			var lines widget.Lines
			lines.SetText("A privileged container has every kernel capability and all host devices; " +
				"one RCE in this pod is root on the node.\n\n" + attack + "\n支付 grüßt\n")
			return lines.Render(s, width, height)
		},
		"diff": func(s *style.Styles, width, height int) widget.Block {
			var diff widget.Diff
			diff.SetDiff(patch)
			return diff.Render(s, width, height)
		},
		"diff-sides": func(s *style.Styles, width, height int) widget.Block {
			var diff widget.Diff
			diff.SetSides(true)
			diff.SetDiff(patch)
			return diff.Render(s, width, height)
		},
		"layout": func(s *style.Styles, width, height int) widget.Block {
			return dashboard().Draw(s, widget.Rect{W: width, H: height}, func(name string, r widget.Rect) widget.Block {
				box := widget.Box{Title: fmt.Sprintf("%s %dx%d", name, r.W, r.H)}
				return box.Render(s, r.W, r.H, nil)
			})
		},
		"overlay": func(s *style.Styles, width, height int) widget.Block {
			base := widget.NewBlock(s, []string{"支付宝 支付宝 支付宝 支付宝", s.Title.Render("second line of the base"), "third"}, width, height)
			top := widget.Box{Title: "Help", Focus: true}.Render(s, 11, 3, widget.Block{"esc back"})
			return widget.Center(base, top)
		},
		"inline": inline,
	}
}

// inline draws the widgets of one line below each other.
func inline(s *style.Styles, width, height int) widget.Block {
	prompt := widget.Prompt{Label: "/", Problem: `unknown column "nss"`}
	prompt.Insert("sev>=high " + attack)
	suggesting := widget.Prompt{Label: ":", Candidates: func(string) []string { return []string{"namespaces", "nodes"} }}
	suggesting.Insert("na")
	status := widget.Status{
		Left: []widget.Part{
			{Text: "seaworthy", Style: s.Title, Priority: 3},
			{Text: attack, Style: s.Text, Priority: 2},
			{Text: "all namespaces", Priority: 1},
		},
		Right: []widget.Part{{Text: "412 nodes", Style: s.Muted}, {Text: "read-only", Style: s.Accent, Priority: 4}},
	}
	rising := widget.Spark{Values: []float64{1, 2, 3, math.NaN(), 5, 6, 7, 8, 9}}
	lines := []string{
		status.Render(s, width),
		widget.Status{Left: widget.Hints(s, keymap.Default().Hints(keymap.Open, keymap.Filter, keymap.Palette, keymap.Help, keymap.Quit))}.Render(s, width),
		prompt.Render(s, width),
		suggesting.Render(s, width),
		rising.Render(s, width),
	}
	for _, value := range []float64{0, 0.001, 0.5, 0.999, 1, math.NaN()} {
		lines = append(lines, widget.Gauge{Value: value, Style: s.Score(100 * value)}.Render(s, width))
	}
	for _, line := range lines {
		if got := ansi.StringWidth(line); got != width {
			panic(fmt.Sprintf("line %q has %d cells, want %d", line, got, width))
		}
	}
	return widget.NewBlock(s, lines, width, height)
}

// TestEveryWidget draws every widget at every size in every look, and holds it
// to its size and to harmless output.
func TestEveryWidget(t *testing.T) {
	t.Parallel()
	for name, draw := range drawings() {
		for look, options := range looks {
			t.Run(name+"/"+look, func(t *testing.T) {
				t.Parallel()
				s := stylesOf(t, options)
				for _, size := range sizes {
					checkBlock(t, draw(s, size[0], size[1]), size, options)
				}
				for _, size := range goldenSizes {
					drawn := draw(s, size[0], size[1])
					uitest.Golden(t, fmt.Sprintf("%s-%dx%d-%s", name, size[0], size[1], look), drawn.String())
				}
			})
		}
	}
}

func checkBlock(t *testing.T, block widget.Block, size [2]int, options style.Options) {
	t.Helper()
	if len(block) != size[1] {
		t.Errorf("%v has %d lines", size, len(block))
	}
	for i, line := range block {
		if got := ansi.StringWidth(line); got != size[0] {
			t.Errorf("%v: line %d has %d cells: %q", size, i, got, line)
		}
		plain := ansi.Strip(line)
		if style.Clean(plain) != plain {
			t.Errorf("%v: line %d is not clean: %q", size, i, line)
		}
		if rest := strings.Count(line, "\x1b") - strings.Count(line, "\x1b["); rest != 0 || strings.Contains(line, "\x1b[2J") {
			t.Errorf("%v: line %d has a sequence that is no style: %q", size, i, line)
		}
		if starts, ends := strings.Count(line, "\x1b["), strings.Count(line, "\x1b[m"); starts != 2*ends {
			t.Errorf("%v: line %d leaves a style open: %q", size, i, line)
		}
		if options.NoColor && strings.Contains(line, "38;") {
			t.Errorf("%v: line %d has colour: %q", size, i, line)
		}
	}
}

// namespaceColumns are the columns of a list as the overview has it.
func namespaceColumns() []widget.Column {
	return []widget.Column{
		{ID: "score", Title: "SCORE", Min: 6, Ideal: 7, Priority: 9},
		{ID: "name", Title: "NAMESPACE", Min: 10, Ideal: 24, Max: widget.Unlimited, Priority: 10},
		{Title: "SEC", Min: 3, Ideal: 4, Align: style.Right, Priority: 3},
		{Title: "REL", Min: 3, Ideal: 4, Align: style.Right, Priority: 3},
		{ID: "critical", Title: "C", Min: 3, Ideal: 4, Align: style.Right, Priority: 8},
		{ID: "high", Title: "H", Min: 3, Ideal: 4, Align: style.Right, Priority: 7},
		{Title: "WORST", Min: 5, Ideal: 5, Priority: 6},
		{ID: "pods", Title: "PODS", Min: 5, Ideal: 6, Align: style.Right, Priority: 2},
		{Title: "OWNER", Min: 8, Ideal: 16, Max: 24, Priority: 1},
		{Title: "TREND", Min: 6, Ideal: 10, Max: 10, Priority: 4},
	}
}

// namespaceRows are made-up rows.
type namespaceRows struct {
	s    *style.Styles
	keys []string
}

func namespaces(s *style.Styles, count int) *namespaceRows {
	rows := &namespaceRows{s: s}
	for i := range count {
		name := fmt.Sprintf("payments-%03d", i)
		if i == 2 {
			name = attack
		}
		rows.keys = append(rows.keys, name)
	}
	return rows
}

func (r *namespaceRows) Len() int { return len(r.keys) }

func (r *namespaceRows) Key(i int) string { return r.keys[i] }

func (r *namespaceRows) Cells(i int, dst []widget.Cell) []widget.Cell {
	number := numbers[i%len(numbers)]
	severity := style.Severity(i % style.SeverityCount)
	return append(dst,
		widget.Cell{Text: "31 F ✖", Style: r.s.Score(31)},
		widget.Cell{Text: r.keys[i], Style: r.s.Text},
		widget.Cell{Text: number, Style: r.s.Score(float64(i % 100))},
		widget.Cell{Text: number},
		widget.Cell{Text: number, Style: r.s.Severity(style.Critical)},
		widget.Cell{Text: number, Style: r.s.Severity(style.High)},
		widget.Cell{Text: r.s.SeverityMark(severity), Style: r.s.Severity(severity)},
		widget.Cell{Text: number, Style: r.s.Muted},
		widget.Cell{Text: "team-payments", Style: r.s.Muted},
		widget.Cell{Text: "▁▂▃▄▅▆▆▅▄▃", Style: r.s.Spark},
	)
}

// numbers are ready-made texts, so that a benchmark counts the table alone.
var numbers = []string{"1", "12", "3", "40", "5", "61", "7", "82", "9"}

const patch = `--- a/deploy.yaml
+++ b/deploy.yaml
@@ -98,6 +98,7 @@ spec:
     - name: api
       image: reg/checkout:1.42
       securityContext:
-        privileged: true
---- odd line that begins with dashes
+        privileged: false
++++ odd line that begins with pluses
+        allowPrivilegeEscalation: false
       ports: []
 ` + "\x1b[31mred" + `
\ No newline at end of file
`

func dashboard() widget.Pane {
	return widget.Pane{Direction: widget.Stack, Panes: []widget.Pane{
		{Name: "header", Fixed: 2, Priority: 5},
		{Direction: widget.Columns, Min: 4, Priority: 9, Panes: []widget.Pane{
			{Name: "list", Min: 40, Weight: 2, Priority: 9},
			{Name: "detail", Min: 30, Weight: 1, Priority: 5},
		}},
		{Name: "hints", Fixed: 2, Priority: 1},
	}}
}
