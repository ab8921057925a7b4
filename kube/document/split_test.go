package document_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// part is a document as a test writes it down.
type part struct {
	Line int
	Text string
}

func TestSplit(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want []part
	}{
		"nothing":                {"", nil},
		"one document":           {"a: 1\n", []part{{1, "a: 1\n"}}},
		"no break at the end":    {"a: 1\n---\nb: 2", []part{{1, "a: 1\n"}, {2, "---\nb: 2"}}},
		"only comments":          {"# a\n\n# b\n", []part{{1, "# a\n\n# b\n"}}},
		"opened by a marker":     {"---\na: 1\n---\nb: 2\n", []part{{1, "---\na: 1\n"}, {3, "---\nb: 2\n"}}},
		"comments before it":     {"# a\n---\na: 1\n", []part{{1, "# a\n"}, {2, "---\na: 1\n"}}},
		"empty documents":        {"---\n---\n---\n", []part{{1, "---\n"}, {2, "---\n"}, {3, "---\n"}}},
		"markers with blanks":    {"a: 1\n--- \t\nb: 2\n---\t# c\n", []part{{1, "a: 1\n"}, {2, "--- \t\nb: 2\n"}, {4, "---\t# c\n"}}},
		"content after a marker": {"--- {a: 1}\n--- |\n  b\n", []part{{1, "--- {a: 1}\n"}, {2, "--- |\n  b\n"}}},
		"longer lines are none":  {"a: 1\n----\n---x\n....\n", []part{{1, "a: 1\n----\n---x\n....\n"}}},
		"ended by dots": {
			"a: 1\n...\nb: 2\n... # c\n# d\n",
			[]part{{1, "a: 1\n...\n"}, {3, "b: 2\n... # c\n"}, {5, "# d\n"}},
		},
		"dots and a marker":        {"a: 1\n...\n---\nb: 2\n", []part{{1, "a: 1\n...\n"}, {3, "---\nb: 2\n"}}},
		"byte order mark":          {"\ufeff---\na: 1\n", []part{{1, "\ufeff---\na: 1\n"}}},
		"byte order mark, no more": {"\ufeffa: 1\n---\nb: 2\n", []part{{1, "\ufeffa: 1\n"}, {2, "---\nb: 2\n"}}},
		"CRLF": {
			"---\r\na: 1\r\n---\r\nb: 2\r\n...\r\n",
			[]part{{1, "---\r\na: 1\r\n"}, {3, "---\r\nb: 2\r\n...\r\n"}},
		},
		"CR alone": {"a: 1\r---\rb: 2\r", []part{{1, "a: 1\r"}, {2, "---\rb: 2\r"}}},
		"directives belong to what they precede": {
			"# a\n%YAML 1.2\n%TAG ! !x\n# b\n---\na: 1\n...\n%YAML 1.1\n---\nb: 2\n",
			[]part{{1, "# a\n%YAML 1.2\n%TAG ! !x\n# b\n---\na: 1\n...\n"}, {8, "%YAML 1.1\n---\nb: 2\n"}},
		},
		"a percent sign in content is no directive": {
			"a:\n%b\n---\nc: 1\n", []part{{1, "a:\n%b\n"}, {3, "---\nc: 1\n"}},
		},
		"indented markers are text": {
			"a: |\n  ---\n  x\n  ...\n  %YAML\nb: |-\n ---\n---\nc: 1\n",
			[]part{{1, "a: |\n  ---\n  x\n  ...\n  %YAML\nb: |-\n ---\n"}, {8, "---\nc: 1\n"}},
		},
		"a marker ends a block scalar at once": {"--- |\na\n---\nb\n", []part{{1, "--- |\na\n"}, {3, "---\nb\n"}}},
		"JSON": {
			"{\n\t\"a\": [\n\t\t\"---\"\n\t]\n}\n---\n{\"b\": 2}\n",
			[]part{{1, "{\n\t\"a\": [\n\t\t\"---\"\n\t]\n}\n"}, {6, "---\n{\"b\": 2}\n"}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []part
			for _, d := range document.Split([]byte(test.text)) {
				got = append(got, part{d.Line, string(d.Text)})
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("documents (-want +got):\n%s", diff)
			}
		})
	}
}

// A document may be edited in place: growing one must not reach the next.
func TestSplitTextsAreApart(t *testing.T) {
	t.Parallel()
	documents := document.Split([]byte("a: 1\n---\nb: 2\n"))
	_ = append(documents[0].Text, "XXXXX"...)
	if got := string(documents[1].Text); got != "---\nb: 2\n" {
		t.Errorf("the second document is %q", got)
	}
}

func FuzzSplit(f *testing.F) {
	for _, text := range []string{
		"", "---\n---\n", "a: 1\n...\n%YAML 1.1\n---\nb: 2\n", "\ufeffa: |\n  ---\n--- x\n", "a: 1\r\n---\r\nb: 2\r\n",
		"a: 1\r---\rb: 2", "--- |\nx\n---\n", "'a\n\n ---'\n---\n[b]", "a\u2028---\u2028b",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var whole []byte
		var split []any
		broken := false
		for _, d := range document.Split(text) {
			if len(d.Text) == 0 {
				t.Errorf("an empty text at line %d", d.Line)
			}
			whole = append(whole, d.Text...)
			root, err := document.Parse(d.Text)
			broken = broken || err != nil
			if root != nil {
				split = append(split, nodeText(root))
			}
		}
		if !bytes.Equal(whole, text) {
			t.Fatalf("documents put together are %q, want %q", whole, text)
		}
		stream, err := decoded(text)
		if err != nil || broken {
			return
		}
		if diff := cmp.Diff(stream, withoutNulls(split)); diff != "" {
			t.Errorf("documents of the whole and of the parts of %q (-whole +parts):\n%s", text, diff)
		}
	})
}

// decoded reads the documents of a text as one stream.
func decoded(text []byte) ([]any, error) {
	var all []any
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var root yaml.Node
		err := decoder.Decode(&root)
		if errors.Is(err, io.EOF) {
			return withoutNulls(all), nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, nodeText(&root))
	}
}

// nodeText is what a node says, without where it stands.
func nodeText(n *yaml.Node) any {
	if n.Kind == yaml.DocumentNode && len(n.Content) == 1 {
		return nodeText(n.Content[0])
	}
	all := []any{n.ShortTag(), n.Value, n.Anchor}
	for _, child := range n.Content {
		all = append(all, nodeText(child))
	}
	return all
}

// withoutNulls leaves out documents that say nothing: whether there is one
// between two markers is a matter of taste.
func withoutNulls(documents []any) []any {
	var kept []any
	for _, d := range documents {
		if d.([]any)[0] != "!!null" {
			kept = append(kept, d)
		}
	}
	return kept
}
