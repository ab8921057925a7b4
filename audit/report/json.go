package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

func writeJSON(w io.Writer, d *Document) error {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(d); err != nil {
		return fmt.Errorf("encoding it: %w", err)
	}
	_, err := w.Write(escapeInvisible(out.Bytes()))
	return err
}

// escapeInvisible writes what a terminal could obey, and what nobody can see,
// as \u escapes: encoding/json leaves C1 controls and bidirectional overrides
// as they are, and people do print JSON to their terminal. Outside of strings
// JSON has no such characters, so the value stays the same.
func escapeInvisible(encoded []byte) []byte {
	out := make([]byte, 0, len(encoded))
	for i := 0; i < len(encoded); {
		r, size := utf8.DecodeRune(encoded[i:])
		if r < utf8.RuneSelf && r != 0x7f || unicode.IsPrint(r) {
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
