package ui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/coverage"
	"github.com/seaworthy-dev/seaworthy/ui/screen/finding"
	"github.com/seaworthy-dev/seaworthy/ui/screen/findings"
	"github.com/seaworthy-dev/seaworthy/ui/screen/help"
	"github.com/seaworthy-dev/seaworthy/ui/screen/overview"
)

// route is a kind of screen.
type route struct {
	name  string
	about string // for the completion of commands
	make  func(nav.Address, *keymap.Map) screen.Screen
}

// routes are the screens there are.
func routes() []route {
	return []route{
		{"overview", "the cluster's score and its namespaces", func(a nav.Address, _ *keymap.Map) screen.Screen { return overview.New(a) }},
		{"ns", "one namespace, as in ns/payments", func(a nav.Address, _ *keymap.Map) screen.Screen { return findings.New(a) }},
		{"findings", "the findings of the cluster, as in findings?filter=sev>=high", func(a nav.Address, _ *keymap.Map) screen.Screen { return findings.New(a) }},
		{"finding", "one finding", func(a nav.Address, _ *keymap.Map) screen.Screen { return finding.New(a) }},
		{"coverage", "what could be read and what could not", func(a nav.Address, _ *keymap.Map) screen.Screen { return coverage.New(a) }},
		{"help", "the keys", func(a nav.Address, keys *keymap.Map) screen.Screen { return help.New(a, keys) }},
	}
}

// open makes the screen at an address.
func open(text string, keys *keymap.Map) (screen.Screen, error) {
	address, err := nav.Parse(text)
	if err != nil {
		return nil, err
	}
	all := routes()
	i := slices.IndexFunc(all, func(r route) bool { return r.name == address.Screen })
	if i < 0 {
		var names []string
		for _, r := range all {
			names = append(names, r.name)
		}
		return nil, fmt.Errorf("opening %q: there is no such screen, only %s", text, strings.Join(names, ", "))
	}
	return all[i].make(address, keys), nil
}
