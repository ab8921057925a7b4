package ownership_test

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/ownership"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

func assessed(t *testing.T) *score.Assessment {
	t.Helper()
	source := manifest.New([]string{filepath.Join("..", "..", "..", "audit", "ownership", "testdata", "cluster.yaml")}, manifest.Options{
		Info: &kube.Info{Name: "prod", Version: "v1.37.1"}, Now: func() time.Time { return screentest.Noon },
	})
	view, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	return score.Assess(view, rules.All())
}

func TestOwnership(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		width, height int
		options       style.Options
	}{
		"80x24":       {80, 24, style.Options{}},
		"140x40":      {140, 40, style.Options{}},
		"ascii-80x24": {80, 24, style.Options{NoColor: true, Tier: style.ASCII}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shown := assessed(t)
			synctest.Test(t, func(t *testing.T) {
				s := ownership.New(nav.Address{Screen: "ownership"})
				robot, host := screentest.Show(t, s, shown, tt.width, tt.height, tt.options)
				synctest.Wait()
				robot.ExpectSelected("Argo CD").Expect("1 changed by hand", "kubectl-edit changed")
				robot.GoldenStyled("ownership-" + name)
				robot.Press("enter")
				if want := (nav.OpenMsg{Address: `ownership/shop?filter=by%3D%22Argo+CD%22`}); host.Asked[len(host.Asked)-1] != want {
					t.Errorf("asked for %v, want %v", host.Asked, want)
				}
				robot.Press("G").ExpectSelected("unknown")
				robot.Press("enter")
				if want := (nav.OpenMsg{Address: "ownership/shop?filter=standing%3Dunknown"}); host.Asked[len(host.Asked)-1] != want {
					t.Errorf("asked for %v, want %v", host.Asked, want)
				}
				screen.Leave(s)
				host.Close()
			})
		})
	}
}

// TestOwnershipOfNamespace lists objects, with what was changed of each.
func TestOwnershipOfNamespace(t *testing.T) {
	t.Parallel()
	shown := assessed(t)
	synctest.Test(t, func(t *testing.T) {
		s := ownership.New(nav.Address{Screen: "ownership", Target: "shop"})
		robot, host := screentest.Show(t, s, shown, 120, 30, style.Options{})
		synctest.Wait()
		robot.ExpectSelected("web").Expect("kubectl-edit changed spec.replicas at 2026-01-01T09:00:00Z", "belongs to Argo CD application shop", "written by kubectl-edit as apps/v1")
		robot.GoldenStyled("objects-120x30")
		robot.Press("enter")
		if want := (nav.OpenMsg{Address: "object/Deployment/shop/web"}); host.Asked[len(host.Asked)-1] != want {
			t.Errorf("asked for %v, want %v", host.Asked, want)
		}
		robot.ExpectNot("admins")
		screen.Leave(s)
		host.Close()
	})
}

// TestFilters shows what a share of a namespace opens: its objects, and no others.
func TestFilters(t *testing.T) {
	t.Parallel()
	shown := assessed(t)
	for filter, want := range map[string]string{`by="Argo CD"`: "web", "standing=unknown": "written-down", `by="kubectl"`: "settings", "changes>0": "web"} {
		synctest.Test(t, func(t *testing.T) {
			s := ownership.New(nav.Address{Screen: "ownership", Target: "shop", Query: map[string]string{"filter": filter}})
			robot, host := screentest.Show(t, s, shown, 100, 24, style.Options{})
			synctest.Wait()
			robot.ExpectSelected(want)
			for _, other := range []string{"web", "written-down", "settings"} {
				if !strings.Contains(want, other) {
					robot.ExpectNot(other)
				}
			}
			screen.Leave(s)
			host.Close()
		})
	}
}
