package main

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// TestSignalsOfACluster judges what measures a real cluster, meshes its pods, brings in its
// secrets and saves its volumes: where there is nothing of it, where all does well, and
// where each has something wrong with it. The definitions are those of kube-prometheus and
// Longhorn if the folder of public manifests is named by SEAWORTHY_CORPORA; the others, and
// all if not, take anything.
func TestSignalsOfACluster(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	expect := func(state, verdict string, others map[string]string) {
		t.Helper()
		want := map[string]string{}
		for _, id := range []string{
			"prometheus-not-available", "prometheus-storage-ephemeral", "monitor-not-selected",
			"mesh-mtls-permissive", "mesh-proxy-missing", "mesh-proxy-skew", "mesh-tls-disabled",
			"external-secret-not-ready", "secret-not-mounted", "backup-failed", "volume-never-backed-up",
		} {
			want[id] = verdict
		}
		maps.Copy(want, others)
		expectRules(t, testbed, state, want)
	}
	expect("nothing of it", "", nil)

	testbed.Apply(t, "monitoring", definitionsOfSignals(t)...)
	expect("before it is set up", "", nil)

	applyWhole(t, testbed, "monitoring", filepath.Join("testdata", "signals", "healthy.yaml"))
	expect("healthy", "passes", nil)

	applyWhole(t, testbed, "monitoring", filepath.Join("testdata", "signals", "broken.yaml"))
	expect("broken", "fails", map[string]string{
		// the server dates its objects itself: nothing is wrong with young ones yet
		"secret-not-mounted": "passes", "volume-never-backed-up": "passes",
	})
}

// definitionsOfSignals returns the files with the definitions of the kinds.
func definitionsOfSignals(t *testing.T) []string {
	t.Helper()
	kinds := []kube.Resource{
		kube.PeerAuthentications, kube.DestinationRules, kube.ClusterExternalSecrets, kube.SecretProviderClassPodStatuses,
	}
	if dir := os.Getenv("SEAWORTHY_CORPORA"); dir != "" {
		return []string{definitionsOf(t, kinds...), filepath.Join(dir, "kube-prometheus", "00-crds.yaml"), filepath.Join(dir, "longhorn", "00-crds.yaml")}
	}
	return []string{definitionsOf(t, append(kinds, kube.Prometheuses, kube.Alertmanagers, kube.PrometheusRules, kube.ServiceMonitors,
		kube.RecurringJobs, kube.LonghornVolumes, kube.LonghornBackups)...)}
}

// applyWhole applies an example in a namespace, and then what its objects have for a status, as their
// controllers would.
func applyWhole(t *testing.T, testbed *kubetest.Testbed, namespace, example string) {
	t.Helper()
	file := dated(t, example)
	testbed.Apply(t, namespace, file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	objects := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), len(text))
	for {
		var o unstructured.Unstructured
		if err := objects.Decode(&o.Object); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		status, there := o.Object["status"].(map[string]any)
		if !there {
			continue
		}
		kinds := kube.CustomResources()
		i := slices.IndexFunc(kinds, func(r kube.Resource) bool {
			return r.Group == o.GroupVersionKind().Group && r.Kind == o.GetKind()
		})
		patchStatus(t, testbed, kinds[i], o.GetNamespace(), o.GetName(), status)
	}
}

// patchStatus does what a controller would do. Definitions that take anything have no
// subresource for it.
func patchStatus(t *testing.T, testbed *kubetest.Testbed, r kube.Resource, namespace, name string, status map[string]any) {
	t.Helper()
	path := "/apis/" + r.Group + "/" + r.Version
	if r.Namespaced {
		path += "/namespaces/" + namespace
	}
	path += "/" + r.Plural + "/" + name
	patch := kubetest.Call{
		Method: http.MethodPatch, Path: path + "/status",
		Header: map[string][]string{"Content-Type": {"application/merge-patch+json"}}, Body: map[string]any{"status": status},
	}
	client := testbed.Client(t)
	if code, _ := client.Do(t.Context(), t, patch); code == http.StatusOK {
		return
	}
	patch.Path = path
	client.Must(t, patch, nil)
}
