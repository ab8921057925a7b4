package live_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// connectionFaults are those below HTTP.
func connectionFaults() []injected {
	cut := func(_ *testing.T, f *front) { f.cut() }
	connect := func(t *testing.T, f *front) {
		t.Helper()
		f.connect(t)
	}
	return []injected{
		{name: "connection refused", says: "connection refused", kind: kube.Services, begin: cut, end: connect, phase: kube.Stale},
		{
			name: "half-open connection", says: "no answer in time", kind: kube.Services, phase: kube.Stale,
			begin: func(_ *testing.T, f *front) { f.flow.Lock() },
			end:   func(_ *testing.T, f *front) { f.flow.Unlock() },
		},
		{
			name: "certificate of another authority", says: "unknown authority", kind: kube.Services, phase: kube.Stale,
			begin: func(_ *testing.T, f *front) { f.showForeign(true) },
			end:   func(_ *testing.T, f *front) { f.showForeign(false) },
		},
		{name: "reset in the middle of a list", kind: kube.Services, first: true, answer: of(kube.Services, resets(40)), phase: kube.Failed},
		{name: "reset in the middle of a watch", says: "cut off", kind: kube.Services, answer: where(is("watch services", "stream services"), resets(0)), phase: kube.Stale},
		{name: "API server gone behind its load balancer", says: "prevented the request", kind: kube.Services, answer: answers(http.StatusBadGateway, "text/html", "<h1>502 Bad Gateway</h1>"), phase: kube.Stale},
		{name: "slow first byte of a list", kind: kube.Services, first: true, args: []string{"--request-timeout", "1s"}, answer: of(kube.Services, silence), phase: kube.Failed},
		{name: "slow first byte of a watch", says: "no answer in time", kind: kube.Services, args: []string{"--request-timeout", "1s"}, answer: of(kube.Services, silence), phase: kube.Stale},
		{name: "slow trickle", kind: kube.Services, first: true, answer: where(is("stream services"), trickles), phase: kube.Syncing},
	}
}

// refusals are the faults of which the server says which they are.
func refusals() []injected {
	says := func(code int, header ...string) fault {
		return of(kube.Services, answers(code, "text/plain", http.StatusText(code), header...))
	}
	return []injected{
		expiredToken(),
		{name: "403 on one kind", kind: kube.Services, answer: says(http.StatusForbidden), phase: kube.Forbidden, lost: true},
		{name: "403 on watching one kind", kind: kube.Services, answer: where(is("watch services", "stream services"), answers(http.StatusForbidden, "text/plain", "")), phase: kube.Stale},
		{name: "404 on a group", kind: kube.Deployments, answer: of(kube.Deployments, answers(http.StatusNotFound, "text/plain", "404 page not found")), phase: kube.Absent, lost: true},
		{name: "410 Gone on a watch", kind: kube.Services, answer: forgetful, phase: kube.Synced},
		{name: "429 Too Many Requests, Retry-After of a second", says: "no answer in time", kind: kube.Services, args: []string{"--request-timeout", "2s"}, answer: says(http.StatusTooManyRequests, "Retry-After", "1"), phase: kube.Stale},
		{name: "429 Too Many Requests, Retry-After of an hour", says: "no answer in time", kind: kube.Services, args: []string{"--request-timeout", "1s"}, answer: says(http.StatusTooManyRequests, "Retry-After", "3600"), phase: kube.Stale},
		{name: "500 Internal Server Error", says: "Internal Server Error", kind: kube.Services, answer: says(http.StatusInternalServerError), phase: kube.Stale},
		{name: "503 Service Unavailable", says: "unable to handle", kind: kube.Services, answer: says(http.StatusServiceUnavailable), phase: kube.Stale},
		{name: "504 Gateway Timeout", says: "in the time allotted", kind: kube.Services, answer: says(http.StatusGatewayTimeout), phase: kube.Stale},
	}
}

// brokenAnswers are those that cannot be read.
func brokenAnswers() []injected {
	login := answers(http.StatusOK, "text/html", "<html><title>Welcome to our WiFi</title></html>")
	unlabelled := func(header http.Header, body []byte) []byte {
		header.Set("Content-Type", "application/octet-stream")
		return body
	}
	return []injected{
		{name: "truncated JSON", kind: kube.CustomResourceDefinitions, first: true, answer: of(kube.CustomResourceDefinitions, changes(half)), phase: kube.Failed},
		{name: "truncated protobuf", kind: kube.Services, first: true, answer: of(kube.Services, changes(half)), phase: kube.Failed},
		{name: "truncated metadata", kind: kube.Secrets, first: true, answer: of(kube.Secrets, changes(half)), phase: kube.Failed},
		{name: "wrong content type", kind: kube.Services, first: true, answer: of(kube.Services, changes(unlabelled)), phase: kube.Failed},
		{name: "HTML of a captive portal at first", kind: kube.Services, first: true, answer: login, phase: kube.Failed},
		{name: "HTML of a captive portal", says: "text/html", kind: kube.Services, answer: login, phase: kube.Stale},
	}
}

