package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// writeJSON writes the document with one finding after the other in its last
// list, so that memory holds one of them in its text form.
func writeJSON(w io.Writer, d *draft) error {
	out := bufio.NewWriterSize(w, 64<<10)
	p := &printer{w: out}
	var text bytes.Buffer
	encode := func(prefix string, value any) ([]byte, error) {
		text.Reset()
		encoder := json.NewEncoder(&text)
		encoder.SetIndent(prefix, "  ")
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(value); err != nil {
			return nil, fmt.Errorf("encoding it: %w", err)
		}
		return bytes.TrimSuffix(escapeInvisible(text.Bytes()), []byte("\n")), nil
	}
	head, err := encode("", d.Document)
	if err != nil {
		return err
	}
	const end = "]\n}"
	p.print(bytes.TrimSuffix(head, []byte(end)))
	separator := "\n    "
	for _, f := range d.found {
		one, err := encode("    ", d.row(f))
		if err != nil {
			return err
		}
		p.print([]byte(separator))
		p.print(one)
		separator = ",\n    "
	}
	if len(d.found) > 0 {
		p.line("")
		p.print([]byte("  "))
	}
	p.line(end)
	if p.err != nil {
		return p.err
	}
	return out.Flush()
}

// escapeInvisible writes what a terminal could obey, and what nobody can see,
// as \u escapes: encoding/json leaves C1 controls and bidirectional overrides
// as they are, and people do print JSON to their terminal. Outside of strings
// JSON has no such characters, so the value stays the same.
func escapeInvisible(encoded []byte) []byte {
	if !slices.ContainsFunc(encoded, func(b byte) bool { return b >= 0x7f }) {
		return encoded // as nearly all of it is
	}
	out := make([]byte, 0, len(encoded)+64)
	for i := 0; i < len(encoded); {
		r, size := utf8.DecodeRune(encoded[i:])
		if !invisible(r) {
			out = append(out, encoded[i:i+size]...)
			i += size
			continue
		}
		if high, low := utf16.EncodeRune(r); high != unicode.ReplacementChar {
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		} else {
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += size
	}
	return out
}

func invisible(r rune) bool {
	return r == 0x7f || r >= utf8.RuneSelf && !unicode.IsPrint(r)
}
