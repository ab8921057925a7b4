package ui_test

import (
	"fmt"
	"testing"

	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// TestTheServerIsAsked goes from a finding to the plan, asks the server on both, and
// leaves while it is asked.
func TestTheServerIsAsked(t *testing.T) {
	t.Parallel()
	server := &screentest.Server{Answer: screentest.Strict}
	run(t, ui.Options{At: "ns/payments", Sighting: ui.Sighting{Server: server}}, 100, 30, func(u *user) {
		u.publish().Press("D", "enter").ExpectNot("SERVER")
		if n := len(server.Asked()); n != 0 {
			u.t.Errorf("the server was asked %d times before anybody wanted to know", n)
		}
		u.Press("D").ExpectLine("SERVER", "accepted").Expect("the server warns: would violate").Press("n").ExpectNot("SERVER")
		u.Press("p", "F").Expect("Fix plan of payments").Press("D").Expect("server: 1 accepted, 1 refused, 1 not permitted; 1 with warnings")
		u.change("checkout", "cart", unprivileged).Expect("server: 1 accepted, 1 refused")
		u.Press("esc").Press("]").Expect("server: 1 accepted, 1 refused")
		server.Gate = make(chan struct{})
		u.Press("D").Expect("server: asking for dry runs").Press("esc").Expect("EVIDENCE").Press("D").Expect("asking for a dry run")
		close(server.Gate)
		u.wait().ExpectLine("SERVER", "accepted")
	})
}

// TestNoServerToAsk says why nothing is asked.
func TestNoServerToAsk(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: privileged}, 100, 30, func(u *user) {
		u.publish().Press("D").Expect("there is no server to ask: this is of manifests or a recording").ExpectNot("SERVER")
		u.Press("F", "D").Expect("there is no server to ask").ExpectNot("server: ")
	})
}

func TestWhatTheServerSays(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]string{"finding": privileged, "plan": "plan/payments"} {
		for _, size := range append(sizes(), [2]int{60, 15}) {
			t.Run(fmt.Sprintf("%s %dx%d", name, size[0], size[1]), func(t *testing.T) {
				t.Parallel()
				run(t, ui.Options{At: at, Sighting: ui.Sighting{Server: &screentest.Server{Answer: screentest.Strict}}}, size[0], size[1], func(u *user) {
					u.publish().Press("D").Golden(fmt.Sprintf("%s-asked-%dx%d", name, size[0], size[1]))
				})
			})
		}
	}
}
