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

// writeJSON writes the document with one finding after the other in its last list.
func writeJSON(w io.Writer, d *draft) error {
	return writeStream(w, d.Document, documentEnd, "    ", d.encoded("    ", func(_ int, row Finding) any { return row }))
}

// documentEnd is how a document ends whose last list is one of its own.
const documentEnd = "]\n}"

// encoded yields an element for each finding, in order, as JSON.
func (d *draft) encoded(indent string, element func(at int, row Finding) any) iter.Seq2[[]byte, error] {
	return inOrder(d, func(at int, row Finding) ([]byte, error) { return encode(indent, element(at, row)) })
}

// writeStream writes a document whose last list is empty and comes from elsewhere, one
// encoded row after the other; there are so many. The document ends with end from the
// bracket of the list on; indent is that of a row.
func writeStream(w io.Writer, document any, end, indent string, rows iter.Seq2[[]byte, error]) error {
	return writeDocument(w, document, end, indent, func(p *printer, next func()) error { return p.each(rows, next) })
}

// writeDocument is the same for elements that fill writes; see [printer.list].
func writeDocument(w io.Writer, document any, end, indent string, fill func(p *printer, next func()) error) error {
	out := bufio.NewWriterSize(w, 64<<10)
	p := &printer{w: out}
	if err := p.list("", document, end, indent, fill); err != nil {
		return err
	}
	p.line("")
	return p.flush(out)
}

// list writes a document whose last list is empty, with what fill writes in that list: it
// calls next before each element. The document ends with end from the bracket of the list
// on; indent is that of an element, and prefix that of the document.
func (p *printer) list(prefix string, document any, end, indent string, fill func(p *printer, next func()) error) error {
	head, err := encode(prefix, document)
	if err != nil {
		return err
	}
	p.print(bytes.TrimSuffix(head, []byte(end)))
	begin, last := "\n"+indent, ""
	if err := fill(p, func() {
		p.print([]byte(begin))
		begin, last = ",\n"+indent, "\n"+indent[2:]
	}); err != nil {
		return err
	}
	p.print([]byte(last + end))
	return p.err
}

// each fills a list with elements that are encoded.
func (p *printer) each(rows iter.Seq2[[]byte, error], next func()) error {
	for text, err := range rows {
		if err != nil {
			return err
		}
		next()
		p.print(text)
	}
	return nil
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
func inOrder[T any](d *draft, made func(at int, row Finding) (T, error)) iter.Seq2[T, error] {
	workers := make([]func(at int) Finding, runtime.GOMAXPROCS(0))
	for i := range workers {
		workers[i] = d.rowMaker()
	}
	count := d.count()
	return func(yield func(T, error) bool) {
		all, errs := make([]T, together), make([]error, together)
		for begin := 0; begin < count; begin += together {
			some := min(together, count-begin)
			var working sync.WaitGroup
			for w, row := range workers {
				working.Go(func() {
					for i := w; i < some; i += len(workers) {
						all[i], errs[i] = made(begin+i, row(begin+i))
					}
				})
			}
			working.Wait()
			for i := range some {
				if !yield(all[i], errs[i]) {
					return
				}
			}
		}
	}
}

// count is how many findings are written.
func (d *draft) count() int {
	if d.cluster == nil {
		return len(d.Findings)
	}
	return len(d.found)
}

// rowMaker returns what makes the row of a finding, for one goroutine.
func (d *draft) rowMaker() func(at int) Finding {
	if d.cluster == nil {
		return func(at int) Finding { return d.Findings[at] }
	}
	own := *d
	own.fixer = audit.NewFixer(d.cluster)
	return func(at int) Finding { return own.row(d.found[at]) }
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
