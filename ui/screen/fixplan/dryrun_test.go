package fixplan_test

import (
	"errors"
	"fmt"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/fixplan"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// TestTheServerIsAskedAboutAPlan shows beside each object and in sum what the server
// says; of an object that changes in another way since then, nothing.
func TestTheServerIsAskedAboutAPlan(t *testing.T) {
	t.Parallel()
	b := screentest.Cluster(t)
	visit(t, "plan/payments", judge, b, nil, func(robot *uitest.Robot, s *fixplan.Screen, host *screentest.Host) {
		server := &screentest.Server{Answer: screentest.Strict}
		host.Server = server
		robot.ExpectNot("SERVER", "server: ").Press("D")
		robot.Expect("server: 1 accepted, 1 refused, 1 not permitted; 1 with warnings", "SERVER", "server: accepted; the server warns: would violate")
		robot.ExpectLine("change", "! accepted", "deploy/gateway").ExpectLine("change", " refused", "sts/ledger").ExpectLine("create", "not permitted", "pdb/")
		robot.Press("j").Expect("server: refused by admission webhook guard.example.com: ask the ")
		if err := s.Filter("server:refused|permitted"); err != nil {
			t.Fatal(err)
		}
		robot.Send(screentest.Nothing{}).Expect("what is left (2 of ").ExpectNot("deploy/gateway")
		if err := s.Filter(""); err != nil {
			t.Fatal(err)
		}
		robot.Send(screentest.Nothing{}).Expect("deploy/gateway")
		if n := len(server.Asked()); n != 3 {
			t.Errorf("the server was asked about %d changes, want 3", n)
		}
		robot.Send(screentest.Assess(b)).Expect("server: 1 accepted, 1 refused, 1 not permitted")
		object, _ := b.Build(screentest.Noon).Find(kube.StatefulSets.Ref("payments", "ledger"))
		ledger := object.(*appsv1.StatefulSet).DeepCopy()
		ledger.Spec.Template.Spec.Containers = append(ledger.Spec.Template.Spec.Containers, corev1.Container{Name: "other", Image: "registry.example.com/other:1"})
		if err := b.Set(kube.StatefulSets, ledger); err != nil {
			t.Fatal(err)
		}
		robot.Send(screentest.Assess(b)).Expect("server: 1 accepted, 1 not permitted, 1 not asked about; 1 with warnings").ExpectNot("refused")
		robot.Press("t").ExpectNot("SERVER", "server: ").Press("D").Expect("server: 1 accepted").Press("t").ExpectNot("SERVER")
	})
}

// TestAskingIsStopped tells how far the server was asked, and asks no further when it is
// stopped, or the screen left.
func TestAskingIsStopped(t *testing.T) {
	t.Parallel()
	b := screentest.Empty()
	for i := range 10 {
		d := screentest.Deployment("crowd", fmt.Sprintf("member-%d", i))
		d.Spec.Template.Spec.Containers = []corev1.Container{{Name: "main", Image: "registry.example.com/member:1"}}
		if err := b.Set(kube.Deployments, d); err != nil {
			t.Fatal(err)
		}
	}
	visit(t, "plan", judge, b, nil, func(robot *uitest.Robot, s *fixplan.Screen, host *screentest.Host) {
		server := &screentest.Server{Gate: make(chan struct{})}
		host.Server = server
		robot.Press("D").Expect("server: asking for dry runs")
		for range 4 {
			server.Gate <- struct{}{}
		}
		robot.Send(screentest.Nothing{}).Expect("server: asked 4 of 20: 4 accepted")
		robot.Press("D").Expect("server: asked 4 of 20, then stopped: 4 accepted, 16 not asked about")
		if n := len(server.Asked()); n != 8 {
			t.Errorf("the server was asked about %d changes, want 8", n)
		}
		robot.Press("D").Expect("server: asking for dry runs").ExpectNot("4 accepted")
		for range 4 {
			server.Gate <- struct{}{}
		}
		robot.Send(screentest.Nothing{}).Expect("asked 4 of 20: ")
		screen.Leave(s)
		close(server.Gate)
		robot.Send(screentest.Nothing{}).Expect("asked 4 of 20, then stopped: ")
		if n := len(server.Asked()); n != 16 {
			t.Errorf("the server was asked about %d changes, want 16", n)
		}
		robot.Press("D").Expect("server: 20 accepted").ExpectNot("not asked about")
	})
}

// TestAPlanThatCannotBeAsked says why nobody is asked, or answers.
func TestAPlanThatCannotBeAsked(t *testing.T) {
	t.Parallel()
	visit(t, "plan/payments", judge, screentest.Cluster(t), nil, func(robot *uitest.Robot, _ *fixplan.Screen, host *screentest.Host) {
		robot.Press("D").ExpectNot("server: ")
		if _, ok := host.Asked[0].(screen.DryRunMsg); !ok || len(host.Asked) != 1 {
			t.Errorf("the screen asked for %v, want a dry run", host.Asked)
		}
		host.Server = &screentest.Server{Answer: func(kube.Attempt) (kube.Verdict, error) { return kube.Verdict{}, errors.New("connection refused") }}
		robot.Press("D").Expect("no further verdict: connection refused").ExpectNot("accepted")
	})
	visit(t, "plan?of=marked", judge, screentest.Cluster(t), nil, func(robot *uitest.Robot, _ *fixplan.Screen, host *screentest.Host) {
		robot.Press("D")
		if notice, ok := host.Asked[0].(nav.NoticeMsg); !ok || notice.Text != "the plan changes nothing: there is nothing to ask the server about" {
			t.Errorf("the screen asked for %v, want a notice", host.Asked)
		}
	})
}

// TestAServerIsAskedAboutSoManyChanges bounds how many changes it is asked about.
func TestAServerIsAskedAboutSoManyChanges(t *testing.T) {
	t.Parallel()
	b := screentest.Empty()
	for i := range 510 {
		d := screentest.Deployment("crowd", fmt.Sprintf("member-%03d", i))
		d.Spec.Template.Spec.Containers = []corev1.Container{{Name: "main", Image: "registry.example.com/member:1"}}
		if err := b.Set(kube.Deployments, d); err != nil {
			t.Fatal(err)
		}
	}
	var marked []string
	for _, n := range screentest.Assess(b).Namespaces {
		for _, f := range n.Findings {
			if f.Rule.ID == "capabilities-not-dropped-all" {
				marked = append(marked, screen.FindingKey(f, 0))
			}
		}
	}
	visit(t, "plan?of=marked", judge, b, marked, func(robot *uitest.Robot, _ *fixplan.Screen, host *screentest.Host) {
		server := &screentest.Server{}
		host.Server = server
		robot.Expect("510 fixes in 510 objects").Press("D").Expect("server: 500 accepted, 10 not asked about")
		if n := len(server.Asked()); n != 500 {
			t.Errorf("the server was asked about %d changes, want 500", n)
		}
	})
}
