package ui_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
)

// sizes are the terminals that every screen is looked at in: the classic one, the smallest
// that has screens, a laptop's, two desktops' and a wall. The race detector sees in the
// first what it sees in all.
func sizes() [][2]int {
	all := [][2]int{{80, 24}, {60, 15}, {100, 30}, {140, 40}, {200, 50}, {300, 80}}
	return all[:kubetest.Rounds(len(all))]
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
		"fleet": "fleet", "fleet-differences": "fleet?show=differences", "fleet-namespaces": "fleet?show=namespaces",
		"snapshots": "snapshots", "rules": "rules", "rule": "rule/privileged-container",
		"triage": "triage", "incident": "incident/" + web, "incident-signals": "incident/" + web + "?show=signals",
		"incident-timeline": "incident/" + web + "?show=timeline", "incident-blast": "incident/" + web + "?show=blast",
		"incident-text": "incident/" + web + "?show=text",
		"frameworks":    "frameworks", "framework": "framework/pss-restricted", "platform": "platform", "upgrade": "upgrade", "ownership": "ownership", "silence": "log", "diagnostics": "diagnostics",
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

// shownAs starts the program on the test's cluster, and for the screen of several on a
// fleet that it is one of.
func shownAs(o ui.Options) func(u *user) ui.Options {
	return func(u *user) ui.Options {
		if !strings.HasPrefix(o.At, "fleet") {
			o.Source = u.source
			return o
		}
		w := &fleetWorld{world: newWorld(), down: true}
		made := fleetOf(w, o.At, "prod", "staging", "gone", "dev", "admin")(u)
		made.NoColor, made.ASCII = o.NoColor, o.ASCII
		return made
	}
}

func TestScreens(t *testing.T) {
	t.Parallel()
	for name, at := range told() {
		for _, size := range sizes() {
			t.Run(fmt.Sprintf("%s %dx%d", name, size[0], size[1]), func(t *testing.T) {
				t.Parallel()
				visit(t, shownAs(options(at)), size[0], size[1], func(u *user) {
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
			colour, none, ascii := dressed(t, at, ui.Options{}), dressed(t, at, ui.Options{NoColor: true}), dressed(t, at, ui.Options{NoColor: true, ASCII: true})
			for i, size := range sizes() {
				if diff := cmp.Diff(plain(colour[i]), plain(none[i])); diff != "" {
					t.Errorf("at %v the text depends on colour:\n%s", size, diff)
				}
				if strings.Contains(none[i], "38;") || strings.Contains(none[i], "48;") {
					t.Errorf("at %v there is colour where none was wanted", size)
				}
				for n, line := range plain(ascii[i]) {
					if strings.ContainsFunc(line, func(r rune) bool { return r > '~' }) {
						t.Errorf("at %v line %d is not of ASCII: %q", size, n+1, line)
					}
				}
				if size == [2]int{80, 24} {
					file := fmt.Sprintf("%s-%dx%d", name, size[0], size[1])
					uitest.Golden(t, "ascii/"+file, ascii[i])
					uitest.Golden(t, "colour/"+file, colour[i])
					uitest.Golden(t, "none/"+file, none[i])
				}
			}
		})
	}
}

// dressed returns the frames of a screen with some looks, one for each of the sizes.
func dressed(t *testing.T, at string, looks ui.Options) []string {
	t.Helper()
	o := options(at)
	o.NoColor, o.ASCII = looks.NoColor, looks.ASCII
	var frames []string
	visit(t, shownAs(o), sizes()[0][0], sizes()[0][1], func(u *user) {
		frames = append(frames, u.showing(at).View().Content)
		for _, size := range sizes()[1:] {
			frames = append(frames, u.Resize(size[0], size[1]).View().Content)
		}
	})
	return frames
}

func plain(frame string) []string { return strings.Split(ansi.Strip(frame), "\n") }
