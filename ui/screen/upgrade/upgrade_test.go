package upgrade_test

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/upgrade"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

func assessed(t *testing.T) *score.Assessment {
	t.Helper()
	source := manifest.New([]string{filepath.Join("..", "..", "..", "audit", "upgrade", "testdata", "broken.yaml")}, manifest.Options{
		Info: &kube.Info{Name: "prod", Version: "v1.37.1"}, Now: func() time.Time { return screentest.Noon },
	})
	view, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	return score.Assess(view, rules.All())
}

func TestUpgrade(t *testing.T) {
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
				s := upgrade.New(nav.Address{Screen: "upgrade"})
				robot, host := screentest.Show(t, s, shown, tt.width, tt.height, tt.options)
				synctest.Wait()
				robot.ExpectSelected("removed-apis").Expect("from v1.37.1 to 1.38", "helm (2022-06-01T00:00:00Z) wrote it")
				robot.GoldenStyled("upgrade-" + name)
				robot.Press("enter")
				if want := (nav.OpenMsg{Address: "findings?filter=rule%3Dapi-removed-in-next-version"}); host.Asked[len(host.Asked)-1] != want {
					t.Errorf("asked for %v, want %v", host.Asked, want)
				}
				robot.Press("G").ExpectSelected("releases").Expect("kubelets are of several releases: 1.34 on 1, 1.37 on 1")
				screen.Leave(s)
				host.Close()
			})
		})
	}
}

// TestFilter narrows the concerns by their columns.
func TestFilter(t *testing.T) {
	t.Parallel()
	shown := assessed(t)
	synctest.Test(t, func(t *testing.T) {
		s := upgrade.New(nav.Address{Screen: "upgrade", Query: map[string]string{"filter": "when:drain blocking>0"}})
		robot, host := screentest.Show(t, s, shown, 100, 24, style.Options{})
		synctest.Wait()
		robot.Expect("several-budgets", "bare-pods").ExpectNot("kubelets", "single-replicas")
		screen.Leave(s)
		host.Close()
	})
}
