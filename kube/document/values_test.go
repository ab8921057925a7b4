package document_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/kube/document"
)

func TestValues(t *testing.T) {
	t.Parallel()
	type m = map[string]any
	tests := map[string]struct {
		text string
		want any
	}{
		"scalars":              {"a: 1\nb: 1.5\nc: true\nd: x\ne: null\nf:\n", m{"a": 1, "b": 1.5, "c": true, "d": "x", "e": nil, "f": nil}},
		"booleans of YAML 1.1": {"[yes, No, ON, off, y, N]", []any{true, false, true, false, true, false}},
		"quoted they are text": {`["yes", 'no', !!str on]`, []any{"yes", "no", "on"}},
		"octal numbers":        {"[0644, 0o644, 0x1f, 1_000]", []any{420, 420, 31, 1000}},
		"times are text":       {"[2026-01-02, 2026-01-02T03:04:05Z]", []any{"2026-01-02", "2026-01-02T03:04:05Z"}},
		"keys are text":        {"1: a\ntrue: b\n1.5: c\n2026-01-02: d\n", m{"1": "a", "true": "b", "1.5": "c", "2026-01-02": "d"}},
		"keys that are aliases": {
			"a: &k 1\n*k : b\n", m{"a": 1, "1": "b"},
		},
		"merged maps": {"a: &a {p: 1, q: 2}\nb: {<<: *a, q: yes}\n", m{"a": m{"p": 1, "q": 2}, "b": m{"p": 1, "q": true}}},
		"aliases":     {"a: &a [on]\nb: *a\n", m{"a": []any{true}, "b": []any{true}}},
		"a scalar":    {"yes", true},
		"JSON":        {`{"a": ["yes", 1e3, false]}`, m{"a": []any{"yes", 1000.0, false}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root, err := document.Parse([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			got, err := document.Values(root)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
			kubectl, err := yaml.YAMLToJSON([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			encoded, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(kubectl), string(encoded)); diff != "" {
				t.Errorf("as JSON (-kubectl +got):\n%s", diff)
			}
		})
	}
}

// A key that is a boolean of YAML 1.1 stays what a person wrote, so that its
// path finds it; kubectl makes "true" of this one.
func TestValuesKeepKeys(t *testing.T) {
	t.Parallel()
	root, err := document.Parse([]byte("y: 1\nOff: 2\n"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := document.Values(root)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(any(map[string]any{"y": 1, "Off": 2}), got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

func FuzzValues(f *testing.F) {
	for _, text := range []string{nested, "a: &k 1\n*k : b", "? [a]\n: b", "{1: 2, 1.5: x, ? {} : y}", "!!set {a, b}", "- !!binary aGk=\n- .nan"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		root, err := document.Parse(text)
		if root == nil || err != nil {
			return
		}
		value, err := document.Values(root)
		if err != nil {
			return
		}
		if fault := notLikeJSON(value); fault != "" {
			t.Errorf("%s in the values of %q", fault, text)
		}
	})
}

// notLikeJSON names the first type that JSON-like values do not have.
func notLikeJSON(value any) string {
	switch v := value.(type) {
	case map[string]any:
		for _, child := range v {
			if fault := notLikeJSON(child); fault != "" {
				return fault
			}
		}
	case []any:
		for _, child := range v {
			if fault := notLikeJSON(child); fault != "" {
				return fault
			}
		}
	case nil, bool, string, int, int64, uint64, float64:
	default:
		return cmp.Diff(nil, v)
	}
	return ""
}
