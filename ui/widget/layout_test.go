package widget_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

func TestPaneSolve(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		at   widget.Rect
		want map[string]widget.Rect
	}{
		"wide": {widget.Rect{W: 140, H: 40}, map[string]widget.Rect{
			"header": {0, 0, 140, 2}, "list": {0, 2, 86, 36}, "detail": {86, 2, 54, 36}, "hints": {0, 38, 140, 2},
		}},
		"elsewhere": {widget.Rect{X: 5, Y: 7, W: 70, H: 10}, map[string]widget.Rect{
			"header": {5, 7, 70, 2}, "list": {5, 9, 40, 6}, "detail": {45, 9, 30, 6}, "hints": {5, 15, 70, 2},
		}},
		"too narrow for two": {widget.Rect{W: 69, H: 10}, map[string]widget.Rect{
			"header": {0, 0, 69, 2}, "list": {0, 2, 69, 6}, "hints": {0, 8, 69, 2},
		}},
		"too low for hints": {widget.Rect{W: 60, H: 7}, map[string]widget.Rect{
			"header": {0, 0, 60, 2}, "list": {0, 2, 60, 5},
		}},
		"room for one": {widget.Rect{W: 10, H: 3}, map[string]widget.Rect{
			"list": {0, 0, 10, 3},
		}},
		"no room": {widget.Rect{}, map[string]widget.Rect{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, dashboard().Solve(test.at)); diff != "" {
				t.Errorf("places (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPaneCoversTheScreen checks at every size that each cell belongs to one
// leaf.
func TestPaneCoversTheScreen(t *testing.T) {
	t.Parallel()
	for width := 1; width <= 150; width += 7 {
		for height := 1; height <= 45; height += 3 {
			area := 0
			places := dashboard().Solve(widget.Rect{W: width, H: height})
			for name, r := range places {
				area += r.W * r.H
				for other, o := range places {
					if name != other && (o.Contains(r.X, r.Y) || o.Contains(r.X+r.W-1, r.Y+r.H-1)) {
						t.Errorf("%dx%d: %s lies over %s", width, height, name, other)
					}
				}
				if r.X+r.W > width || r.Y+r.H > height {
					t.Errorf("%dx%d: %s is at %+v", width, height, name, r)
				}
			}
			if area != width*height {
				t.Errorf("%dx%d: the leaves cover %d cells", width, height, area)
			}
		}
	}
}

func TestOverlay(t *testing.T) {
	t.Parallel()
	s := stylesOf(t, style.Options{NoColor: true})
	base := widget.Block{"abcdefgh", "支付宝支", s.Title.Render("abcdefgh")}
	tests := map[string]struct {
		top  widget.Block
		x, y int
		want string
	}{
		"inside":         {widget.Block{"12", "34", "56"}, 2, 0, "ab12efgh|支34宝支|ab56efgh"},
		"cuts wide ones": {widget.Block{"12"}, 1, 1, "abcdefgh| 12 宝支|abcdefgh"},
		"over the right": {widget.Block{"1234"}, 6, 0, "abcdef12|支付宝支|abcdefgh"},
		"over the left":  {widget.Block{"1234"}, -2, 2, "abcdefgh|支付宝支|34cdefgh"},
		"below":          {widget.Block{"1", "2"}, 0, 2, "abcdefgh|支付宝支|1bcdefgh"},
		"above":          {widget.Block{"1", "2"}, 0, -1, "2bcdefgh|支付宝支|abcdefgh"},
		"outside":        {widget.Block{"12"}, 9, 0, "abcdefgh|支付宝支|abcdefgh"},
		"nothing":        {nil, 0, 0, "abcdefgh|支付宝支|abcdefgh"},
		"everything":     {widget.Block{"12345678", "12345678", "12345678"}, 0, 0, "12345678|12345678|12345678"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := widget.Overlay(base, test.top, test.x, test.y)
			if plain := ansi.Strip(strings.Join(got, "|")); plain != test.want {
				t.Errorf("overlay is %q, want %q", plain, test.want)
			}
			for _, line := range got {
				if ansi.StringWidth(line) != 8 {
					t.Errorf("line %q has %d cells, want 8", line, ansi.StringWidth(line))
				}
			}
		})
	}
	if got := ansi.Strip(widget.Center(base, widget.Block{"12"}).String()); got != "abcdefgh\n支 12 支\nabcdefgh" {
		t.Errorf("centered: %q", got)
	}
}

// TestLinesFollowTheStyles: what is kept drawn is drawn anew when the styles have become
// those of another theme.
func TestLinesFollowTheStyles(t *testing.T) {
	t.Parallel()
	theme, err := (*themes.Library)(nil).Load("dark")
	if err != nil {
		t.Fatal(err)
	}
	other, err := (*themes.Library)(nil).Load("light")
	if err != nil {
		t.Fatal(err)
	}
	styles := style.New(theme, style.Options{})
	var lines widget.Lines
	lines.SetText("x")
	lines.Render(styles, 4, 1)
	styles.Become(style.New(other, style.Options{}))
	if got, want := lines.Render(styles, 4, 1)[0], styles.Text.Render("x"); !strings.HasPrefix(got, want) {
		t.Errorf("the line is %q, want it to begin with %q", got, want)
	}
}

func TestLinesScroll(t *testing.T) {
	t.Parallel()
	s := stylesOf(t, style.Options{NoColor: true})
	var lines widget.Lines
	builds := 0
	build := func(*style.Styles, int) []string {
		builds++
		return strings.Split("0 1 2 3 4 5 6 7 8 9", " ")
	}
	lines.SetContent(build)
	first := func() string { return strings.TrimSpace(lines.Render(s, 8, 4)[0]) }
	first()
	var got []string
	for _, id := range []keymap.ID{
		keymap.Down, keymap.PageDown, keymap.PageDown, keymap.Up, keymap.HalfUp, keymap.PageUp, keymap.Bottom, keymap.Top, keymap.HalfDown,
	} {
		if !lines.Handle(id) {
			t.Errorf("Handle(%q) is false", id)
		}
		got = append(got, first())
	}
	if want := "1 5 6 5 3 0 6 0 2"; strings.Join(got, " ") != want {
		t.Errorf("the first lines are %q, want %q", got, want)
	}
	if footer := lines.Footer(); footer != "3-6 of 10" {
		t.Errorf("the footer is %q", footer)
	}
	if builds != 1 {
		t.Errorf("the lines were built %d times for one width", builds)
	}
	lines.Update(build)
	if got := first(); got != "2" || builds != 2 {
		t.Errorf("after an update the first line is %q, built %d times", got, builds)
	}
	if lines.Handle(keymap.Open) {
		t.Error("Handle(open) is true")
	}
	lines.SetText("one line")
	if got := first(); got != "one line" || lines.Footer() != "" {
		t.Errorf("another text shows %q with the footer %q", got, lines.Footer())
	}
}

func TestDiffWithoutHunk(t *testing.T) {
	t.Parallel()
	s := stylesOf(t, style.Options{NoColor: true})
	for name, test := range map[string]struct{ diff, want string }{
		"snippet":        {" a: 1\n-b: 2\n+b: 3\n", "  a: 1|- b: 2|+ b: 3"},
		"malformed head": {"@@ what @@\n+b\n", "@@ what @@|+ b"},
		"odd numbers":    {"@@ -x,y +1,z @@\n a\n", "@@ -x,y +1,z @@|  a"},
		"nothing":        {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diff widget.Diff
			diff.SetDiff(test.diff)
			var got []string
			for _, line := range diff.Render(s, 60, 5) {
				if line = strings.TrimRight(ansi.Strip(line), " "); line != "" {
					got = append(got, line)
				}
			}
			if strings.Join(got, "|") != test.want {
				t.Errorf("the diff is drawn as %q, want %q", got, test.want)
			}
		})
	}
}

func TestStatusLeavesOut(t *testing.T) {
	t.Parallel()
	s := stylesOf(t, style.Options{NoColor: true})
	status := widget.Status{
		Left:  []widget.Part{{Text: "seaworthy", Priority: 3}, {Text: "prod", Priority: 2}, {Text: ""}},
		Right: []widget.Part{{Text: "412 nodes", Priority: 1}, {Text: "live", Priority: 4}},
	}
	for width, want := range map[int]string{
		40: " seaworthy  prod        412 nodes  live ",
		34: " seaworthy  prod  412 nodes  live ",
		33: " seaworthy  prod            live ",
		22: " seaworthy       live ",
		8:  "   live ",
		5:  " li… ",
		2:  "  ",
		0:  "",
	} {
		if got := ansi.Strip(status.Render(s, width)); got != want {
			t.Errorf("in %d cells the line is %q, want %q", width, got, want)
		}
	}
}
