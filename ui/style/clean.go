package style

import "github.com/seaworthy-dev/seaworthy/kube/printable"

// Clean makes any text safe to show in one line: see [printable.Text], which it
// is. Every style cleans what it draws.
func Clean(text string) string { return printable.Text(text) }

// Lines splits a text of several lines at its line breaks and cleans each. Tabs
// become two blanks. A final line break opens no further line.
func Lines(text string) []string { return printable.Lines(text) }
