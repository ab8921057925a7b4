//go:build e2e

package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// corporaVariable names the folder with real manifests to load. Its INDEX.tsv has
// a line a folder, with the namespace of objects that name none.
const corporaVariable = "SEAWORTHY_CORPORA"

// corpora are the folders to load as the testbed's apply takes them,
// NAMESPACE=PATH. The test is skipped where there are none.
func corpora(t *testing.T) []string {
	t.Helper()
	dir := os.Getenv(corporaVariable)
	if dir == "" {
		t.Skipf("%s names no folder of manifests; what runs without one is driven against the shop of %s", corporaVariable, shopManifests)
	}
	index, err := os.Open(filepath.Join(dir, "INDEX.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = index.Close() }()
	table := csv.NewReader(index)
	table.Comma, table.LazyQuotes = '\t', true
	rows, err := table.ReadAll()
	if err != nil {
		t.Fatalf("reading %s: %v", index.Name(), err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	var folders []string
	for _, row := range rows[1:] {
		folders = append(folders, row[column["default_namespace"]]+"="+filepath.Join(dir, row[column["corpus"]]))
	}
	if len(folders) == 0 {
		t.Fatalf("%s names no corpus", index.Name())
	}
	return folders
}

// refusal is a line in which apply tells of an object that was refused, and why.
var refusal = regexp.MustCompile(`(?m)^refused (.+?): (.+)$`)

// applyAll loads folders in one go, webhooks last. Real manifests have objects
// that no server takes: of kinds whose definitions are elsewhere, with
// placeholders, or in another version than the same object of the corpus before.
// Any other refusal fails the test.
func applyAll(t *testing.T, testbed *kubetest.Testbed, folders ...string) {
	t.Helper()
	args := append([]string{"run", "-C", filepath.Join("..", "..", "kube", "testbed"), ".", "apply", "-kubeconfig", testbed.Kubeconfig}, folders...)
	command := exec.CommandContext(t.Context(), "go", args...)
	command.Env = append(os.Environ(), "GOWORK=off")
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	refused := refusal.FindAllStringSubmatch(stderr.String(), -1)
	if err != nil && len(refused) == 0 || !strings.HasPrefix(stdout.String(), "applied ") {
		t.Fatalf("applying %q: %v\n%s", folders, err, stderr.String())
	}
	for _, r := range refused {
		if !strings.HasPrefix(r[2], "422: ") && !strings.HasSuffix(r[2], "the cluster does not serve this kind") {
			t.Errorf("%s was refused: %s", r[1], r[2])
		}
	}
	t.Logf("%d folders: %s", len(folders), strings.TrimSpace(stdout.String()))
}

// finding is a finding by its name.
type finding struct{ rule, namespace, kind, name, container string }

// corporaFindings must be found where the corpora are loaded.
func corporaFindings() []finding {
	return []finding{
		{"privileged-container", "longhorn-system", "DaemonSet", "longhorn-manager", "longhorn-manager"},
		{"host-path-writable", "longhorn-system", "DaemonSet", "longhorn-manager", "longhorn-manager"},
		{"escalate-roles-access", "longhorn-system", "ClusterRoleBinding", "longhorn-bind", ""},
		{"cluster-admin-bound", "longhorn-system", "ClusterRoleBinding", "longhorn-support-bundle", ""},
		{"host-pid", "monitoring", "DaemonSet", "node-exporter", ""},
		{"host-network", "monitoring", "DaemonSet", "node-exporter", ""},
		{"cluster-role-wildcard-bound", "argocd", "ClusterRoleBinding", "argocd-application-controller", ""},
		{"wildcard-resources-cluster", "argocd", "ClusterRoleBinding", "argocd-server", ""},
		{"cluster-admin-bound", "flux-system", "ClusterRoleBinding", "cluster-reconciler-flux-system", ""},
		{"webhook-configuration-access", "gatekeeper-system", "ClusterRoleBinding", "gatekeeper-manager-rolebinding", ""},
		{"secrets-access-cluster-wide", "ingress-nginx", "ClusterRoleBinding", "ingress-nginx", ""},
		{"secrets-access-cluster-wide", "istio-system", "ClusterRoleBinding", "loki-clusterrolebinding", ""},
		{"privileged-container", "nginx-example", "Deployment", "nginx-deployment", "fsfreeze"},
		{"privileged-container", "kube-system", "DaemonSet", "kernel-lpe-mitigate", "mitigate"},
	}
}

// shopFindings must be found where the demo's shop is loaded. None is of its
// namespace monitoring, which several corpora have too.
func shopFindings() []finding {
	return []finding{
		{"privileged-container", "checkout", "Deployment", "checkout-api", "checkout-api"},
		{"container-runtime-socket-mounted", "checkout", "Deployment", "checkout-api", "checkout-api"},
		{"pdb-min-available-blocks-drain", "checkout", "PodDisruptionBudget", "pricing", ""},
		{"pdb-min-available-blocks-drain", "data", "PodDisruptionBudget", "kafka", ""},
		{"cluster-admin-bound", "ci", "ClusterRoleBinding", "ci-runner", ""},
		{"privileged-container", "ci", "Deployment", "runner", "runner"},
		{"hpa-target-missing", "shipping", "HorizontalPodAutoscaler", "shipping-api", ""},
		{"host-network", "shipping", "Deployment", "warehouse-bridge", ""},
		{"run-as-user-zero", "data", "CronJob", "backup", "backup"},
		{"psa-enforce-label-missing", "shipping", "Namespace", "shipping", ""},
	}
}
