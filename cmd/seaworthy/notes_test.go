package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestNotesAreNotDrawnOverAScreen(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	n := &notes{out: &out}
	n.tell("before")
	release := n.hold(nil)
	for i := range keptNotes + 2 {
		n.tell(fmt.Sprint("note ", i))
		_, _ = fmt.Fprintf(n, "note %d\n", i)
	}
	if got, want := out.String(), "note: before\n"; got != want {
		t.Errorf("while held, %q is told, want %q", got, want)
	}
	release()
	_, _ = fmt.Fprint(n, "first\n\x1b[2Jsecond\n")

	told := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if got, want := len(told), 1+keptNotes+2; got != want {
		t.Fatalf("%d lines are told, want %d: %q", got, want, told)
	}
	if told[1] != "note: note 2" || told[keptNotes] != fmt.Sprint("note: note ", keptNotes+1) {
		t.Errorf("held back were %q", told[1:keptNotes+1])
	}
	if got := told[keptNotes+1]; got != "note: first" {
		t.Errorf("after the screen %q is told", got)
	}
	if got := told[keptNotes+2]; strings.ContainsRune(got, '\x1b') || !strings.HasSuffix(got, "second") {
		t.Errorf("a line with an escape sequence is told as %q", got)
	}
}
