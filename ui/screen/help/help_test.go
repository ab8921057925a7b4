package help_test

import (
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen/help"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// TestEveryKeyIsInTheHelp also where the user has bound other keys.
func TestEveryKeyIsInTheHelp(t *testing.T) {
	t.Parallel()
	rebound, err := keymap.Default().Rebind(map[keymap.ID][]string{keymap.Quit: {"Q"}, keymap.Filter: {"ctrl+t", "$"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, keys := range []*keymap.Map{keymap.Default(), rebound} {
		for _, width := range []int{80, 200} {
			robot, _ := screentest.Show(t, help.New(nav.Address{Screen: "help"}, keys, [][2]string{{"sort COLUMN", "sort the rows"}}), nil, width, 200, style.Options{})
			for _, b := range keys.Bindings() {
				robot.ExpectLine(b.Labels()+" ", b.Help)
			}
			robot.Expect("Filters", "Addresses", "Signs", "-l app=x").ExpectLine("sort COLUMN", "sort the rows")
		}
	}
}

func TestTheSignsAreThoseOfTheTerminal(t *testing.T) {
	t.Parallel()
	for tier, want := range map[style.Tier]string{style.Unicode: "C ✖", style.ASCII: "C X"} {
		robot, _ := screentest.Show(t, help.New(nav.Address{Screen: "help"}, keymap.Default(), nil), nil, 80, 200, style.Options{Tier: tier})
		robot.ExpectLine(want, "critical")
		if other := strings.ContainsFunc(robot.Screen(), func(r rune) bool { return r > '~' }); other == (tier == style.ASCII) {
			t.Errorf("tier %v has characters beyond ASCII: %v", tier, other)
		}
	}
}
