package ui

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/explain"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/logbook"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/compliance"
	"github.com/seaworthy-dev/seaworthy/ui/screen/contexts"
	"github.com/seaworthy-dev/seaworthy/ui/screen/coverage"
	"github.com/seaworthy-dev/seaworthy/ui/screen/diagnostics"
	"github.com/seaworthy-dev/seaworthy/ui/screen/finding"
	"github.com/seaworthy-dev/seaworthy/ui/screen/findings"
	"github.com/seaworthy-dev/seaworthy/ui/screen/fixplan"
	"github.com/seaworthy-dev/seaworthy/ui/screen/heatmap"
	"github.com/seaworthy-dev/seaworthy/ui/screen/help"
	"github.com/seaworthy-dev/seaworthy/ui/screen/log"
	"github.com/seaworthy-dev/seaworthy/ui/screen/object"
	"github.com/seaworthy-dev/seaworthy/ui/screen/overview"
	"github.com/seaworthy-dev/seaworthy/ui/screen/ownership"
	"github.com/seaworthy-dev/seaworthy/ui/screen/paths"
	"github.com/seaworthy-dev/seaworthy/ui/screen/platform"
	"github.com/seaworthy-dev/seaworthy/ui/screen/rbac"
	"github.com/seaworthy-dev/seaworthy/ui/screen/rules"
	"github.com/seaworthy-dev/seaworthy/ui/screen/snapshots"
	"github.com/seaworthy-dev/seaworthy/ui/screen/triage"
	"github.com/seaworthy-dev/seaworthy/ui/screen/upgrade"
	"github.com/seaworthy-dev/seaworthy/ui/screen/workload"
)

// parts are what screens are made of beside their address.
type parts struct {
	keys       *keymap.Map
	statistics func() feed.Statistics
	marks      *screen.Marks
	judge      func() screen.Judge
	picker     func(nav.Address) screen.Screen // of themes
	objects    screen.Inspector                // nil if there is nobody to ask
	rights     cause.Rights                    // nil if there is nobody to ask
	places     *screen.Places
	trends     screen.Trends
	snapshots  screen.Snapshots
	start      func() *score.Assessment
	past       *snapshots.Past
	clusters   *clusters // nil if there is one alone
	rules      []explain.Rule
	book       *logbook.Book
	seen       *screen.Acknowledged
}

// route is a kind of screen.
type route struct {
	name string
	make func(nav.Address, parts) screen.Screen
	// target is an example of what must stand after the slash, "" where nothing
	// must.
	target string
	// check says what is wrong with what stands there, nil for a route where nothing
	// may if nothing must.
	check func(target string) error
}

// routes are the screens there are.
func routes() []route {
	return []route{
		{"overview", func(a nav.Address, p parts) screen.Screen { return overview.New(a, p.marks, p.trends) }, "", nil},
		{"ns", func(a nav.Address, p parts) screen.Screen { return findings.New(a, p.marks) }, "payments", nil},
		{"findings", func(a nav.Address, p parts) screen.Screen { return findings.New(a, p.marks) }, "", nil},
		{"finding", func(a nav.Address, p parts) screen.Screen { return finding.New(a, p.marks) }, "privileged-container/payments/Deployment/api", nil},
		{"workload", func(a nav.Address, p parts) screen.Screen { return workload.New(a, p.marks) }, "Deployment/payments/api", workload.Check},
		{"triage", func(a nav.Address, p parts) screen.Screen { return triage.NewList(a, p.seen, p.rights) }, "", nil},
		{"incident", func(a nav.Address, p parts) screen.Screen { return triage.New(a, p.seen, p.rights) }, "1f3a", triage.Check},
		{"plan", func(a nav.Address, p parts) screen.Screen { return fixplan.New(a, p.marks, p.judge) }, "", func(string) error { return nil }},
		{"heatmap", func(a nav.Address, _ parts) screen.Screen { return heatmap.New(a) }, "", nil},
		{"snapshots", func(a nav.Address, p parts) screen.Screen {
			return snapshots.New(a, p.snapshots, p.judge, p.start, p.past)
		}, "", snapshots.Check},
		{"rules", func(a nav.Address, p parts) screen.Screen { return rules.NewList(a, p.rules, p.statistics) }, "", nil},
		{"rule", func(a nav.Address, p parts) screen.Screen { return rules.New(a, p.rules, p.statistics) }, "privileged-container", nil},
		{"frameworks", func(a nav.Address, _ parts) screen.Screen { return compliance.NewList(a) }, "", nil},
		{"framework", func(a nav.Address, _ parts) screen.Screen { return compliance.New(a) }, "pss-restricted", nil},
		{"platform", func(a nav.Address, _ parts) screen.Screen { return platform.New(a) }, "", nil},
		{"upgrade", func(a nav.Address, _ parts) screen.Screen { return upgrade.New(a) }, "", nil},
		{"ownership", func(a nav.Address, _ parts) screen.Screen { return ownership.New(a) }, "", func(string) error { return nil }},
		{"rbac", func(a nav.Address, p parts) screen.Screen { return rbac.Open(a, p.keys) }, "", rbac.Check},
		{"paths", func(a nav.Address, _ parts) screen.Screen { return paths.New(a) }, "", paths.Check},
		{"object", func(a nav.Address, p parts) screen.Screen { return object.New(a, p.objects) }, "Deployment/payments/api", object.Check},
		{"coverage", func(a nav.Address, _ parts) screen.Screen { return coverage.New(a) }, "", nil},
		{"diagnostics", func(a nav.Address, p parts) screen.Screen { return diagnostics.New(a, p.statistics) }, "", nil},
		{"themes", pickerOf, "", nil},
		{"log", func(a nav.Address, p parts) screen.Screen { return log.New(a, p.book) }, "", nil},
		{"contexts", func(a nav.Address, p parts) screen.Screen { return contexts.New(a, p.places) }, "", nil},
		{fleetName, fleetScreen, "", nil},
		{"help", func(a nav.Address, p parts) screen.Screen { return help.New(a, p.keys, usages()) }, "", nil},
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
	case r.check != nil:
		if err := r.check(address.Target); err != nil {
			return nil, fmt.Errorf("opening %q: %w", text, err)
		}
	case r.target == "" && address.Target != "":
		return nil, fmt.Errorf("opening %q: there is only one %s, with nothing below it", text, r.name)
	}
	return arranged(r, address, p)
}

// arranged makes a screen and sorts its table as the address says. Where the columns
// come with the first assessment, what is wrong with the order is said then.
func arranged(r route, address nav.Address, p parts) (screen.Screen, error) {
	by, sorted := address.Query["sort"]
	if !sorted {
		return r.make(address, p), nil
	}
	address.Query = maps.Clone(address.Query)
	delete(address.Query, "sort")
	s := r.make(address, p)
	t, ok := s.(screen.Tabled)
	if !ok || t.Table() == nil {
		return nil, fmt.Errorf("opening %q: %s has no rows to sort", address, r.name)
	}
	if err := t.Table().OrderBy(by); err != nil {
		return nil, fmt.Errorf("opening %q: %w", address, err)
	}
	return s, nil
}
