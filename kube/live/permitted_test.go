package live_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// TestPermitted asks a real server as who may do everything, who may only read, and who
// may do nothing at all.
func TestPermitted(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	read := kube.Right{Verb: "get", Resource: "pods", Subresource: "log", Namespace: "default", Name: "web"}
	write := kube.Right{Verb: "patch", Group: "apps", Resource: "deployments", Namespace: "default", Name: "web"}
	everywhere := kube.Right{Verb: "list", Resource: "pods"}
	path := kube.Right{Verb: "get", Path: "/metrics"}
	open := kube.Right{Verb: "get", Path: "/version"}
	yes, no := kube.Permitted, kube.Denied
	for user, want := range map[string]map[kube.Right]kube.Permission{
		"admin":  {read: yes, write: yes, everywhere: yes, path: yes, open: yes},
		"reader": {read: yes, write: no, everywhere: yes, path: yes, open: yes},
		"viewer": {read: no, write: no, everywhere: no, path: no, open: yes},
	} {
		source := connect(t, live.Options{}, "--kubeconfig", testbed.Kubeconfig, "--context", user)
		t.Cleanup(source.Close)
		got := source.Permitted(t.Context(), []kube.Right{read, write, everywhere, path, open, read})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", user, diff)
		}
	}
}

// TestPermittedIsKept: it is not asked again before the user wants it, and what the
// server does not say for sure is unknown.
func TestPermittedIsKept(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	var status atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/version":
			_, _ = fmt.Fprint(w, `{"gitVersion": "v1.30.0"}`)
		case strings.HasSuffix(r.URL.Path, "/selfsubjectaccessreviews"):
			asked.Add(1)
			text, _ := status.Load().(string)
			if text == "" {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprintf(w, `{"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "status": %s}`, text)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(server.Close)
	source := connect(t, live.Options{}, "--kubeconfig", write(t, strings.Replace(twoContexts, "https://127.0.0.1:1", server.URL, 1)))
	t.Cleanup(source.Close)
	pods := kube.Right{Verb: "list", Resource: "pods"}
	check := func(what string, want kube.Permission, times int32) {
		t.Helper()
		if got := source.Permitted(t.Context(), []kube.Right{pods})[pods]; got != want || asked.Load() != times {
			t.Errorf("%s: %s after %d questions, want %s after %d", what, got, asked.Load(), want, times)
		}
	}
	status.Store(`{"allowed": false}`)
	ended, end := context.WithCancel(t.Context())
	end()
	if got := source.Permitted(ended, []kube.Right{pods})[pods]; got != kube.PermissionUnknown || asked.Load() != 0 {
		t.Errorf("nobody waits for it: %s after %d questions", got, asked.Load())
	}
	check("a denial", kube.Denied, 1)
	status.Store(`{"allowed": true}`)
	check("again", kube.Denied, 1)
	source.Retry()
	check("when all is tried again", kube.Permitted, 2)
	status.Store(`{"allowed": false, "evaluationError": "the webhook does not answer"}`)
	source.Retry()
	check("an authorizer that cannot be asked", kube.PermissionUnknown, 3)
	status.Store("")
	source.Retry()
	check("a server that fails", kube.PermissionUnknown, 4)
}
