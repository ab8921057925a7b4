package live

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	metadataAccept = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
	plainAccept    = metadataAccept + ",application/json"
)

// sent is a transport that only remembers whether it was used.
type sent struct{ requests int }

func (s *sent) RoundTrip(*http.Request) (*http.Response, error) {
	s.requests++
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
}

// try sends one request through a guard and reports whether it left. Dry runs have been
// asked for, and a DELETE has no body.
func try(t testing.TB, method, target string, header http.Header) bool {
	t.Helper()
	asked := context.WithValue(t.Context(), attempting{}, true)
	var body io.ReadCloser
	if method != http.MethodDelete {
		body = io.NopCloser(strings.NewReader("{}"))
	}
	return send(asked, t, method, target, header, body)
}

// send sends one request through a guard and reports whether it left.
func send(ctx context.Context, t testing.TB, method, target string, header http.Header, body io.ReadCloser) bool {
	t.Helper()
	below := &sent{}
	u, err := url.Parse("https://server:6443" + target)
	if err != nil {
		t.Skip("no URL")
	}
	g := newGuard(&url.URL{Scheme: "https", Host: "server:6443", Path: "/prefix"}, below)
	r := (&http.Request{Method: method, URL: u, Header: header, Body: body}).WithContext(ctx)
	_, err = g.RoundTrip(r)
	if refused := errors.Is(err, ErrRefused); refused == (below.requests == 1) {
		t.Errorf("%s %s: error %v, %d requests sent", method, target, err, below.requests)
	}
	return below.requests == 1
}

