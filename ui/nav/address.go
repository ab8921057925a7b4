package nav

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Address names a place in the program: a screen, what it shows and how. Its
// text form is what a user types after ":" and gives to --at, and what stands
// in reports and tests:
//
//	overview
//	ns/payments
//	findings?sev=critical
//	finding/run-as-non-root/payments/deploy/checkout
//
// Addresses are values to be compared by their text form.
type Address struct {
	// Screen is the name of the screen: a lower-case word, perhaps with
	// digits and hyphens.
	Screen string
	// Target is what the screen is about, such as the name of a namespace;
	// empty for the screen as a whole. It may have slashes.
	Target string
	// Query says how it is shown. Keys are not empty. Nil and empty are the
	// same.
	Query map[string]string
}

// Parse reads an address. Blanks around it do not count. It checks the form
// only: whether there is such a screen, the routes know.
func Parse(text string) (Address, error) {
	text = strings.TrimSpace(text)
	place, query, hasQuery := strings.Cut(text, "?")
	screen, target, hasTarget := strings.Cut(place, "/")
	if !isScreen(screen) {
		return Address{}, fmt.Errorf("reading address %q: %q is not the name of a screen", text, screen)
	}
	target, err := url.PathUnescape(target)
	if err != nil {
		return Address{}, fmt.Errorf("reading address %q: %w", text, err)
	}
	if hasTarget && target == "" {
		return Address{}, fmt.Errorf("reading address %q: nothing stands after the slash", text)
	}
	address := Address{Screen: screen, Target: target}
	if !hasQuery {
		return address, nil
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return Address{}, fmt.Errorf("reading address %q: %w", text, err)
	}
	for key, list := range values {
		if key == "" || len(list) > 1 {
			return Address{}, fmt.Errorf("reading address %q: each key of the query must be named, once", text)
		}
		if address.Query == nil {
			address.Query = map[string]string{}
		}
		address.Query[key] = list[0]
	}
	return address, nil
}

// String returns the text form, with the query in the order of its keys.
// Characters with a meaning in an address are escaped as in a URL; Parse gives
// the same address back.
func (a Address) String() string {
	var b strings.Builder
	b.WriteString(a.Screen)
	if a.Target != "" {
		b.WriteByte('/')
		for i, part := range strings.Split(a.Target, "/") {
			if i > 0 {
				b.WriteByte('/')
			}
			b.WriteString(url.PathEscape(part))
		}
	}
	keys := make([]string, 0, len(a.Query))
	for key := range a.Query {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for i, key := range keys {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(url.QueryEscape(key))
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(a.Query[key]))
	}
	return b.String()
}

// isScreen reports whether the text has the form of the name of a screen.
func isScreen(text string) bool {
	for i, r := range text {
		letter := r >= 'a' && r <= 'z'
		if !letter && (i == 0 || r != '-' && (r < '0' || r > '9')) {
			return false
		}
	}
	return text != ""
}
