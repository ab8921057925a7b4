package object_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/object"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

const gateway = "object/Deployment/payments/gateway"

// visit opens an address on what a builder holds.
func visit(t *testing.T, b *kube.Builder, at string, objects screen.Inspector, width, height int, story func(*uitest.Robot, *object.Screen, *screentest.Host)) {
	t.Helper()
	address, err := nav.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	open := func() *object.Screen { return object.New(address, objects) }
	screentest.Visit(t, open, screentest.Assess(b), width, height, style.Options{}, story)
}

// written is a Deployment as a server has it: with more than the view holds.
const written = `apiVersion: apps/v1
kind: Deployment
metadata:
  managedFields:
  - manager: kubectl
    operation: Apply
  name: gateway
  namespace: payments
spec:
  replicas: 2
  template:
    spec:
      containers:
      - env:
        - name: A
          value: "1"
        - name: B
          value: "2"
        image: registry.example.com/gateway:1.4
        name: gateway
        securityContext:
          privileged: true
      - image: registry.example.com/proxy:2.0
        livenessProbe:
          httpGet:
            path: /live
            port: 8080
        name: proxy
status:
  readyReplicas: 2
  replicas: 2
  updatedReplicas: 2
`

func server(text string) *screentest.Objects {
	return &screentest.Objects{Texts: map[kube.Ref]kube.Text{kube.Deployments.Ref("payments", "gateway"): {YAML: []byte(text), Line: 1}}}
}

func TestFindingsAreMarkedInTheText(t *testing.T) {
	t.Parallel()
	objects := server(written)
	at := gateway + "?field=spec.template.spec.containers%5B0%5D.securityContext.privileged"
	visit(t, screentest.Cluster(t), at, objects, 100, 40, func(r *uitest.Robot, _ *object.Screen, host *screentest.Host) {
		r.Expect("as the server had it", "[YAML]", "Deployment payments/gateway").ExpectLine(">C ✖", "22", "privileged: true").Expect("privileged-container")
		r.ExpectLine("14", "▸", "- env: (4 lines)").ExpectNot("manager: kubectl", "readyReplicas")
		r.ExpectLine("29", "▸", "status: (3 lines)")
		r.Press("G").ExpectLine(">", "status:").Press("z").Expect("readyReplicas: 2").Press("z").ExpectNot("readyReplicas")
		r.Press("Z").Expect("manager: kubectl", "readyReplicas: 2").ExpectNot("▸").Press("Z").ExpectNot("readyReplicas")
		r.Press("g", "n").ExpectLine(">", "2", "kind: Deployment")
		r.Press("g", "p")
		if _, ok := host.Asked[len(host.Asked)-1].(nav.NoticeMsg); !ok {
			t.Errorf("before the first finding the screen asked for %v", host.Asked)
		}
		r.Press("G", "p", "enter")
		open, ok := host.Asked[len(host.Asked)-1].(nav.OpenMsg)
		if !ok || !strings.HasPrefix(open.Address, "finding/") {
			t.Errorf("enter on a marked line asked for %v", host.Asked)
		}
		r.Press("y", "Y")
		if copied := host.Asked[len(host.Asked)-2].(nav.CopyMsg); copied.Text != written {
			t.Errorf("copied is %q", copied.Text)
		}
		if copied := host.Asked[len(host.Asked)-1].(nav.CopyMsg); copied.Text != "kubectl --context prod-eu-1 -n payments get deployments.apps gateway -o yaml\n" {
			t.Errorf("the command is %q", copied.Text)
		}
	})
	if n := len(objects.Asked()); n != 1 {
		t.Errorf("asked for %q", objects.Asked())
	}
}

