package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// serving is a seaworthy serve that runs.
type serving struct {
	address string
	told    *bufio.Scanner // what it says on standard error, line by line
	stop    func()
	ended   <-chan error
}

// serve starts seaworthy serve on a port of this computer.
func serve(t *testing.T, args ...string) *serving {
	t.Helper()
	in, out := io.Pipe()
	s := &streams{
		in: strings.NewReader(""), out: io.Discard, err: out, notes: &notes{out: out}, now: time.Now,
		env: func(string) string { return "" },
	}
	root := newRoot(s)
	root.SetArgs(append([]string{"serve", "--listen", "127.0.0.1:0"}, args...))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- root.ExecuteContext(ctx)
		_ = out.Close()
	}()
	t.Cleanup(stop)
	told := bufio.NewScanner(in)
	if !told.Scan() {
		t.Fatalf("it says nothing, and ends with %v", <-ended)
	}
	address, found := strings.CutPrefix(told.Text(), "serving on ")
	if !found {
		t.Fatalf("it says %q", told.Text())
	}
	return &serving{address, told, stop, ended}
}

// get asks for a path.
func (s *serving) get(t *testing.T, path string) (code int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.address+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// await asks whether it is ready until it answers so.
func (s *serving) await(t *testing.T, code int, says string) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		got, text := s.get(t, "/readyz")
		if got == code && strings.Contains(text, says) {
			return
		}
		select {
		case <-again.C:
		case <-deadline.C:
			t.Fatalf("it says %d %q, not %d %q within a minute", got, text, code, says)
		}
	}
}

// end interrupts it, which is no failure.
func (s *serving) end(t *testing.T) {
	t.Helper()
	s.stop()
	for s.told.Scan() {
		t.Errorf("in the end it says %q", s.told.Text())
	}
	if err := <-s.ended; err != nil {
		t.Errorf("it ends with %v", err)
	}
}

func TestServeARecording(t *testing.T) {
	t.Parallel()
	s := serve(t, "--from", "../../kube/recording/demo/shop.seaworthy", "--framework", "nsa")
	s.await(t, http.StatusOK, "ok")
	if code, metrics := s.get(t, "/metrics"); code != http.StatusOK || !strings.Contains(metrics, "\nseaworthy_score ") || !strings.Contains(metrics, `framework="nsa"`) {
		t.Errorf("the metrics are %d:\n%s", code, metrics)
	}
	if code, page := s.get(t, "/"); code != http.StatusOK || !strings.Contains(page, "checkout") {
		t.Errorf("at / there is %d %.100q, and not the report", code, page)
	}
	s.end(t)
}

// TestServeWaits begins before there is an API server, says so, and serves it when it is
// there.
func TestServeWaits(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	nowhere := closedPort(t)
	s := serve(t, "--kubeconfig", testbed.Kubeconfig, "--context", "reader", "--server", nowhere)
	if !s.told.Scan() || !strings.HasPrefix(s.told.Text(), "note: connecting to reader: the server "+nowhere+" does not answer") || !strings.HasSuffix(s.told.Text(), "; trying again") {
		t.Errorf("it says %q", s.told.Text())
	}
	s.await(t, http.StatusServiceUnavailable, "does not answer")
	if code, _ := s.get(t, "/livez"); code != http.StatusOK {
		t.Errorf("without a server it is dead: %d", code)
	}
	forward(t, strings.TrimPrefix(nowhere, "https://"), strings.TrimPrefix(testbed.Server, "https://"))
	s.await(t, http.StatusOK, "ok")
	s.end(t)
}

// forward passes connections to an address on to another, until the end of the test.
func forward(t *testing.T, from, to string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", from)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			out, err := new(net.Dialer).Dial("tcp", to) //nolint:noctx // it ends with the listener's connections
			if err != nil {
				_ = in.Close()
				continue
			}
			go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
			go func() { _, _ = io.Copy(in, out); _ = in.Close() }()
		}
	}()
}

func TestWhereServeListens(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ flag, pod, want string }{
		"on a computer":        {"", "", "127.0.0.1:8080"},
		"in a pod":             {"", "10.96.0.1", ":8080"},
		"where the flag wants": {"localhost:9090", "10.96.0.1", "localhost:9090"},
	} {
		o := &serveOptions{listen: tt.flag}
		got := o.address(func(key string) string { return map[string]string{"KUBERNETES_SERVICE_HOST": tt.pod}[key] })
		if got != tt.want {
			t.Errorf("%s it listens on %s, want %s", name, got, tt.want)
		}
	}
}
