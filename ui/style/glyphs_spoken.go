package style

// Spoken is the tier for those who have the screen read to them: what is drawn with lines
// and shapes elsewhere is blank, for it would be read character by character. Nothing is
// lost: whatever a shape says, a letter, a word or a number says beside it.
const Spoken Tier = ASCII + 1

func spokenGlyphs() Glyphs {
	blank := Frame{" ", " ", " ", " ", " ", " "}
	g := glyphsOf(ASCII)
	g.Spoken = true
	g.Severity = [SeverityCount]string{" ", " ", " ", " ", " "}
	g.Tick = " "
	g.Frame, g.Focus = blank, blank
	g.GaugeFull, g.GaugeHalf, g.GaugeTrack = " ", " ", " "
	g.Spark = []string{"0", "1", "2", "3", "4", "5"}
	g.Separator = ","
	g.Live, g.Still = " ", " "
	g.Branch, g.LastBranch, g.Trunk = " ", " ", " "
	return g
}
