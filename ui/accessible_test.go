package ui_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui"
)

// TestAccessibleScreens are the screens as they are read aloud: without lines and shapes,
// with and without colour, with the terminal's own cursor where the user is.
func TestAccessibleScreens(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]string{"overview": "overview", "findings": "findings", "finding": privileged} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, ui.Options{At: at, Accessible: true}, 80, 24, func(u *user) {
				u.publish().Golden(fmt.Sprintf("%s-accessible-80x24", name))
				drawn := strings.ContainsFunc(u.Screen(), func(r rune) bool { return r > '~' || r == '|' || r == '=' || r == '#' })
				if drawn && name == "overview" {
					u.t.Errorf("signs would be read aloud:\n%s", u.Screen())
				}
				if u.View().Cursor == nil {
					u.t.Error("the terminal's own cursor is not shown")
				}
			})
			run(t, ui.Options{At: at, Accessible: true, NoColor: true}, 80, 24, func(u *user) { u.publish().Golden(fmt.Sprintf("%s-accessible-80x24", name)) })
		})
	}
	run(t, ui.Options{Accessible: true}, 80, 24, func(u *user) {
		u.publish().Press("j", "j")
		line := u.Lines()[u.View().Cursor.Y]
		if !strings.HasPrefix(strings.TrimSpace(line), ">") {
			u.t.Errorf("the cursor is on the line %q, want the selected one", line)
		}
	})
}

// TestNothingChangesWhileItIsReadAloud unless the user asks for it by a key.
func TestNothingChangesWhileItIsReadAloud(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "ns/payments", Accessible: true}, 100, 30, func(u *user) {
		u.Patience = 500 * time.Millisecond
		label := func(d *appsv1.Deployment) { d.Spec.Template.Spec.Containers[0].SecurityContext = nil }
		u.publish().Expect("Findings (26)")
		u.change("payments", "gateway", label).Expect("Findings (26)")
		u.Press("j").ExpectNot("Findings (26)")
		before := u.Screen()
		u.publish().publish()
		u.cluster.Delete(kube.Deployments, "payments", "gateway")
		u.publish()
		if got := u.Screen(); got != before {
			u.t.Errorf("the screen has changed while it was read:\n%s\nit was\n%s", got, before)
		}
		u.wait().wait().wait().wait()
		if u.Screen() == before {
			u.t.Error("after two seconds the screen is as it was")
		}
	})
}
