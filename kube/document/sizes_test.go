package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// TestBombs reads documents that stand for far more than is written.
func TestBombs(t *testing.T) {
	t.Parallel()
	laughs := "a: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n"
	merged := "a: &a0 {k: ha}\n"
	for i := range 12 {
		again := strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), ", ")
		laughs += fmt.Sprintf("a%d: &a%d [%s]\n", i, i+1, again)
		merged += fmt.Sprintf("a%d: &a%d {<<: [%s], k%d: ha}\n", i, i+1, again, i)
	}
	for name, text := range map[string]string{
		"billion laughs": laughs,
		"merged":         merged,
		"one long text":  "a: &a " + strings.Repeat("x", 100_000) + "\nb: [" + strings.Repeat("*a, ", 100_000) + "]\n",
		"long keys":      "a: &a {" + strings.Repeat("x", 1000) + ": 1}\nb: [" + strings.Repeat("*a, ", 100_000) + "]\n",
		"itself":         "a: &a [*a, *a]\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root, err := document.Parse([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := document.Values(root); err == nil {
				t.Error("it has values")
			}
		})
	}
}

// TestAliases reads what people write with aliases.
func TestAliases(t *testing.T) {
	t.Parallel()
	text := "a: &a {k: [1, 2, 3], l: " + strings.Repeat("x", 1000) + "}\n"
	for i := range 1000 {
		text += fmt.Sprintf("b%d: {<<: *a, own: %d}\n", i, i)
	}
	root, err := document.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	value, err := document.Values(root)
	if err != nil {
		t.Fatal(err)
	}
	if object, ok := value.(map[string]any); !ok || len(object) != 1001 {
		t.Errorf("values are %.100v", value)
	}
}

// TestDeep reads what is nested deeper than anybody writes: it is refused, or read.
func TestDeep(t *testing.T) {
	t.Parallel()
	for _, levels := range []int{9_000, 1_000_000} {
		for _, bracket := range [][2]string{{"[", "]"}, {"{a: ", "}"}, {"- ", ""}, {"? ", ""}} {
			text := strings.Repeat(bracket[0], levels) + strings.Repeat(bracket[1], levels)
			root, err := document.Parse([]byte(text))
			if err != nil {
				continue
			}
			_, _ = document.AppendJSON(nil, root)
			_, err = document.Values(root)
			if deep := levels > 10_000; deep && err == nil || !deep && err != nil && bracket[0] != "? " {
				t.Errorf("%s, %d levels: %v", bracket[0], levels, err)
			}
		}
	}
}
