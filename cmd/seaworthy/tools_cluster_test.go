package main

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// TestToolsOfACluster judges what brings secrets in, and what backs up beside Velero, as a
// real server has it: not installed, installed, doing well, and not. External Secrets is of
// the time before its v1. The definitions of Longhorn are its own if the folder of public
// manifests is named by SEAWORTHY_CORPORA; others take anything.
func TestToolsOfACluster(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	expect := func(state, verdict string) {
		t.Helper()
		want := map[string]string{}
		for _, id := range []string{
			"external-secret-not-ready", "external-secret-stale", "secret-store-not-ready", "sealed-secret-not-synced",
			"backup-failed", "backup-overdue", "backup-schedule-inactive", "backup-storage-unavailable",
			"namespace-volumes-not-backed-up", "storage-class-without-snapshot-class",
		} {
			want[id] = verdict
		}
		expectRules(t, testbed, state, want)
	}
	expect("without tools", "")

	old := func(r kube.Resource) kube.Resource { r.Version = "v1beta1"; return r }
	testbed.Apply(t, "shop", definitionsOf(t,
		old(kube.ExternalSecrets), old(kube.SecretStores), old(kube.ClusterSecretStores), kube.SealedSecrets,
		kube.ScheduledBackups, kube.PostgreSQLBackups, kube.ReplicationSources, kube.VolumeSnapshotClasses,
	), definitionsOfLonghorn(t))
	expect("before they are set up", "")

	applyDated(t, testbed, filepath.Join("testdata", "tools", "healthy.yaml"))
	merge(t, testbed, "/api/v1/namespaces/shop/persistentvolumeclaims/uploads/status", map[string]any{"phase": "Bound"})
	target := "/apis/longhorn.io/v1beta2/namespaces/longhorn-system/backuptargets/default"
	if os.Getenv("SEAWORTHY_CORPORA") != "" {
		target += "/status"
	}
	merge(t, testbed, target, map[string]any{"available": true})
	expect("healthy", "passes")

	applyDated(t, testbed, filepath.Join("testdata", "tools", "broken.yaml"))
	merge(t, testbed, target, map[string]any{"available": false})
	expect("broken", "fails")
}

// merge sets fields of the status of an object.
func merge(t *testing.T, testbed *kubetest.Testbed, path string, status map[string]any) {
	t.Helper()
	testbed.Client(t).Must(t, kubetest.Call{
		Method: http.MethodPatch, Path: path,
		Header: map[string][]string{"Content-Type": {"application/merge-patch+json"}},
		Body:   map[string]any{"status": status},
	}, nil)
}

func definitionsOfLonghorn(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("SEAWORTHY_CORPORA"); dir != "" {
		return filepath.Join(dir, "longhorn", "00-crds.yaml")
	}
	return definitionsOf(t, kube.RecurringJobs, kube.BackupTargets, kube.LonghornVolumes)
}
