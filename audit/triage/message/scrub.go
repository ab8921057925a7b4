package message

import (
	"strings"
	"unicode/utf8"

	"github.com/seaworthy-dev/seaworthy/kube/credential"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// longestShown is how many characters [Scrub] leaves, as many as an event may have
// (k8s.io/kubernetes/pkg/apis/core/validation/events.go, NoteLengthLimit).
const longestShown = 1024

// Scrub makes a message fit to be shown, copied and written to a report: one line
// of at most 1,024 characters, harmless to a terminal (package printable), and without
// what looks like a secret ([credential.Strike]). Scrub(Scrub(m)) is Scrub(m).
func Scrub(message string) string {
	cut := len(message) > longest
	text := clipped(message)
	if cut { // half a secret looks like none
		text = text[:max(strings.LastIndexByte(text, ' '), 0)] + credential.Struck
	}
	text = credential.Strike(printable.Text(text))
	return printable.Text(shortened(strings.Join(strings.Fields(text), " "), longestShown))
}

// shortened cuts a text to a number of characters, the last of which then says so.
func shortened(text string, most int) string {
	if len(text) <= most || utf8.RuneCountInString(text) <= most {
		return text
	}
	n := 0
	for i := range text {
		if n++; n == most {
			return strings.TrimRight(text[:i], " ") + credential.Struck
		}
	}
	return text
}
