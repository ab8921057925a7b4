package screen_test

import (
	"errors"
	"testing"

	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

func TestWithFilter(t *testing.T) {
	t.Parallel()
	asked := nav.Address{Screen: "findings", Query: map[string]string{"group": "rule"}}
	for filter, want := range map[string]string{
		"": "findings?group=rule", "sev>=high": "findings?filter=sev%3E%3Dhigh&group=rule",
	} {
		if got := screen.WithFilter(asked, filter).String(); got != want {
			t.Errorf("with the filter %q it is %s, want %s", filter, got, want)
		}
	}
	if got := asked.String(); got != "findings?group=rule" {
		t.Errorf("the address itself has become %s", got)
	}
	if got := screen.FilterOf(screen.WithFilter(nav.Address{Screen: "log"}, "a b")); got != "a b" {
		t.Errorf("the filter of an address with one is %q, want what was put in", got)
	}
}

func TestFilterTitle(t *testing.T) {
	t.Parallel()
	if got, want := screen.FilterTitle("Rules", 18, 18, ""), "Rules (18)"; got != want {
		t.Errorf("without a filter the title is %q, want %q", got, want)
	}
	if got, want := screen.FilterTitle("Rules", 0, 18, "x")+screen.Unfiltered(errors.New("no")), "Rules (0 of 18) filtered by x not filtered: no"; got != want {
		t.Errorf("the title is %q, want %q", got, want)
	}
	if got := screen.Unfiltered(nil); got != "" {
		t.Errorf("of a good filter is said %q", got)
	}
}
