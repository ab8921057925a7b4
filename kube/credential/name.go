package credential

import (
	"slices"
	"strings"
)

// Sensitivity is how much the name of a variable says of its value.
type Sensitivity int

const (
	// Unsaid says nothing.
	Unsaid Sensitivity = iota
	// KeyLike names a key or token, which are made by machines.
	KeyLike
	// PasswordLike names a password, which people also think up.
	PasswordLike
)

// Said returns what the name of a variable says of its value, by its last words
// alone: TOKEN_URL, SECRET_NAME and PASSWORD_FILE are not what they begin with.
func Said(name string) Sensitivity {
	words := wordsOf(name)
	if len(words) == 0 {
		return Unsaid
	}
	last := words[len(words)-1]
	if strings.HasSuffix(last, "password") { // PGPASSWORD
		return PasswordLike
	}
	switch last {
	case "passwd", "passphrase", "pwd", "pass":
		if (last == "pwd" || last == "pass") && len(words) == 1 { // a folder, a verb
			return Unsaid
		}
		return PasswordLike
	case "token", "secret", "apikey", "secretkey", "accesskey", "privatekey":
		return KeyLike
	case "key":
		if len(words) > 1 && slices.Contains([]string{
			"access", "account", "api", "auth", "encryption", "master", "private", "secret", "signing",
		}, words[len(words)-2]) {
			return KeyLike
		}
	}
	return Unsaid
}

// wordsOf returns the words of a name in lower case: of DB_PASSWORD, db-password
// and dbPassword alike.
func wordsOf(name string) []string {
	var words []string
	start := 0
	cut := func(end int) {
		if end > start {
			words = append(words, strings.ToLower(name[start:end]))
		}
	}
	upper := func(b byte) bool { return 'A' <= b && b <= 'Z' }
	for i := range len(name) {
		switch {
		case !alphanumeric(name[i]):
			cut(i)
			start = i + 1
		case i > start && upper(name[i]) && !upper(name[i-1]):
			cut(i)
			start = i
		}
	}
	cut(len(name))
	return words
}

// Literal reports whether the value of a variable so named is likely the secret
// itself: not a switch, a number, a path, the name of a Secret, or a reference
// that the program resolves.
func (s Sensitivity) Literal(value string) bool {
	if s != Unsaid && isHiddenLiteral(value) {
		return true
	}
	if s == Unsaid || placeholder(value) || reference(value) {
		return false
	}
	if s == PasswordLike {
		return len(value) >= 4 && !naming(value) && entropy(value) > 1.5
	}
	sentence := strings.ContainsAny(value, " \t\n")
	return len(value) >= 16 && !sentence && mixed(value) && !naming(value) && entropy(value) > 3
}

// mixed reports whether a text has digits as well as letters.
func mixed(text string) bool {
	digits, letters := false, false
	for i := range len(text) {
		digit := '0' <= text[i] && text[i] <= '9'
		digits = digits || digit
		letters = letters || !digit && alphanumeric(text[i])
	}
	return digits && letters
}

// reference reports whether a value says where the secret is.
func reference(value string) bool {
	if strings.Contains(value, "://") { // one with a password is told by its form
		return true
	}
	for _, prefix := range []string{"/", "./", "../", "~/", "arn:", "vault:", "ref+", "file:", "env:", "projects/", "secret/", "@"} {
		if strings.HasPrefix(value, prefix) {
			return true
		}
	}
	return strings.Contains(value, ".svc.") || strings.HasSuffix(value, ".svc")
}

// naming reports whether a value is itself a name, of a Secret or a key of it,
// or a word that switches something.
func naming(value string) bool {
	if slices.Contains([]string{"auto", "default", "disabled", "enabled", "false", "none", "null", "optional", "prompt", "required", "true"}, strings.ToLower(value)) {
		return true
	}
	words := wordsOf(value)
	return len(words) > 1 && slices.ContainsFunc(words, func(word string) bool {
		return slices.Contains([]string{"password", "passwd", "token", "secret", "secrets", "key", "credentials", "creds"}, word)
	})
}
