package isolation

import (
	"errors"
	"strings"
	"testing"
)

func TestParseCalico(t *testing.T) {
	t.Parallel()
	labels := map[string]string{"app": "web", "tier": "front-end", "a.b/c": "x"}
	lookup := func(key string) (string, bool) {
		value, ok := labels[key]
		return value, ok
	}
	for text, want := range map[string]bool{
		``:                               true,
		`all()`:                          true,
		`!all()`:                         false,
		`global()`:                       false,
		`app == 'web'`:                   true,
		`app=="web"`:                     true,
		`app == 'cart'`:                  false,
		`app != 'cart'`:                  true,
		`zone != 'a'`:                    true,
		`zone == ''`:                     false,
		`app in {'web', "cart"}`:         true,
		`app in {}`:                      false,
		`zone not in {'a'}`:              true,
		`app not in {'web'}`:             false,
		`has(app)`:                       true,
		`!has( zone )`:                   true,
		`tier contains 't-e'`:            true,
		`tier starts with 'front'`:       true,
		`tier ends with 'front'`:         false,
		`a.b/c == 'x'`:                   true,
		`has(zone) || app == 'web'`:      true,
		`has(zone) && app == 'web'`:      false,
		`has(zone) && has(a) || all()`:   true,
		`has(zone) && (has(a) || all())`: false,
		`!(has(zone) || has(a))`:         true,
	} {
		s, _, err := parseCalico(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := s(lookup); got != want {
			t.Errorf("%s selects: %t, want %t", text, got, want)
		}
	}
}

func TestParseCalicoRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`app`, `app =`, `app = 'web'`, `app == web`, `app == 'web`, `== 'web'`, `all(`, `any()`, `has(app`, `(all()`,
		`all())`, `all() all()`, `app in 'web'`, `app in {'web'`, `app in {'web' 'cart'}`, `app not 'web'`, `app starts 'w'`, `!`, `&&`, `all() &&`, `'`,
		strings.Repeat("(", 1_000_000), strings.Repeat("!", 1_000_000),
	} {
		if _, _, err := parseCalico(text); !errors.Is(err, errCalicoSelector) {
			t.Errorf("%.40s: error %v, want errCalicoSelector", text, err)
		}
	}
}

func FuzzParseCalico(f *testing.F) {
	f.Add(`(app == 'web' || has(tier)) && zone not in {'a', 'b'} && !(name starts with 'x')`)
	f.Fuzz(func(_ *testing.T, text string) {
		if s, _, err := parseCalico(text); err == nil {
			s(func(string) (string, bool) { return "", false })
		}
	})
}
