package traffic

import (
	"strings"
	"unicode"
)

// slugOf writes a reason of the API (CamelCase) as a slug: "ref-not-permitted".
func slugOf(reason string) string {
	var slug strings.Builder
	for i, r := range reason {
		switch {
		case unicode.IsUpper(r) && i > 0:
			slug.WriteByte('-')
			slug.WriteRune(unicode.ToLower(r))
		case unicode.IsUpper(r):
			slug.WriteRune(unicode.ToLower(r))
		case unicode.IsLower(r) || unicode.IsDigit(r):
			slug.WriteRune(r)
		}
	}
	return slug.String()
}
