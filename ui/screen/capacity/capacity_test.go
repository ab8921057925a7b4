package capacity_test

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/capacity"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

func assessed(t *testing.T) *score.Assessment {
	t.Helper()
	source := manifest.New([]string{filepath.Join("..", "..", "..", "audit", "capacity", "testdata", "mixed.yaml")}, manifest.Options{
		Info: &kube.Info{Name: "prod"}, Now: func() time.Time { return time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC) },
	})
	view, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	return score.Assess(view, nil)
}

func TestCapacity(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		width, height int
		options       style.Options
	}{
		"80x24":        {80, 24, style.Options{}},
		"140x40":       {140, 40, style.Options{}},
		"ascii-80x24":  {80, 24, style.Options{NoColor: true, Tier: style.ASCII}},
		"spoken-80x24": {80, 24, style.Options{NoColor: true, Tier: style.Spoken}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shown := assessed(t)
			synctest.Test(t, func(t *testing.T) {
				s := capacity.New(nav.Address{Screen: "capacity"})
				robot, host := screentest.Show(t, s, shown, tt.width, tt.height, tt.options)
				synctest.Wait()
				robot.ExpectSelected("worker-a").Expect("5 nodes, 3 take pods", "2.2 of 4 cores (55 %)")
				robot.GoldenStyled("nodes-" + name)
				robot.Press("enter")
				if want := (nav.OpenMsg{Address: "object/Node/worker-a"}); host.Asked[len(host.Asked)-1] != want {
					t.Errorf("asked for %v, want %v", host.Asked, want)
				}
				robot.Press("tab").ExpectSelected("shop").Expect("2.12 of 6.95 cores")
				robot.GoldenStyled("namespaces-" + name)
				robot.Press("enter")
				if want := (nav.OpenMsg{Address: "ns/shop"}); host.Asked[len(host.Asked)-1] != want {
					t.Errorf("asked for %v, want %v", host.Asked, want)
				}
				screen.Leave(s)
				host.Close()
			})
		})
	}
}

// TestFilter narrows both views by their columns, and comes back by its address.
func TestFilter(t *testing.T) {
	t.Parallel()
	shown := assessed(t)
	synctest.Test(t, func(t *testing.T) {
		s := capacity.New(nav.Address{Screen: "capacity", Query: map[string]string{"filter": "limits>50"}})
		robot, host := screentest.Show(t, s, shown, 100, 24, style.Options{})
		synctest.Wait()
		robot.Expect("worker-a", "worker-b").ExpectNot("fargate-1")
		screen.Leave(s)
		host.Close()
		s = capacity.New(nav.Address{Screen: "capacity", Query: map[string]string{"show": "namespaces", "filter": "norequest>0"}})
		robot, host = screentest.Show(t, s, shown, 100, 24, style.Options{})
		synctest.Wait()
		robot.Expect("lab").ExpectNot("kube-system")
		if got, want := s.Address().String(), "capacity?filter=norequest%3E0&show=namespaces"; got != want {
			t.Errorf("the address is %s, want %s", got, want)
		}
		screen.Leave(s)
		host.Close()
	})
}

// TestNothingIsKnown says why where nobody can tell.
func TestNothingIsKnown(t *testing.T) {
	t.Parallel()
	shown := score.Assess(kube.NewBuilder(kube.Info{Offline: true}).Build(screentest.Noon), nil)
	synctest.Test(t, func(t *testing.T) {
		s := capacity.New(nav.Address{Screen: "capacity"})
		robot, host := screentest.Show(t, s, shown, 100, 24, style.Options{})
		synctest.Wait()
		robot.Expect("manifests do not say what runs on nodes")
		robot.Press("tab").Expect("manifests do not say what runs on nodes")
		screen.Leave(s)
		host.Close()
	})
}
