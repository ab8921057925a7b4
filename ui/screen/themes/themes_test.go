package themes_test

import (
	"errors"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	palettes "github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen/themes"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// TestPick moves over themes, of which one is broken, and keeps one.
func TestPick(t *testing.T) {
	t.Parallel()
	night, err := (*palettes.Library)(nil).Load("nord")
	if err != nil {
		t.Fatal(err)
	}
	styles := style.New(night, style.Options{Painted: true})
	broken := errors.New("reading theme b.yaml: line 2: unknown role")
	choices := []themes.Choice{
		{Name: "a", Title: "The first", Ground: "dark", Styles: styles},
		{Name: "b", Styles: styles, Problem: broken},
		{Name: "c", Title: "The last", Ground: "light", Own: true, Styles: styles},
	}
	s := themes.New(nav.Address{Screen: "themes"}, choices, "a")
	robot, _ := screentest.Show(t, s, screentest.Assess(screentest.Cluster(t)), 100, 24, style.Options{})
	robot.ExpectSelected("The first").ExpectLine("c", "light, yours", "C ✖", "I ·", "The last").ExpectLine("b", "broken", "reading theme b.yaml: line 2")
	var asked []tea.Msg
	for _, id := range []keymap.ID{keymap.Up, keymap.Down, keymap.Open, keymap.Down, keymap.Down, keymap.Up, keymap.Up, keymap.Open} {
		if cmd := s.Act(id); cmd != nil {
			asked = append(asked, cmd())
		}
	}
	want := []tea.Msg{nav.FailMsg{Err: broken}, themes.PreviewMsg{Name: "c"}, themes.PreviewMsg{Name: "a"}, themes.KeepMsg{Name: "a"}}
	if diff := cmp.Diff(want, asked, cmp.Comparer(func(a, b error) bool { return errors.Is(a, b) })); diff != "" {
		t.Errorf("the screen asked (-want +got):\n%s", diff)
	}
	if s.Address().String() != "themes" {
		t.Errorf("the address is %s", s.Address())
	}
	none := themes.New(nav.Address{Screen: "themes"}, nil, "")
	robot, _ = screentest.Show(t, none, screentest.Assess(screentest.Cluster(t)), 60, 15, style.Options{})
	robot.Press("down", "enter").Expect("0 of 0")
}
