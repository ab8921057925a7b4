package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"sync"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// writeJSON writes the document with one finding after the other in its last
// list, so that memory holds a few of them in their text form.
func writeJSON(w io.Writer, d *draft) error {
	return writeStream(w, d.Document, len(d.found), d.encoded("    "))
}

// writeStream writes a document whose last list is empty and comes from elsewhere, one
// encoded row after the other; there are so many.
func writeStream(w io.Writer, document any, count int, rows iter.Seq2[[]byte, error]) error {
	out := bufio.NewWriterSize(w, 64<<10)
	p := &printer{w: out}
	head, err := encode("", document)
	if err != nil {
		return err
	}
	const end = "]\n}"
	p.print(bytes.TrimSuffix(head, []byte(end)))
	separator := "\n    "
	for text, err := range rows {
		if err != nil {
			return err
		}
		p.print([]byte(separator))
		p.print(text)
		separator = ",\n    "
	}
	if count > 0 {
		p.line("")
		p.print([]byte("  "))
	}
	p.line(end)
	if p.err != nil {
		return p.err
	}
	return out.Flush()
}

// encode writes a value, of which all lines but the first begin with a prefix.
func encode(prefix string, value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent(prefix, "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("encoding it: %w", err)
	}
	return bytes.TrimSuffix(escapeInvisible(text.Bytes()), []byte("\n")), nil
}

// together is how many findings are encoded before they are written.
const together = 1024

// encoded yields every finding as text, in order. Most of the work is to look up
// fixes and line numbers, so it is done on every core, some findings at a time.
func (d *draft) encoded(prefix string) iter.Seq2[[]byte, error] {
	drafts := make([]draft, runtime.GOMAXPROCS(0))
	for i := range drafts {
		drafts[i] = *d
		drafts[i].fixer = audit.NewFixer(d.cluster)
	}
	return func(yield func([]byte, error) bool) {
		texts, errs := make([][]byte, together), make([]error, together)
		for some := range slices.Chunk(d.found, together) {
			var workers sync.WaitGroup
			for w := range drafts {
				workers.Go(func() {
					for i := w; i < len(some); i += len(drafts) {
						texts[i], errs[i] = encode(prefix, drafts[w].row(some[i]))
					}
				})
			}
			workers.Wait()
			for i := range some {
				if !yield(texts[i], errs[i]) {
					return
				}
			}
		}
	}
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
