package object_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/object"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

const pods = `
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: gateway-7
  namespace: payments
  annotations: {deployment.kubernetes.io/revision: "7"}
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: gateway, uid: a, controller: true}]
spec:
  replicas: 2
  selector: {matchLabels: {app: gateway}}
  template:
    metadata: {labels: {app: gateway}}
    spec:
      containers: [{name: gateway, image: "registry.example.com/gateway:1.4", securityContext: {privileged: true}}, {name: proxy, image: "registry.example.com/proxy:2.0"}]
status: {replicas: 2, readyReplicas: 1}
---
apiVersion: v1
kind: Pod
metadata:
  name: gateway-7-a
  namespace: payments
  labels: {app: gateway}
  creationTimestamp: "2026-01-01T11:00:00Z"
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: gateway-7, uid: b, controller: true}]
spec:
  nodeName: node-1
  containers: [{name: gateway, image: "registry.example.com/gateway:1.4", securityContext: {privileged: true}}, {name: proxy, image: "registry.example.com/proxy:2.0"}]
status:
  phase: Running
  conditions: [{type: Ready, status: "True", lastTransitionTime: "2026-01-01T11:00:05Z"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: gateway-7-b
  namespace: payments
  labels: {app: gateway}
  creationTimestamp: "2026-01-01T11:30:00Z"
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: gateway-7, uid: b, controller: true}]
spec:
  nodeName: node-2
  containers: [{name: gateway, image: "registry.example.com/gateway:1.4", securityContext: {privileged: true}}, {name: proxy, image: "registry.example.com/proxy:2.0"}]
status:
  phase: Running
  conditions: [{type: Ready, status: "False", reason: ContainersNotReady, lastTransitionTime: "2026-01-01T11:30:05Z"}]
  containerStatuses:
    - {name: gateway, restartCount: 4, ready: false, image: "", imageID: "", state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}
`

// withPods is the cluster, with pods of its gateway, one of them in trouble.
func withPods(t *testing.T) *kube.Builder {
	t.Helper()
	b := screentest.Cluster(t)
	for _, name := range []string{"gateway-7d9f-a", "gateway-7d9f-b"} {
		b.Delete(kube.Pods, "payments", name)
	}
	b.Delete(kube.ReplicaSets, "payments", "gateway-7d9f")
	screentest.Add(t, b, pods)
	return b
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	for at, want := range map[string][]string{
		gateway: {
			"replicas      2 wanted", "ReplicaSets   gateway-7  1 of 2 ready, revision 7", "gateway-7-b  running, gateway waits: CrashLoopBackOff, 4 restarts, on node-2, 30m old",
			"gateway-7-a  ready, on node-1, 60m old", "runs as       ServiceAccount default", "reached by    Service pay (ClusterIP 80/TCP)",
			"Container gateway", "requests      cpu 100m", "limits        none", "readiness HTTP /ready on 8080",
		},
		"object/Pod/payments/gateway-7-b": {
			"controlled by ReplicaSet gateway-7", "Deployment gateway", "gateway       waits: CrashLoopBackOff; before it ended with code 137 (OOMKilled); 4 restarts",
			"Ready         False  ContainersNotReady",
		},
		"object/ReplicaSet/payments/gateway-7":             {"2 wanted, 1 ready", "controlled by Deployment gateway"},
		"object/StatefulSet/payments/ledger":               {"service       ledger", "disk at /disk", "hostPath /", "ServiceAccount ledger"},
		"object/Service/payments/pay":                      {"ClusterIP", "80/TCP", "app=gateway", "deploy/gateway", "gateway-7-a"},
		"object/ServiceAccount/payments/ledger":            {"runs          sts/ledger"},
		"object/Role/payments/reads-secrets":               {"lets          get, list secrets"},
		"object/RoleBinding/payments/ledger-reads-secrets": {"grants        Role reads-secrets", "to            ServiceAccount payments/ledger"},
		"object/Namespace/payments":                        {"holds         "},
	} {
		visit(t, withPods(t), at+"?tab=describe", nil, 120, 60, func(r *uitest.Robot, _ *object.Screen, host *screentest.Host) {
			r.Expect("[describe]").Expect(want...).Press("j", "G", "g", "y")
			if copied, ok := host.Asked[0].(nav.CopyMsg); !ok || !strings.Contains(copied.Text, "  ") {
				t.Errorf("%s: asked for %v", at, host.Asked)
			}
		})
	}
}

