package style

import "unicode/utf8"

// plainCells returns how many cells a text takes if it is made of plain
// characters only, and whether it is. With styles, sequences of style (SGR)
// may stand between them; they take no cell. It is the fast way of measuring,
// which runs over every text of every frame; Clean leaves such a text as it is.
func plainCells(text string, styles bool) (cells int, plain bool) {
	for i := 0; i < len(text); cells++ {
		c := text[i]
		if c >= ' ' && c <= '~' {
			i++
			continue
		}
		if c == '\x1b' {
			end := endOfStyle(text, i)
			if !styles || end < 0 {
				return 0, false
			}
			i = end
			cells--
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if !plainRune(r) {
			return 0, false
		}
		i += size
	}
	return cells, true
}

// endOfStyle returns the index after a sequence of style that begins at start,
// or -1 if none does.
func endOfStyle(text string, start int) int {
	if start+1 >= len(text) || text[start+1] != '[' {
		return -1
	}
	for i := start + 2; i < len(text); i++ {
		switch c := text[i]; {
		case c == 'm':
			return i + 1
		case c != ';' && c != ':' && (c < '0' || c > '9'):
			return -1
		}
	}
	return -1
}

// plainRune reports whether a character beyond ASCII is one cell wide by every
// measure, visible, and joins no other: letters of Western languages and what
// the interface is drawn with. The test compares it with Clean and with the long
// way of measuring.
func plainRune(r rune) bool {
	switch {
	case r >= 0x00A1 && r <= 0x024F:
		return r != 0x00AD && r != 0x00A9 && r != 0x00AE
	case r >= 0x2500 && r <= 0x259F: // Lines and blocks.
		return true
	}
	switch r {
	case '–', '—', '…', '‘', '’', '“', '”', '•', '‹', '›',
		'←', '↑', '→', '↓', '■', '▲', '○', '◌', '●', '✔', '✖':
		return true
	}
	return false
}
