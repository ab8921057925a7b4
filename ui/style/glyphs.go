package style

// Tier is how rich the characters are that a terminal can show.
type Tier int

// The tiers. Who starts the program chooses: ASCII for a locale that is not
// UTF-8, for TERM=linux and dumb, or when asked for.
const (
	// Unicode has box drawing and geometric shapes of the Basic Multilingual
	// Plane, each one cell wide; no emoji and no private-use characters.
	Unicode Tier = iota
	// ASCII has nothing above U+007E.
	ASCII
)

// Glyphs are the characters of a tier. Each is one cell wide.
type Glyphs struct {
	// Spoken says that the screen is read aloud: nothing is drawn of lines or steps that
	// a number beside it says as well.
	Spoken bool
	// Severity is the shape of each Severity.
	Severity [SeverityCount]string
	// Tick is the shape of what is well.
	Tick string
	// Cursor stands before the selected row, Mark before a marked one.
	Cursor, Mark string
	// Ascending and Descending stand after the title of the sorted column.
	Ascending, Descending string
	// Ellipsis stands where text was cut off.
	Ellipsis string
	// Frame is the border of a box, Focus that of the focused one.
	Frame, Focus Frame
	// GaugeFull, GaugeHalf and GaugeTrack draw a line gauge.
	GaugeFull, GaugeHalf, GaugeTrack string
	// Spark are the steps of a trend from low to high. The highest does not
	// fill its cell, so that rows below each other do not fuse.
	Spark []string
	// Separator stands between the parts of a path of screens.
	Separator string
	// Live and Still stand before the state of the data.
	Live, Still string
	// Branch, LastBranch and Trunk draw a tree.
	Branch, LastBranch, Trunk string
	// Arrow points from cause to effect, from before to after.
	Arrow string
	// Folded stands before what is folded away.
	Folded string
	// Arms are what is drawn where lines meet, by the sides that they come from, see
	// [ArmUp]. Point is the point between digits made of such lines.
	Arms  [16]string
	Point string
	// Heat are the shades of a heat map, from the best to the worst, which does not
	// fill its cell, so that rows below each other do not fuse.
	Heat [5]string
}

// The sides from which a line may come into a cell: the index of Glyphs.Arms is their
// sum.
const (
	ArmUp = 1 << iota
	ArmDown
	ArmLeft
	ArmRight
)

// Frame are the parts of a border.
type Frame struct {
	// The corners, then the horizontal and the vertical line.
	TopLeft, TopRight, BottomLeft, BottomRight, Horizontal, Vertical string
}

func glyphsOf(tier Tier) Glyphs {
	if tier == Spoken {
		return spokenGlyphs()
	}
	if tier == ASCII {
		return Glyphs{
			Severity: [SeverityCount]string{Info: ".", Low: "o", Medium: "#", High: "^", Critical: "X"},
			Tick:     "+",
			Cursor:   ">", Mark: "*",
			Ascending: "^", Descending: "v",
			Ellipsis:  "~",
			Frame:     Frame{"+", "+", "+", "+", "-", "|"},
			Focus:     Frame{"#", "#", "#", "#", "=", "#"},
			GaugeFull: "=", GaugeHalf: "-", GaugeTrack: ".",
			Spark:     []string{"_", ".", "-", "=", "*", "#"},
			Separator: ">",
			Live:      "*", Still: "o",
			Branch: "|", LastBranch: "`", Trunk: "|",
			Arrow:  ">",
			Folded: "+",
			Arms:   [16]string{" ", "|", "|", "|", "-", "+", "+", "+", "-", "+", "+", "+", "-", "+", "+", "+"},
			Point:  ".",
			Heat:   [5]string{".", "-", "=", "+", "#"},
		}
	}
	return Glyphs{
		Severity: [SeverityCount]string{Info: "·", Low: "○", Medium: "■", High: "▲", Critical: "✖"},
		Tick:     "✔",
		Cursor:   ">", Mark: "*",
		Ascending: "↑", Descending: "↓",
		Ellipsis:  "…",
		Frame:     Frame{"╭", "╮", "╰", "╯", "─", "│"},
		Focus:     Frame{"┏", "┓", "┗", "┛", "━", "┃"},
		GaugeFull: "━", GaugeHalf: "╸", GaugeTrack: "─",
		Spark:     []string{"▁", "▂", "▃", "▄", "▅", "▆"},
		Separator: "›",
		Live:      "●", Still: "◌",
		Branch: "├", LastBranch: "└", Trunk: "│",
		Arrow:  "→",
		Folded: "▸",
		Arms:   [16]string{" ", "╹", "╻", "┃", "╸", "┛", "┓", "┫", "╺", "┗", "┏", "┣", "━", "┻", "┳", "╋"},
		Point:  "▖",
		Heat:   [5]string{"·", "░", "▒", "▓", "▇"},
	}
}
