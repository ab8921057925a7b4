package screen_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// words are rows that are listed by themselves and by their number, if they are one.
type words []string

func (w words) Len() int                                     { return len(w) }
func (w words) Key(i int) string                             { return w[i] }
func (w words) Cells(_ int, dst []widget.Cell) []widget.Cell { return dst }

func TestListing(t *testing.T) {
	t.Parallel()
	var shown []string
	number := func(word string) float64 {
		if n, err := strconv.ParseFloat(word, 64); err == nil {
			return n
		}
		return math.NaN()
	}
	l := screen.NewListing([]screen.ListingColumn[string]{
		{Column: widget.Column{ID: "word", Title: "WORD"}, Text: func(word string) string { return word }},
		{Column: widget.Column{ID: "number", Title: "NUMBER", Falling: true}, Text: func(word string) string { return word }, Value: number},
	}, "!word=gone", func(kept []string) widget.Rows { shown = kept; return words(kept) })
	l.List([]string{"10", "b", "9", "gone", "a"})
	story := []struct {
		do   func() error
		want string
	}{
		{nil, "10 b 9 a"}, // in its own order
		{func() error { return l.Table().OrderBy("word") }, "10 9 a b"},
		{func() error { return l.Table().OrderBy("number") }, "10 9 b a"},
		{func() error { return l.Table().OrderBy("number asc") }, "9 10 b a"}, // no number is last in any order
		{func() error { return l.Filter("number>=9") }, "9 10"},
		{func() error { return l.Filter("") }, "9 10 b gone a"},
		{func() error { l.Handle(keymap.Reverse); return nil }, "10 9 b gone a"},
	}
	for _, step := range story {
		if step.do != nil {
			if err := step.do(); err != nil {
				t.Fatal(err)
			}
		}
		l.Arrange()
		if diff := cmp.Diff(step.want, strings.Join(shown, " ")); diff != "" {
			t.Errorf("listed (-want +got):\n%s", diff)
		}
	}
	if err := l.Filter("colour=red"); err == nil || l.FilterText() != "" || l.Filtered() != "" {
		t.Errorf("a wrong filter: %v, and there is the filter %q", err, l.FilterText())
	}
	if row, ok := l.Selected(); !ok || row != "10" {
		t.Errorf("the cursor is on %q, want 10", row)
	}
}
