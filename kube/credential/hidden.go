package credential

import (
	"fmt"
	"strings"
)

// named is what [Hidden] calls the value of a variable whose name says that it is a
// credential.
const named = "a credential"

const (
	hiddenBegin = "<redacted "
	hiddenEnd   = ">"
)

// Hidden is what stands in the place of a text that was redacted: <redacted 17>, or
// <redacted 17: a GitHub token>. The number tells which texts were the same; what says
// which credential it was, as [Form] does, and is "" for anything else. Rules find the
// same in a text that was redacted as in the text itself.
func Hidden(number int, what string) string {
	if what != "" {
		what = ": " + what
	}
	return fmt.Sprint(hiddenBegin, number, what, hiddenEnd)
}

// HiddenLiteral is [Hidden] for a text that is a credential by its variable's name
// ([Sensitivity.Literal]).
func HiddenLiteral(number int) string { return Hidden(number, named) }

// IsHidden reports whether a part of a text is what [Hidden] returns.
func IsHidden(text string) bool { return strings.Contains(text, hiddenBegin) }

// formHidden returns which credential a text was before it was redacted, "" if none.
func formHidden(text string) string {
	for {
		_, after, found := strings.Cut(text, hiddenBegin)
		if !found {
			return ""
		}
		inside, _, _ := strings.Cut(after, hiddenEnd)
		if _, what, _ := strings.Cut(inside, ": "); isForm(what) {
			return what
		}
		text = after
	}
}

// isForm reports whether [Form] may return a text.
func isForm(what string) bool {
	switch what {
	case privateKey, webToken, urlWithPassword:
		return true
	}
	for i := range issued {
		if issued[i].what == what {
			return true
		}
	}
	return false
}

// isHiddenLiteral reports whether a text is what [HiddenLiteral] returns.
func isHiddenLiteral(text string) bool {
	return strings.HasPrefix(text, hiddenBegin) && strings.HasSuffix(text, ": "+named+hiddenEnd)
}