func event(name, kind, about, reason, message string, minutes int) *corev1.Event {
	at := metav1.NewTime(screentest.Noon.Add(-time.Duration(minutes) * time.Minute))
	e := &corev1.Event{
		ObjectMeta:     metav1.ObjectMeta{Namespace: "payments", Name: name, CreationTimestamp: at},
		InvolvedObject: corev1.ObjectReference{Kind: kind, Namespace: "payments", Name: about},
		Type:           corev1.EventTypeNormal, Reason: reason, Message: message, Count: 1,
	}
	if reason == "BackOff" {
		e.Type, e.Count = corev1.EventTypeWarning, 14
	}
	return e
}

func TestEvents(t *testing.T) {
	t.Parallel()
	b := withPods(t)
	for _, e := range []*corev1.Event{
		event("a", "Deployment", "gateway", "ScalingReplicaSet", "Scaled up to 2", 31),
		event("b", "Pod", "gateway-7-b", "BackOff", "Back-off \x1b[2Jrestarting", 3),
		event("c", "Pod", "ledger-0", "Killing", "not of it", 2),
	} {
		if err := b.Set(kube.Events, e); err != nil {
			t.Fatal(err)
		}
	}
	objects := server(written)
	visit(t, b, gateway, objects, 100, 20, func(r *uitest.Robot, _ *object.Screen, host *screentest.Host) {
		r.Press("E").Expect("[events]", "Events (2), the newest first").ExpectLine("3m", "x14", "! BackOff", "po/gateway-7-b: Back-off").
			ExpectLine("31m", "ScalingReplicaSet  Scaled up").ExpectNot("not of it")
		r.Press("y")
		if copied := host.Asked[0].(nav.CopyMsg); !strings.HasPrefix(copied.Text, "2026-01-01T11:57:00Z\t14\tWarning\tBackOff\tPod payments/gateway-7-b\t") {
			t.Errorf("copied is %q", copied.Text)
		}
	})
	if asked := objects.Asked(); slices.ContainsFunc(asked, func(s string) bool { return strings.HasPrefix(s, "events") }) {
		t.Errorf("asked for %q, and the view has events", asked)
	}
}

// TestEventsAreAskedForWhereTheViewHasNone, once.
func TestEventsAreAskedForWhereTheViewHasNone(t *testing.T) {
	t.Parallel()
	objects := server(written)
	objects.Happened = []*corev1.Event{event("a", "Deployment", "gateway", "ScalingReplicaSet", "Scaled up to 2", 31)}
	b := withPods(t)
	visit(t, b, gateway+"?tab=events", objects, 100, 20, func(r *uitest.Robot, _ *object.Screen, _ *screentest.Host) {
		r.Expect("Events (1), the newest first, as the server says", "Scaled up to 2").Press("1", "3").Send(screentest.Assess(b)).Expect("Scaled up")
	})
	want := "events [Deployment payments/gateway ReplicaSet payments/gateway-7 Pod payments/gateway-7-b Pod payments/gateway-7-a]"
	if asked := slices.DeleteFunc(objects.Asked(), func(s string) bool { return !strings.HasPrefix(s, "events") }); !slices.Equal(asked, []string{want}) {
		t.Errorf("asked for %q", asked)
	}
	refused := &screentest.Objects{Err: errors.New("not permitted: it needs the right to list events in namespace payments")}
	visit(t, b, gateway+"?tab=events", refused, 100, 20, func(r *uitest.Robot, _ *object.Screen, _ *screentest.Host) {
		r.Expect("it needs the right to list events in namespace payments")
	})
}

