package change

import (
	"regexp"
	"strings"
)

// What a name has in it whose value is a secret, and a value.
const (
	secretName  = `[\w.-]*(?:passw|passphrase|pwd|token|secret|api[_-]?key|access[_-]?key|private[_-]?key|credential|authorization)[\w.-]*`
	secretValue = `("[^"]*"|'[^']*'|\S+(?:\s+\S{20,})?)`
)

// These match a name that says its value is a secret, and the value: after a sign of
// equality or a colon anywhere, after a space only behind a flag, since people write of
// secrets by name. Too much is masked rather than too little.
var (
	secretEqual = regexp.MustCompile(`(?i)(` + secretName + `)(["']?\s*[=:]\s*)` + secretValue)
	secretFlag  = regexp.MustCompile(`(?i)(^|\s)(--?` + secretName + `\s+)([^\s-]\S*)`)
)

// userinfo matches the user and password of a URL.
var userinfo = regexp.MustCompile(`(://)[^/@\s]*:[^/@\s]*@`)

// scrub masks what looks like a credential in a text.
func scrub(text string) string {
	if strings.Contains(text, "://") {
		text = userinfo.ReplaceAllString(text, "${1}"+Masked+"@")
	}
	text = secretEqual.ReplaceAllString(text, "${1}${2}"+Masked)
	return secretFlag.ReplaceAllString(text, "${1}${2}"+Masked)
}

// commandLine returns the arguments in which two lists differ, without what they
// begin and end with alike, scrubbed; a flag before its value belongs to it.
func commandLine(before, after []string) (was, is string) {
	start := 0
	for start < len(before) && start < len(after) && before[start] == after[start] {
		start++
	}
	end := 0
	for end < len(before)-start && end < len(after)-start && before[len(before)-1-end] == after[len(after)-1-end] {
		end++
	}
	if start > 0 && (start < len(before)-end || start < len(after)-end) && strings.HasPrefix(before[start-1], "-") && !strings.Contains(before[start-1], "=") {
		start--
	}
	join := func(arguments []string) string { return clip(scrub(strings.Join(arguments, " ")), longest) }
	return join(before[start : len(before)-end]), join(after[start : len(after)-end])
}

// longest is how many runes of a value are shown.
const longest = 120
