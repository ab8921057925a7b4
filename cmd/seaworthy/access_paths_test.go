package main

import (
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// A cut says what it closes, and whether it is known to be the cheapest.
func TestCutIsToldAsItIs(t *testing.T) {
	t.Parallel()
	change := func(name string) paths.Change {
		return paths.Change{Evidence: graph.Evidence{Object: kube.Secrets.Ref("ci", name)}, Effort: paths.Effort{Change: "a token", Cost: 2}}
	}
	first, second := change("first"), change("second")
	cases := map[string]attack{
		"To close all 3: cost 4, not proved cheapest, at least 3:|  1. Secret ci/first: cost 2 (a token)|  2. Secret ci/second: cost 2 (a token)|": {
			open: 3, most: 10, cut: paths.Cut{Changes: []paths.Change{first, second}, Cost: 4, Bound: 3, Closed: 3},
		},
		"To close the 2 of 3 that can be closed: cost 2, proved cheapest:|  1. Secret ci/first: cost 2 (a token)|": {
			open: 3, most: 10, cut: paths.Cut{Changes: []paths.Change{first}, Cost: 2, Bound: 2, Closed: 2},
		},
		"To close it: that, cost 2, proved cheapest.|": {
			open: 1, most: 10, plan: []paths.Change{first}, cut: paths.Cut{Changes: []paths.Change{first}, Cost: 2, Bound: 2, Closed: 1},
		},
		"To close all 2: cost 4, proved cheapest:|  1. Secret ci/first: cost 2 (a token)|     and 1 more: --limit tells of it|": {
			open: 2, most: 1, cut: paths.Cut{Changes: []paths.Change{first, second}, Cost: 4, Bound: 4, Closed: 2},
		},
		"": {open: 2, most: 10},
	}
	for want, a := range cases {
		var text strings.Builder
		a.writeCut(&text, func(indent, _, sentence string) { text.WriteString(indent + sentence + "\n") })
		if got := strings.ReplaceAll(strings.TrimLeft(text.String(), "\n"), "\n", "|"); got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
}
