package ui_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
)

// sizes are the terminals that every screen is looked at in: the smallest that has
// screens, the classic one, a laptop's, two desktops' and a wall.
func sizes() [][2]int {
	return [][2]int{{60, 15}, {80, 24}, {100, 30}, {140, 40}, {200, 50}, {300, 80}}
}

// screens are addresses of all screens, by the names of their goldens.
func screens() map[string]string {
	return map[string]string{
		"overview": "overview", "heatmap": "heatmap", "namespace": "ns/payments", "findings": "findings",
		"workload":  "workload/Deployment/payments/gateway",
		"workloads": "ns/payments?show=workloads", "grouped": "findings?group=rule",
		"rbac": "rbac", "paths": "paths/ns:payments", "plan": "plan/payments", "way": "plan/payments?target=60",
		"object": "object/Deployment/payments/gateway", "describe": "object/Deployment/payments/gateway?tab=describe",
		"finding": privileged, "coverage": "coverage", "contexts": "contexts", "themes": "themes", "help": "help",
		"snapshots": "snapshots", "rules": "rules", "rule": "rule/privileged-container",
		"triage": "triage", "incident": "incident/" + web, "incident-signals": "incident/" + web + "?show=signals",
		"incident-timeline": "incident/" + web + "?show=timeline", "incident-blast": "incident/" + web + "?show=blast",
		"incident-text": "incident/" + web + "?show=text",
		"frameworks":    "frameworks", "framework": "framework/pss-restricted", "silence": "log", "diagnostics": "diagnostics",
	}
}

// told returns the screens whose text is the same in every run: not those of what the
// program itself takes.
func told() map[string]string {
	all := screens()
	delete(all, "diagnostics")
	return all
}

// TestEveryScreenIsLookedAt holds the list above against the screens that there are.
func TestEveryScreenIsLookedAt(t *testing.T) {
	t.Parallel()
	looked := map[string]bool{}
	for _, at := range screens() {
		address, err := nav.Parse(at)
		if err != nil {
			t.Fatal(err)
		}
		looked[address.Screen] = true
	}
	run(t, ui.Options{}, 300, 24, func(u *user) {
		u.publish().Press(":").Type("no-such-screen/x").Press("enter")
		_, list, ok := strings.Cut(u.Screen(), "such screen, only ")
		if !ok {
			t.Fatalf("the screens are not told:\n%s", u.Screen())
		}
		list, _, _ = strings.Cut(list, "  ")
		for name := range strings.SplitSeq(list, ", ") {
			if !looked[name] {
				t.Errorf("nobody looks at the screen %q", name)
			}
		}
	})
}

func options(at string) ui.Options {
	return ui.Options{At: at, Contexts: newWorld(), Sighting: ui.Sighting{Place: "context/prod"}}
}

func TestScreens(t *testing.T) {
	t.Parallel()
	for name, at := range told() {
		for _, size := range sizes() {
			t.Run(fmt.Sprintf("%s %dx%d", name, size[0], size[1]), func(t *testing.T) {
				t.Parallel()
				run(t, options(at), size[0], size[1], func(u *user) {
					u.showing(at).Golden(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]))
				})
			})
		}
	}
}

// TestColours holds what every screen looks like in colour, without colour and in
// characters of ASCII. In whatever size, the text does not depend on the colours.
func TestColours(t *testing.T) {
	t.Parallel()
	for name, at := range told() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, size := range sizes() {
				frames := map[string][]string{}
				for mode, set := range map[string]func(*ui.Options){
					"colour": func(*ui.Options) {},
					"none":   func(o *ui.Options) { o.NoColor = true },
					"ascii":  func(o *ui.Options) { o.NoColor, o.ASCII = true, true },
				} {
					o := options(at)
					set(&o)
					run(t, o, size[0], size[1], func(u *user) {
						frames[mode] = u.showing(at).Styled()
						frames["text of "+mode] = u.Lines()
					})
				}
				if diff := cmp.Diff(frames["text of colour"], frames["text of none"]); diff != "" {
					t.Errorf("at %v the text depends on colour:\n%s", size, diff)
				}
				if all := strings.Join(frames["none"], ""); strings.Contains(all, "38;") || strings.Contains(all, "48;") {
					t.Errorf("at %v there is colour where none was wanted", size)
				}
				for i, line := range frames["text of ascii"] {
					if strings.ContainsFunc(line, func(r rune) bool { return r > '~' }) {
						t.Errorf("at %v line %d is not of ASCII: %q", size, i+1, line)
					}
				}
				if size == [2]int{80, 24} {
					for _, mode := range slices.Sorted(slices.Values([]string{"colour", "none", "ascii"})) {
						uitest.Golden(t, fmt.Sprintf("%s/%s-%dx%d", mode, name, size[0], size[1]), strings.Join(frames[mode], "\n"))
					}
				}
			}
		})
	}
}
