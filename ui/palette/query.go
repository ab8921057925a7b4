package palette

import "strings"

// maxPattern is how many letters are matched fuzzily.
const maxPattern = 32

// Query is what is looked for.
type Query struct {
	// Text is what was typed.
	Text string
	// Only is the kind that is asked for, if One.
	Only Kind
	// One reports whether only one kind is asked for.
	One bool

	plain   string   // in lower case, without the prefix, single blanks between words
	words   []string // of plain
	pattern string   // the letters of plain, cut
	mask    uint64
}

// ParseQuery reads what was typed: words, of which all must be found, perhaps after
// the prefix of a kind.
func ParseQuery(text string) Query {
	q := Query{Text: text}
	rest := strings.TrimSpace(text)
	for kind := range kinds {
		if after, ok := strings.CutPrefix(rest, string(kind.Prefix())); ok && kind.Prefix() != 0 {
			q.Only, q.One, rest = kind, true, after
			break
		}
	}
	q.words = strings.Fields(strings.ToLower(rest))
	q.plain = strings.Join(q.words, " ")
	letters := []rune(strings.Join(q.words, ""))
	q.pattern = string(letters[:min(len(letters), maxPattern)])
	q.mask = mask(q.pattern)
	return q
}

// Empty reports whether everything matches, of the kind asked for.
func (q Query) Empty() bool { return q.plain == "" }

// narrows reports whether whatever matches q surely matches an earlier query.
func (q Query) narrows(earlier Query) bool {
	return q.One == earlier.One && q.Only == earlier.Only && strings.HasPrefix(q.plain, earlier.plain)
}

// class says how well a text matches, the best first.
type class uint8

const (
	exact class = iota
	prefix
	substring
	inOrder
	none
)

// match says how well item i matches and, among its class, how close together the
// letters stand or whether they begin a word: less is better.
func (x *Index) match(i int32, q *Query) (c class, spread int) {
	if q.One && x.items[i].Kind != q.Only {
		return none, 0
	}
	if q.plain == "" {
		return exact, 0
	}
	if x.masks[i]&q.mask != q.mask {
		return none, 0
	}
	text := x.lower[i]
	name := text[strings.LastIndexByte(text, '/')+1:]
	switch {
	case text == q.plain || name == q.plain:
		return exact, 0
	case strings.HasPrefix(text, q.plain) || strings.HasPrefix(name, q.plain):
		return prefix, 0
	}
	if within, begins := hasWords(text, q.words); within {
		if begins {
			return substring, 0
		}
		return substring, 1
	}
	if spread := spreadOf(text, q.pattern); spread >= 0 {
		return inOrder, spread
	}
	return none, 0
}

// hasWords reports whether a text has all words, and whether the first of them begins
// a word of the text.
func hasWords(text string, words []string) (within, begins bool) {
	for i, word := range words {
		at := strings.Index(text, word)
		if at < 0 {
			return false, false
		}
		if i == 0 {
			begins = at == 0 || !letter(text[at-1])
		}
	}
	return true, begins
}

func letter(b byte) bool { return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b >= 0x80 }

// spreadOf returns how many bytes of a text lie between the first and the last letter
// of a pattern that it has in order, about as few as there are; -1 if it has not.
func spreadOf(text, pattern string) int {
	at := 0
	for i := range len(text) {
		if text[i] != pattern[at] {
			continue
		}
		if at++; at < len(pattern) {
			continue
		}
		end := i
		for at--; at >= 0; i-- { // back from here, where the last letter stands
			if text[i] == pattern[at] {
				at--
			}
		}
		return end - i - 1
	}
	return -1
}
