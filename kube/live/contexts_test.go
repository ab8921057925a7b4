package live_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// silent is a server that takes connections and never says a word.
func silent(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return "https://" + l.Addr().String()
}

// expired is a server whose certificate was good for an hour, long ago; the authority
// is in base64, as a kubeconfig has it.
func expired(t *testing.T) (server, authority string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	past := time.Now().Add(-time.Hour * 24 * 365)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: past, NotAfter: past.Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL, base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}))
}

// harbours is a kubeconfig of a real cluster, beside servers of every fault.
func harbours(t *testing.T, testbed *kubetest.Testbed) string {
	t.Helper()
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(untrusted.Close)
	late, authority := expired(t)
	var clusters, contexts strings.Builder
	for name, server := range map[string]string{
		"real": testbed.Server + `", certificate-authority: "` + filepath.Join(testbed.Dir, "ca.crt"), "silent": silent(t),
		"closed": "https://" + closedPort(t), "untrusted": untrusted.URL, "expired": late + `", certificate-authority-data: "` + authority,
	} {
		fmt.Fprintf(&clusters, "- {name: %s, cluster: {server: \"%s\"}}\n", name, server)
		user := "stranger"
		if name == "real" {
			user = "reader"
		}
		fmt.Fprintf(&contexts, "- {name: %s, context: {cluster: %s, user: %s}}\n", name, name, user)
	}
	return write(t, fmt.Sprintf(`
apiVersion: v1
kind: Config
current-context: silent
clusters:
%scontexts:
%s- {name: again, context: {cluster: real, user: reader, namespace: team}}
- {name: stranger, context: {cluster: real, user: stranger}}
- {name: plugin, context: {cluster: real, user: plugin}}
users:
- {name: reader, user: {token: %s}}
- {name: stranger, user: {token: nobody}}
- {name: plugin, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin, interactiveMode: IfAvailable}}}
`, &clusters, &contexts, testbed.Tokens["reader"]))
}

// TestProbe asks servers of every fault, and real ones.
func TestProbe(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	config := harbours(t, testbed)
	for name, want := range map[string]struct {
		reason live.Reason
		brief  string
	}{
		"silent":    {live.Unreachable, "no answer in time"},
		"closed":    {live.Unreachable, "connection refused"},
		"untrusted": {live.Untrusted, "certificate not accepted"},
		"expired":   {live.Untrusted, "certificate not accepted"},
		"stranger":  {live.Unauthorized, "credentials not accepted"},
		"plugin":    {live.Login, "the login failed"},
		"nowhere":   {live.UnknownContext, "not in the kubeconfig"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			_, err := live.Probe(t.Context(), live.Options{Flags: flags(t, "--kubeconfig", config, "--request-timeout", "1s"), Context: name})
			var e *live.Error
			if !errors.As(err, &e) || e.Reason != want.reason || e.Brief() != want.brief {
				t.Fatalf("probing gives %v, want reason %d in brief %q", err, want.reason, want.brief)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
	for _, name := range []string{"real", "again"} {
		got, err := live.Probe(t.Context(), live.Options{Flags: flags(t, "--kubeconfig", config), Context: name})
		if err != nil || got.User != "reader" || !strings.HasPrefix(got.Version, "v1.") || got.Latency <= 0 {
			t.Errorf("probing %s gives %+v, %v", name, got, err)
		}
	}
}

// TestAProbeCanBeLeft leaves one that would wait for seconds.
func TestAProbeCanBeLeft(t *testing.T) {
	t.Parallel()
	config := write(t, strings.Replace(twoContexts, "https://127.0.0.1:1", silent(t), 1))
	ctx, leave := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer leave()
	began := time.Now()
	if _, err := live.Probe(ctx, live.Options{Flags: flags(t, "--kubeconfig", config)}); err == nil {
		t.Error("a silent server is reachable")
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("leaving took %v", took)
	}
}

// TestProbesLeaveNothing asks again and again.
//
//nolint:paralleltest // it counts the goroutines of the whole process
func TestProbesLeaveNothing(t *testing.T) {
	testbed := kubetest.SharedTestbed(t)
	config := harbours(t, testbed)
	before := goleak.IgnoreCurrent()
	for range 3 {
		for _, name := range []string{"real", "closed", "untrusted", "stranger"} {
			_, _ = live.Probe(t.Context(), live.Options{Flags: flags(t, "--kubeconfig", config), Context: name})
			if s, err := live.New(t.Context(), live.Options{Flags: flags(t, "--kubeconfig", config), Context: name}); err == nil {
				s.Close()
			}
		}
	}
	goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("net/http.(*Server).Serve"), goleak.IgnoreAnyFunction("net/http.(*conn).serve"))
}

// TestContextsOfSeveralFiles are those that kubectl would merge.
func TestContextsOfSeveralFiles(t *testing.T) {
	first := write(t, twoContexts)
	second := write(t, strings.NewReplacer("name: one", "name: two", "cluster: one", "cluster: two", "name: red", "name: green", "name: blue", "name: red",
		"current-context: blue", "current-context: green", "https://127.0.0.1:1", "https://127.0.0.1:2").Replace(twoContexts))
	t.Setenv("KUBECONFIG", first+string(os.PathListSeparator)+second)
	got, err := (&live.Flags{}).List()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range got {
		name := c.Name + " of " + c.Cluster
		if c.Current {
			name += ", current"
		}
		names = append(names, name)
	}
	want := []string{"blue of one, current", "broken of gone", "green of two", "red of one"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("contexts (-want +got):\n%s", diff)
	}
}

// TestResolve finds out what a context comes to, and which command it needs.
func TestResolve(t *testing.T) {
	t.Parallel()
	config := write(t, twoContexts)
	got, err := flags(t, "--kubeconfig", config, "--context", "x", "--user", "plugin").Resolve("red")
	if err != nil || got.Name != "red" || got.Plugin != "no-such-plugin" {
		t.Errorf("resolving gives %+v, %v", got, err)
	}
	var e *live.Error
	if _, err := flags(t, "--kubeconfig", config).Resolve("green"); !errors.As(err, &e) || e.Reason != live.UnknownContext {
		t.Errorf("resolving gives %v", err)
	}
}

// TestWhatOverridesOneContextStaysThere sends no token of one cluster to another.
func TestWhatOverridesOneContextStaysThere(t *testing.T) {
	t.Parallel()
	sent := make(chan string, 10)
	server := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { sent <- r.Header.Get("Authorization") }))
	t.Cleanup(server.Close)
	config := write(t, strings.NewReplacer(`"https://127.0.0.1:1"`, server.URL+", insecure-skip-tls-verify: true", "token: t", "token: own").Replace(twoContexts))
	f := flags(t, "--kubeconfig", config, "--token", "secret-of-another", "--server", "http://127.0.0.1:9", "-n", "team", "--as", "root")
	if !f.Overridden() || f.Elsewhere().Overridden() {
		t.Error("what the flags override is not told")
	}
	_, _ = live.Probe(t.Context(), live.Options{Flags: f.Elsewhere(), Context: "red"})
	select {
	case got := <-sent:
		if got != "Bearer own" {
			t.Errorf("%q was sent, want the context's own token", got)
		}
	default:
		t.Error("nobody was asked")
	}
}
