package fixplan_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/fixplan"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

func judge() screen.Judge {
	return func(c *kube.Cluster) (*score.Assessment, error) {
		return score.Assess(c, screentest.Categories()), nil
	}
}

// visit opens a plan of the cluster of the tests, with some findings marked.
func visit(t *testing.T, address string, judge func() screen.Judge, b *kube.Builder, marked []string, story func(*uitest.Robot, *fixplan.Screen, *screentest.Host)) {
	t.Helper()
	at, err := nav.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	a := screentest.Assess(b)
	marks := screen.NewMarks()
	for _, key := range marked {
		marks.Add(key)
	}
	open := func() *fixplan.Screen { return fixplan.New(at, marks, judge) }
	screentest.Visit(t, open, a, 120, 40, style.Options{}, story)
}

// TestWhatAPlanTells looks at each kind of row.
func TestWhatAPlanTells(t *testing.T) {
	t.Parallel()
	b := screentest.Cluster(t)
	screentest.Add(t, b, `
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: payments}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: robot}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, namespace: payments, name: robot}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: helmed
  namespace: payments
  labels: {app.kubernetes.io/managed-by: Helm}
  annotations: {meta.helm.sh/release-name: shop, meta.helm.sh/release-namespace: payments}
spec:
  selector: {matchLabels: {app: helmed}}
  template:
    metadata: {labels: {app: helmed}}
    spec: {serviceAccountName: robot, containers: [{name: main, image: "registry.example.com/main:1"}]}
`)
	visit(t, "plan", judge, b, nil, func(robot *uitest.Robot, s *fixplan.Screen, host *screentest.Host) {
		robot.Expect("Fix plan of the cluster", "cluster ", "held back, which i takes in", "belongs to Helm: there a patch would be undone")
		robot.ExpectLine("change", "deploy/helmed", "! Helm").ExpectLine("create", "pdb/").ExpectLine("held", "clusterrolebinding/robot", "it deletes")
		for range 40 {
			if !strings.Contains(robot.Screen(), "not in the plan: it deletes") {
				robot.Press("j")
			}
		}
		robot.ExpectSelected("held").Expect("not in the plan: it deletes ClusterRoleBinding robot").ExpectLine("+ kind: RoleBinding").Press("g")
		robot.Press("i").Expect("with what is held back").Press("g").ExpectLine("delete", "clusterrolebinding/robot").ExpectNot("held back, which")
		if got := s.Address().String(); got != "plan?held=yes" {
			t.Errorf("the address is %s", got)
		}
		robot.Press("i", "e", "K", "O", "G")
		var formats []string
		for _, msg := range host.Asked {
			export := msg.(screen.ExportMsg)
			formats = append(formats, string(export.Format))
			if export.Plan.Empty() {
				t.Error("an empty plan is to be written")
			}
		}
		if got := strings.Join(formats, " "); got != "patch kubectl kustomize" {
			t.Errorf("the plan is to be written as %q", got)
		}
	})
}

// TestOwnersAreNamed shows whom an object belongs to above its change.
func TestOwnersAreNamed(t *testing.T) {
	t.Parallel()
	b := screentest.Empty()
	screentest.Add(t, b, `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: helmed
  namespace: payments
  labels: {app.kubernetes.io/managed-by: Helm}
  annotations: {meta.helm.sh/release-name: shop, meta.helm.sh/release-namespace: payments}
spec:
  selector: {matchLabels: {app: helmed}}
  template:
    metadata: {labels: {app: helmed}}
    spec: {containers: [{name: main, image: "registry.example.com/main:1"}]}
`)
	visit(t, "plan/payments", judge, b, nil, func(robot *uitest.Robot, _ *fixplan.Screen, _ *screentest.Host) {
		robot.ExpectSelected("deploy/helmed").Expect("! belongs to Helm release shop in payments: change its values, a patch would be undone", "risk: ")
		robot.Press("tab", "j", "tab", "enter").ExpectNot("Changes, and what is left").Press("d").Expect("@@").Press("enter").Expect("Changes, and what is left")
	})
}

// TestTheWayIsSteered changes the score to reach, and writes it into the address.
func TestTheWayIsSteered(t *testing.T) {
	t.Parallel()
	visit(t, "plan/payments?target=62&sparing=yes", judge, screentest.Cluster(t), nil, func(robot *uitest.Robot, s *fixplan.Screen, _ *screentest.Host) {
		robot.Expect("Fastest way to 62 of payments, most points a pod made again", "Steps").ExpectSelected("1 ")
		robot.Press(">").Expect("Fastest way to 65").Press("<", "<").Expect("Fastest way to 55").Press("c").Expect("most points a step")
		if got := s.Address().String(); got != "plan/payments?target=55" {
			t.Errorf("the address is %s", got)
		}
		for range 10 {
			robot.Press(">")
		}
		robot.Expect("Fastest way to 100", "These fixes do not reach 100").Press("t").Expect("Fix plan of payments").ExpectNot("Steps").Press("c").Expect("Fix plan of payments")
		for text, want := range map[string]string{"c": "70", " 66.5 ": "66.5", "": "", "A": "90"} {
			if err := s.Ask(text); err != nil || s.Question() != want {
				t.Errorf("%q aims at %q with error %v, want %q", text, s.Question(), err, want)
			}
		}
		for _, text := range []string{"F", "0", "101", "NaN", "many"} {
			if err := s.Ask(text); err == nil || !strings.Contains(err.Error(), "no score of 1 to 100") {
				t.Errorf("%q gives the error %v", text, err)
			}
		}
	})
}

