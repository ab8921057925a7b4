package live_test

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// closedPort returns an address where nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

// write writes a file and returns its path.
func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const twoContexts = `
apiVersion: v1
kind: Config
clusters:
- {name: one, cluster: {server: "https://127.0.0.1:1"}}
contexts:
- {name: red, context: {cluster: one, user: u, namespace: team}}
- {name: blue, context: {cluster: one, user: u}}
- {name: broken, context: {cluster: gone, user: u}}
current-context: blue
users:
- {name: u, user: {token: t}}
- {name: plugin, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin, interactiveMode: Never}}}
`

// failure returns the error of connecting, which must fail quickly.
func failure(t *testing.T, context string, args ...string) *live.Error {
	t.Helper()
	started := time.Now()
	_, err := live.New(t.Context(), live.Options{Flags: flags(t, args...), Context: context})
	var e *live.Error
	if !errors.As(err, &e) {
		t.Fatalf("connecting gave %v (%T), want a *live.Error", err, err)
	}
	if took := time.Since(started); took > 15*time.Second {
		t.Errorf("failing took %s", took)
	}
	if strings.ContainsAny(e.Message, "\n\x1b") || e.Message == "" {
		t.Errorf("the message is no sentence: %q", e.Message)
	}
	return e
}

func TestNewSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	config := write(t, twoContexts)
	missing := filepath.Join(t.TempDir(), "none")
	closed := closedPort(t)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(untrusted.Close)
	evil := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte("\x1b]0;owned\x07\x1b[2J"))
	}))
	t.Cleanup(evil.Close)
	tests := []struct {
		name, context string
		args          []string
		reason        live.Reason
		says          []string
	}{
		{"missing file", "", []string{"--kubeconfig", missing}, live.NoKubeconfig, []string{missing, "does not exist"}},
		{"no YAML", "", []string{"--kubeconfig", write(t, "{")}, live.BadKubeconfig, []string{"config"}},
		{"directory", "", []string{"--kubeconfig", t.TempDir()}, live.BadKubeconfig, []string{"is a directory"}},
		{"unknown context", "green", []string{"--kubeconfig", config}, live.UnknownContext, []string{`"green"`, "blue, broken, red"}},
		{"no current context", "", []string{"--kubeconfig", write(t, strings.Replace(twoContexts, "current-context: blue", "", 1))}, live.UnknownContext, []string{"no current context", "blue, broken, red"}},
		{"context without cluster", "broken", []string{"--kubeconfig", config}, live.BadKubeconfig, []string{`"broken"`}},
		{"timeout", "", []string{"--kubeconfig", config, "--request-timeout", "soon"}, live.BadFlag, []string{`--request-timeout "soon"`}},
		{"closed port", "", []string{"--kubeconfig", config, "--server", "https://" + closed}, live.Unreachable, []string{"blue", closed, "connection refused"}},
		{"unknown host", "", []string{"--kubeconfig", config, "--server", "https://cluster.invalid"}, live.Unreachable, []string{"cluster.invalid"}},
		{"plain HTTP", "", []string{"--kubeconfig", config, "--server", "https://" + plain.Listener.Addr().String()}, live.Untrusted, []string{"HTTP"}},
		{"unknown authority", "", []string{"--kubeconfig", config, "--server", untrusted.URL}, live.Untrusted, []string{"certificate"}},
		{"no plugin", "", []string{"--kubeconfig", config, "--user", "plugin", "--server", untrusted.URL, "--insecure-skip-tls-verify"}, live.Login, []string{"no-such-plugin"}},
		{"no API server", "", []string{"--kubeconfig", config, "--server", evil.URL, "--insecure-skip-tls-verify"}, live.Unexpected, []string{evil.URL}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := failure(t, test.context, test.args...)
			if e.Reason != test.reason {
				t.Errorf("reason %d, want %d: %s", e.Reason, test.reason, e.Message)
			}
			for _, part := range test.says {
				if !strings.Contains(e.Message, part) {
					t.Errorf("the message does not say %q: %s", part, e.Message)
				}
			}
			usage := slices.Contains([]live.Reason{live.BadFlag, live.NoKubeconfig, live.BadKubeconfig, live.UnknownContext}, test.reason)
			if e.Reason.Usage() != usage {
				t.Errorf("usage is %t, want %t", e.Reason.Usage(), usage)
			}
		})
	}
}

func TestNewWithoutAnyKubeconfig(t *testing.T) {
	t.Setenv("KUBECONFIG", filepath.Join(t.TempDir(), "none"))
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	e := failure(t, "")
	if !errors.Is(e, live.ErrNoCluster) || e.Reason != live.NoKubeconfig {
		t.Errorf("connecting gave %v of reason %d, want %v", e, e.Reason, live.ErrNoCluster)
	}
}

func TestNewUnauthorized(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	config := write(t, strings.Replace(twoContexts, "https://127.0.0.1:1", testbed.Server, 1))
	e := failure(t, "", "--kubeconfig", config, "--certificate-authority", filepath.Join(testbed.Dir, "ca.crt"))
	if e.Reason != live.Unauthorized || !strings.Contains(e.Message, "401") || !strings.Contains(e.Message, "--token") {
		t.Errorf("reason %d: %s; want 401 and how to renew the token", e.Reason, e.Message)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	got, err := flags(t, "--kubeconfig", write(t, twoContexts)).List()
	if err != nil {
		t.Fatal(err)
	}
	want := []live.Context{
		{Name: "blue", Cluster: "one", User: "u", Server: "https://127.0.0.1:1", Current: true},
		{Name: "broken", Cluster: "gone", User: "u"},
		{Name: "red", Cluster: "one", User: "u", Namespace: "team", Server: "https://127.0.0.1:1"},
	}
	if got[0].Fingerprint == "" || got[0].Fingerprint != got[2].Fingerprint || got[1].Fingerprint != "" {
		t.Errorf("the fingerprints are %q, %q and %q, want the same for one cluster", got[0].Fingerprint, got[1].Fingerprint, got[2].Fingerprint)
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(live.Context{}, "Fingerprint")); diff != "" {
		t.Errorf("contexts (-want +got):\n%s", diff)
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	f := flags(t, "-n", "a,b", "-n", "c", "--context", "x", "--context", "y", "--as", "someone", "--as-group", "g")
	if diff := cmp.Diff([]string{"a", "b", "c"}, f.Namespaces); diff != "" {
		t.Errorf("namespaces (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"x", "y"}, f.Contexts); diff != "" {
		t.Errorf("contexts (-want +got):\n%s", diff)
	}
}
