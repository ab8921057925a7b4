package credential

import (
	"math"
	"strings"
)

// What is known by more than its first letters.
const (
	privateKey      = "a private key"
	webToken        = "a JSON Web Token"
	urlWithPassword = "a URL with a password"
)

// Form says what kind of credential a text is or contains, such as "a GitHub token",
// without any of it; "" if it is not known to be one. Only what is made to be recognised
// counts, whatever its name: keys in PEM, tokens with a prefix of their issuer, URLs with
// a password; and what [Hidden] says was one.
func Form(value string) string {
	if len(value) < 8 {
		return ""
	}
	if what := formHidden(value); what != "" {
		return what
	}
	switch {
	case hasPrivateKey(value):
		return privateKey
	case isJWT(value):
		return webToken
	case hasPassword(value):
		return urlWithPassword
	}
	for _, token := range issued {
		if token.in(value) {
			return token.what
		}
	}
	return ""
}

// issuedToken is how the tokens of an issuer look.
type issuedToken struct {
	what   string
	prefix string
	least  int // characters that follow the prefix, at least
	of     charset
}

// charset reports whether a character can be part of a token.
type charset func(byte) bool

func upperOrDigit(b byte) bool { return 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' }
func alphanumeric(b byte) bool { return upperOrDigit(b) || 'a' <= b && b <= 'z' }
func wordLike(b byte) bool     { return alphanumeric(b) || b == '_' || b == '-' }
func dotted(b byte) bool       { return wordLike(b) || b == '.' }
func base64Like(b byte) bool   { return alphanumeric(b) || b == '+' || b == '/' }

// issued are the tokens that are known by their issuers' documentation.
var issued = [...]issuedToken{
	{"an AWS access key", "AKIA", 16, upperOrDigit},
	{"an age key", "AGE-SECRET-KEY-1", 58, upperOrDigit},
	{"an Anthropic API key", "sk-ant-", 24, wordLike},
	{"an Azure storage key", "AccountKey=", 86, base64Like},
	{"a DigitalOcean token", "dop_v1_", 64, alphanumeric},
	{"a Docker Hub token", "dckr_pat_", 24, wordLike},
	{"a GitHub token", "ghp_", 36, alphanumeric},
	{"a GitHub token", "gho_", 36, alphanumeric},
	{"a GitHub token", "ghs_", 36, alphanumeric},
	{"a GitHub token", "ghu_", 36, alphanumeric},
	{"a GitHub token", "github_pat_", 60, wordLike},
	{"a GitLab token", "glpat-", 20, dotted},
	{"a Google API key", "AIza", 35, wordLike},
	{"a Grafana token", "glsa_", 32, wordLike},
	{"a Hugging Face token", "hf_", 34, alphanumeric},
	{"an npm token", "npm_", 36, alphanumeric},
	{"an OpenAI API key", "sk-proj-", 24, wordLike},
	{"a PyPI token", "pypi-AgEI", 50, wordLike},
	{"a SendGrid API key", "SG.", 60, dotted},
	{"a Slack token", "xoxb-", 24, wordLike},
	{"a Slack token", "xoxp-", 24, wordLike},
	{"a Stripe key", "rk_live_", 24, alphanumeric},
	{"a Stripe key", "sk_live_", 24, alphanumeric},
	{"a Vault token", "hvs.", 24, wordLike},
}

// in reports whether a text contains the token as a word of its own, and not
// the example of a manual.
func (t issuedToken) in(text string) bool {
	start := strings.Index(text, t.prefix)
	if start < 0 || start > 0 && wordLike(text[start-1]) {
		return false
	}
	end := start + len(t.prefix)
	for end < len(text) && t.of(text[end]) {
		end++
	}
	tail := text[start+len(t.prefix) : end]
	return len(tail) >= t.least && entropy(tail) > 2.5 && !strings.Contains(strings.ToUpper(tail), "EXAMPLE")
}

// hasPrivateKey reports whether a text contains a private key in PEM (RFC 7468)
// or in the formats of OpenSSH and PGP, which are written alike.
func hasPrivateKey(text string) bool {
	for {
		_, after, found := strings.Cut(text, "-----BEGIN ")
		if !found {
			return false
		}
		label, body, closed := strings.Cut(after, "-----")
		kept, _, _ := strings.Cut(body, "-----")
		if closed && (strings.HasSuffix(label, "PRIVATE KEY") || strings.HasSuffix(label, "PRIVATE KEY BLOCK")) &&
			len(strings.TrimSpace(kept)) >= 32 {
			return true
		}
		text = after
	}
}

// isJWT reports whether a text is a signed JSON Web Token (RFC 7519): header and
// claims are objects, whose encoding begins with eyJ.
func isJWT(text string) bool {
	parts := strings.Split(strings.TrimPrefix(strings.TrimSpace(text), "Bearer "), ".")
	if len(parts) != 3 || !strings.HasPrefix(parts[0], "eyJ") || !strings.HasPrefix(parts[1], "eyJ") || len(parts[2]) < 32 {
		return false
	}
	for _, part := range parts {
		for i := range len(part) {
			if !wordLike(part[i]) {
				return false
			}
		}
	}
	return true
}

// hasPassword reports whether a text has a URL with a password in it.
func hasPassword(text string) bool {
	_, authority, found := strings.Cut(text, "://")
	if !found {
		return false
	}
	if end := strings.IndexAny(authority, "/?# \t\n\"'"); end >= 0 {
		authority = authority[:end]
	}
	at := strings.LastIndexByte(authority, '@')
	if at < 0 {
		return false
	}
	_, password, found := strings.Cut(authority[:at], ":")
	return found && password != "" && !placeholder(password)
}

// placeholder reports whether a text stands for a value that is filled in
// elsewhere, or is struck out.
func placeholder(text string) bool {
	for _, sign := range []string{"$(", "${", "{{", "<", "%(", "***", "xxx", "XXX"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return strings.HasPrefix(text, "$") || strings.HasPrefix(text, "%")
}

// entropy returns how many bits each byte of a text tells on average.
func entropy(text string) float64 {
	var count [256]int
	for i := range len(text) {
		count[text[i]]++
	}
	bits := 0.0
	for _, n := range count {
		if n > 0 {
			share := float64(n) / float64(len(text))
			bits -= share * math.Log2(share)
		}
	}
	return bits
}
