package live_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// Objects, events and logs of a real server are read when they are asked for, the data of
// Secrets and ConfigMaps never; and who may not is told the right that is missing.
func TestInspect(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{Canaries: []string{canary}})
	writer := admin(t, testbed.Kubeconfig)
	mine := newNamespace(t, writer)
	create(t, writer, kube.Deployments, mine, `{metadata: {name: web}, spec: {selector: {matchLabels: {app: web}},
		template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "web:1"}]}}}}`)
	create(t, writer, kube.Pods, mine, `{metadata: {name: web-1}, spec: {containers: [{name: web, image: "web:1"}]}}`)
	create(t, writer, kube.Secrets, mine, "{metadata: {name: token, labels: {app: web}}, stringData: {password: "+canary+"}}")
	create(t, writer, kube.ConfigMaps, mine, "{metadata: {name: settings, annotations: {kept: 'yes'}}, data: {password: "+canary+"}}")
	create(t, writer, kube.Events, mine, `{metadata: {name: web.1}, reason: Scaled, message: "up to 1", type: Normal, count: 3,
		involvedObject: {kind: Deployment, name: web, namespace: `+mine+`}}`)
	create(t, writer, kube.Events, mine, `{metadata: {name: other.1}, reason: Scaled, message: "not of it", type: Normal,
		involvedObject: {kind: Deployment, name: other, namespace: `+mine+`}}`)

	source := connect(t, live.Options{Version: "v0.0.1"}, "--kubeconfig", testbed.Kubeconfig, "--context", "reader")
	checkObjects(t, source, mine)
	events, err := source.Events(t.Context(), []kube.Ref{kube.Deployments.Ref(mine, "web"), kube.Pods.Ref(mine, "web-1"), kube.Nodes.Ref("", "n")})
	if err != nil || len(events) != 1 || events[0].Message != "up to 1" || events[0].Count != 3 {
		t.Errorf("events are %v, %v", events, err)
	}
	request := kube.LogRequest{Namespace: mine, Pod: "web-1", Container: "web", Tail: 5}
	ignore := func(kube.LogLine) { t.Error("a pod that no node runs has written a line") }
	// The pod is on no node, so the server has nobody to get the log from: it answers
	// with nothing, or says so.
	if err := source.Logs(t.Context(), request, ignore); err != nil && !strings.Contains(err.Error(), "pod "+mine+"/web-1") {
		t.Errorf("the log of a pod on no node: %v", err)
	}
	checkRefusals(t, testbed, mine, request)

	checkLogged(t, testbed)
	checkNoCanary(t, testbed)
}

// checkObjects reads objects of all sorts.
func checkObjects(t *testing.T, source *live.Source, mine string) {
	t.Helper()
	for ref, want := range map[kube.Ref][]string{
		kube.Deployments.Ref(mine, "web"):                  {"apiVersion: apps/v1\nkind: Deployment\n", "managedFields:", "image: web:1", "\nstatus:"},
		kube.Secrets.Ref(mine, "token"):                    {"apiVersion: v1\nkind: Secret\n", "app: web"},
		kube.ConfigMaps.Ref(mine, "settings"):              {"apiVersion: v1\nkind: ConfigMap\n", `kept: "yes"`},
		kube.Namespaces.Ref("", mine):                      {"kind: Namespace\n", "name: " + mine},
		kube.ClusterRoles.Ref("", "system:kube-scheduler"): {"kind: ClusterRole\n"},
		kube.Flagz.Ref("", kube.PageName):                  {"kind: Flagz\n", "authorization-mode:", "max-requests-inflight:"},
	} {
		got, err := source.Object(t.Context(), ref)
		if err != nil {
			t.Errorf("%s: %v", ref, err)
			continue
		}
		for _, text := range want {
			if !strings.Contains(string(got.YAML), text) {
				t.Errorf("%s has no %q:\n%s", ref, text, got.YAML)
			}
		}
		secret := slices.Contains([]string{"Secret", "ConfigMap"}, ref.Kind)
		if strings.Contains(string(got.YAML), canary) || (got.Withheld != "") != secret || strings.Contains(string(got.YAML), "\ndata:") {
			t.Errorf("%s, withheld %q:\n%s", ref, got.Withheld, got.YAML)
		}
	}
}

// checkLogged reads in the API server's own log that the reader only read, and no more
// logs than were opened.
func checkLogged(t *testing.T, testbed *kubetest.Testbed) {
	t.Helper()
	type event struct {
		User      struct{ Username string }
		Verb      string
		Stage     string
		ObjectRef struct{ Resource, Subresource string }
	}
	logs := 0
	for _, e := range entries[event](t, testbed.AuditLog) {
		if e.User.Username == "reader" && e.Verb != "get" && e.Verb != "list" && e.ObjectRef.Resource != "selfsubjectreviews" {
			t.Errorf("the server was asked to %s %s", e.Verb, e.ObjectRef.Resource)
		}
		if e.User.Username == "reader" && e.ObjectRef.Subresource == "log" && e.Stage == "ResponseComplete" {
			logs++
		}
	}
	if logs != 1 {
		t.Errorf("the audit log has %d requests for logs, want the one that was opened", logs)
	}
}

