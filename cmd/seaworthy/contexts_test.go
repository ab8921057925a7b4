package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

// harbours writes a kubeconfig with the contexts of a testbed beside one of a server that
// is not there, one that takes connections and never answers, and one whose credentials
// come from a command that leaves a trace.
func harbours(t *testing.T, testbed *kubetest.Testbed) (kubeconfig, trace string) {
	t.Helper()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	folder := t.TempDir()
	trace = filepath.Join(folder, "trace")
	text := fmt.Sprintf(`
apiVersion: v1
kind: Config
clusters:
- {name: gone, cluster: {server: "%s"}}
- {name: silent, cluster: {server: "https://%s"}}
contexts:
- {name: gone, context: {cluster: gone, user: command}}
- {name: login, context: {cluster: testbed, user: command}}
- {name: silent, context: {cluster: silent, user: nobody}}
users:
- {name: nobody, user: {token: t}}
- {name: command, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: /bin/sh, interactiveMode: IfAvailable,
    args: ["-c", "echo run >>%s; echo '{\"apiVersion\": \"client.authentication.k8s.io/v1\", \"kind\": \"ExecCredential\", \"status\": {\"token\": \"%s\"}}'"]}}}
`, closedPort(t), silent.Addr(), trace, testbed.Tokens["reader"])
	own, err := os.ReadFile(testbed.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	cluster := "testbed"
	for line := range strings.Lines(string(own)) {
		if _, name, ok := strings.Cut(line, "cluster: "); ok && strings.TrimSpace(name) != "" {
			cluster = strings.TrimSpace(name)
		}
	}
	file := filepath.Join(folder, "config")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(text, "testbed", cluster)), 0o600); err != nil {
		t.Fatal(err)
	}
	return testbed.Kubeconfig + string(os.PathListSeparator) + file, trace
}

// TestContextsOfARealServer looks at the contexts of a merged kubeconfig, turns to one, to
// one that is gone, to one that hangs, and back, fifty times. It is not parallel: it sets
// $KUBECONFIG and the working folder, and counts goroutines. Dead connections hold some
// memory for 90 seconds, until the transport's timers of idle ones end.
func TestContextsOfARealServer(t *testing.T) {
	testbed := kubetest.SharedTestbed(t)
	manifest := filepath.Join(t.TempDir(), "lookout.yaml")
	if err := os.WriteFile(manifest, []byte(strings.ReplaceAll(quayside, "quayside", "lookout")), 0o600); err != nil {
		t.Fatal(err)
	}
	testbed.Apply(t, "lookout", manifest)
	kubeconfig, trace := harbours(t, testbed)
	t.Setenv("KUBECONFIG", kubeconfig)
	t.Chdir(t.TempDir())
	writeRecording(t, "monday.seaworthy")
	enter := tea.KeyEnter
	look(t, []string{"--context", "reader", "-n", "lookout", "--request-timeout", "2s"}, func(v *viewer) {
		v.await("* live").await("lookout").press('X').await("Contexts and recordings (8)").await("the same cluster as admin, login, viewer")
		v.await("admin                      + reachable").await("login                      needs login: /bin/sh").await("gone                       needs login").await("silent                     X no answer in time")
		v.await("monday.seaworthy").await("as reader")
		if _, err := os.Stat(trace); err == nil {
			t.Error("a command was run that nobody asked for")
		}
		v.press([]rune(":context silent")...).press(enter).await("opening silent").press(tea.KeyEscape).await("left silent").await("Contexts and recordings")
		v.press([]rune(":context gone")...).press(enter).await("connection refused")
		v.press([]rune(":context nowhere")...).press(enter).await(`"nowhere" is not in the kubeconfig`)
		v.press([]rune(":context login")...).press(enter).await("looking at login; - goes back to reader").await("lookout")
		v.press('-').await("looking at reader; - goes back to login")
		v.press([]rune(":context monday.seaworthy")...).press(enter).await("looking at monday.seaworthy").await("o still")
		v.press([]rune(":context reader")...).press(enter).await("* live")
		v.press([]rune(":context admin")...).press(enter).await("looking at admin").press('-').await("looking at reader").await("* live")
		goroutines, heap := settled()
		for range 50 {
			v.press('-').await("looking at admin").press('-').await("looking at reader")
		}
		v.await("* live")
		after, heapAfter := settled()
		t.Logf("%d goroutines and %d KiB, and after 100 turns %d and %d KiB", goroutines, heap>>10, after, heapAfter>>10)
		if after > goroutines+20 || heapAfter > heap+16<<20 {
			t.Error("turning leaves something behind")
		}
	})
}

