package document_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/kube/document"
)

func TestAppendJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a: 1\nb: -1.5\nc: true\nd: x\ne: null\nf:\n":           `{"a":1,"b":-1.5,"c":true,"d":"x","e":null,"f":null}`,
		"[yes, No, \"yes\", !!str on, True]":                    `[true,false,"yes","on",true]`,
		"[0644, 0o644, 0x1f, 1_000, 0, -7, 123456789012345678]": `[420,420,31,1000,0,-7,123456789012345678]`,
		"[2026-01-02, 2026-01-02T03:04:05Z]":                    `["2026-01-02","2026-01-02T03:04:05Z"]`,
		"1: a\ntrue: b\n{}: c\n":                                "",
		"1: a\ntrue: b\n":                                       `{"1":"a","true":"b"}`,
		"a: \"\\\"\\u001b\\\\é\"\n":                             `{"a":"\"\u001b\\é"}`,
		"a: &a [on]\nb: *a\n":                                   "",
		"a: &a {p: 1}\nb: {<<: *a}\n":                           "",
		"a: 1\na: 2\n":                                          "",
		"a: !!binary aGk=\n":                                    "",
		"a: !own x\n":                                           "",
		"a: .inf\n":                                             "",
		"{a: {}, b: []}":                                        `{"a":{},"b":[]}`,
		"x":                                                     `"x"`,
	} {
		root, err := document.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		got, ok := document.AppendJSON(nil, root)
		if !ok {
			got = nil
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// FuzzAppendJSON compares the short way with the long one, from the examples of the
// rules on.
func FuzzAppendJSON(f *testing.F) {
	files, err := filepath.Glob("../../audit/rules/resources/testdata/*/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("there are no examples: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("0b: 0b1\n-: -\n? a\n: [0777, 1e3, ~, Null, .5, +1, 18446744073709551615, -0]\n")
	f.Fuzz(func(t *testing.T, text string) {
		root, err := document.Parse([]byte(text))
		if err != nil || root == nil {
			return
		}
		short, ok := document.AppendJSON(nil, root)
		if !ok {
			return
		}
		values, err := document.Values(root)
		if err != nil {
			t.Fatalf("%q becomes %s, and its values are refused: %v", text, short, err)
		}
		var got, want any
		if err := json.Unmarshal(short, &got); err != nil {
			t.Fatalf("%q becomes %s: %v", text, short, err)
		}
		long, err := json.Marshal(values)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(long, &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-by values +directly):\n%s", text, diff)
		}
	})
}