// TestTheTextStaysUntilItIsAskedForAgain: a cluster that never rests does not have
// the object read again and again, and the reader stays where they are.
func TestTheTextStaysUntilItIsAskedForAgain(t *testing.T) {
	t.Parallel()
	b, objects := screentest.Cluster(t), server(written)
	visit(t, b, gateway, objects, 100, 30, func(r *uitest.Robot, s *object.Screen, _ *screentest.Host) {
		r.Press("G")
		before := r.Screen()
		changed := screentest.Deployment("payments", "gateway")
		changed.Spec.Template.Spec.Containers = []corev1.Container{{Name: "gateway"}}
		if err := b.Set(kube.Deployments, changed); err != nil {
			t.Fatal(err)
		}
		r.Send(screentest.Assess(b)).Expect("it has changed since, o reads it again").ExpectLine(">", "status:")
		if n := len(objects.Asked()); n != 1 {
			t.Errorf("asked for %q", objects.Asked())
		}
		objects.Texts[kube.Deployments.Ref("payments", "gateway")] = kube.Text{YAML: []byte("kind: Deployment\nspec: {}\n"), Line: 1}
		r.Press("o").Expect("spec: {}").ExpectNot("it has changed since")
		if r.Screen() == before || len(objects.Asked()) != 2 {
			t.Errorf("asked for %q", objects.Asked())
		}
		b.Delete(kube.Deployments, "payments", "gateway")
		r.Send(screentest.Assess(b)).Expect("it is gone since", "spec: {}")
		if address := s.Address().String(); address != gateway {
			t.Errorf("the address is %s", address)
		}
	})
}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]string{
		gateway:                         "not permitted: it needs the right to get deployments.apps in namespace payments",
		"object/Pod/payments/gone":      "not permitted: it needs",
		"object/Nothing/payments/a":     "is no kind of object",
		"object/Deployment/payments":    "Deployment/NAMESPACE/NAME",
		"object/Namespace/payments/web": "Namespace/NAME",
	} {
		refused := &screentest.Objects{Err: errors.New("reading it: not permitted: it needs the right to get deployments.apps in namespace payments")}
		visit(t, screentest.Cluster(t), at, refused, 100, 20, func(r *uitest.Robot, s *object.Screen, _ *screentest.Host) {
			r.Expect(want).Press("j", "z", "Z", "n", "y", "enter").Expect(want)
			if _, ok := s.Object(); ok != (object.Check(s.Address().Target) == nil) && !strings.Contains(at, "Nothing") {
				t.Errorf("%s: there is an object: %t", at, ok)
			}
		})
	}
	visit(t, screentest.Cluster(t), "object/Pod/payments/gone", nil, 100, 20, func(r *uitest.Robot, _ *object.Screen, _ *screentest.Host) {
		r.Expect("there is no Pod payments/gone, or it cannot be seen").Press("2").Expect("There is no Pod payments/gone")
		r.Press("3").Expect("No events are known").Press("4").Expect("There is no server to ask for logs")
	})
}

// TestASecretHasNoValues whoever is asked for it.
func TestASecretHasNoValues(t *testing.T) {
	t.Parallel()
	b := screentest.Cluster(t)
	secret := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Namespace: "payments", Name: "key", Labels: map[string]string{"app": "pay"}}}
	if err := b.Set(kube.Secrets, secret); err != nil {
		t.Fatal(err)
	}
	withheld := &screentest.Objects{Texts: map[kube.Ref]kube.Text{kube.Secrets.Ref("payments", "key"): {File: "key.yaml", Line: 7, Withheld: "its data is not shown"}}}
	visit(t, b, "object/Secret/payments/key", withheld, 100, 20, func(r *uitest.Robot, _ *object.Screen, _ *screentest.Host) {
		r.Expect("its data is not shown", "what is kept of key.yaml:7").ExpectLine("2", "kind: Secret").Expect("app: pay").ExpectNot(" data:")
		r.Press("2").Expect("never read: seaworthy knows its metadata only")
	})
	visit(t, b, "object/secret/payments/key", nil, 100, 20, func(r *uitest.Robot, _ *object.Screen, host *screentest.Host) {
		r.Expect("never their data", "kind: Secret", "app: pay").Press("Y")
		if copied := host.Asked[0].(nav.CopyMsg).Text; !strings.Contains(copied, "-o 'jsonpath={.metadata}'") {
			t.Errorf("the command is %q", copied)
		}
	})
}

// TestPagesAreNoObjects of which kubectl knows the kind.
func TestPagesAreNoObjects(t *testing.T) {
	t.Parallel()
	b := screentest.Cluster(t)
	page := &unstructured.Unstructured{Object: map[string]any{"flags": map[string]any{"profiling": "true"}}}
	page.SetName(kube.PageName)
	if err := b.Set(kube.Flagz, page); err != nil {
		t.Fatal(err)
	}
	visit(t, b, "object/Flagz/apiserver", nil, 100, 20, func(r *uitest.Robot, _ *object.Screen, host *screentest.Host) {
		r.Expect(`profiling: "true"`).Press("Y")
		if copied := host.Asked[0].(nav.CopyMsg).Text; !strings.Contains(copied, "get --raw /flagz") {
			t.Errorf("the command is %q", copied)
		}
	})
}