// settled returns how many goroutines there are, and how much memory is held, once what
// ends in the background has ended.
func settled() (goroutines int, heap uint64) {
	var m runtime.MemStats
	for least, quiet := 1<<30, 0; quiet < 10; quiet++ {
		runtime.GC()
		if n := runtime.NumGoroutine(); n < least {
			least, quiet = n, 0
		}
		goroutines = least
		<-time.After(20 * time.Millisecond)
	}
	runtime.ReadMemStats(&m)
	return goroutines, m.HeapAlloc
}

// writeRecording writes a recording of some manifests to a file.
func writeRecording(t *testing.T, name string) {
	t.Helper()
	demo, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	s := &streams{in: strings.NewReader(quayside), out: os.Stderr, err: os.Stderr, notes: &notes{out: os.Stderr}, now: time.Now, env: func(string) string { return "" }}
	target := &target{files: []string{"-"}}
	view, err := target.load(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(demo)
	if err != nil {
		t.Fatal(err)
	}
	w, err := recording.NewWriter(file, view.Info, recording.Redact)
	if err == nil {
		err = w.Append(view)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil || file.Close() != nil {
		t.Fatal(err)
	}
}

// TestAClusterThatDoesNotAnswerKeepsTheProgramUsable starts on a port where nobody is.
func TestAClusterThatDoesNotAnswerKeepsTheProgramUsable(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "config")
	text := strings.ReplaceAll(`{apiVersion: v1, kind: Config, current-context: gone,
clusters: [{name: gone, cluster: {server: "SERVER"}}],
contexts: [{name: gone, context: {cluster: gone, user: u}}, {name: other, context: {cluster: gone, user: u}}], users: [{name: u, user: {token: t}}]}`, "SERVER", closedPort(t))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	look(t, []string{"--kubeconfig", config}, func(v *viewer) {
		v.await("Could not look at gone").await("connection refused").await("again in ").press('?').await("up one row").press('?')
		v.press('r').await("tried 2 times").press('X').await("the same cluster as other").press([]rune(":context demo")...).press(tea.KeyEnter)
		v.await("demo > all namespaces").await("Namespaces")
	})
}

// TestWhereTheProgramStarts finds the place that flags name.
func TestWhereTheProgramStarts(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "config")
	text := `{apiVersion: v1, kind: Config, current-context: blue, clusters: [{name: one, cluster: {server: "https://127.0.0.1:1"}}],
contexts: [{name: blue, context: {cluster: one, user: u}}, {name: red, context: {cluster: one, user: p}}],
users: [{name: u, user: {token: t}}, {name: p, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: login, interactiveMode: Never}}}]}`
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for flags, want := range map[string][]string{
		"":                                {"context/blue", ""},
		"--context red":                   {"context/red", "login"},
		"--server https://127.0.0.1:2":    {"given", ""},
		"-f shop.yaml":                    {"given", ""},
		"--from monday.seaworthy":         {"file/monday.seaworthy", ""},
		"--context blue --context red":    {"", "", "one at a time"},
		"--context green":                 {"", "", "is not in the kubeconfig; it has blue, red"},
		"--request-timeout soon":          {"", "", "is no duration"},
		"--context red --as someone-else": {"given", "login"},
	} {
		o := options(t, append([]string{"--kubeconfig", config}, strings.Fields(flags)...))
		if _, err := o.target.namedClusters(); err != nil { // it reads the flags that can be repeated
			t.Fatal(err)
		}
		place, plugin, err := o.target.startedWith()
		if len(want) > 2 {
			if err == nil || !strings.Contains(err.Error(), want[2]) {
				t.Errorf("%s: %v, want %q", flags, err, want[2])
			}
		} else if err != nil || !slices.Equal([]string{place, plugin}, want) {
			t.Errorf("%s: starts at %q with %q, %v; want %q", flags, place, plugin, err, want)
		}
	}
}
