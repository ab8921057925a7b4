package credential

import "strings"

// assignments strikes out the values of keys that are called like secrets:
// password=x, "token":"x", api_key: x.
func assignments(text string) string {
	var b strings.Builder
	written := 0
	for at := 0; at < len(text); at++ {
		if text[at] != '=' && text[at] != ':' {
			continue
		}
		start, end := secretValue(text, at)
		if end <= start {
			continue
		}
		b.WriteString(text[written:start])
		b.WriteString(Struck)
		written = end
		at = end - 1
	}
	if written == 0 {
		return text
	}
	b.WriteString(text[written:])
	return b.String()
}

// secretValue returns where the value behind a sign stands that is to be struck
// out; nowhere if there is none.
func secretValue(text string, sign int) (start, end int) {
	key, inQuotes := keyBefore(text, sign)
	named := shown(key)
	if named == Unsaid {
		return 0, 0
	}
	start = sign + 1
	for start < len(text) && start <= sign+2 && text[start] == ' ' {
		start++
	}
	if start >= len(text) || strings.HasPrefix(text[start:], Struck) {
		return 0, 0
	}
	if open := openQuote(text[start:]); open > 0 {
		mark := text[start : start+open]
		start += open
		if strings.HasPrefix(text[start:], Struck) {
			return 0, 0
		}
		return start, start + closing(text[start:], mark)
	}
	value := unquotedValue(text[start:])
	// "fetching token: serviceaccounts "web" not found" is a sentence.
	if text[sign] == ':' && !inQuotes && named == KeyLike && !opaque(value) {
		return 0, 0
	}
	return start, start + len(value)
}

// keyBefore returns the key before a sign, and whether it is in quotes, as in JSON.
func keyBefore(text string, sign int) (key string, inQuotes bool) {
	end := sign
	if text[sign] == '=' && end > 0 && text[end-1] == ' ' {
		end--
	}
	for end > 0 && (text[end-1] == '"' || text[end-1] == '\'' || text[end-1] == '\\') {
		end--
		inQuotes = true
	}
	start := end
	for start > 0 && (tokenLike(text[start-1]) || text[start-1] == '.') {
		start--
	}
	return text[start:end], inQuotes
}

// openQuote returns the length of the quote that a text begins with, which may be
// escaped; 0 if there is none.
func openQuote(text string) int {
	n := 0
	for n < len(text) && text[n] == '\\' {
		n++
	}
	if n < len(text) && strings.IndexByte("\"'`", text[n]) >= 0 {
		return n + 1
	}
	return 0
}

// closing returns where the text in quotes ends that a text begins with: at its
// end, if the quotes are not closed.
func closing(text, mark string) int {
	for from := 0; ; {
		at := strings.Index(text[from:], mark)
		if at < 0 {
			return len(text)
		}
		at += from
		if len(mark) > 1 || at == 0 || text[at-1] != '\\' {
			return at
		}
		from = at + 1
	}
}

// unquotedValue returns the value that a text begins with.
func unquotedValue(text string) string {
	if end := strings.IndexAny(text, " \t\n,;&()[]{}<>|\"'`"); end >= 0 {
		return text[:end]
	}
	return text
}

// opaque reports whether a value looks made by a machine.
func opaque(value string) bool {
	digits, lower, upper := false, false, false
	for i := range len(value) {
		digits = digits || digit(value[i])
		lower = lower || 'a' <= value[i] && value[i] <= 'z'
		upper = upper || 'A' <= value[i] && value[i] <= 'Z'
	}
	return len(value) >= 16 && digits && (lower || upper) || len(value) >= 8 && digits && lower && upper
}

// shown is [Said] for what may be printed: words that are no name of a variable count as
// well, and one word is enough.
func shown(key string) Sensitivity {
	words := wordsOf(key)
	if len(words) == 0 {
		return Unsaid
	}
	switch words[len(words)-1] {
	case "credential", "credentials", "signature", "sig", "authorization", "cookie":
		return KeyLike
	case "pwd", "pass":
		return PasswordLike
	}
	return Said(key)
}
