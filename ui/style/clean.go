package style

import "github.com/seaworthy-dev/seaworthy/kube/printable"

// Clean makes any text safe to show in one line: see [printable.Text], which it
// is. Every style cleans what it draws. Plain characters (see plainCells),
// which nearly all text is made of, cost one look.
func Clean(text string) string {
	if _, plain := plainCells(text, false); plain {
		return text
	}
	return cleaned(text)
}

// Lines splits a text of several lines at its line breaks and cleans each. Tabs
// become two blanks. A final line break opens no further line.
func Lines(text string) []string { return printable.Lines(text) }

// cleaned is Clean for any text.
func cleaned(text string) string { return printable.Text(text) }