const gateway = "privileged-container/payments/Deployment/gateway/gateway/spec.template.spec.containers[0].securityContext.privileged"

// TestMarksArePlanned plans what is marked alone, and says what is gone.
func TestMarksArePlanned(t *testing.T) {
	t.Parallel()
	visit(t, "plan?of=marked", judge, screentest.Cluster(t), []string{gateway, "gone/payments/Deployment/x//"}, func(robot *uitest.Robot, s *fixplan.Screen, host *screentest.Host) {
		robot.Expect("Fix plan of what is marked (2)", "1 fix in 1 object", "1 of what is marked cannot be found any more").ExpectLine("change", "deploy/gateway", "run unprivileged")
		robot.Press("y")
		if len(host.Asked) != 1 || !strings.Contains(host.Asked[0].(nav.CopyMsg).Text, "+          privileged: false") {
			t.Errorf("the screen asked for %v, want a copy of the patch", host.Asked)
		}
		if s.Address().String() != "plan?of=marked" || s.Scope() != "" {
			t.Errorf("the address is %s, the scope %q", s.Address(), s.Scope())
		}
		robot.Press("j").ExpectSelected("new").Press("y", "enter")
		if len(host.Asked) != 3 {
			t.Errorf("the screen asked for %v, want a notice and to open a finding", host.Asked)
		}
	})
	visit(t, "plan?of=marked", judge, screentest.Cluster(t), nil, func(robot *uitest.Robot, _ *fixplan.Screen, host *screentest.Host) {
		robot.Expect("Nothing is marked: space marks findings").Press("e", "y", "enter", "j", "tab")
		if len(host.Asked) != 2 {
			t.Errorf("the screen asked for %v, want two notices", host.Asked)
		}
	})
}

// TestAPlanThatFails says why, and goes on with the next assessment.
func TestAPlanThatFails(t *testing.T) {
	t.Parallel()
	broken := func() screen.Judge {
		return func(*kube.Cluster) (*score.Assessment, error) { return nil, errors.New("the rules are broken") }
	}
	visit(t, "plan", broken, screentest.Cluster(t), nil, func(robot *uitest.Robot, _ *fixplan.Screen, _ *screentest.Host) {
		robot.Expect("the rules are broken").Press("e", "t", "j", "enter", "i").Expect("the rules are broken")
	})
}

// TestTheWorstArePlannedOfMany bounds how many findings a plan takes.
func TestTheWorstArePlannedOfMany(t *testing.T) {
	t.Parallel()
	b := screentest.Empty()
	for i := range 400 {
		d := screentest.Deployment("crowd", fmt.Sprintf("member-%03d", i))
		d.Spec.Template.Spec.Containers = []corev1.Container{{Name: "main", Image: "registry.example.com/member"}}
		if err := b.Set(kube.Deployments, d); err != nil {
			t.Fatal(err)
		}
	}
	visit(t, "plan", judge, b, nil, func(robot *uitest.Robot, _ *fixplan.Screen, _ *screentest.Host) {
		robot.Expect("only the worst 1000 of ", "1000 fixes in ")
	})
}

// TestAPlanIsOfAMoment shows the plan before while the next one is put off, says of when it
// is, and writes it.
func TestAPlanIsOfAMoment(t *testing.T) {
	t.Parallel()
	b := screentest.Cluster(t)
	visit(t, "plan/payments", judge, b, nil, func(robot *uitest.Robot, _ *fixplan.Screen, host *screentest.Host) {
		robot.ExpectNot("as of").Press("j")
		robot.Patience = 0
		robot.Send(screentest.Assess(b)).Expect("Fix plan of payments  as of 12:00:00").Press("e")
		robot.Patience = 5 * time.Second
		robot.Send(screentest.Nothing{}).ExpectNot("as of").ExpectSelected("sts/ledger")
		if len(host.Asked) != 1 {
			t.Fatalf("the screen asked for %v, want the plan to be written", host.Asked)
		}
		if _, ok := host.Asked[0].(screen.ExportMsg); !ok {
			t.Errorf("the screen asked for %v, want the plan to be written", host.Asked[0])
		}
	})
}
