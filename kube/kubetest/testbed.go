package kubetest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"
)

// Testbed is a running cluster: a real kube-apiserver and what else was asked for.
// It ends with Stop or with the test process, however that ends.
//
// The first start on a machine compiles the binaries from source, which takes
// minutes (8 on two cores for the API server alone, 20 for everything) and may
// exceed the ten minutes that go test allows: build them before with
// "go run -C kube/testbed . build all", or raise -timeout. What has been compiled
// when a test is cut short is not compiled again. Later starts take about three
// seconds, and 20 with metrics.
type Testbed struct {
	// Kubeconfig is the path of a file with the contexts admin (the current one),
	// reader, who may get, list and watch everything, and viewer, who has only what
	// every authenticated user has.
	Kubeconfig string `json:"kubeconfig"`
	// AuditLog is the path of the API server's audit log, in audit.k8s.io/v1, one
	// event a line. Events are in it when their response is complete. The testbed's
	// own components are left out.
	AuditLog string `json:"auditLog"`
	// RequestLog is the path of the recorder's log, one line of JSON a request and
	// one a canary found; "" without Record. See kube/testbed/record.go.
	RequestLog string `json:"requestLog"`
	// Server is the address of the API server, "https://127.0.0.1:6443", or of the
	// recorder in front of it.
	Server string `json:"server"`
	// Etcd is the address at which etcd takes clients; "testbed fill" wants it.
	Etcd string `json:"etcd"`
	// Dir is the directory that everything is in, removed at the end.
	Dir string `json:"dir"`
	// Tokens are the bearer tokens of admin, reader and viewer.
	Tokens map[string]string `json:"tokens"`
	// Processes are the process IDs of the components by name, as in
	// "kube-apiserver".
	Processes map[string]int `json:"processes"`

	source string
	stdin  io.Closer
	stderr *bytes.Buffer // read after done
	done   chan struct{} // closed when the testbed has ended
	err    error         // why; read after done
}

// TestbedOptions says what runs beside etcd and kube-apiserver. The zero value is
// enough for whatever only reads and writes objects.
type TestbedOptions struct {
	// Controllers runs the controller manager and the scheduler.
	Controllers bool
	// Nodes is the number of nodes, which run pods as far as the API can tell. The
	// package comment of kube/testbed has the annotations that make pods misbehave.
	Nodes int
	// Zones is over how many zones the nodes are spread, three if zero.
	Zones int
	// Metrics serves the metrics API; it implies Controllers and a node.
	Metrics bool
	// Record has the requests of the kubeconfig's users recorded, each with its
	// Accept header.
	Record bool
	// Canaries are texts, of six bytes at least, to look for in every response. They
	// imply Record.
	Canaries []string
}

func (o TestbedOptions) arguments() []string {
	args := []string{"run", ".", "up", "-nodes", strconv.Itoa(o.Nodes)}
	if o.Zones > 0 {
		args = append(args, "-zones", strconv.Itoa(o.Zones))
	}
	if o.Controllers {
		args = append(args, "-controllers")
	}
	if o.Metrics {
		args = append(args, "-metrics")
	}
	if o.Record {
		args = append(args, "-record")
	}
	for _, canary := range o.Canaries {
		args = append(args, "-canary", canary)
	}
	return args
}

// StartTestbed starts a cluster for one test and stops it after the test. With
// -short the test is skipped.
func StartTestbed(tb testing.TB, options TestbedOptions) *Testbed {
	tb.Helper()
	skipShort(tb)
	t, err := startTestbed(options)
	if err != nil {
		tb.Fatalf("starting the testbed: %v", err)
	}
	tb.Cleanup(func() {
		if err := t.Stop(); err != nil {
			tb.Errorf("stopping the testbed: %v", err)
		}
	})
	return t
}

// SharedTestbed gives the cluster, etcd and kube-apiserver alone, that all tests of
// a test binary share: the first that asks starts it, and it ends with the binary.
// Tests that share it keep to namespaces of their own. With -short the test is
// skipped.
func SharedTestbed(tb testing.TB) *Testbed {
	tb.Helper()
	skipShort(tb)
	t, err := sharedTestbed()
	if err != nil {
		tb.Fatalf("starting the testbed: %v", err)
	}
	return t
}

// sharedTestbed is never assigned: it is a function that remembers its result,
// because tests have no other place to share one.
var sharedTestbed = sync.OnceValues(func() (*Testbed, error) {
	return startTestbed(TestbedOptions{})
})

