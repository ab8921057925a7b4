package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/pty"
)

// started is a program on a terminal of its own.
type started struct {
	*pty.Terminal
	t       *testing.T
	command *exec.Cmd
	home    string
	before  string // the settings of the line
}

// start runs a program on a terminal, in a home that has nothing in it.
func start(t *testing.T, env []string, name string, args ...string) *started {
	t.Helper()
	p := &started{Terminal: pty.Open(t, 100, 30), t: t, home: t.TempDir()}
	p.before = p.Settings()
	p.command = exec.CommandContext(t.Context(), name, args...)
	p.command.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + p.home, "TERM=xterm-256color", "LC_ALL=C.UTF-8", "PS1=ready>",
		"KUBECONFIG=" + filepath.Join(p.home, "none"),
	}, env...)
	p.command.Stdin, p.command.Stdout, p.command.Stderr = p.Line, p.Line, p.Line
	p.command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.command.Process.Kill() }) // it may have ended
	return p
}

// end waits for the program and checks what it leaves behind: its exit code, the line of
// the terminal as it was, and no mode of the terminal that it had set.
func (p *started) end(code int) string {
	p.t.Helper()
	err := p.command.Wait()
	got := 0
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		got = exit.ExitCode()
	}
	if got != code {
		p.t.Errorf("the program exits with %d (%v), want %d; it wrote %q", got, err, code, p.Written())
	}
	return p.expectClean()
}

// expectClean checks that every mode which was set is set back.
func (p *started) expectClean() string {
	p.t.Helper()
	if after := p.Settings(); after != p.before {
		p.t.Errorf("the settings of the line were\n%s\nand are\n%s", p.before, after)
	}
	modes := []string{"?1049", "?2004", "?1004", "?1002", "?1003", "?1006"}
	p.AwaitThat("modes that are set back", func(string) bool {
		written := p.Written()
		for _, mode := range modes {
			if strings.Count(written, "\x1b["+mode+"h") != strings.Count(written, "\x1b["+mode+"l") {
				return false
			}
		}
		return strings.LastIndex(written, "\x1b[?25h") >= strings.LastIndex(written, "\x1b[?25l")
	})
	return p.Written()
}

// TestSignalsGiveTheTerminalBack ends the program from outside.
func TestSignalsGiveTheTerminalBack(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			p := start(t, nil, "seaworthy", "demo")
			p.Await("read-only", "Namespaces (")
			if err := p.command.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			p.end(130)
		})
	}
}

// TestSuspendAndResume stops the program from within a shell, and goes on with it.
func TestSuspendAndResume(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "sh", "-i")
	p.Await("ready>")
	p.Press("seaworthy demo; echo code $?\r")
	p.Await("read-only", "Namespaces (")
	p.Forget()
	p.Press("\x1a")
	p.Await("ready>")
	p.Forget()
	p.Press("echo the shell$((40+2)) works\r")
	p.Await("the shell42 works")
	p.Forget()
	p.Press("fg\r")
	p.Await("read-only", "Namespaces (")
	p.Forget()
	p.Press("q")
	p.Await("ready>")
	p.Press("echo code $?\r")
	p.Await("code 0")
	p.Press("exit\r")
	p.end(0)

	alone := start(t, nil, "seaworthy", "demo")
	alone.Await("read-only")
	alone.Press("\x1a")
	alone.Await("there is no shell that could resume the program")
	alone.Press("q")
	alone.end(0)
}

// sinkingSource panics when it is watched.
type sinkingSource struct{}

func (sinkingSource) Watch(context.Context, func(*kube.Cluster)) error {
	panic("sinking\nwith a second line")
}

// terminalCommands are those that only tests on Linux run.
func terminalCommands() map[string]func() {
	return map[string]func(){"seaworthy-sinking": sinkingMain, putterName: putter, limitedName: limited}
}

// sinkingMain is the terminal UI on a source that panics.
func sinkingMain() {
	s, o := system(), &uiOptions{at: "ns/payments", theme: themes.Default, color: "auto"}
	r, err := o.policy.load(s)
	if err == nil {
		err = o.show(context.Background(), s, r, newConsole(), givenPlace, sinkingSource{})
	}
	_, _ = fmt.Fprintf(s.err, "seaworthy: %s\n", describeError(err))
	os.Exit(codeOf(err)) //nolint:revive // it is the main function of a process
}

