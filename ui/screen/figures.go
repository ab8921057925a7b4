package screen

import (
	"math"
	"strconv"

	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Figures are scores as text. They are made when first asked for and kept, for a
// frame has thousands of them and there are few.
type Figures struct {
	styles *style.Styles
	tenths [1001]string
	levels [101]string
	grades map[string]string
}

// With returns the figures for styles: these, or new ones where the styles are others.
func (f *Figures) With(s *style.Styles) *Figures {
	if f != nil && f.styles == s {
		return f
	}
	return &Figures{styles: s, grades: map[string]string{}}
}

// Tenth returns a score of 0 to 100 with one decimal, "72.9".
func (f *Figures) Tenth(score float64) string {
	i := int(math.Round(10 * max(0, min(score, 100))))
	if f.tenths[i] == "" {
		f.tenths[i] = strconv.FormatFloat(float64(i)/10, 'f', 1, 64)
	}
	return f.tenths[i]
}

// Level returns a score of 0 to 100 without decimals, and its height as a glyph:
// "18▂".
func (f *Figures) Level(score float64) string {
	i := int(math.Round(max(0, min(score, 100))))
	if f.levels[i] == "" {
		f.levels[i] = strconv.Itoa(i) + widget.Level(f.styles, float64(i))
	}
	return f.levels[i]
}

// Grade returns a grade with its shape, "C ■".
func (f *Figures) Grade(grade string) string {
	text, ok := f.grades[grade]
	if !ok {
		text = grade + " " + f.styles.GradeMark(grade)
		f.grades[grade] = text
	}
	return text
}

// Change returns a change of a score with its sign: "+3.2", "-12.0", "0" where there
// is none.
func Change(points float64) string {
	switch {
	case points == 0:
		return "0"
	case math.Abs(points) >= 99.95:
		return strconv.FormatFloat(points, 'f', 0, 64)
	case points > 0:
		return "+" + strconv.FormatFloat(points, 'f', 1, 64)
	}
	return strconv.FormatFloat(points, 'f', 1, 64)
}

// ChangeStyle returns how a change of a score is drawn.
func ChangeStyle(s *style.Styles, points float64) style.Style {
	switch {
	case points > 0:
		return s.OK
	case points < 0:
		return s.Error
	}
	return s.Muted
}
