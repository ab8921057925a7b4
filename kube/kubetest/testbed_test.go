package kubetest_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// get sends a request to the server as a user. The response ends with the context.
func get(ctx context.Context, t *testing.T, testbed *kubetest.Testbed, user, path, accept string) *http.Response {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testbed.Dir, "ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	if !trusted.AppendCertsFromPEM(text) {
		t.Fatalf("no certificate in %s", text)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}, DisableKeepAlives: true}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, testbed.Server+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+testbed.Tokens[user])
	request.Header.Set("Accept", accept)
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// answer gives the status and the body of what the server answers to a user.
func answer(t *testing.T, testbed *kubetest.Testbed, user, path, accept string) (int, string) {
	t.Helper()
	response := get(t.Context(), t, testbed, user, path, accept)
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

	checkLogs(t, testbed, canary)
}

// checkLogs holds both logs against what was asked for: the canary came back in
// the two whole lists and not in the metadata.
func checkLogs(t *testing.T, testbed *kubetest.Testbed, canary string) {
	t.Helper()
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

// pod is as much of a pod as its behaviour shows in.
type pod struct {
	Metadata struct{ Name string }
	Status   struct {
		Phase      string
		Conditions []struct{ Type, Status string }
		Containers []struct {
			State, LastState struct {
				Waiting, Terminated struct{ Reason string }
			}
		} `json:"containerStatuses"`
	}
}

// summary is the phase, whether the pod is Ready, and the reasons of its first
// container's present and last state.
func (p pod) summary() string {
	ready := ""
	for _, condition := range p.Status.Conditions {
		if condition.Type == "Ready" {
			ready = condition.Status
		}
	}
	parts := []string{p.Status.Phase, ready}
	if len(p.Status.Containers) > 0 {
		first := p.Status.Containers[0]
		parts = append(parts, first.State.Waiting.Reason, first.LastState.Terminated.Reason)
	}
	return strings.Join(parts, "/")
}

func TestTestbedBehaviours(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{Nodes: 1})
	testbed.Apply(t, "shop", filepath.Join("testdata", "behaviours.yaml"))
	want := map[string]string{
		"well":       "Running/True//",
		"crash":      "Running/False/CrashLoopBackOff/Error",
		"oom":        "Running/True//OOMKilled",
		"unready":    "Running/False//",
		"image-pull": "Pending/False/ImagePullBackOff/",
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	events := json.NewDecoder(get(ctx, t, testbed, "reader", "/api/v1/namespaces/shop/pods?watch=1", "application/json").Body)
	got := map[string]string{}
	for !maps.Equal(got, want) {
		var event struct{ Object pod }
		if err := events.Decode(&event); err != nil {
			t.Fatalf("watching pods: %v; until then (-want +got):\n%s", err, cmp.Diff(want, got))
		}
		got[event.Object.Metadata.Name] = event.Object.summary()
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
