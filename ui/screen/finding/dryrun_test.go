package finding_test

import (
	"errors"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen/finding"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// visit opens the finding that has some fixes.
func visit(t *testing.T, story func(*uitest.Robot, *screentest.Host), fixes ...audit.Fix) {
	t.Helper()
	screentest.Visit(t, func() *finding.Screen { return open(cart) }, assess(t, choices(fixes...)), 100, 40, style.Options{},
		func(robot *uitest.Robot, _ *finding.Screen, host *screentest.Host) { story(robot, host) })
}

// TestTheServerIsAsked asks the server about each fix that is shown, and about nothing
// before it is told to.
func TestTheServerIsAsked(t *testing.T) {
	t.Parallel()
	both := audit.SetField("have an account", "spec.replicas", int64(6))
	both.New = []audit.Object{{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": map[string]any{"name": "cart", "namespace": "checkout"}}}
	visit(t, func(robot *uitest.Robot, host *screentest.Host) {
		server := &screentest.Server{Answer: screentest.Strict}
		host.Server = server
		robot.ExpectNot("SERVER").Press("G", "D").ExpectLine("SERVER", "accepted").Expect("the server warns: would violate", "PodSecurity")
		if asked := server.Asked(); len(asked) != 1 || asked[0].Verb != kube.TryPatch || string(asked[0].Body) != `{"spec":{"replicas":5}}` {
			t.Errorf("the server was asked about %+v", asked)
		}
		robot.Send(assess(t, choices(audit.SetField("have five", "spec.replicas", int64(5)), both))).ExpectLine("SERVER", "accepted")
		robot.Press("f").Expect("Fix 2 of 2").ExpectNot("SERVER", "accepted").Press("D").ExpectLine("SERVER", "change Deployment checkout/cart: accepted").
			Expect("create ServiceAccount checkout/cart: not permitted: it needs the right to")
		robot.Press("n").ExpectNot("SERVER").Press("D")
		if notice, ok := host.Asked[len(host.Asked)-1].(nav.NoticeMsg); !ok || notice.Text != "there is no fix to ask the server about" {
			t.Errorf("the screen asked for %v", host.Asked)
		}
		if asked := server.Asked(); len(asked) != 3 {
			t.Errorf("the server was asked about %d changes", len(asked))
		}
	}, audit.SetField("have five", "spec.replicas", int64(5)), both)
}

// TestAnAnswerComesTooLate: what the server says of a fix that is not shown any more is
// dropped, and so is what nobody waits for.
func TestAnAnswerComesTooLate(t *testing.T) {
	t.Parallel()
	visit(t, func(robot *uitest.Robot, host *screentest.Host) {
		server := &screentest.Server{Gate: make(chan struct{})}
		host.Server = server
		robot.Press("D").ExpectLine("SERVER", "asking for a dry run").Press("f").ExpectNot("SERVER")
		robot.Press("D").Expect("asking for a dry run").Press("D").ExpectNot("SERVER")
		robot.Press("D").Expect("asking for a dry run")
		close(server.Gate)
		robot.Send(screentest.Nothing{}).ExpectLine("SERVER", "accepted")
		if asked := server.Asked(); len(asked) != 3 || asked[2].Name != "cart" || string(asked[2].Body) != `{"spec":{"replicas":6}}` {
			t.Errorf("the server was asked about %+v", asked)
		}
	}, audit.SetField("have five", "spec.replicas", int64(5)), audit.SetField("have six", "spec.replicas", int64(6)))
}

// TestAServerThatDoesNotAnswer says why there is no verdict.
func TestAServerThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	visit(t, func(robot *uitest.Robot, host *screentest.Host) {
		robot.Press("D").ExpectNot("SERVER")
		if len(host.Asked) != 1 {
			t.Errorf("the screen asked for %v, want a dry run", host.Asked)
		}
		host.Server = &screentest.Server{Answer: func(kube.Attempt) (kube.Verdict, error) { return kube.Verdict{}, errors.New("connection refused") }}
		robot.Press("D").ExpectLine("SERVER", "no verdict: connection refused")
		host.Server = &screentest.Server{}
		robot.Press("D").ExpectLine("SERVER", "accepted").ExpectNot("connection refused")
	}, audit.SetField("have five", "spec.replicas", int64(5)))
}
