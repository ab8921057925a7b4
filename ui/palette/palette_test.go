package palette_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/ui/palette"
)

func index(t testing.TB, recent []palette.Chosen, items ...palette.Item) *palette.Index {
	t.Helper()
	x := palette.NewIndex(t.Context(), items, recent)
	if x == nil || x.Len() != len(items) {
		t.Fatalf("there is no index of %d items", len(items))
	}
	return x
}

// found returns the texts that a search finds, in their order.
func found(r *palette.Result) []string {
	texts := []string{}
	for _, hit := range r.Hits {
		texts = append(texts, hit.Item.Text)
	}
	return texts
}

func things() []palette.Item {
	return []palette.Item{
		{Kind: palette.Command, Text: "sort by the next column"},
		{Kind: palette.Command, Text: "leave the program"},
		{Kind: palette.Screen, Text: "rbac/escalation"},
		{Kind: palette.Namespace, Text: "payments"},
		{Kind: palette.Namespace, Text: "pay"},
		{Kind: palette.Rule, Text: "pdb-missing"},
		{Kind: palette.Rule, Text: "readiness-probe-missing"},
		{Kind: palette.Object, Text: "payments/deploy/gateway"},
		{Kind: palette.Object, Text: "shop/deploy/Pay"},
		{Kind: palette.Object, Text: "shop/cm/prepay"},
		{Kind: palette.Object, Text: "shop/sa/pump-array"},
	}
}

func TestRanking(t *testing.T) {
	t.Parallel()
	x := index(t, nil, things()...)
	for text, want := range map[string][]string{
		"pay":           {"pay", "shop/deploy/Pay", "payments", "payments/deploy/gateway", "shop/cm/prepay", "shop/sa/pump-array"},
		"@pay":          {"pay", "payments"},
		"PAY":           {"pay", "shop/deploy/Pay", "payments", "payments/deploy/gateway", "shop/cm/prepay", "shop/sa/pump-array"},
		"#miss pdb":     {"pdb-missing"},
		"> sort":        {"sort by the next column"},
		">":             {"sort by the next column", "leave the program"},
		"gate payments": {"payments/deploy/gateway"},
		"esc":           {"rbac/escalation"},
		"rpm":           {"readiness-probe-missing"},
		"zzz":           {},
		"@":             {"payments", "pay"},
	} {
		if diff := cmp.Diff(want, found(x.Search(t.Context(), palette.ParseQuery(text), nil))); diff != "" {
			t.Errorf("%q finds (-want +got):\n%s", text, diff)
		}
	}
	if all := x.Search(t.Context(), palette.ParseQuery(" "), nil); all.Matched != x.Len() || len(all.Hits) != x.Len() || !all.Query.Empty() {
		t.Errorf("without a text %d of %d match", all.Matched, x.Len())
	}
}

func TestWhatWasChosenComesFirstInItsClass(t *testing.T) {
	t.Parallel()
	recent := []palette.Chosen{{Kind: palette.Object, Text: "shop/cm/prepay"}, {Kind: palette.Object, Text: "payments/deploy/gateway"}}
	x := index(t, recent, things()...)
	want := []string{"pay", "shop/deploy/Pay", "payments/deploy/gateway", "payments", "shop/cm/prepay", "shop/sa/pump-array"}
	if diff := cmp.Diff(want, found(x.Search(t.Context(), palette.ParseQuery("pay"), nil))); diff != "" {
		t.Errorf("after two were chosen (-want +got):\n%s", diff)
	}
	all := found(x.Search(t.Context(), palette.ParseQuery(""), nil))
	if diff := cmp.Diff([]string{"payments/deploy/gateway", "shop/cm/prepay", "sort by the next column"}, all[:3]); diff != "" {
		t.Errorf("before anything is typed (-want +got):\n%s", diff)
	}
}

func TestWhatMatchedIsTold(t *testing.T) {
	t.Parallel()
	x := index(t, nil, things()...)
	for text, want := range map[string][]int{
		"pay":     {0, 1, 2},
		"gateway": {16, 17, 18, 19, 20, 21, 22},
		"way dep": {9, 10, 11, 20, 21, 22},
	} {
		if diff := cmp.Diff(want, x.Search(t.Context(), palette.ParseQuery(text), nil).Hits[0].At); diff != "" {
			t.Errorf("%q matched (-want +got):\n%s", text, diff)
		}
	}
	strange := index(t, nil, palette.Item{Text: "İstanbul"}, palette.Item{Text: "a\x00b"}, palette.Item{Text: "naïve"})
	for text, matched := range map[string]int{"stan": 1, "ab": 2, "nv": 1, "ï": 1} {
		if r := strange.Search(t.Context(), palette.ParseQuery(text), nil); r.Matched != matched || len(r.Hits) != matched {
			t.Errorf("%q matches %d, want %d", text, r.Matched, matched)
		}
	}
}

// TestALongNameThatIsPasted: the fuzzy matcher's scores overflow from 40 letters on.
func TestALongNameThatIsPasted(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("checkout-api-", 5)
	x := index(t, nil, palette.Item{Text: "x" + long + "y"}, palette.Item{Text: long}, palette.Item{Text: strings.ReplaceAll(long, "-", "-_")})
	want := []string{long, "x" + long + "y", strings.ReplaceAll(long, "-", "-_")}
	if diff := cmp.Diff(want, found(x.Search(t.Context(), palette.ParseQuery(long), nil))); diff != "" {
		t.Errorf("a name of %d letters finds (-want +got):\n%s", len(long), diff)
	}
}

