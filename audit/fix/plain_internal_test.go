package fix

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/util/json"

	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// A word is written as the YAML encoder writes it.
func TestIsWord(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	words := []string{"y", "No", "ON", "oFF", "true", "Null", "a", "e10", "0x1", "1e3", "a.b/c", "inf", ".inf", "nan", "x-", "a:", "", "-", "ALL", "RuntimeDefault"}
	for range kubetest.Rounds(20000) {
		word := make([]byte, 1+random.IntN(5))
		for i := range word {
			const alphabet = "abefilnoprstuyzABENOXY0123456789-/._:+~ "
			word[i] = alphabet[random.IntN(len(alphabet))]
		}
		words = append(words, string(word))
	}
	plain := 0
	for _, word := range words {
		encoded, err := yaml.Marshal(word)
		if err != nil {
			t.Fatal(err)
		}
		if !isWord(word) {
			continue
		}
		plain++
		if got := strings.TrimSuffix(string(encoded), "\n"); got != word {
			t.Errorf("%q is taken for a word, and is written %s", word, got)
		}
	}
	if plain < kubetest.Rounds(1000) {
		t.Errorf("%d words are plain", plain)
	}
}

// What is JSON-like is copied as its encoding would be.
func TestPlainCopy(t *testing.T) {
	t.Parallel()
	for _, value := range []any{
		nil, true, 1, int64(7), "text", "\xff", []any(nil),
		[]any{},
		map[string]any(nil),
		map[string]any{},
		map[string]any{"a": []any{1, "b", nil, map[string]any{"c": int64(2)}}, "d": false},
		map[string]any{"\xff": 1},
		[]any{"\xff"},
		1.5, 2.0, uint64(3),
		map[string]string{"a": "b"},
		[]string{"a"},
		[]any{[]string{"a"}},
		map[string]any{"a": map[string]string{"b": "c"}},
	} {
		encoded, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		var want any
		if err := json.Unmarshal(encoded, &want); err != nil {
			t.Fatal(err)
		}
		got, err := plain(value)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%#v (-want +got):\n%s", value, diff)
		}
	}
	held := map[string]any{"a": []any{"b"}}
	copied, err := plain(held)
	if err != nil {
		t.Fatal(err)
	}
	list, _ := copied.(map[string]any)["a"].([]any)
	list[0] = "c"
	if diff := cmp.Diff(map[string]any{"a": []any{"b"}}, held); diff != "" {
		t.Errorf("the value was changed:\n%s", diff)
	}
}
