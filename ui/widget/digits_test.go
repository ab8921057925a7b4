package widget_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

func TestDigits(t *testing.T) {
	t.Parallel()
	for height, tier := range map[int]style.Tier{3: style.Unicode, 5: style.ASCII} {
		want := map[int]string{
			3: `
┏━┓   ╻ ╺━┓ ╺━┓ ╻ ╻ ┏━╸ ┏━╸   ╺━┓ ┏━┓ ┏━┓
┃ ┃   ┃ ┏━┛ ╺━┫ ┗━┫ ┗━┓ ┣━┓     ┃ ┣━┫ ┗━┫
┗━┛   ╹ ┗━╸ ╺━┛   ╹ ╺━┛ ┗━┛ ▖   ╹ ┗━┛ ╺━┛`,
			5: `
+--+    | ---+ ---+ |  | +--- +---   ---+ +--+ +--+
|  |    |    |    | |  | |    |         | |  | |  |
|  |    | +--+ ---+ +--+ +--+ +--+      | +--+ +--+
|  |    | |       |    |    | |  |      | |  |    |
+--+    | +--- ---+    | ---+ +--+ .    | +--+ ---+`,
		}[height]
		s := stylesOf(t, style.Options{NoColor: true, Tier: tier})
		d := widget.Digits{Text: "0123456.789"}
		lines := d.Render(s, height)
		if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), strings.Join(lines, "\n")); diff != "" {
			t.Errorf("digits of %d lines (-want +got):\n%s", height, diff)
		}
		for _, line := range lines {
			if got, want := style.Width(line), d.Width(height); got != want {
				t.Errorf("the line %q has %d cells, want %d", line, got, want)
			}
		}
	}
}

func TestScoreTrend(t *testing.T) {
	t.Parallel()
	s := stylesOf(t, style.Options{NoColor: true})
	nan := math.NaN()
	for want, values := range map[string][]float64{
		"":      nil,
		"───":   {70, 70, 70.01},
		"▁▂▃▅▆": {20, 35, 50, 70, 90},
		"▃▃▄":   {70, 70, 71},   // no more than a ripple
		"▅▆▆":   {98, 100, 100}, // nothing is above 100
		"▁▁▂":   {0, 0, 2},      // nor below 0
		" ▄ ▃":  {nan, 71, nan, 70},
	} {
		if got, _ := widget.ScoreTrend(s, values); got != want {
			t.Errorf("the trend of %v is %q, want %q", values, got, want)
		}
	}
	if got, _ := widget.ScoreTrend(s, []float64{nan, nan}); got != "" {
		t.Errorf("what was never scored has the trend %q", got)
	}
}
