//go:build e2e

package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// get gives what the API server answers to the admin, which must be 200.
func get(t *testing.T, testbed *kubetest.Testbed, path string) []byte {
	t.Helper()
	status, body := ask(t, testbed, path)
	if status != http.StatusOK {
		t.Fatalf("getting %s: %d: %s", path, status, body)
	}
	return body
}

// ask gives the status and the body of what the API server answers to the admin.
func ask(t *testing.T, testbed *kubetest.Testbed, path string) (int, []byte) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testbed.Dir, "ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	if !trusted.AppendCertsFromPEM(text) {
		t.Fatal("the testbed's authority has no certificate")
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}, DisableKeepAlives: true}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, testbed.Server+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+testbed.Tokens["admin"])
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, body
}

// poll asks again, a second apart, until the answer is as wanted, for three
// minutes at most. done gives what there is so far.
func poll(t *testing.T, what string, done func() (ready bool, soFar string)) {
	t.Helper()
	deadline := time.NewTimer(3 * time.Minute)
	defer deadline.Stop()
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		ready, soFar := done()
		if ready {
			return
		}
		select {
		case <-deadline.C:
			t.Fatalf("waiting for %s: there is %s", what, soFar)
		case <-ticker.C:
		}
	}
}

// awaitPods waits until the controllers have made the pods: every Deployment was
// observed and has as many as it wants, and for five seconds none has come, gone
// or changed its phase.
func awaitPods(t *testing.T, testbed *kubetest.Testbed) {
	t.Helper()
	last, same := "", 0
	poll(t, "the pods to settle", func() (bool, string) {
		var deployments struct {
			Items []struct {
				Metadata struct{ Generation int }
				Spec     struct{ Replicas int }
				Status   struct{ ObservedGeneration, Replicas int }
			}
		}
		decode(t, get(t, testbed, "/apis/apps/v1/deployments"), &deployments)
		waiting := 0
		for _, d := range deployments.Items {
			if d.Status.ObservedGeneration < d.Metadata.Generation || d.Status.Replicas != d.Spec.Replicas {
				waiting++
			}
		}
		var pods struct {
			Items []struct {
				Metadata struct{ Namespace, Name string }
				Status   struct{ Phase string }
			}
		}
		decode(t, get(t, testbed, "/api/v1/pods"), &pods)
		phases := map[string]int{}
		now := ""
		for _, p := range pods.Items {
			phases[p.Status.Phase]++
			now += p.Metadata.Namespace + "/" + p.Metadata.Name + " " + p.Status.Phase + "\n"
		}
		if now != last {
			last, same = now, 0
		}
		same++
		return same > 5 && waiting == 0 && len(pods.Items) > 0, fmt.Sprintf("%v, %d Deployments are not up to date", phases, waiting)
	})
}

// awaitMetrics waits until the usage of all nodes, and of all pods that are ready,
// is known.
func awaitMetrics(t *testing.T, testbed *kubetest.Testbed) {
	t.Helper()
	for _, resource := range []string{"nodes", "pods"} {
		poll(t, "the metrics of "+resource, func() (bool, string) {
			var objects struct {
				Items []struct {
					Metadata struct{ Namespace, Name string }
					Status   struct {
						Conditions []struct{ Type, Status string }
					}
				}
			}
			decode(t, get(t, testbed, "/api/v1/"+resource), &objects)
			status, body := ask(t, testbed, "/apis/metrics.k8s.io/v1beta1/"+resource)
			if status != http.StatusOK {
				return false, fmt.Sprintf("%d: %s", status, body)
			}
			var usage struct {
				Items []struct {
					Metadata struct{ Namespace, Name string }
				}
			}
			decode(t, body, &usage)
			measured := map[string]bool{}
			for _, u := range usage.Items {
				measured[u.Metadata.Namespace+"/"+u.Metadata.Name] = true
			}
			var missing []string
			for _, o := range objects.Items {
				name := o.Metadata.Namespace + "/" + o.Metadata.Name
				for _, c := range o.Status.Conditions {
					if c.Type == "Ready" && c.Status == "True" && !measured[name] {
						missing = append(missing, name)
					}
				}
			}
			return len(measured) >= 3 && len(missing) == 0, fmt.Sprintf("usage of %d %s, none of %v", len(measured), resource, missing)
		})
	}
}

func decode(t *testing.T, body []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatalf("decoding %.200s: %v", body, err)
	}
}
