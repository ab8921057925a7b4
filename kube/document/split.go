package document

import "bytes"

// bom is the byte order mark that some editors put before UTF-8 text.
var bom = []byte("\ufeff")

// Document is one YAML document of a file.
type Document struct {
	Line int    // the line of the file on which Text begins, from 1
	Text []byte // the document with the "---" that opens it, if there is one
}

// Split cuts a file into its YAML documents. Documents may be empty or hold
// nothing but comments; their texts put together are the file.
//
// A line that begins with "---" or "..." ends a document wherever it stands:
// YAML allows neither inside a scalar (YAML 1.2.2 §9.1.2, c-forbidden).
func Split(text []byte) []Document {
	var documents []Document
	start, line, startLine := 0, 1, 1
	preamble := false // only directives ("%YAML 1.2") so far: "---" opens the same document
	blank := true
	cut := func(end int) {
		if end > start {
			documents = append(documents, Document{Line: startLine, Text: text[start:end:end]})
		}
		start, preamble, blank = end, false, true
	}
	for at := 0; at < len(text); line++ {
		end := at + lineLength(text[at:])
		content := bytes.TrimPrefix(text[at:end], bom)
		switch {
		case isMarker(content, "---"):
			if !preamble {
				cut(at)
				startLine = line
			}
			preamble, blank = false, false
		case isMarker(content, "..."):
			cut(end)
			startLine = line + 1
		case blank && bytes.HasPrefix(content, []byte("%")):
			preamble = true
		case !isCommentLine(content):
			blank, preamble = false, false
		}
		at = end
	}
	cut(len(text))
	return documents
}

// lineLength returns the length of the first line with its line break.
func lineLength(text []byte) int {
	for i, b := range text {
		switch b {
		case '\n', '\r', 0xC2, 0xE2: // no line break begins with another byte
			if n := LineBreak(text, i); n > 0 {
				return i + n
			}
		}
	}
	return len(text)
}

// LineBreak returns the length of the line break at an offset of a text, 0 if
// there is none. Lines of YAML end with CR, LF, CRLF or, by YAML 1.1 (§5.4,
// b-char) and the parser, with one of three marks of Unicode.
func LineBreak(text []byte, at int) int {
	switch rest := text[at:]; {
	case bytes.HasPrefix(rest, []byte("\r\n")), bytes.HasPrefix(rest, []byte("\u0085")):
		return 2
	case len(rest) > 0 && (rest[0] == '\n' || rest[0] == '\r'):
		return 1
	case bytes.HasPrefix(rest, []byte("\u2028")), bytes.HasPrefix(rest, []byte("\u2029")):
		return 3
	}
	return 0
}

func isMarker(line []byte, marker string) bool {
	rest, ok := bytes.CutPrefix(line, []byte(marker))
	return ok && (len(rest) == 0 || rest[0] == ' ' || rest[0] == '\t' || LineBreak(rest, 0) > 0)
}

func isCommentLine(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) == 0 || line[0] == '#'
}
