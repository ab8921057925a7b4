package nav_test

import (
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seaworthy-dev/seaworthy/ui/nav"
)

func TestAddress(t *testing.T) {
	t.Parallel()
	tests := map[string]nav.Address{
		"overview":                          {Screen: "overview"},
		"help":                              {Screen: "help"},
		"rules":                             {Screen: "rules"},
		"ns/payments-prod":                  {Screen: "ns", Target: "payments-prod"},
		"findings?sev=critical":             {Screen: "findings", Query: map[string]string{"sev": "critical"}},
		"findings?q=a%7Cb+c&sev=critical":   {Screen: "findings", Query: map[string]string{"q": "a|b c", "sev": "critical"}},
		"finding/run-as-non-root/shop/a%3F": {Screen: "finding", Target: "run-as-non-root/shop/a?"},
		"ns/100%25":                         {Screen: "ns", Target: "100%"},
		"ns//":                              {Screen: "ns", Target: "/"},
		"rbac-2/a%1B":                       {Screen: "rbac-2", Target: "a\x1b"},
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got, err := nav.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("Parse (-want +got):\n%s", diff)
			}
			if back := got.String(); back != text {
				t.Errorf("String = %q, want %q", back, text)
			}
		})
	}
}

func TestAddressTolerates(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"  overview ":        "overview",
		"findings?":          "findings",
		"findings?wide":      "findings?wide=",
		"findings?b=1&a=2":   "findings?a=2&b=1",
		"ns/kube system":     "ns/kube%20system",
		"findings?q=a%20b":   "findings?q=a+b",
		"finding/a?q=%3Fx%3": "",
		"":                   "",
		"?a=b":               "",
		"ns/":                "",
		"/ns":                "",
		"Overview":           "",
		"1":                  "",
		"over view":          "",
		"ns/%zz":             "",
		"findings?a=1&a=2":   "",
		"findings?=1":        "",
		"findings?a;b":       "",
	} {
		got, err := nav.Parse(text)
		if want == "" {
			if err == nil || !strings.HasPrefix(err.Error(), "reading address ") {
				t.Errorf("Parse(%q) = %v with error %v, want an error about the address", text, got, err)
			}
			continue
		}
		if err != nil || got.String() != want {
			t.Errorf("Parse(%q) = %q with error %v, want %q", text, got, err, want)
		}
	}
}

func FuzzAddress(f *testing.F) {
	f.Add("finding/a/b?sev=critical&q=%7C")
	f.Add("ns//?a")
	f.Fuzz(func(t *testing.T, text string) {
		first, err := nav.Parse(text)
		if err != nil {
			return
		}
		second, err := nav.Parse(first.String())
		if err != nil {
			t.Fatalf("Parse(%q) = %+v, whose text %q is refused: %v", text, first, first.String(), err)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("round trip of %q by %q (-first +second):\n%s", text, first.String(), diff)
		}
		for _, r := range first.String() {
			if r <= ' ' || r > '~' {
				t.Errorf("the text %q of %q has %U", first.String(), text, r)
			}
		}
	})
}

func TestCommands(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, test := range []struct {
		cmd  tea.Cmd
		want tea.Msg
	}{
		{nav.Open("overview"), nav.OpenMsg{Address: "overview"}},
		{nav.Fail(broken), nav.FailMsg{Err: broken}},
		{nav.Notice("done"), nav.NoticeMsg{Text: "done"}},
		{nav.Copy("a: b", "the patch"), nav.CopyMsg{Text: "a: b", What: "the patch"}},
	} {
		if got := test.cmd(); got != test.want {
			t.Errorf("the command sends %#v, want %#v", got, test.want)
		}
	}
	if nav.Fail(nil) != nil {
		t.Error("Fail(nil) is a command, want none")
	}
}
