package kubetest

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
)

// Authorizer is the API server's own code for authorization, without a server: a
// process that is asked in lines of JSON. kube/testbed/kubernetes/authorizer has
// the form of cases and answers.
type Authorizer struct {
	in  *json.Encoder
	out *bufio.Reader
}

// StartAuthorizer starts the process, which ends with the test. The first start
// on a machine compiles it, which takes minutes unless the API server has been
// built. With -short the test is skipped.
func StartAuthorizer(tb testing.TB) *Authorizer {
	tb.Helper()
	skipShort(tb)
	source, err := testbedSource()
	if err != nil {
		tb.Fatalf("starting the authorizer: %v", err)
	}
	command := exec.Command("go", "run", ".", "authorize")
	command.Dir = source
	command.Env = append(os.Environ(), "GOWORK=off")
	command.Stderr = os.Stderr
	var in io.WriteCloser
	var out io.Reader
	if in, err = command.StdinPipe(); err == nil {
		out, err = command.StdoutPipe()
	}
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		tb.Fatalf("starting the authorizer: %v", err)
	}
	tb.Cleanup(func() {
		_ = in.Close()
		if err := command.Wait(); err != nil {
			tb.Errorf("stopping the authorizer: %v", err)
		}
	})
	return &Authorizer{in: json.NewEncoder(in), out: bufio.NewReaderSize(out, 1<<16)}
}

// Ask sends one set of cases and decodes the answers.
func (a *Authorizer) Ask(tb testing.TB, cases, answers any) {
	tb.Helper()
	if err := a.in.Encode(cases); err != nil {
		tb.Fatalf("asking the authorizer: %v", err)
	}
	line, err := a.out.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, answers)
	}
	if err != nil {
		tb.Fatalf("reading what the authorizer answers: %v", err)
	}
}
