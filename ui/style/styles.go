package style

import (
	"image/color"

	"github.com/seaworthy-dev/seaworthy/themes"
)

// Options says for which terminal Styles are made.
type Options struct {
	// Tier chooses the glyphs.
	Tier Tier
	// NoColor keeps attributes only (bold, underline, reverse), as the
	// NO_COLOR convention (no-color.org) asks.
	NoColor bool
	// Painted draws every letter on the ground of the theme, not on the terminal's: for
	// a sample of a theme beside others. Blanks that widgets add stay as they are.
	Painted bool
}

// Styles are all the styles of one theme, made once when the theme is chosen
// and read by everything that draws. They change by [Styles.Become] alone.
type Styles struct {
	// Theme is the name of the theme.
	Theme string
	// Glyphs are the characters to draw lines, marks and gauges with.
	Glyphs Glyphs
	// Label is a word for the header that says what the theme is for, "" for none.
	Label string
	// Ground is the background the theme is meant for, for
	// tea.View.BackgroundColor. It is nil if the terminal's own is to stay.
	Ground color.Color
	// Ink is the colour of running text, for tea.View.ForegroundColor where Ground is
	// the background: what is reversed shows it. It is nil if Ground is.
	Ink color.Color

	// The styles of the roles that are not steps of a scale; the meaning of
	// each is in themes/roles.go.
	Text, Muted, Title, Header, Border, BorderFocus, Selection, Mark, Match,
	Accent, Context, Key, Prompt, Notice, OK, Warn, Error, Track, Spark,
	DiffAdd, DiffRemove, DiffHunk Style
	// DiffAddPart and DiffRemovePart are the looks of what differs within a line:
	// those of the line, bold and underlined.
	DiffAddPart, DiffRemovePart Style

	severities [SeverityCount]Style
	scores     [5]Style
	changes    int
}

// New makes the styles of a theme.
func New(theme *themes.Theme, options Options) *Styles {
	value := func(role themes.Role) themes.Value {
		value := theme.Value(role)
		if options.Painted && !options.NoColor && value.Background.Kind == themes.None {
			value.Background = theme.Ground
		}
		return value
	}
	of := func(role themes.Role) Style { return newStyle(value(role), !options.NoColor) }
	part := func(role themes.Role) Style {
		value := value(role)
		value.Bold, value.Underline = true, true
		return newStyle(value, !options.NoColor)
	}
	s := &Styles{
		Theme:       theme.Name,
		Label:       theme.Label,
		Glyphs:      glyphsOf(options.Tier),
		Text:        of(themes.Text),
		Muted:       of(themes.Muted),
		Title:       of(themes.Title),
		Header:      of(themes.Header),
		Border:      of(themes.Border),
		BorderFocus: of(themes.BorderFocus),
		Selection:   of(themes.Selection),
		Mark:        of(themes.Mark),
		Match:       of(themes.Match),
		Accent:      of(themes.Accent),
		Context:     context(value(themes.Context), !options.NoColor),
		Key:         of(themes.Key),
		Prompt:      of(themes.Prompt),
		Notice:      of(themes.Notice),
		OK:          of(themes.OK),
		Warn:        of(themes.Warn),
		Error:       of(themes.Error),
		Track:       of(themes.Track),
		Spark:       of(themes.Spark),
		DiffAdd:     of(themes.DiffAdd),
		DiffRemove:  of(themes.DiffRemove),
		DiffHunk:    of(themes.DiffHunk),
		DiffAddPart: part(themes.DiffAdd), DiffRemovePart: part(themes.DiffRemove),
		severities: [SeverityCount]Style{
			Info: of(themes.Info), Low: of(themes.Low), Medium: of(themes.Medium),
			High: of(themes.High), Critical: of(themes.Critical),
		},
		scores: [5]Style{of(themes.Score0), of(themes.Score1), of(themes.Score2), of(themes.Score3), of(themes.Score4)},
	}
	if ground := theme.Ground; ground.Kind == themes.RGB && !options.NoColor {
		s.Ground, s.Ink = color.RGBA{R: ground.R, G: ground.G, B: ground.B, A: 255}, nil
		if ink := theme.Value(themes.Text).Foreground; ink.Kind == themes.RGB {
			s.Ink = color.RGBA{R: ink.R, G: ink.G, B: ink.B, A: 255}
		}
	}
	return s
}

// Become takes over the look of other styles. Rows and texts hold on to the styles they
// are drawn with, so that another theme comes by change of these, between two frames and
// by who draws them; what is kept drawn is drawn anew when Changes has gone on.
func (s *Styles) Become(other *Styles) {
	changes := s.changes + 1
	*s = *other
	s.changes = changes
}

// Changes is how often the styles have become others.
func (s *Styles) Changes() int { return s.changes }

// context returns the style of the word that says which kind of cluster is looked at:
// a bar in every theme, also in one that does not say so.
func context(value themes.Value, color bool) Style {
	if value.Background.Kind == themes.None {
		value.Reverse = true
	}
	return newStyle(value, color)
}

// Severity returns the style of a severity. A severity out of range is drawn
// as the nearest one.
func (s *Styles) Severity(severity Severity) Style {
	return s.severities[severity.clamp()]
}

// SeverityMark returns letter and shape of a severity, "C ✖": three cells in
// every tier, readable without colour.
func (s *Styles) SeverityMark(severity Severity) string {
	return severity.Letter() + " " + s.Glyphs.Severity[severity.clamp()]
}

// Score returns the style for a score of 0 to 100: one step of the ramp each
// for under 60, the 60s, the 70s, the 80s and from 90 on, as the grades have
// it (E and F share a step).
func (s *Styles) Score(score float64) Style {
	return s.scores[scoreStep(score)]
}

// HeatMark returns the shade of a score in a heat map: the worse, the darker, in the
// steps of the colours.
func (s *Styles) HeatMark(score float64) string {
	return s.Glyphs.Heat[len(s.Glyphs.Heat)-1-scoreStep(score)]
}

// GradeMark returns the shape that goes with a grade letter, one cell wide,
// so that good and bad differ without colour: a tick for A, the shapes of the
// severities for those below, and a blank for anything else (n/a).
func (s *Styles) GradeMark(grade string) string {
	if grade == "" {
		return " "
	}
	switch grade[0] {
	case 'A':
		return s.Glyphs.Tick
	case 'B':
		return s.Glyphs.Severity[Low]
	case 'C':
		return s.Glyphs.Severity[Medium]
	case 'D':
		return s.Glyphs.Severity[High]
	case 'E', 'F':
		return s.Glyphs.Severity[Critical]
	}
	return " "
}

func scoreStep(score float64) int {
	switch {
	case score >= 90:
		return 4
	case score >= 80:
		return 3
	case score >= 70:
		return 2
	case score >= 60:
		return 1
	}
	return 0
}