// class is the class of a match, told in another way than the search does.
func class(item, query string) int {
	text, words := strings.ToLower(item), strings.Fields(strings.ToLower(query))
	plain := strings.Join(words, " ")
	parts := strings.Split(text, "/")
	name := parts[len(parts)-1]
	missing := slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
	switch {
	case plain == "" || text == plain || name == plain:
		return 0
	case strings.HasPrefix(text, plain) || strings.HasPrefix(name, plain):
		return 1
	case !missing:
		return 2
	}
	rest := text
	for _, letter := range strings.Join(words, "") {
		_, after, ok := strings.Cut(rest, string(letter))
		if !ok {
			return 4
		}
		rest = after
	}
	return 3
}

// random makes names of few letters, so that much matches.
func random(r *rand.Rand, most int) string {
	var b strings.Builder
	for range r.IntN(most + 1) {
		b.WriteByte("aab/- AB"[r.IntN(8)])
	}
	return b.String()
}

// randomItems are up to 400 things, of which some were chosen before.
func randomItems(r *rand.Rand) (items []palette.Item, recent []palette.Chosen) {
	for range r.IntN(400) {
		item := palette.Item{Kind: palette.Kind(r.IntN(6)), Text: random(r, 14)}
		items = append(items, item)
		if r.IntN(40) == 0 {
			recent = append(recent, palette.Chosen{Kind: item.Kind, Text: item.Text})
		}
	}
	return items, recent
}

// TestProperties types random texts letter by letter over random names.
func TestProperties(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		items, recent := randomItems(r)
		x := index(t, recent, items...)
		var before *palette.Result
		typed := ""
		for range 6 {
			typed += random(r, 2)
			q := palette.ParseQuery(typed)
			anew, narrowed := x.Search(t.Context(), q, nil), x.Search(t.Context(), q, before)
			before = narrowed
			if diff := cmp.Diff(anew.Hits, narrowed.Hits); diff != "" || anew.Matched != narrowed.Matched {
				t.Fatalf("%q: narrowing finds %d, searching anew %d (-anew +narrowed):\n%s", typed, narrowed.Matched, anew.Matched, diff)
			}
			matching := len(slices.DeleteFunc(slices.Clone(items), func(i palette.Item) bool { return class(i.Text, typed) == 4 }))
			if anew.Matched != matching || len(anew.Hits) != min(matching, palette.Most) {
				t.Fatalf("%q matches %d with %d hits, want %d", typed, anew.Matched, len(anew.Hits), matching)
			}
			classes := []int{}
			for _, hit := range anew.Hits {
				classes = append(classes, class(hit.Item.Text, typed))
				if !slices.IsSorted(hit.At) || len(hit.At) > 0 && hit.At[len(hit.At)-1] >= len(hit.Item.Text) {
					t.Fatalf("%q matches %q at %v", typed, hit.Item.Text, hit.At)
				}
			}
			if !slices.IsSorted(classes) {
				t.Fatalf("%q finds %q of classes %v", typed, found(anew), classes)
			}
		}
	}
}

func TestSearchEndsWithItsContext(t *testing.T) {
	t.Parallel()
	x := index(t, nil, things()...)
	ctx, end := context.WithCancel(t.Context())
	end()
	if x.Search(ctx, palette.ParseQuery("a"), nil) != nil || palette.NewIndex(ctx, things(), nil) != nil {
		t.Error("it went on after its context had ended")
	}
}

// FuzzSearch looks for texts that a search cannot stand.
func FuzzSearch(f *testing.F) {
	for _, seed := range []string{"pay", "@", "> x", "\xff\x00", "İ", strings.Repeat("a", 60)} {
		f.Add(seed, seed+"x")
	}
	f.Fuzz(func(t *testing.T, typed, name string) {
		x := index(t, nil, palette.Item{Text: name}, palette.Item{Kind: palette.Namespace, Text: typed})
		short := x.Search(t.Context(), palette.ParseQuery(typed), nil)
		long := palette.ParseQuery(typed + name)
		anew, narrowed := x.Search(t.Context(), long, nil), x.Search(t.Context(), long, short)
		if diff := cmp.Diff(found(anew), found(narrowed)); diff != "" {
			t.Errorf("%q after %q (-anew +narrowed):\n%s", typed+name, typed, diff)
		}
	})
}

// BenchmarkSearch types a name letter by letter over 150,000 objects.
func BenchmarkSearch(b *testing.B) {
	var items []palette.Item
	for i := range 150_000 {
		items = append(items, palette.Item{Kind: palette.Object, Text: fmt.Sprintf("team-%04d/deploy/checkout-service-%05d", i%1500, i)})
	}
	x := palette.NewIndex(b.Context(), items, nil)
	for _, typed := range []string{"c", "ch", "checkout", "team-0012 service", "tckot", "ck9"} {
		b.Run(typed, func(b *testing.B) {
			for b.Loop() {
				x.Search(b.Context(), palette.ParseQuery(typed), nil)
			}
		})
	}
	b.Run("index", func(b *testing.B) {
		for b.Loop() {
			palette.NewIndex(b.Context(), items, nil)
		}
	})
}
