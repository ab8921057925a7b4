package ui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/compliance"
	"github.com/seaworthy-dev/seaworthy/ui/screen/coverage"
	"github.com/seaworthy-dev/seaworthy/ui/screen/diagnostics"
	"github.com/seaworthy-dev/seaworthy/ui/screen/finding"
	"github.com/seaworthy-dev/seaworthy/ui/screen/findings"
	"github.com/seaworthy-dev/seaworthy/ui/screen/help"
	"github.com/seaworthy-dev/seaworthy/ui/screen/overview"
)

// parts are what screens are made of beside their address.
type parts struct {
	keys       *keymap.Map
	statistics func() feed.Statistics
}

// route is a kind of screen.
type route struct {
	name string
	make func(nav.Address, parts) screen.Screen
	// target is an example of what must stand after the slash, "" where nothing
	// may.
	target string
}

// routes are the screens there are.
func routes() []route {
	return []route{
		{"overview", func(a nav.Address, _ parts) screen.Screen { return overview.New(a) }, ""},
		{"ns", func(a nav.Address, _ parts) screen.Screen { return findings.New(a) }, "payments"},
		{"findings", func(a nav.Address, _ parts) screen.Screen { return findings.New(a) }, ""},
		{"finding", func(a nav.Address, _ parts) screen.Screen { return finding.New(a) }, "privileged-container/payments/Deployment/api"},
		{"frameworks", func(a nav.Address, _ parts) screen.Screen { return compliance.NewList(a) }, ""},
		{"framework", func(a nav.Address, _ parts) screen.Screen { return compliance.New(a) }, "pss-restricted"},
		{"coverage", func(a nav.Address, _ parts) screen.Screen { return coverage.New(a) }, ""},
		{"diagnostics", func(a nav.Address, p parts) screen.Screen { return diagnostics.New(a, p.statistics) }, ""},
		{"help", func(a nav.Address, p parts) screen.Screen { return help.New(a, p.keys) }, ""},
	}
}

// routeOf returns the kind of screen of a name, false if there is none.
func routeOf(name string) (route, bool) {
	all := routes()
	i := slices.IndexFunc(all, func(r route) bool { return r.name == name })
	if i < 0 {
		return route{}, false
	}
	return all[i], true
}

// open makes the screen at an address.
func open(text string, p parts) (screen.Screen, error) {
	address, err := nav.Parse(text)
	if err != nil {
		return nil, err
	}
	r, ok := routeOf(address.Screen)
	switch {
	case !ok:
		var names []string
		for _, known := range routes() {
			names = append(names, known.name)
		}
		return nil, fmt.Errorf("opening %q: there is no such screen, only %s", text, strings.Join(names, ", "))
	case r.target != "" && address.Target == "":
		return nil, fmt.Errorf("opening %q: it needs a name, as in %s/%s", text, r.name, r.target)
	case r.target == "" && address.Target != "":
		return nil, fmt.Errorf("opening %q: there is only one %s, with nothing below it", text, r.name)
	}
	return r.make(address, p), nil
}
