package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// TestClusterScripts plays the stories of a real API server, and of those that do
// not answer. $KUBECONFIG has the contexts admin, reader and viewer; nothing
// listens at $NOWHERE. The user clerk has rights in the namespace counter alone,
// porter those to read bindings.
func TestClusterScripts(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	testbed.Apply(t, "counter", filepath.Join("testdata", "cluster", "counter.yaml"), filepath.Join("testdata", "cluster", "porter.yaml"))
	nowhere := closedPort(t)
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "cluster"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", "")
			e.Setenv("KUBECONFIG", testbed.Kubeconfig)
			e.Setenv("SERVER", testbed.Server)
			e.Setenv("NOWHERE", nowhere)
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "root" {
				return false, fmt.Errorf("reading the condition %s: there is only root", name)
			}
			return os.Geteuid() == 0, nil
		},
		Cmds: scriptCommands(),
	})
}

// closedPort gives the address of a server that is not there.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return "https://" + listener.Addr().String()
}