// TestManifestsAreShownAsTheyAreWritten with comments, and the numbers of the file.
func TestManifestsAreShownAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	const text = `# first
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod # the only one
metadata: {name: lone, namespace: shop}
spec:
  # it sees everything
  containers:
    - name: main
      image: main:1
      securityContext:
        privileged: true
`
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: strings.NewReader(text)})
	c, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	open := func() *object.Screen {
		return object.New(nav.Address{Screen: "object", Target: "Pod/shop/lone", Query: map[string]string{"field": "spec.containers[0].securityContext.privileged"}}, texts{source})
	}
	screentest.Visit(t, open, score.Assess(c, screentest.Categories()), 100, 30, style.Options{}, func(r *uitest.Robot, _ *object.Screen, _ *screentest.Host) {
		r.Expect("-:5, as it is written").ExpectLine("7", "kind: Pod # the only one").ExpectLine("10", "# it sees everything")
		r.ExpectLine(">C ✖", "15", "privileged: true").ExpectNot("# first")
		r.Press("2").ExpectLine("written", "-:6").Press("3").Expect("These are manifests: nothing has happened").Press("4").Expect("nothing runs")
	})
}

type texts struct{ *manifest.Source }

func (texts) Events(_ context.Context, _ []kube.Ref) ([]*corev1.Event, error) { return nil, nil }

func (texts) Logs(_ context.Context, _ kube.LogRequest, _ func(kube.LogLine)) error { return nil }

// TestAPodBearsTheFindingsOfItsWorkload at its own fields.
func TestAPodBearsTheFindingsOfItsWorkload(t *testing.T) {
	t.Parallel()
	visit(t, withPods(t), "object/Pod/payments/gateway-7-a", nil, 100, 40, func(r *uitest.Robot, _ *object.Screen, _ *screentest.Host) {
		r.Expect("what prod-eu-1 holds of it").ExpectLine("C ✖", "privileged: true").Expect("findings in it")
		r.Press("/")
	})
	visit(t, withPods(t), "object/ReplicaSet/payments/gateway-7", nil, 100, 40, func(r *uitest.Robot, _ *object.Screen, _ *screentest.Host) {
		r.ExpectLine("C ✖", "privileged: true")
	})
}

func TestSearch(t *testing.T) {
	t.Parallel()
	visit(t, screentest.Cluster(t), gateway, server(written), 100, 24, func(r *uitest.Robot, s *object.Screen, _ *screentest.Host) {
		if err := s.Filter("READY"); err != nil {
			t.Fatal(err)
		}
		r.Send(screentest.Nothing{}).ExpectLine(">", "readyReplicas: 2").Expect("/READY")
		if err := s.Filter("image:"); err != nil {
			t.Fatal(err)
		}
		r.Press("g", "n").ExpectLine(">", "gateway:1.4").Press("n").ExpectLine(">", "proxy:2.0").Press("p").ExpectLine(">", "gateway:1.4")
		if err := s.Filter("nothing like this"); err != nil || s.FilterText() != "nothing like this" {
			t.Errorf("%q, %v", s.FilterText(), err)
		}
		r.Press("2")
		if err := s.Filter("x"); err == nil || s.FilterText() != "" {
			t.Error("the description is searched")
		}
	})
}

// TestHostileAndHuge: a text that fights back, and one as large as a server stores, are
// drawn like any other. The robot sees to what reaches the terminal.
func TestHostileAndHuge(t *testing.T) {
	t.Parallel()
	var huge strings.Builder
	huge.WriteString("kind: Deployment\nspec:\n  long: \"" + strings.Repeat("\x1b[2Jx\u202e", 10_000) + "\"\n  items:\n")
	for i := 0; huge.Len() < 1_500_000; i++ {
		fmt.Fprintf(&huge, "  - name: item-%d\n    value: %d\n", i, i)
	}
	for name, text := range map[string]string{
		"huge": huge.String(), "no YAML": "kind: [\n\x1b]0;title\a\tx\n", "empty": "", "blank": "\n\n", "one key": "kind",
		"aliases": "a: &a\n  b: &b\n    c: 1\nd: *a\ne:\n  <<: *b\n", "block": "kind: Deployment\nx: |\n  a: b\n  # c\n\n  d\ny: >-\n  e\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			visit(t, screentest.Cluster(t), gateway, server(text), 80, 24, func(r *uitest.Robot, _ *object.Screen, _ *screentest.Host) {
				r.Press("j", "z", "Z", "G", "z", "pgup", "ctrl+u", "n", "p", "k", "g").Expect("Deployment payments/gateway")
			})
		})
	}
}
