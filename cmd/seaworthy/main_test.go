package main

import (
	"flag"
	"maps"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write again what scripts compare the output with")

func TestMain(m *testing.M) {
	testscript.Main(m, commands())
}

// commands are the programs that tests run as processes of their own.
func commands() map[string]func() {
	all := map[string]func(){programName: main, "kubectl-" + programName: main, completer: main}
	maps.Copy(all, terminalCommands())
	return all
}

// TestScripts plays the stories of the commands that need no cluster. They find
// no kubeconfig, and no home that could have one; $DEMO is the demo's recording.
func TestScripts(t *testing.T) {
	t.Parallel()
	demo, err := filepath.Abs("../../kube/recording/demo/shop.seaworthy")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", "")
			e.Setenv("KUBECONFIG", "")
			e.Setenv("DEMO", demo)
			return nil
		},
		Cmds: scriptCommands(),
	})
}