// TestLogs follows a log, and ends it with the tab.
func TestLogs(t *testing.T) {
	t.Parallel()
	objects := server(written)
	var lines chan string // of the bubble
	left := 0
	objects.Log = func(ctx context.Context, l kube.LogRequest, line func(kube.LogLine)) error {
		if l.Previous {
			line(kube.LogLine{Text: "what was before"})
			return nil
		}
		line(kube.LogLine{Time: screentest.Noon, Text: "hello from " + l.Container})
		line(kube.LogLine{Time: screentest.Noon, Text: `level=error \x1b[2J` + "\x1b[2J no way"})
		for {
			select {
			case text := <-lines:
				line(kube.LogLine{Time: screentest.Noon, Text: text})
			case <-ctx.Done():
				left++
				return ctx.Err()
			}
		}
	}
	visit(t, withPods(t), gateway, objects, 100, 20, func(r *uitest.Robot, s *object.Screen, host *screentest.Host) {
		lines = make(chan string)
		r.Press("L").Expect("[logs]", "pod gateway-7-b, container gateway (4 containers in all), following", "hello from gateway").ExpectLine("!", "level=error")
		lines <- "later"
		r.Send(screentest.Nothing{}).ExpectLine(">", "later").Expect("line 3 of 3")
		r.Press("e").ExpectLine(">", "level=error").Expect("following below: G")
		lines <- strings.Repeat("long ", 40) + "end"
		r.Send(screentest.Nothing{}).ExpectLine(">", "level=error").Expect("end").Press("w").ExpectNot("end ")
		r.Press("t").Expect("12:00:00.000").Press("t").ExpectNot("12:00:00.000")
		if err := s.Filter("LATER"); err != nil {
			t.Fatal(err)
		}
		r.Send(screentest.Nothing{}).ExpectLine(">", "later").Press("n", "p")
		if err := s.Filter(""); err != nil {
			t.Fatal(err)
		}
		r.Press("y", "Y")
		if copied := host.Asked[len(host.Asked)-1].(nav.CopyMsg).Text; copied != "kubectl --context prod-eu-1 -n payments logs gateway-7-b -c gateway --tail=500 -f\n" {
			t.Errorf("the command is %q", copied)
		}
		r.Press("x").Expect("what was before", "the run before").ExpectNot("later").Press("x").Expect("hello from gateway", "following")
		r.Press("c").Expect("container proxy", "hello from proxy").Press(">").Expect("pod gateway-7-a, container proxy").Press("<").Expect("pod gateway-7-b")
		r.Press("1").Send(screentest.Nothing{})
		if asked := objects.Asked(); len(asked)-2 != left {
			t.Errorf("asked for %q, and %d of them ended", asked, left)
		}
		r.Press("4").Expect("hello from proxy", "following")
	})
}

func TestNoLog(t *testing.T) {
	t.Parallel()
	for text, log := range map[string]func(context.Context, kube.LogRequest, func(kube.LogLine)) error{
		"The container has written nothing": nil,
		"it needs the right to get pods/log in namespace payments": func(context.Context, kube.LogRequest, func(kube.LogLine)) error {
			return errors.New("not permitted: it needs the right to get pods/log in namespace payments")
		},
	} {
		objects := server(written)
		objects.Log = log
		visit(t, withPods(t), gateway+"?tab=logs", objects, 100, 20, func(r *uitest.Robot, _ *object.Screen, _ *screentest.Host) {
			r.Expect(text).Press("j", "e", "n", "y", "w", "t", "G").Expect(text)
		})
	}
	visit(t, screentest.Cluster(t), "object/Namespace/vacant?tab=logs", server(written), 100, 20, func(r *uitest.Robot, _ *object.Screen, _ *screentest.Host) {
		r.Expect("No pod of Namespace vacant is known").Press("c", "x", ">").Expect("No pod of")
	})
}

// TestALogWithoutEnd keeps the newest lines, says how many are gone, and draws no more
// than ten times a second.
func TestALogWithoutEnd(t *testing.T) {
	t.Parallel()
	objects := server(written)
	objects.Log = func(ctx context.Context, _ kube.LogRequest, line func(kube.LogLine)) error {
		for i := range 35_000 {
			line(kube.LogLine{Text: fmt.Sprint("line number ", i)})
		}
		line(kube.LogLine{Text: strings.Repeat("x", 64<<10), Cut: true})
		<-ctx.Done()
		return ctx.Err()
	}
	visit(t, withPods(t), gateway+"?tab=logs", objects, 100, 20, func(r *uitest.Robot, s *object.Screen, _ *screentest.Host) {
		r.Expect("line 35001 of 35001, the first 25001 dropped").Press("k", "k").Expect("line number 34999").Press("w", "g").Expect("line 25002 of 35001", "line number 25001")
		screen.Leave(s)
	})
}
