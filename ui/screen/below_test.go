package screen_test

import (
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// TestBelow draws a table with a box in places of several heights.
func TestBelow(t *testing.T) {
	t.Parallel()
	theme, err := (*themes.Library)(nil).Load(themes.Default)
	if err != nil {
		t.Fatal(err)
	}
	styles := style.New(theme, style.Options{NoColor: true})
	for _, c := range []struct {
		height, box int
		want        int // lines of the box with its frame, 0 for none
	}{
		{30, 6, 6}, {11, 6, 6}, {10, 6, 0}, {30, 0, 14}, {11, 0, 6}, {10, 0, 0}, {2, 6, 0},
	} {
		asked := 0
		b := screen.Below{
			Table: widget.NewTable([]widget.Column{{Title: "WORD", Min: 4}}), Title: "Words", BoxTitle: "This word", BoxHeight: c.box,
			Lines: func(width, height int) []string {
				if asked = height + 2; width != 36 {
					t.Errorf("in 40 cells the lines are asked for with %d", width)
				}
				return []string{"told"}
			},
		}
		drawn := b.Draw(screen.Frame{Styles: styles, Width: 40, Height: c.height})
		text := strings.Join(drawn, "\n")
		if len(drawn) != c.height || asked != c.want || !strings.Contains(text, "Words") {
			t.Errorf("in %d lines there are %d, the box has %d, want %d:\n%s", c.height, len(drawn), asked, c.want, text)
		}
		if shown := strings.Contains(text, "This word") && strings.Contains(text, "told"); shown != (c.want > 0) {
			t.Errorf("in %d lines the box is shown: %v:\n%s", c.height, shown, text)
		}
		if b.Lines = nil; c.want > 0 && strings.Contains(strings.Join(b.Draw(screen.Frame{Styles: styles, Width: 40, Height: c.height}), ""), "told") {
			t.Error("an empty box tells something")
		}
	}
}
