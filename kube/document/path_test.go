package document_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/kube/document"
)

func TestParsePath(t *testing.T) {
	t.Parallel()
	key, index := document.Key, document.Index
	tests := map[string]struct {
		want document.Path
		text string // as String writes it; "" for as it was read
	}{
		"":                                       {},
		"spec":                                   {want: document.Path{key("spec")}},
		"spec.containers[0].image":               {want: document.Path{key("spec"), key("containers"), index(0), key("image")}},
		"items[12][3].a":                         {want: document.Path{key("items"), index(12), index(3), key("a")}},
		"[0].a":                                  {want: document.Path{index(0), key("a")}},
		`["a.b/c"].d`:                            {want: document.Path{key("a.b/c"), key("d")}},
		`metadata.labels["app.kubernetes.io/x"]`: {want: document.Path{key("metadata"), key("labels"), key("app.kubernetes.io/x")}},
		`data["a\"]\n[0]"][1]`:                   {want: document.Path{key("data"), key("a\"]\n[0]"), index(1)}},
		`data[""]`:                               {want: document.Path{key("data"), key("")}},
		`data["plain"]`:                          {want: document.Path{key("data"), key("plain")}, text: "data.plain"},
		"data.a b":                               {want: document.Path{key("data"), key("a b")}},
	}
	for path, test := range tests {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			got, err := document.ParsePath(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, cmp.Transformer("empty", func(p document.Path) []document.Step { return append([]document.Step{}, p...) })); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
			want := test.text
			if want == "" {
				want = path
			}
			if got.String() != want {
				t.Errorf("String is %q, want %q", got, want)
			}
		})
	}
}

func TestParsePathRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		".spec":                   "it begins with a dot",
		"spec.":                   `expected a key at ""`,
		"a..b":                    `expected a key at ".b"`,
		"a[":                      `expected the index of an element at "["`,
		"a[]":                     `expected the index of an element at "[]"`,
		"a[-1]":                   `expected the index of an element at "[-1]"`,
		"a[+1]":                   `expected the index of an element at "[+1]"`,
		"a[1.5]":                  `expected the index of an element at "[1.5]"`,
		"a[0]b":                   `expected . or [ before "b"`,
		`a["b`:                    `the quotes at "[\"b" do not end`,
		`a["b"`:                   `expected a key in quotes at "[\"b\""`,
		`a["b"x]`:                 `expected a key in quotes at "[\"b\"x]"`,
		`a.b"c`:                   `expected a key at "b\"c"`,
		"a]":                      `expected a key at "a]"`,
		"a['b']":                  `expected the index of an element at "['b']"`,
		"a[99999999999999999999]": `expected the index of an element at "[99999999999999999999]"`,
	}
	for path, want := range tests {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			_, err := document.ParsePath(path)
			if err == nil || !strings.HasSuffix(err.Error(), ": "+want) || !strings.HasPrefix(err.Error(), "parsing field path ") {
				t.Errorf("error is %v, want %s", err, want)
			}
		})
	}
}

func FuzzParsePath(f *testing.F) {
	for _, path := range []string{"a.b[0].c", `a["b.c"]`, `["\xff"]`, "a[0", `["` + "`" + `"]`, "a.\u2028"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		steps, err := document.ParsePath(path)
		if err != nil {
			return
		}
		roundTrip(t, steps)
	})
}

func FuzzPathOfKeys(f *testing.F) {
	f.Add("a", "b.c", 0)
	f.Add("", "\"", 7)
	f.Add("\xff.", "]\n", -1)
	f.Fuzz(func(t *testing.T, a, b string, i int) {
		roundTrip(t, document.Path{document.Key(a), document.Index(max(i, 0)), document.Key(b)})
		roundTrip(t, document.Path{document.Index(max(i, 0)), document.Key(b), document.Key(a)})
	})
}

func roundTrip(t *testing.T, path document.Path) {
	t.Helper()
	again, err := document.ParsePath(path.String())
	if err != nil {
		t.Fatalf("%q: %v", path.String(), err)
	}
	if diff := cmp.Diff([]document.Step(path), []document.Step(again)); diff != "" {
		t.Errorf("%q read again (-want +got):\n%s", path.String(), diff)
	}
}
