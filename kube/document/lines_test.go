package document_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/kube/document"
)

func TestFromJSON(t *testing.T) {
	t.Parallel()
	got, err := document.FromJSON([]byte(`{"spec":{"b":[{"x":"yes"},2],"a":null},"kind":"Pod"}`))
	if err != nil {
		t.Fatal(err)
	}
	want := "kind: Pod\nspec:\n  a: null\n  b:\n  - x: \"yes\"\n  - 2\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("YAML (-want +got):\n%s", diff)
	}
	if _, err := document.FromJSON([]byte("{")); err == nil {
		t.Error("half an object is written as YAML")
	}
}

// TestLines counts lines as the parser does, so that its line numbers are theirs.
func TestLines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":                        nil,
		"a":                       {"a"},
		"a\n":                     {"a"},
		"a\r\nb\rc\u2028d\u0085e": {"a", "b", "c", "d", "e"},
		"\n\na: é\n":              {"", "", "a: é"},
	} {
		if diff := cmp.Diff(want, document.Lines([]byte(text))); diff != "" {
			t.Errorf("Lines(%q) (-want +got):\n%s", text, diff)
		}
	}
}