// partialFaults are those of parts of the API, and of its clock.
func partialFaults() []injected {
	discovery := func(p string) bool { return p == "list apis" || p == "list api" }
	aggregated := func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasPrefix(r.URL.Path, "/apis/metrics.k8s.io/") {
			answers(http.StatusServiceUnavailable, "text/plain", "service unavailable")(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	}
	return []injected{
		{name: "aggregated API down", kind: kube.PodMetrics, first: true, answer: aggregated, phase: kube.Failed},
		{name: "discovery down", kind: kube.CalicoNetworkPolicies, first: true, answer: where(discovery, answers(http.StatusServiceUnavailable, "text/plain", "")), phase: kube.Absent},
		{name: "streamed lists unsupported", kind: kube.Services, first: true, answer: unsupported, phase: kube.Synced},
		{name: "clock three hours ahead", kind: kube.Services, answer: skewed(3 * time.Hour), phase: kube.Synced, holds: offset(3 * time.Hour)},
		{name: "clock three hours behind", kind: kube.Services, answer: skewed(-3 * time.Hour), phase: kube.Synced, holds: offset(-3 * time.Hour)},
	}
}

// is has the purposes of requests.
func is(purposes ...string) func(string) bool {
	return func(p string) bool { return slices.Contains(purposes, p) }
}

// unsupported is the fault of a server that streams no lists.
func unsupported(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if r.URL.Query().Get("sendInitialEvents") == "true" {
		status(w, http.StatusUnprocessableEntity, "Invalid")
		return
	}
	next.ServeHTTP(w, r)
}

// forgetful is the fault of a server that no longer knows what was read before.
func forgetful(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if purpose(r) != "list services" && r.URL.Query().Get("resourceVersion") != "" {
		status(w, http.StatusGone, "Expired")
		return
	}
	next.ServeHTTP(w, r)
}

// trickles is the fault of an answer that comes byte by byte.
func trickles(w http.ResponseWriter, r *http.Request, _ http.Handler) {
	w.Header().Set("Content-Type", "application/vnd.kubernetes.protobuf;stream=watch")
	_, _ = w.Write([]byte{0, 0, 0x10, 0}) // the length of the first event
	next := time.NewTicker(20 * time.Millisecond)
	defer next.Stop()
	for {
		_, _ = w.Write([]byte{0})
		w.(http.Flusher).Flush() //nolint:forcetypeassert // net/http's own are
		select {
		case <-next.C:
		case <-r.Context().Done():
			return
		}
	}
}

// skewed is the fault of a server whose clock is off.
func skewed(by time.Duration) fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(dated{w, by}, r)
	}
}

// dated is the writer of an answer with another Date.
type dated struct {
	http.ResponseWriter

	by time.Duration
}

// WriteHeader writes the header.
func (d dated) WriteHeader(code int) {
	d.Header().Set("Date", time.Now().Add(d.by).UTC().Format(http.TimeFormat))
	d.ResponseWriter.WriteHeader(code)
}

// Flush sends what was written.
func (d dated) Flush() { _ = http.NewResponseController(d.ResponseWriter).Flush() }

// offset expects a view that tells how far the clock of the server is off.
func offset(by time.Duration) func(*kube.Cluster) bool {
	return func(c *kube.Cluster) bool { return (c.Clock.Offset - by).Abs() < 2*time.Second }
}

// expiredToken is a token that the server no longer takes, until the plugin has another.
func expiredToken() injected {
	var file, real string
	put := func(t *testing.T, token string) {
		t.Helper()
		text, err := json.Marshal(map[string]any{
			"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": map[string]string{"token": token},
		})
		if err == nil {
			err = os.WriteFile(file, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	taking := func(token string) fault {
		return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if r.Header.Get("Authorization") != "Bearer "+token {
				status(w, http.StatusUnauthorized, "Unauthorized")
				return
			}
			r.Header.Set("Authorization", "Bearer "+real)
			next.ServeHTTP(w, r)
		}
	}
	return injected{
		name: "401 until a plugin renews the token", kind: kube.Services, phase: kube.Stale,
		prepare: func(t *testing.T, f *front, token string) []string {
			t.Helper()
			file, real = filepath.Join(t.TempDir(), "credential"), token
			put(t, "first")
			f.turnTo(taking("first"))
			return []string{"--kubeconfig", write(t, fmt.Sprintf(pluginConfig, file)), "--context", "reader"}
		},
		begin: func(_ *testing.T, f *front) { f.turnTo(taking("second")) },
		end: func(t *testing.T, f *front) {
			t.Helper()
			put(t, "second")
			f.turnTo(taking("second"))
		},
	}
}

// pluginConfig is a kubeconfig whose credentials are what is in a file.
const pluginConfig = `
apiVersion: v1
kind: Config
clusters:
- {name: one, cluster: {server: "https://127.0.0.1:1"}}
contexts:
- {name: reader, context: {cluster: one, user: u}}
current-context: reader
users:
- name: u
  user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: cat, args: [%q], interactiveMode: Never}}
`