func TestGuard(t *testing.T) {
	t.Parallel()
	tests := []struct {
		method, target, accept string
		passes                 bool
	}{
		{"GET", "/prefix/version", "", true},
		{"GET", "/prefix/apis/metrics.k8s.io/v1beta1", "", true},
		{"GET", "/prefix/api/v1/pods?watch=true", "", true},
		{"HEAD", "/prefix/api/v1/pods", "", true},
		{"", "/prefix/api/v1/pods", "", true},
		{"GET", "/prefix/api/v1/namespaces/secrets", "", true},
		{"GET", "/prefix/api/v1/namespaces/secrets/pods", "", true},
		{"GET", "/prefix/apis/apps/v1/namespaces/a/deployments/web/status", "", true},
		{"GET", "/prefix/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node", "", true},
		{"GET", "/prefix/metrics", "", false},
		{"GET", "/prefix/debug/pprof/profile", "", false},
		{"GET", "/prefix/api/v1/namespaces/a/pods/b/exec?command=rm", "", false},
		{"GET", "/prefix/api/v1/namespaces/a/pods/b/attach", "", false},
		{"GET", "/prefix/api/v1/namespaces/a/pods/b/log", "", false},
		{"GET", "/prefix/api/v1/namespaces/a/pods/b/portforward", "", false},
		{"GET", "/prefix/api/v1/namespaces/a/pods/b/proxy", "", false},
		{"GET", "/prefix/api/v1/namespaces/a/pods/b/proxy/x/y", "", false},
		{"GET", "/prefix/api/v1/namespaces/a/services/b/proxy/", "", false},
		{"GET", "/prefix/api/v1/nodes/n/proxy/run/a/b/c", "", false},
		{"GET", "/prefix/api/v1/proxy/nodes/n", "", false},
		{"GET", "/prefix/api/v1/watch/secrets", metadataAccept, false},
		{"GET", "/prefix/apis/subresources.kubevirt.io/v1/namespaces/a/virtualmachineinstances/b/vnc", "", false},
		{"GET", "/api/v1/pods", "", false},
		{"GET", "/prefixapi/v1/pods", "", false},
		{"GET", "/prefix/api/v1/namespaces/a/configmaps/../secrets", metadataAccept, false},
		{"GET", "/prefix/api/v1//secrets", "", false},
		{"GET", "/prefix/api/v1/namespaces/a%2Fsecrets", "", false},
		{"GET", "/prefix/api/v1/secrets", metadataAccept, true},
		{"GET", "/prefix/api/v1/secrets/", metadataAccept, true},
		{"GET", "/prefix/api/v1/secrets", plainAccept, false},
		{"GET", "/prefix/api/v1/secrets", "", false},
		{"GET", "/prefix/api/v1/secrets", "*/*", false},
		{"GET", "/prefix/api/v1/secrets", "application/json;as=Table;g=meta.k8s.io;v=v1", false},
		{"GET", "/prefix/api/v1/namespaces/a/secrets/b", "application/json", false},
		{"HEAD", "/prefix/api/v1/namespaces/a/configmaps/b", "application/json", false},
		{"GET", "/prefix/api/v1/namespaces/a/configmaps?watch=1", metadataAccept, true},
		{"PATCH", "/prefix/api/v1/namespaces/a/secrets/b?dryRun=All", "application/json", false},
		{"POST", "/prefix/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "", true},
		{"POST", "/prefix/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", "", true},
		{"POST", "/prefix/apis/authentication.k8s.io/v1/selfsubjectreviews", "", true},
		{"POST", "/prefix/apis/authorization.k8s.io/v1/subjectaccessreviews", "", false},
		{"POST", "/prefix/apis/authorization.k8s.io/v1/namespaces/a/localsubjectaccessreviews?dryRun=All", "", false},
		{"POST", "/prefix/apis/authentication.k8s.io/v1/tokenreviews", "", false},
		{"POST", "/prefix/apis/evil.example.com/v1/selfsubjectaccessreviews", "", false},
		{"PUT", "/prefix/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "", false},
		{"POST", "/prefix/api/v1/namespaces/a/pods", "", false},
		{"POST", "/prefix/api/v1/namespaces/a/pods?dryRun=All", "", true},
		{"PATCH", "/prefix/apis/apps/v1/namespaces/a/deployments/web?dryRun=All&fieldManager=seaworthy", "", true},
		{"PATCH", "/prefix/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node?dryRun=All", "", true},
		{"PATCH", "/prefix/apis/apps/v1/namespaces/a/deployments/web?dryRun=All&force=true", "", false},
		{"PATCH", "/prefix/apis/apps/v1/namespaces/a/deployments/web?dryRun=All&fieldValidation=Ignore", "", false},
		{"PATCH", "/prefix/apis/apps/v1/namespaces/a/deployments/web?dryRun=All;force=true", "", false},
		{"PATCH", "/prefix/apis/apps/v1/namespaces/a/deployments/web?x=%zz&dryRun=All", "", false},
		{"PATCH", "/prefix/apis/apps/v1/namespaces/a/deployments/web?DryRun=All", "", false},
		{"PATCH", "/prefix/apis/apps/v1/namespaces/a/deployments/web?dryRun=All&dryrun=None", "", false},
		{"PATCH", "/prefix/apis/apps/v1/namespaces/a/deployments/web?dryRun=All&dryRun=All", "", false},
		{"PATCH", "/prefix/apis/apps/v1/namespaces/a/deployments/web?dryRun=All,None", "", false},
		{"PATCH", "/prefix/apis/apps/v1beta1/namespaces/a/deployments/web?dryRun=All", "", false},
		{"PATCH", "/prefix/apis/apps/v1/namespaces/a/deployments?dryRun=All", "", false},
		{"PATCH", "/prefix/apis/apps/v1/namespaces/a/deployments/web/status?dryRun=All", "", false},
		{"PATCH", "/prefix/apis/apps/v1/namespaces/a/deployments/web/scale?dryRun=All", "", false},
		{"PUT", "/prefix/apis/apps/v1/namespaces/a/deployments/web?dryRun=All", "", false},
		{"POST", "/prefix/apis/apps/v1/namespaces/a/deployments/web?dryRun=All", "", false},
		{"POST", "/prefix/api/v1/namespaces/a/bindings?dryRun=All", "", false},
		{"POST", "/prefix/api/v1/namespaces/a/pods/b/binding?dryRun=All", "", false},
		{"POST", "/prefix/api/v1/namespaces/a/pods/b/proxy?dryRun=All", "", false},
		{"PATCH", "/prefix/api/v1/namespaces/a/pods/b/ephemeralcontainers?dryRun=All", "", false},
		{"PATCH", "/prefix/api/v1/namespaces/a/pods/b/resize?dryRun=All", "", false},
		{"POST", "/prefix/apis/metrics.k8s.io/v1beta1/namespaces/a/pods?dryRun=All", "", false},
		{"POST", "/prefix/apis/certificates.k8s.io/v1/certificatesigningrequests?dryRun=All", "", false},
		{"PATCH", "/prefix/apis/apps/v1/namespaces/a/deployments/web?dryRun=all", "", false},
		{"PATCH", "/prefix/apis/apps/v1/namespaces/a/deployments/web?dryRun=", "", false},
		{"PATCH", "/prefix/apis/apps/v1/namespaces/a/deployments/web?dryRun=All&dryRun=None", "", false},
		{"PATCH", "/prefix/apis/apps/v1/namespaces/a/deployments/web#?dryRun=All", "", false},
		{"PATCH", "/prefix/apis/example.com/v1/namespaces/a/things/b?dryRun=All", "", false},
		{"POST", "/prefix/api/v1/namespaces/a/pods/b/exec?dryRun=All", "", false},
		{"POST", "/prefix/api/v1/namespaces/a/pods/b/eviction?dryRun=All", "", false},
		{"POST", "/prefix/api/v1/namespaces/a/serviceaccounts/b/token?dryRun=All", "", false},
		{"DELETE", "/prefix/api/v1/namespaces/a/pods/b?dryRun=All", "", true},
		{"DELETE", "/prefix/api/v1/namespaces/a/secrets/b?dryRun=All", answerOnly, true},
		{"DELETE", "/prefix/api/v1/namespaces/a/secrets/b?dryRun=All", "application/json", false},
		{"DELETE", "/prefix/api/v1/namespaces/a/pods?dryRun=All", "", false},
		{"DELETE", "/prefix/api/v1/namespaces/a/pods/?dryRun=All", "", false},
		{"DELETE", "/prefix/api/v1/pods?dryRun=All", "", false},
		{"DELETE", "/prefix/api/v1/nodes?dryRun=All", "", false},
		{"DELETE", "/prefix/api/v1/namespaces?dryRun=All", "", false},
		{"DELETE", "/prefix/api/v1/namespaces/a/pods/b", "", false},
		{"DELETE", "/prefix/api/v1/namespaces/a/pods/b?dryRun=All&gracePeriodSeconds=0", "", false},
		{"DELETE", "/prefix/api/v1/namespaces/a/pods/b/eviction?dryRun=All", "", false},
		{"DELETE", "/prefix/api/v1/namespaces/a/finalize?dryRun=All", "", false},
		{"CONNECT", "/prefix/api/v1/namespaces/a/pods/b", "", false},
		{"get", "/prefix/api/v1/pods", "", false},
	}
	for _, test := range tests {
		header := http.Header{}
		if test.accept != "" {
			header.Set("Accept", test.accept)
		}
		if got := try(t, test.method, test.target, header); got != test.passes {
			t.Errorf("%s %s accepting %q: sent is %t, want %t", test.method, test.target, test.accept, got, test.passes)
		}
	}
}

// A dry run that nobody asked for does not leave, and neither does a deletion that
// says more than its path.
func TestGuardSendsDryRunsForTryAlone(t *testing.T) {
	t.Parallel()
	asked := context.WithValue(t.Context(), attempting{}, true)
	for _, r := range []struct{ method, target string }{
		{"POST", "/prefix/api/v1/namespaces/a/pods?dryRun=All"},
		{"PATCH", "/prefix/api/v1/namespaces/a/pods/b?dryRun=All"},
		{"DELETE", "/prefix/api/v1/namespaces/a/pods/b?dryRun=All"},
	} {
		if !send(asked, t, r.method, r.target, http.Header{}, nil) {
			t.Errorf("%s %s was not sent", r.method, r.target)
		}
		if send(t.Context(), t, r.method, r.target, http.Header{}, nil) {
			t.Errorf("%s %s was sent, and nobody asked", r.method, r.target)
		}
	}
	options := func() io.ReadCloser { return io.NopCloser(strings.NewReader(`{"dryRun": []}`)) }
	for _, ctx := range []context.Context{asked, t.Context()} {
		if send(ctx, t, "DELETE", "/prefix/api/v1/namespaces/a/pods/b?dryRun=All", http.Header{}, options()) {
			t.Error("a deletion with options was sent")
		}
	}
}

// The log of a pod leaves where somebody opened it, and nothing that is like it.
func TestGuardSendsLogsForLogsAlone(t *testing.T) {
	t.Parallel()
	opened := context.WithValue(t.Context(), reading{}, true)
	dryRun := context.WithValue(t.Context(), attempting{}, true)
	const log = "/prefix/api/v1/namespaces/a/pods/b/log"
	for _, test := range []struct {
		method, target string
		ctx            context.Context
		passes         bool
	}{
		{"GET", log, opened, true},
		{"GET", log + "?container=web&follow=true&previous=true&tailLines=500&timestamps=true", opened, true},
		{"GET", log, t.Context(), false},
		{"GET", log, dryRun, false},
		{"HEAD", log, opened, false},
		{"POST", log + "?dryRun=All", opened, false},
		{"DELETE", log + "?dryRun=All", opened, false},
		{"GET", log + "?insecureSkipTLSVerifyBackend=true", opened, false},
		{"GET", log + "?container=a&container=b", opened, false},
		{"GET", log + "?container=%zz", opened, false},
		{"GET", log + "/x", opened, false},
		{"GET", "/prefix/api/v1/pods/log", opened, true}, // a pod of that name, in no namespace: not a log
		{"GET", "/prefix/api/v1/nodes/n/log", opened, false},
		{"GET", "/prefix/api/v1/namespaces/a/services/b/log", opened, false},
		{"GET", "/prefix/apis/apps/v1/namespaces/a/pods/b/log", opened, false},
		{"GET", "/prefix/api/v1/namespaces/a/secrets/b/log", opened, false},
		{"GET", "/prefix/api/v1/namespaces/a/pods/b/exec", opened, false},
		{"GET", "/prefix/api/v1/namespaces/a/pods/b/attach", opened, false},
		{"GET", "/prefix/api/v1/namespaces/a/pods/b/proxy", opened, false},
		{"GET", "/prefix/api/v1/namespaces/a/secrets/b", opened, false},
		{"POST", "/prefix/api/v1/namespaces/a/pods?dryRun=All", opened, false},
	} {
		if got := send(test.ctx, t, test.method, test.target, http.Header{}, nil); got != test.passes {
			t.Errorf("%s %s: sent is %t, want %t", test.method, test.target, got, test.passes)
		}
	}
}

func TestGuardKeepsToItsServer(t *testing.T) {
	t.Parallel()
	below := &sent{}
	g := newGuard(&url.URL{Scheme: "https", Host: "server:6443"}, below)
	for _, u := range []*url.URL{
		{Scheme: "https", Host: "other:6443", Path: "/api/v1/pods"},
		{Scheme: "http", Host: "server:6443", Path: "/api/v1/pods"},
		{Scheme: "https", Host: "server:6443", Path: "/api/v1/pods", Opaque: "//server:6443/api/v1/secrets"},
	} {
		if _, err := g.RoundTrip(&http.Request{Method: "GET", URL: u, Header: http.Header{}}); !errors.Is(err, ErrRefused) {
			t.Errorf("GET %v: %v, want %v", u, err, ErrRefused)
		}
	}
	upgrade := &http.Request{
		Method: "GET", URL: &url.URL{Scheme: "https", Host: "server:6443", Path: "/api/v1/pods"},
		Header: http.Header{"Upgrade": {"websocket"}},
	}
	if _, err := g.RoundTrip(upgrade); !errors.Is(err, ErrRefused) {
		t.Errorf("an upgrade: %v, want %v", err, ErrRefused)
	}
	if below.requests != 0 {
		t.Errorf("%d requests were sent", below.requests)
	}
}

// Whatever the path and the method: what leaves reads, asks about oneself or is
// a dry run, and never brings a secret along.
func FuzzGuard(f *testing.F) {
	f.Add("GET", "/prefix/api/v1/pods", "application/json")
	f.Add("POST", "/prefix/api/v1/namespaces/a/pods?dryRun=All", metadataAccept)
	f.Add("DELETE", "/prefix/api/v1/namespaces/a/pods/b?dryRun=All", "")
	f.Add("PATCH", "/prefix/api/v1/namespaces/a/pods/name/binding?dryRun=All&fieldManager=a&dryRun=None", "")
	f.Add("DELETE", "/prefix/api/v1/namespaces/a/pods?dryRun=All", "")
	f.Add("GET", "/prefix/api/v1/namespaces/a/secrets/b", plainAccept)
	f.Add("GET", "/prefix/api/v1/namespaces/a/pods/name/exec?command=sh", "")
	f.Add("POST", "/prefix/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "")
	f.Fuzz(func(t *testing.T, method, target, accept string) {
		u, err := url.Parse("https://server:6443" + target)
		if err != nil || !try(t, method, target, http.Header{"Accept": {accept}}) {
			return
		}
		if !isRead(method) && !isSelfReview(method, u) && !isDryRun(method, u) {
			t.Errorf("%s %s was sent", method, target)
		}
		if method == "DELETE" && strings.HasSuffix(strings.TrimSuffix(u.Path, "/"), "/pods") && !strings.HasSuffix(strings.TrimSuffix(u.Path, "/"), "/namespaces/pods") {
			t.Errorf("%s %s was sent", method, target)
		}
		for _, segment := range []string{"exec", "attach", "portforward", "proxy", "token", "eviction", "binding", "..", "."} {
			if strings.HasSuffix(strings.TrimSuffix(u.Path, "/"), "/pods/name/"+segment) {
				t.Errorf("%s %s was sent", method, target)
			}
		}
		plain := slices.ContainsFunc(strings.Split(accept, ","), func(s string) bool {
			return !strings.Contains(s, "PartialObjectMetadata")
		})
		if plain && namesSecrets(u.Path) {
			t.Errorf("%s %s accepting %s was sent", method, target, accept)
		}
	})
}

func isRead(method string) bool { return method == "" || method == "GET" || method == "HEAD" }

func isSelfReview(method string, u *url.URL) bool {
	return method == "POST" && strings.Contains(u.Path, ".k8s.io/v1/selfsubject")
}

// isDryRun reads the query in another way than the guard does.
func isDryRun(method string, u *url.URL) bool {
	left := slices.DeleteFunc(strings.Split(u.RawQuery, "&"), func(pair string) bool {
		plain, err := url.QueryUnescape(pair)
		return err == nil && (strings.HasPrefix(plain, "fieldManager=") || plain == "fieldManager" || plain == "")
	})
	return (method == "POST" || method == "PATCH" || method == "DELETE") && len(left) == 1 && strings.Contains(left[0], "=") &&
		unescaped(left[0]) == "dryRun=All"
}

func unescaped(text string) string {
	plain, err := url.QueryUnescape(text)
	if err != nil {
		return ""
	}
	return plain
}

var secretPath = regexp.MustCompile(`^/prefix/api/[^/]+/(namespaces/[^/]+/)?(secrets|configmaps)(/|$)`)

// namesSecrets reports whether a path is about secrets, and not about a
// namespace of that name.
func namesSecrets(path string) bool {
	return secretPath.MatchString(path)
}

func TestOnlyMetadata(t *testing.T) {
	t.Parallel()
	var got string
	below := roundTripFunc(func(r *http.Request) (*http.Response, error) {
		got = r.Header.Get("Accept")
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	})
	r := &http.Request{Method: "GET", URL: &url.URL{}, Header: http.Header{"Accept": {plainAccept}}}
	if _, err := (onlyMetadata{below}).RoundTrip(r); err != nil {
		t.Fatal(err)
	}
	if got != metadataAccept {
		t.Errorf("sent with Accept %q, want %q", got, metadataAccept)
	}
	if r.Header.Get("Accept") != plainAccept {
		t.Error("the caller's request was changed")
	}
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
