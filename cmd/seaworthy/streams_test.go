package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// What is written is what was meant; on a terminal nothing in it steers that.
func TestShow(t *testing.T) {
	t.Parallel()
	const text = "name: \u202eevil\x1b[2J\nkind: Pod\n"
	write := func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
	for _, display := range []bool{false, true} {
		var out bytes.Buffer
		if err := (&streams{out: &out, display: display}).show(write); err != nil {
			t.Fatal(err)
		}
		if exact := out.String() == text; exact == display {
			t.Errorf("on a terminal (%v) it reads %q", display, out.String())
		}
		if display && (strings.ContainsAny(out.String(), "\u202e\x1b") || !strings.HasSuffix(out.String(), "\nkind: Pod\n")) {
			t.Errorf("a terminal is sent %q", out.String())
		}
	}
}
