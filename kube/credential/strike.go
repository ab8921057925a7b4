package credential

import "strings"

// Struck stands for what [Strike] took out.
const Struck = "…"

// Strike puts [Struck] in the place of what looks like a secret: passwords in URLs and
// data source names, values of keys that are called so (password=, "token":), bearer and
// basic headers, tokens with a prefix of their issuer, JSON Web Tokens, private keys.
//
// It rather takes out too much; names of Secrets and of their keys stay. Secrets that
// look like words cannot be told from words.
func Strike(text string) string {
	if text == "" {
		return ""
	}
	for _, strike := range [...]func(string) string{
		privateKeys, credentialsInURLs, credentialsBeforeHosts, headers, assignments, tokens,
	} {
		text = strike(text)
	}
	return text
}

// privateKeys strikes out private keys in PEM (RFC 7468), also halves of them.
func privateKeys(text string) string {
	const begin, end = "-----BEGIN ", "-----END "
	var b strings.Builder
	for {
		head, tail, found := strings.Cut(text, begin)
		if !found {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(head)
		label, _, _ := strings.Cut(tail, "-----")
		if !strings.Contains(label, "PRIVATE KEY") {
			b.WriteString(begin)
			text = tail
			continue
		}
		b.WriteString(Struck)
		_, tail, _ = strings.Cut(tail, end)
		_, text, _ = strings.Cut(tail, "-----")
	}
}

// credentialsInURLs strikes out user and password of https://user:password@host.
func credentialsInURLs(text string) string {
	var b strings.Builder
	for {
		head, tail, found := strings.Cut(text, "://")
		b.WriteString(head)
		if !found {
			return b.String()
		}
		b.WriteString("://")
		end := strings.IndexAny(tail, "/?# \"'<>,;`")
		if end < 0 {
			end = len(tail)
		}
		if at := strings.LastIndexByte(tail[:end], '@'); at >= 0 {
			b.WriteString(Struck)
			tail = tail[at:]
		}
		text = tail
	}
}

// credentialsBeforeHosts strikes out those of data source names,
// "root:password@tcp(db:3306)". A digest behind an image's tag is none.
func credentialsBeforeHosts(text string) string {
	var b strings.Builder
	for {
		head, tail, found := strings.Cut(text, "@")
		if !found {
			b.WriteString(text)
			return b.String()
		}
		start := strings.LastIndexAny(head, " \"'`(),;=/@") + 1
		user, password, pair := strings.Cut(head[start:], ":")
		if pair && user != "" && password != "" && !strings.HasPrefix(tail, "sha256:") && !strings.HasPrefix(tail, "sha512:") {
			head = head[:start] + Struck
		}
		b.WriteString(head)
		b.WriteByte('@')
		text = tail
	}
}

// headers strikes out what follows "Bearer" and "Basic", if it is not a word:
// "no basic auth credentials" stays.
func headers(text string) string {
	var b strings.Builder
	for rest := text; ; {
		at, end := scheme(rest)
		if at < 0 {
			b.WriteString(rest)
			return b.String()
		}
		b.WriteString(rest[:end])
		rest = rest[end:]
		value := unquotedValue(rest)
		if value != "" && !isWord(value) {
			b.WriteString(Struck)
			rest = rest[len(value):]
		}
	}
}

// scheme finds the first authentication scheme, with the blank behind it.
func scheme(text string) (at, end int) {
	for at := range len(text) {
		if at > 0 && alphanumeric(text[at-1]) {
			continue
		}
		for _, name := range [...]string{"bearer ", "basic "} {
			if len(text)-at >= len(name) && strings.EqualFold(text[at:at+len(name)], name) {
				return at, at + len(name)
			}
		}
	}
	return -1, -1
}

// isWord reports whether a value could be a word of a sentence.
func isWord(value string) bool {
	if len(value) >= 24 || strings.HasPrefix(value, Struck) {
		return strings.HasPrefix(value, Struck)
	}
	for i := range len(value) {
		lower := 'a' <= value[i] && value[i] <= 'z'
		upper := 'A' <= value[i] && value[i] <= 'Z'
		if !lower && (!upper || i > 0) && (value[i] != '.' && value[i] != ':' || i < len(value)-1) {
			return false
		}
	}
	return true
}

// issuers are the beginnings of tokens that are made to be recognised, by their
// issuers' documentation, and how many characters follow at least. More is taken
// for a token than where one is reported: to strike out too much does no harm.
var issuers = [...]struct {
	prefix string
	least  int
}{
	{"eyJ", 16}, // JSON Web Tokens: the encoding of {"
	{"AKIA", 12},
	{"ASIA", 12},
	{"AGE-SECRET-KEY-1", 16},
	{"AIza", 24},
	{"dckr_pat_", 8},
	{"dop_v1_", 16},
	{"gho_", 16},
	{"ghp_", 16},
	{"ghs_", 16},
	{"ghu_", 16},
	{"github_pat_", 16},
	{"glpat-", 8},
	{"glsa_", 16},
	{"hf_", 24},
	{"hvs.", 16},
	{"npm_", 24},
	{"pypi-AgEI", 16},
	{"rk_live_", 16},
	{"SG.", 32},
	{"sk-ant-", 16},
	{"sk-proj-", 16},
	{"sk_live_", 16},
	{"xoxb-", 12},
	{"xoxp-", 12},
}

// tokens strikes out tokens that are known by their beginnings.
func tokens(text string) string {
	var b strings.Builder
	written := 0
	for at := 0; at < len(text); at++ {
		if at > 0 && tokenLike(text[at-1]) {
			continue
		}
		length := token(text[at:])
		if length == 0 {
			continue
		}
		b.WriteString(text[written:at])
		b.WriteString(Struck)
		written = at + length
		at = written - 1
	}
	if written == 0 {
		return text
	}
	b.WriteString(text[written:])
	return b.String()
}

// token returns the length of the token that a text begins with; 0 for none.
func token(text string) int {
	for i := range issuers {
		if !strings.HasPrefix(text, issuers[i].prefix) {
			continue
		}
		end := len(issuers[i].prefix)
		for end < len(text) && (tokenLike(text[end]) || text[end] == '.') {
			end++
		}
		if end-len(issuers[i].prefix) >= issuers[i].least {
			return end
		}
	}
	return 0
}

func digit(b byte) bool     { return '0' <= b && b <= '9' }
func tokenLike(b byte) bool { return wordLike(b) }
