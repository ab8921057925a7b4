package ui_test

import (
	"context"
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// gatewayText is what a server has of the gateway.
const gatewayText = `apiVersion: apps/v1
kind: Deployment
metadata:
  managedFields:
  - manager: kubectl
  name: gateway
  namespace: payments
spec:
  replicas: 2
  template:
    spec:
      containers:
      - image: registry.example.com/gateway:1.4
        name: gateway
        ports:
        - containerPort: 8080
          name: http
          protocol: TCP
        securityContext:
          privileged: true
`

// inspected is a server that has the gateway, and a log that goes on.
func inspected() *screentest.Objects {
	return &screentest.Objects{
		Texts: map[kube.Ref]kube.Text{kube.Deployments.Ref("payments", "gateway"): {YAML: []byte(gatewayText), Line: 1}},
		Happened: []*corev1.Event{{
			ObjectMeta:     metav1.ObjectMeta{Namespace: "payments", Name: "a", CreationTimestamp: metav1.NewTime(screentest.Noon.Add(-3e11))},
			InvolvedObject: corev1.ObjectReference{Kind: "Deployment", Namespace: "payments", Name: "gateway"},
			Type:           corev1.EventTypeWarning, Reason: "FailedCreate", Message: "pods are forbidden: \x1b]0;quota\a", Count: 12,
		}},
		Log: func(ctx context.Context, l kube.LogRequest, line func(kube.LogLine)) error {
			for i, text := range []string{"listening on :8080", "\x1b[31mERROR no route\x1b[0m to ledger", "retrying"} {
				line(kube.LogLine{Time: screentest.Noon.Add(1e9), Text: fmt.Sprintf("%d %s %s", i, l.Container, text)})
			}
			<-ctx.Done()
			return ctx.Err()
		},
	}
}

// TestFromTheFindingToTheObject opens the object of a finding, looks at all of it and
// comes back.
func TestFromTheFindingToTheObject(t *testing.T) {
	t.Parallel()
	objects := inspected()
	run(t, ui.Options{At: privileged, Sighting: ui.Sighting{Objects: objects}}, 100, 30, func(u *user) {
		u.publish().Expect("privileged-container").Press("o").Expect("[YAML]", "as the server had it").ExpectLine(">C ✖", "privileged: true")
		u.ExpectLine("▸", "ports: (3 lines)").ExpectNot("containerPort").Press("Z").Expect("containerPort: 8080", "manager: kubectl")
		u.Press("/").Type("http").ExpectLine(">", "name: http").Press("enter", "esc").ExpectNot("/http")
		u.Press("tab").Expect("[describe]", "reached by    Service pay").Press("tab").Expect("[events]", "x12", "! FailedCreate")
		u.Press("tab").Expect("[logs]", "following").ExpectLine("!", "ERROR no route").Press("shift+tab").Expect("[events]")
		u.Press("L").Expect("listening on :8080").Press("o").Expect("[YAML]").Press("y").Expect("copied the YAML").Press("Y").Expect("copied the command")
		u.Press("esc").Expect("EVIDENCE").Press("E").Expect("[events]").Press("esc").Press("L").Expect("[logs]", "following").Press("esc").Expect("EVIDENCE")
	})
}

// TestTheObjectUnderTheCursor is opened from every screen that has one.
func TestTheObjectUnderTheCursor(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]string{
		"overview": "Namespace payments", "ns/payments": "Deployment payments/gateway", "findings": "DaemonSet kube-system/network-agent",
		"plan/payments": "payments/", "rbac/subject/sa:payments/ledger": "ServiceAccount payments/ledger", "rbac": "no object is selected", "rbac/stale": "no object is selected",
		"coverage": "no object is selected on this screen", "paths": "no object is selected on this screen",
		"finding/none/of/these": "no object is selected",
	} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			run(t, ui.Options{At: at}, 100, 30, func(u *user) {
				u.publish().Press("o").Expect(want)
			})
		})
	}
}

func TestTabsOfAnObject(t *testing.T) {
	t.Parallel()
	for _, tab := range []string{"yaml", "events", "logs"} {
		for _, size := range [][2]int{{60, 15}, {80, 24}, {140, 40}} {
			name := fmt.Sprintf("object-%s-%dx%d", tab, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				run(t, ui.Options{At: "object/Deployment/payments/gateway?tab=" + tab, Sighting: ui.Sighting{Objects: inspected()}}, size[0], size[1], func(u *user) {
					u.publish().wait().Golden(name)
				})
			})
		}
	}
}