// TestAPanicIsReported looks at the file, and at the one line that tells of it.
func TestAPanicIsReported(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "seaworthy-sinking")
	p.Await("the report is ", ".txt")
	written := p.end(exitCrash)
	shown := written[strings.LastIndex(written, "\x1b[?1049l"):]
	if strings.Count(shown, "\n") != 1 || !strings.Contains(shown, "seaworthy: following the cluster: panic: sinking; the terminal was given back, the report is ") {
		t.Errorf("after the screen is written %q, want one line", shown)
	}
	files, err := filepath.Glob(filepath.Join(p.home, ".local", "state", "seaworthy", "panic-*.txt"))
	if err != nil || len(files) != 1 || !strings.Contains(shown, files[0]) {
		t.Fatalf("there are the reports %q, %v, want the one that is told of", files, err)
	}
	report, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"seaworthy ", "go         go1", "system     linux/", "TERM=xterm-256color", "screen     ns/payments", "while      following the cluster", "panic      sinking\nwith a second line", "sinkingSource.Watch"} {
		if !strings.Contains(string(report), want) {
			t.Errorf("the report lacks %q:\n%s", want, report)
		}
	}
	if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the report is for others to read: %v, %v", info.Mode(), err)
	}

	// Where nothing can be written the panic itself is told.
	p = start(t, []string{"XDG_STATE_HOME=/proc"}, "seaworthy-sinking")
	p.Await("could not be written")
	if written := p.end(exitCrash); !strings.Contains(written, "panic: sinking (its report could not be written: ") {
		t.Errorf("where no report can be written is told %q", written)
	}
}

// plugin is a credential plugin that asks for a code on its terminal, and says so on
// standard error whether it has one or not.
const plugin = `#!/bin/sh
echo "plugin: renewing" >&2
if ! [ -t 0 ]; then
	echo "plugin: cannot ask without a terminal" >&2
	exit 1
fi
printf 'Code: ' >&2
read code
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'"$code"'"}}'
`

// vault is a server that knows one token, and lets nothing be read.
func vault(t *testing.T, token *atomic.Value) *httptest.Server {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		answer := func(code int, reason string) {
			w.WriteHeader(code)
			_, _ = fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":%q,"message":"no","code":%d}`, reason, code)
		}
		switch {
		case r.Header.Get("Authorization") != "Bearer "+token.Load().(string):
			answer(http.StatusUnauthorized, "Unauthorized")
		case r.URL.Path == "/version":
			_, _ = fmt.Fprint(w, `{"major":"1","minor":"37","gitVersion":"v1.37.2"}`)
		case strings.HasSuffix(r.URL.Path, "/selfsubjectreviews"):
			w.WriteHeader(http.StatusCreated)
			_, _ = fmt.Fprint(w, `{"kind":"SelfSubjectReview","apiVersion":"authentication.k8s.io/v1","status":{"userInfo":{"username":"jane"}}}`)
		default:
			answer(http.StatusForbidden, "Forbidden")
		}
	}))
	t.Cleanup(server.Close)
	return server
}

// TestACredentialPluginAndTheScreen logs in before the screen is drawn, has the token
// expire, and logs in again with the terminal lent to the plugin.
func TestACredentialPluginAndTheScreen(t *testing.T) {
	t.Parallel()
	var token atomic.Value
	token.Store("first")
	server, folder := vault(t, &token), t.TempDir()
	script := filepath.Join(folder, "plugin")
	if err := os.WriteFile(script, []byte(plugin), 0o700); err != nil { //nolint:gosec // it is to be run
		t.Fatal(err)
	}
	config := filepath.Join(folder, "config")
	text := fmt.Sprintf(`{apiVersion: v1, kind: Config, current-context: vault,
contexts: [{name: vault, context: {cluster: vault, user: jane}}], clusters: [{name: vault, cluster: {server: %q, insecure-skip-tls-verify: true}}],
users: [{name: jane, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: %q, interactiveMode: IfAvailable}}}]}`, server.URL, script)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}

	p := start(t, []string{"KUBECONFIG=" + config}, "seaworthy")
	p.Await("plugin: renewing", "Code: ")
	if strings.Contains(p.Written(), "\x1b[?1049h") {
		t.Error("the screen was taken before the plugin had its answer")
	}
	p.Press("first\r")
	p.Await("jane may read nothing of vault")
	p.Forget()

	token.Store("second")
	p.Await("needs you: press R to log in", "new in :log")
	p.Press(":log\r")
	written := p.Await("plugin: cannot ask without a terminal", "stderr")
	if strings.Contains(written, "\nplugin: ") {
		t.Errorf("the plugin wrote over the screen: %q", written)
	}
	p.Forget()
	p.Press("R")
	p.AwaitThat("question on the shell's own screen", func(written string) bool {
		left, asked, taken := strings.Index(written, "\x1b[?1049l"), strings.Index(written, "Code: "), strings.LastIndex(written, "\x1b[?1049h")
		return left >= 0 && asked > left && taken < left
	})
	p.Press("second\r")
	p.Await("logged in: the cluster is asked again")
	p.Forget()
	p.Press("q")
	p.end(0)
}
