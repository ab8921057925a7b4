package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/ui"
)

// gate is the way to a server, which can be shut and opened again: for a client, the server
// is gone and comes back at the same address.
type gate struct {
	server, address string

	guard    sync.Mutex
	listener net.Listener // nil while it is shut
	passing  map[net.Conn]bool
}

func newGate(t *testing.T, server string) *gate {
	t.Helper()
	g := &gate{server: strings.TrimPrefix(server, "https://"), address: "127.0.0.1:0", passing: map[net.Conn]bool{}}
	g.open(t)
	t.Cleanup(g.shut)
	return g
}

func (g *gate) open(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", g.address)
	if err != nil {
		t.Fatal(err)
	}
	g.guard.Lock()
	defer g.guard.Unlock()
	g.listener, g.address = listener, listener.Addr().String()
	go func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			go g.pass(in)
		}
	}()
}

// pass carries bytes between a client and the server until one of them has enough.
func (g *gate) pass(in net.Conn) {
	out, err := net.Dial("tcp", g.server)
	if err != nil {
		_ = in.Close()
		return
	}
	g.guard.Lock()
	if g.listener == nil {
		_, _ = in.Close(), out.Close()
	}
	g.passing[in], g.passing[out] = true, true
	g.guard.Unlock()
	end := func() { _, _ = in.Close(), out.Close() }
	go func() { _, _ = io.Copy(out, in); end() }()
	_, _ = io.Copy(in, out)
	end()
}

// shut ends every connection and takes no more.
func (g *gate) shut() {
	g.guard.Lock()
	defer g.guard.Unlock()
	if g.listener != nil {
		_ = g.listener.Close()
		g.listener = nil
	}
	for c := range g.passing {
		_ = c.Close()
	}
	clear(g.passing)
}

// squadron writes a kubeconfig with the contexts east and west, of two servers, and
// east-admin, of the first as somebody else.
func squadron(t *testing.T, east, west *kubetest.Testbed, westAt string) string {
	t.Helper()
	text := fmt.Sprintf(`
apiVersion: v1
kind: Config
clusters:
- {name: east, cluster: {server: "%s", certificate-authority: "%s"}}
- {name: west, cluster: {server: "https://%s", certificate-authority: "%s"}}
contexts:
- {name: east, context: {cluster: east, user: east}}
- {name: east-admin, context: {cluster: east, user: east-admin}}
- {name: west, context: {cluster: west, user: west}}
users:
- {name: east, user: {token: %s}}
- {name: east-admin, user: {token: %s}}
- {name: west, user: {token: %s}}
`, east.Server, filepath.Join(east.Dir, "ca.crt"), westAt, filepath.Join(west.Dir, "ca.crt"),
		east.Tokens["reader"], east.Tokens["admin"], west.Tokens["reader"])
	file := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestFleetOfTwoServers follows two real clusters. One of them is lost: that is seen, the
// other goes on, and the lost one comes back by itself. Then its server is killed, and a
// report says so.
func TestFleetOfTwoServers(t *testing.T) {
	t.Parallel()
	east, west := kubetest.SharedTestbed(t), kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	for place, testbed := range map[string]*kubetest.Testbed{"eastside": east, "westside": west} {
		file := filepath.Join(t.TempDir(), place+".yaml")
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(quayside, "quayside", place)), 0o600); err != nil {
			t.Fatal(err)
		}
		testbed.Apply(t, place, file)
	}
	door := newGate(t, west.Server)
	config := squadron(t, east, west, door.address)

	code, document := scanFleet(t, "--kubeconfig", config, "--all-contexts")
	if code != exitClean || len(document.Clusters) != 2 || document.Coverage.Seen != 2 || len(document.Clusters[0].Contexts) != 2 || document.Clusters[0].UID == document.Clusters[1].UID {
		t.Errorf("both answer: code %d, %d of %d seen, %v", code, document.Coverage.Seen, len(document.Clusters), document.Clusters[0].Contexts)
	}

	lookAtFleet(t, []string{"--kubeconfig", config, "--all-contexts"}, func(v *viewer) {
		v.await("2 clusters").await("2 live").await("the same cluster as east-admin")
		door.shut()
		v.press('G').await("offline since").await("1 live, 1 offline")
		v.press('g', tea.KeyEnter).await("eastside").await("* live").press(tea.KeyEscape).await("1 live, 1 offline")
		door.open(t)
		v.press('r').until("west follows its server again", func(screen string) bool { return !strings.Contains(screen, "offline") })
		v.press('G', tea.KeyEnter).await("westside").press(tea.KeyEscape)
		if err := west.Stop(); err != nil {
			t.Error(err)
		}
		v.press('g', tea.KeyEnter).await("eastside").await("* live")
	})

	sarif := filepath.Join(t.TempDir(), "fleet.sarif")
	code, document = scanFleet(t, "--kubeconfig", config, "--all-contexts", "-o", "sarif="+sarif)
	if code != exitBlind || document.Coverage.Seen != 1 || document.Clusters[0].Report == nil || !strings.Contains(document.Clusters[1].Error, "west") {
		t.Errorf("one is dead: code %d, %d seen, %q", code, document.Coverage.Seen, document.Clusters[1].Error)
	}
	if ran := successful(t, sarif); !slices.Equal(ran, []bool{true, false}) {
		t.Errorf("one is dead: the runs of SARIF were successful: %v", ran)
	}
}

// successful says of each run of a SARIF log whether it was.
func successful(t *testing.T, file string) []bool {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			Invocations []struct{ ExecutionSuccessful bool }
		}
	}
	if err := json.Unmarshal(text, &log); err != nil {
		t.Fatal(err)
	}
	var all []bool
	for _, run := range log.Runs {
		all = append(all, run.Invocations[0].ExecutionSuccessful)
	}
	return all
}

// scanFleet scans several clusters, and returns the exit code and the report.
func scanFleet(t *testing.T, args ...string) (int, *report.FleetDocument) {
	t.Helper()
	var out, told bytes.Buffer
	s := &streams{in: strings.NewReader(""), out: &out, err: &told, notes: &notes{out: &told}, now: time.Now, env: func(string) string { return "" }}
	code := run(append([]string{programName, "scan", "-o", "json"}, args...), s)
	document := &report.FleetDocument{}
	if err := json.Unmarshal(out.Bytes(), document); err != nil {
		t.Fatalf("%v\n%s", err, told.String())
	}
	return code, document
}

// lookAtFleet shows the terminal UI of several clusters to a robot.
func lookAtFleet(t *testing.T, args []string, story func(*viewer)) {
	t.Helper()
	s := &streams{
		in: strings.NewReader(""), out: io.Discard, err: io.Discard, notes: &notes{out: io.Discard}, now: time.Now,
		env: func(string) string { return "" },
	}
	o := options(t, args)
	r, err := o.ruling(s)
	if err != nil {
		t.Fatal(err)
	}
	several, err := o.target.namedClusters()
	if err != nil {
		t.Fatal(err)
	}
	options, err := o.fleet(s, r, nil, several)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	model, err := ui.New(ctx, options)
	if err != nil {
		t.Fatal(err)
	}
	v := &viewer{t: t, model: model, answers: make(chan tea.Msg, 1000)}
	defer func() { stop(); model.Close() }()
	v.start(model.Init())
	v.send(tea.WindowSizeMsg{Width: 140, Height: 40})
	story(v)
}