// checkRefusals asks as somebody without rights.
func checkRefusals(t *testing.T, testbed *kubetest.Testbed, mine string, request kube.LogRequest) {
	t.Helper()
	nobody := connect(t, live.Options{}, "--kubeconfig", testbed.Kubeconfig, "--context", "viewer")
	_, object := nobody.Object(t.Context(), kube.Deployments.Ref(mine, "web"))
	_, secret := nobody.Object(t.Context(), kube.Secrets.Ref(mine, "token"))
	_, events := nobody.Events(t.Context(), []kube.Ref{kube.Deployments.Ref(mine, "web")})
	for want, err := range map[string]error{
		"not permitted: it needs the right to get deployments.apps in namespace " + mine: object,
		"not permitted: it needs the right to get secrets in namespace " + mine:          secret,
		"not permitted: it needs the right to list events in namespace " + mine:          events,
		"not permitted: it needs the right to get pods/log in namespace " + mine:         nobody.Logs(t.Context(), request, func(kube.LogLine) {}),
	} {
		var failure *live.Error
		if !errors.As(err, &failure) || failure.Reason != live.Forbidden || !strings.HasSuffix(failure.Message, want) {
			t.Errorf("the error is %v, want %s", err, want)
		}
	}
	reader := connect(t, live.Options{}, "--kubeconfig", testbed.Kubeconfig, "--context", "reader")
	for _, ref := range []kube.Ref{
		kube.Deployments.Ref(mine, "../secrets/token"), kube.Deployments.Ref("..", "web"), kube.Pods.Ref(mine, ""),
		{Kind: "Nothing", Name: "a"},
		kube.PodMetrics.Ref(mine, "web-1"), kube.Livez.Ref("", kube.PageName), kube.Deployments.Ref(mine, "gone"),
	} {
		if text, err := reader.Object(t.Context(), ref); err == nil || !strings.Contains(err.Error(), "reading "+ref.String()) {
			t.Errorf("%s: %s, %v", ref, text.YAML, err)
		}
	}
}

// checkNoCanary reads in the log of the proxy before the server that no value was sent to
// the reader.
func checkNoCanary(t *testing.T, testbed *kubetest.Testbed) {
	t.Helper()
	type exchange struct{ User, Method, URI, Accept, Canary string }
	asked := 0
	for _, e := range entries[exchange](t, testbed.RequestLog) {
		if e.User == "reader" && e.Canary != "" {
			t.Errorf("the answer to %s %s had the value of a secret in it", e.Method, e.URI)
		}
		if e.User == "reader" && strings.Contains(e.URI, "/secrets/token") {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("the request log has %d requests for the secret: it proves nothing", asked)
	}
}

// logServer answers as an API server that has nothing but a log.
func logServer(t *testing.T, log http.HandlerFunc) *live.Source {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/version":
			_, _ = io.WriteString(w, `{"gitVersion":"v1.30.0"}`)
		case "/api/v1/namespaces/shop/pods/web-1/log":
			log(w, r)
		default:
			status(w, http.StatusNotFound, metav1.StatusReasonNotFound)
		}
	}))
	t.Cleanup(server.Close)
	return connect(t, live.Options{}, "--kubeconfig", write(t, strings.Replace(twoContexts, "https://127.0.0.1:1", server.URL, 1)))
}

var webLog = kube.LogRequest{Namespace: "shop", Pod: "web-1", Container: "web", Tail: 500}

func TestLogs(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 200_000)
	source := logServer(t, func(w http.ResponseWriter, r *http.Request) {
		if got, want := r.URL.RawQuery, "container=web&previous=true&tailLines=500&timestamps=true"; got != want {
			t.Errorf("the log was asked for with %s, want %s", got, want)
		}
		_, _ = io.WriteString(w, "2026-01-01T12:00:00.123456789Z begins\n2026-01-01T12:00:01Z \nno time\n2026-01-01T12:00:02Z "+long+"\n\x1b[31mred\xff")
	})
	var got []kube.LogLine
	request := webLog
	request.Previous = true
	if err := source.Logs(t.Context(), request, func(l kube.LogLine) { got = append(got, l) }); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, time.January, 1, 12, 0, 0, 123456789, time.UTC)
	second := at.Truncate(time.Second)
	const most = 64<<10 - len("2026-01-01T12:00:02Z ")
	want := []kube.LogLine{
		{Time: at, Text: "begins"},
		{Time: second.Add(time.Second)},
		{Text: "no time"},
		{Time: second.Add(2 * time.Second), Text: long[:most], Cut: true},
		{Text: "\x1b[31mred\xff"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
}

// A log that is followed ends with its context, and the connection with it.
func TestLogsAreFollowed(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	source := logServer(t, func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		for i := 0; r.Context().Err() == nil; i++ {
			if i < 3 {
				_, _ = fmt.Fprintf(w, "line %d\n", i)
				_ = http.NewResponseController(w).Flush()
				continue
			}
			<-r.Context().Done()
		}
	})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	count := 0
	request := webLog
	request.Follow = true
	err := source.Logs(ctx, request, func(l kube.LogLine) {
		if count++; l.Text == "line 2" {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) || count != 3 {
		t.Errorf("%d lines, and then %v", count, err)
	}
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("the server is still asked for the log")
	}
}

// What a server says instead of a log is one clean line.
func TestNoLog(t *testing.T) {
	t.Parallel()
	source := logServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","message":"previous terminated\n container \u001b[2J not found","reason":"BadRequest","code":400}`)
	})
	err := source.Logs(t.Context(), webLog, func(kube.LogLine) {})
	if err == nil || strings.ContainsAny(err.Error(), "\x1b\n") || !strings.Contains(err.Error(), "container web of pod shop/web-1: previous terminated container") {
		t.Errorf("the error is %q", err)
	}
}