func skipShort(tb testing.TB) {
	tb.Helper()
	if testing.Short() {
		tb.Skip("it needs a control plane, which -short leaves out")
	}
}

// startTestbed runs the testbed's program and waits for the line that describes
// the cluster. This process holds the program's standard input and never writes to
// it: when this process is gone the pipe closes, and the program ends.
func startTestbed(options TestbedOptions) (*Testbed, error) {
	source, err := testbedSource()
	if err != nil {
		return nil, err
	}
	t := &Testbed{source: source, stderr: new(bytes.Buffer), done: make(chan struct{})}
	command := exec.Command("go", options.arguments()...)
	command.Dir = source
	command.Env = append(os.Environ(), "GOWORK=off")
	// A writer that is no file: go test would wait for a child that had its
	// standard error.
	command.Stderr = io.MultiWriter(t.stderr, os.Stderr)
	if t.stdin, err = command.StdinPipe(); err != nil {
		return nil, err
	}
	// A pipe of our own: Wait would close that of StdoutPipe under its reader.
	stdout, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = stdout.Close() }()
	command.Stdout = writer
	err = command.Start()
	_ = writer.Close() // the child has a copy
	if err != nil {
		return nil, err
	}
	go func() {
		t.err = command.Wait()
		close(t.done)
	}()
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		return nil, errors.Join(errors.New("it ended before the cluster was ready"), t.Stop())
	}
	if err := json.Unmarshal(line, t); err != nil {
		return nil, errors.Join(fmt.Errorf("reading the description %q: %w", line, err), t.Stop())
	}
	return t, nil
}

// testbedSource is kube/testbed of the checkout that the tests run in: go test runs
// them in their package's folder.
func testbedSource() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding kube/testbed: %w", err)
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		source := filepath.Join(dir, "kube", "testbed")
		if _, err := os.Stat(filepath.Join(source, "go.mod")); err == nil {
			return source, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("finding kube/testbed: not above %s", start)
		}
	}
}

// stopGrace is how long a testbed may take to end. Its components are killed after
// three seconds each for etcd and the others.
const stopGrace = 30 * time.Second

// Stop ends the cluster and removes its directory. The error is that of a component
// that ended before, with the end of its log. Stop may be called again.
func (t *Testbed) Stop() error {
	if err := t.stdin.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("closing the testbed's standard input: %w", err)
	}
	select {
	case <-t.done:
	case <-time.After(stopGrace):
		return fmt.Errorf("the testbed in %s has not ended after %s", t.Dir, stopGrace)
	}
	if t.err != nil {
		return fmt.Errorf("running the testbed: %w\n%s", t.err, t.stderr)
	}
	return nil
}

// Apply sends manifests to the cluster as admin, by server-side apply: files, or
// folders whose YAML and JSON files are taken. Definitions come first and webhooks
// last. Objects that name no namespace go to the one given, which is made if need
// be. The test fails if any object is refused, and says which and why.
func (t *Testbed) Apply(tb testing.TB, namespace string, paths ...string) {
	tb.Helper()
	args := []string{"run", ".", "apply", "-kubeconfig", t.Kubeconfig, "-namespace", namespace}
	for _, path := range paths {
		absolute, err := filepath.Abs(path)
		if err != nil {
			tb.Fatalf("applying %s: %v", path, err)
		}
		args = append(args, absolute)
	}
	command := exec.CommandContext(tb.Context(), "go", args...)
	command.Dir = t.source
	command.Env = append(os.Environ(), "GOWORK=off")
	if output, err := command.CombinedOutput(); err != nil {
		tb.Fatalf("applying %v: %v\n%s", paths, err, output)
	}
}

// Fill writes objects straight into etcd, as the API server stores them, many
// thousands a second: a fleet of package kube/kubetest/fleet.
func (t *Testbed) Fill(tb testing.TB, objects io.WriterTo) {
	tb.Helper()
	command := exec.CommandContext(tb.Context(), "go", "run", ".", "fill", "-etcd", t.Etcd)
	command.Dir = t.source
	command.Env = append(os.Environ(), "GOWORK=off")
	read, write := io.Pipe()
	command.Stdin = read
	go func() {
		_, err := objects.WriteTo(write)
		write.CloseWithError(err)
	}()
	if output, err := command.CombinedOutput(); err != nil {
		tb.Fatalf("filling etcd: %v\n%s", err, output)
	}
}
