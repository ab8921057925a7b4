package platform_test

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
	"github.com/seaworthy-dev/seaworthy/ui/screen/platform"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

func assessed(t *testing.T) *score.Assessment {
	t.Helper()
	source := manifest.New([]string{filepath.Join("testdata", "cluster.yaml")}, manifest.Options{
		Info: &kube.Info{Name: "prod", Version: "v1.37.2"}, Now: func() time.Time { return screentest.Noon },
	})
	view, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	return score.Assess(view, rules.All())
}

func TestPlatform(t *testing.T) {
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
				s := platform.New(nav.Address{Screen: "platform"})
				robot, host := screentest.Show(t, s, shown, tt.width, tt.height, tt.options)
				synctest.Wait()
				robot.ExpectLine("problems", "certificates").ExpectLine("not found", "metrics").ExpectLine("cannot tell", "monitoring")
				robot.GoldenStyled("platform-" + name)
				robot.Press("enter").Press("j").ExpectSelected("metrics").Expect("this comes next", "Install metrics-server")
				robot.Press("j", "j").ExpectSelected("ingress").Press("enter")
				if want := (nav.OpenMsg{Address: "findings?filter=rule%3Dingress-nginx-end-of-life"}); host.Asked[len(host.Asked)-1] != want {
					t.Errorf("asked for %v, want %v", host.Asked, want)
				}
				robot.Press("j", "j", "j").ExpectSelected("logging").Expect("it runs on 1 of 2 nodes").Press("enter")
				if want := (nav.OpenMsg{Address: "workload/DaemonSet/logging/fluent-bit"}); host.Asked[len(host.Asked)-1] != want {
					t.Errorf("asked for %v, want %v", host.Asked, want)
				}
				screen.Leave(s)
				host.Close()
			})
		})
	}
}

// TestFilter narrows the capabilities by their columns.
func TestFilter(t *testing.T) {
	t.Parallel()
	shown := assessed(t)
	synctest.Test(t, func(t *testing.T) {
		s := platform.New(nav.Address{Screen: "platform", Query: map[string]string{"filter": "state:found|problems>0"}})
		robot, host := screentest.Show(t, s, shown, 100, 24, style.Options{})
		synctest.Wait()
		robot.Expect("metrics", "ingress").ExpectNot("gitops")
		screen.Leave(s)
		host.Close()
	})
}
