package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit"
	readiness "github.com/seaworthy-dev/seaworthy/audit/platform"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// TestControlPlaneOfACluster judges a real API server by what it says of itself, to those
// who may ask and to those who may not.
func TestControlPlaneOfACluster(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	expectSaid(t, testbed, "its flags are known", map[string]string{
		"api-server-admission-plugins":  "fails", // NodeRestriction is not on by default
		"api-server-anonymous-auth":     "fails",
		"api-server-audit-log-missing":  "passes",
		"api-server-authorization-mode": "passes",
		"api-server-emulated-version":   "passes",
		"api-server-etcd-unprotected":   "passes", // etcd is on the same machine
		"api-server-kubelet-unverified": "fails",
		"api-server-profiling":          "fails",
		"api-server-static-tokens":      "fails", // by them the tests tell users apart
		"api-server-tls-weak":           "passes",
		"api-server-unhealthy":          "passes",
	}, "--context", "reader")

	file := filepath.Join(t.TempDir(), "view.yaml")
	if err := os.WriteFile(file, []byte(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: looks-at-pods}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: guest}]
`), 0o600); err != nil {
		t.Fatal(err)
	}
	testbed.Apply(t, "", file)
	guest := []string{"--context", "admin", "--as", "guest"}
	expectSaid(t, testbed, "its flags may not be read", map[string]string{"api-server-unhealthy": "passes"}, guest...)
	read := readiness.Read(audit.Run(viewOf(t, testbed, guest...), rules.All()))
	i := slices.IndexFunc(read.Standings, func(s readiness.Standing) bool { return s.ID == "control-plane" })
	told := read.Standings[i]
	if want := `kube-apiserver: flagz.config.k8s.io: may not get /flagz: forbidden: User "guest" cannot get path "/flagz"`; told.State != readiness.CannotTell || told.Traces[0].String() != want {
		t.Errorf("its flags may not be read: %s, %q, want %q", told.State, told.Traces, want)
	}
}
