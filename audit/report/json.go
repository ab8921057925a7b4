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
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// writeJSON writes the document with one finding after the other in its last list.
func writeJSON(w io.Writer, d *draft) error {
	return d.writeList(w, d.Document, documentEnd, "    ", func(_ *score.Finding, row Finding) any { return row })
}

// documentEnd is how a document ends whose last list is one of its own.
const documentEnd = "]\n}"

// writeList writes a JSON document whose last list has an element for each finding.
func (d *draft) writeList(w io.Writer, document any, end, indent string, element func(*score.Finding, Finding) any) error {
	return writeStream(w, document, end, indent, len(d.found), inOrder(d, func(f *score.Finding, row Finding) ([]byte, error) {
		return encode(indent, element(f, row))
	}))
}

// writeStream writes a document whose last list is empty and comes from elsewhere, one
// encoded row after the other; there are so many. The document ends with end from the
// bracket of the list on; indent is that of a row.
func writeStream(w io.Writer, document any, end, indent string, count int, rows iter.Seq2[[]byte, error]) error {
	out := bufio.NewWriterSize(w, 64<<10)
	p := &printer{w: out}
	head, err := encode("", document)
	if err != nil {
		return err
	}
	p.print(bytes.TrimSuffix(head, []byte(end)))
	separator := "\n" + indent
	for text, err := range rows {
		if err != nil {
			return err
		}
		p.print([]byte(separator))
		p.print(text)
		separator = ",\n" + indent
	}
	if count > 0 {
		p.line("")
		p.print([]byte(indent[2:]))
	}
	p.line("%s", end)
	return p.flush(out)
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
	return bytes.TrimSuffix(escapeInvisible(text.Bytes(), escapeJSON), []byte("\n")), nil
}

// together is how many findings are encoded before they are written.
const together = 1024

// inOrder yields what a format makes of every finding, in order. Most of the work is
// to look up fixes and line numbers, so it is done on every core, some findings at a
// time.
func inOrder[T any](d *draft, made func(*score.Finding, Finding) (T, error)) iter.Seq2[T, error] {
	drafts := make([]draft, runtime.GOMAXPROCS(0))
	for i := range drafts {
		drafts[i] = *d
		drafts[i].fixer = audit.NewFixer(d.cluster)
	}
	return func(yield func(T, error) bool) {
		all, errs := make([]T, together), make([]error, together)
		for some := range slices.Chunk(d.found, together) {
			var workers sync.WaitGroup
			for w := range drafts {
				workers.Go(func() {
					for i := w; i < len(some); i += len(drafts) {
						all[i], errs[i] = made(some[i], drafts[w].row(some[i]))
					}
				})
			}
			workers.Wait()
			for i := range some {
				if !yield(all[i], errs[i]) {
					return
				}
			}
		}
	}
}

// escapeInvisible writes what a terminal could obey, and what nobody can see,
// escaped: encoding/json leaves C1 controls and bidirectional overrides as they
// are, and people do print JSON to their terminal. Outside of strings JSON has no
// such characters, so the value stays the same.
func escapeInvisible(encoded []byte, escape func(rune) string) []byte {
	if !slices.ContainsFunc(encoded, func(b byte) bool { return b >= 0x7f }) {
		return encoded // as nearly all of it is
	}
	out := make([]byte, 0, len(encoded)+64)
	for i := 0; i < len(encoded); {
		r, size := utf8.DecodeRune(encoded[i:])
		if invisible(r) {
			out = append(out, escape(r)...)
		} else {
			out = append(out, encoded[i:i+size]...)
		}
		i += size
	}
	return out
}

// escapeJSON is \u and the code of a character, twice where it has too many bits.
func escapeJSON(r rune) string {
	if high, low := utf16.EncodeRune(r); high != unicode.ReplacementChar {
		return fmt.Sprintf(`\u%04x\u%04x`, high, low)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// escapeYAML is \U and the code of a character: YAML knows no pairs.
func escapeYAML(r rune) string { return fmt.Sprintf(`\U%08x`, r) }

func invisible(r rune) bool {
	return r == 0x7f || r >= utf8.RuneSelf && !unicode.IsPrint(r)
}
