package overview_test

import (
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/overview"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/trend"
)

// assessed gives an assessment of namespaces of which each is worse than the one
// before, as it is while pods are read or after.
func assessed(phase kube.Phase, names ...string) *score.Assessment {
	b := kube.NewBuilder(kube.Info{Name: "test"})
	b.SetState(kube.State{Resource: kube.Pods, Phase: phase})
	a := &score.Assessment{Result: &audit.Result{Cluster: b.Build(time.Unix(0, 0))}}
	for i, name := range names {
		a.Namespaces = append(a.Namespaces, &score.Namespace{Name: name, Scored: true, Grade: "B", Score: 90 - float64(i)})
	}
	return a
}

// show gives a screen what the root would.
func show(s *overview.Screen, a *score.Assessment) {
	s.Read(a.Cluster)
	s.Show(a)
}

func selected(t *testing.T, s *overview.Screen) string {
	t.Helper()
	for _, line := range s.View() {
		if _, row, found := strings.Cut(line, ">"); found {
			return strings.Fields(row)[3] // after score, grade and its glyph
		}
	}
	t.Fatalf("no row is selected in\n%s", strings.Join(s.View(), "\n"))
	return ""
}

func TestTheCursorStaysOnTopUntilAllIsRead(t *testing.T) {
	t.Parallel()
	theme, err := (*themes.Library)(nil).Load(themes.Default)
	if err != nil {
		t.Fatal(err)
	}
	open := func() *overview.Screen {
		s := overview.New(nav.Address{Screen: "overview"}, screen.NewMarks(), &trend.Log{})
		s.Resize(screen.Frame{Styles: style.New(theme, style.Options{NoColor: true, Tier: style.ASCII}), Width: 80, Height: 21})
		show(s, assessed(kube.Syncing, "best"))
		return s
	}

	untouched := open()
	show(untouched, assessed(kube.Syncing, "best", "good"))
	show(untouched, assessed(kube.Synced, "best", "good", "bad"))
	if got := selected(t, untouched); got != "bad" {
		t.Errorf("when all is read the cursor is on %s, want the worst", got)
	}
	show(untouched, assessed(kube.Synced, "best", "good", "bad", "worst"))
	if got := selected(t, untouched); got != "bad" {
		t.Errorf("after that the cursor goes to %s, want it to follow bad", got)
	}

	moved := open()
	show(moved, assessed(kube.Syncing, "best", "good"))
	moved.Act(keymap.Down)
	show(moved, assessed(kube.Synced, "best", "good", "bad"))
	if got := selected(t, moved); got != "best" {
		t.Errorf("the cursor that was put on best is on %s", got)
	}
}
