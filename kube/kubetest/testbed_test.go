package kubetest_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// answer asks the server as a user and gives the status and the body.
func answer(t *testing.T, testbed *kubetest.Testbed, user, path, accept string) (int, string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testbed.Dir, "ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	block, _ := pem.Decode(text)
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	trusted.AddCert(certificate)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}}
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, testbed.Server+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+testbed.Tokens[user])
	request.Header.Set("Accept", accept)
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// lines reads a log of one JSON object a line.
func lines(t *testing.T, path string) []map[string]any {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]any
	for line := range strings.Lines(string(text)) {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("%s: %v in %q", path, err, line)
		}
		all = append(all, entry)
	}
	return all
}

func TestStartTestbed(t *testing.T) {
	t.Parallel()
	const canary = "horse-battery-staple"
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{Canaries: []string{canary}})

	kubeconfig, err := os.ReadFile(testbed.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(kubeconfig), testbed.Server) {
		t.Errorf("the kubeconfig does not name %s:\n%s", testbed.Server, kubeconfig)
	}
	if code, body := answer(t, testbed, "admin", "/readyz", "*/*"); code != http.StatusOK {
		t.Errorf("/readyz answers %d: %s", code, body)
	}

	testbed.Apply(t, "shop", filepath.Join("testdata", "secret.yaml"))
	const secrets = "/api/v1/namespaces/shop/secrets"
	if code, _ := answer(t, testbed, "viewer", secrets, "application/json"); code != http.StatusForbidden {
		t.Errorf("viewer lists secrets: %d, want %d", code, http.StatusForbidden)
	}
	const metadata = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
	for _, accept := range []string{metadata, "application/json", "application/vnd.kubernetes.protobuf"} {
		if code, body := answer(t, testbed, "reader", secrets, accept); code != http.StatusOK || !strings.Contains(body, "tls-password") {
			t.Errorf("reader lists secrets as %s: %d: %s", accept, code, body)
		}
	}

	var found []string
	for _, entry := range lines(t, testbed.RequestLog) {
		if entry["user"] == "reader" && entry["canary"] == canary {
			found = append(found, entry["accept"].(string))
		}
	}
	if got, want := strings.Join(found, " "), "application/json application/vnd.kubernetes.protobuf"; got != want {
		t.Errorf("the canary was recorded in responses to %q, want %q", got, want)
	}
	var kinds []string
	for _, event := range lines(t, testbed.AuditLog) {
		user := event["user"].(map[string]any)["username"]
		if response, ok := event["responseObject"].(map[string]any); ok && user == "reader" {
			kinds = append(kinds, response["kind"].(string))
		}
	}
	if got, want := strings.Join(kinds, " "), "PartialObjectMetadataList SecretList SecretList"; got != want {
		t.Errorf("the audit log has responses of %q, want %q", got, want)
	}
}

func TestTestbedEnds(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	if len(testbed.Processes) != 2 {
		t.Errorf("processes %v, want etcd and kube-apiserver", testbed.Processes)
	}
	for name, pid := range testbed.Processes {
		if !runs(pid) {
			t.Errorf("%s, process %d, does not run", name, pid)
		}
	}
	started := time.Now()
	if err := testbed.Stop(); err != nil {
		t.Fatal(err)
	}
	t.Logf("stopped in %s", time.Since(started))
	for name, pid := range testbed.Processes {
		if runs(pid) {
			t.Errorf("%s, process %d, still runs", name, pid)
		}
	}
	if _, err := os.Stat(testbed.Dir); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", testbed.Dir, err)
	}
}

// runs tells whether a process is there.
func runs(pid int) bool {
	process, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	return process.Signal(nothing) == nil
}

// nothing is the signal that only asks whether the process is there.
const nothing = syscall.Signal(0)
