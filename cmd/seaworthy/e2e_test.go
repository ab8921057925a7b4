//go:build e2e

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// Where the shop of the demo is written down.
const (
	shopManifests = "../../kube/recording/demo/manifests"
	hardenedTax   = "../../kube/recording/demo/story/085-tax-is-hardened.yaml"
)

// canaries are values that the program must never be sent: of a Secret and of a
// ConfigMap.
const (
	secretCanary    = "canary-of-a-secret-5b1f7c"
	configMapCanary = "canary-of-a-configmap-93ad02"
)

// program is the built binary, and the cluster that it is run on as the user
// reader.
type program struct {
	t       *testing.T
	path    string
	testbed *kubetest.Testbed
}

// startProgram builds the program and starts a cluster with a canary in a Secret
// and another in a ConfigMap.
func startProgram(t *testing.T, options kubetest.TestbedOptions) *program {
	t.Helper()
	p := &program{t: t, path: filepath.Join(t.TempDir(), "seaworthy")}
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", p.path, ".").CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, output)
	}
	options.Controllers, options.Nodes, options.Record = true, 3, true
	options.Canaries = []string{secretCanary, configMapCanary}
	p.testbed = kubetest.StartTestbed(t, options)
	file := filepath.Join(t.TempDir(), "canaries.yaml")
	manifest := fmt.Sprintf(`apiVersion: v1
kind: Secret
metadata: {name: canary}
stringData: {value: %s}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: canary}
data: {value: %s}
`, secretCanary, configMapCanary)
	if err := os.WriteFile(file, []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	p.testbed.Apply(t, "canaries", file)
	return p
}

// run runs the program on the cluster and gives what it prints; it must exit with
// the code.
func (p *program) run(code int, args ...string) []byte {
	p.t.Helper()
	command := exec.CommandContext(p.t.Context(), p.path, args...)
	command.Env = append(os.Environ(), "KUBECONFIG="+p.testbed.Kubeconfig)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	got := 0
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		p.t.Fatalf("running seaworthy %q: %v", args, err)
	}
	if got != code {
		p.t.Fatalf("seaworthy %q exits with %d, want %d: %s", args, got, code, stderr.String())
	}
	return stdout.Bytes()
}

// scan runs scan -o json with more arguments and gives the report.
func (p *program) scan(args ...string) *report.Document {
	p.t.Helper()
	var d report.Document
	if err := json.Unmarshal(p.run(exitClean, append([]string{"scan", "-o", "json"}, args...)...), &d); err != nil {
		p.t.Fatalf("reading the report: %v", err)
	}
	return &d
}

// expectFindings checks that a report has findings by name, that every point is
// explained, and that what was not seen is named.
func (p *program) expectFindings(d *report.Document, want []finding) {
	p.t.Helper()
	got := map[finding]bool{}
	for _, f := range d.Findings {
		if f.Implied == "" {
			got[finding{f.Rule, f.Namespace, f.Kind, f.Name, f.Container}] = true
		}
	}
	for _, f := range want {
		if !got[f] {
			p.t.Errorf("not found: %+v", f)
		}
	}
	scored, problems := addUp(d)
	if scored < 10 {
		p.t.Errorf("%d namespaces have a score, want 10 or more", scored)
	}
	for _, problem := range problems {
		p.t.Error(problem)
	}
	if d.Coverage.Percent < 100 && len(d.Coverage.Blind) == 0 {
		p.t.Errorf("coverage is %v %%, and nothing is named that was not seen", d.Coverage.Percent)
	}
	for _, b := range d.Coverage.Blind {
		if b.Resource == "" || b.Reason == "" {
			p.t.Errorf("not seen, and not said what or why: %+v", b)
		}
		p.t.Logf("not seen: %s: %s", b.Resource, b.Reason)
	}
	p.t.Logf("score %v, coverage %v %%, %d namespaces with a score, %d findings", *d.Score, d.Coverage.Percent, scored, len(d.Findings))
}

// expectSameFromSnapshot checks that a snapshot is judged as the cluster is, and
// gives what is in it, decompressed. A cluster does not stand still: the snapshot
// counts when what was seen before and after it is the same.
func (p *program) expectSameFromSnapshot() []byte {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), "now.seaworthy")
	for range 10 {
		before := p.scan("--context", "reader")
		p.run(exitClean, "snapshot", "--context", "reader", file)
		if findingsDiff(before, p.scan("--context", "reader")) != "" {
			continue
		}
		if diff := findingsDiff(before, p.scan("--from", file)); diff != "" {
			p.t.Errorf("findings (-cluster +snapshot):\n%s", diff)
		}
		return p.decompress(file)
	}
	p.t.Fatal("the cluster does not come to rest: ten times its findings changed while a snapshot was taken")
	return nil
}

func (p *program) decompress(file string) []byte {
	p.t.Helper()
	compressed, err := os.ReadFile(file)
	if err != nil {
		p.t.Fatal(err)
	}
	decoder, err := zstd.NewReader(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	defer decoder.Close()
	text, err := decoder.DecodeAll(compressed, nil)
	if err != nil {
		p.t.Fatalf("decompressing the snapshot: %v", err)
	}
	for _, canary := range []string{secretCanary, configMapCanary} {
		if bytes.Contains(text, []byte(canary)) {
			p.t.Errorf("%q is in the snapshot", canary)
		}
	}
	return text
}

// prove checks what was recorded of the whole run. The admin reads the canaries
// first, to show that they are there to be found.
func (p *program) prove() {
	p.t.Helper()
	for _, resource := range []string{"secrets", "configmaps"} {
		get(p.t, p.testbed, "/api/v1/namespaces/canaries/"+resource+"/canary")
	}
	expectNothingWritten(p.t, p.testbed)
	expectNoValues(p.t, p.testbed, []string{secretCanary, configMapCanary})
}

// open starts the terminal UI in a terminal and waits for the overview. The
// settings are the terminal's before.
func (p *program) open(width, height int) (term *terminal, settings string) {
	p.t.Helper()
	term = openTerminal(p.t, width, height)
	settings = term.settings()
	term.command("clear; " + p.path + " --kubeconfig " + p.testbed.Kubeconfig + " --context reader; echo code $?")
	term.awaitText("● live", "grade ", "Namespaces (")
	return term, settings
}

// quit leaves the terminal UI and checks what it leaves behind.
func (p *program) quit(term *terminal, settings string) {
	p.t.Helper()
	term.press("C-c")
	screen := term.awaitText("code ", "\n"+prompt)
	if !strings.HasPrefix(screen, "code 0\n"+prompt) {
		p.t.Errorf("after ctrl-c the screen is\n%s", screen)
	}
	term.expectClean(settings)
}

// scoreAfter is the number after a text on the screen, "" if there is none.
func scoreAfter(screen, text string) string {
	match := regexp.MustCompile(regexp.QuoteMeta(text) + `\s+(\d+\.\d)`).FindStringSubmatch(screen)
	if match == nil {
		return ""
	}
	return match[1]
}

// TestEndToEndShop runs the program on the shop of the demo, with metrics.
func TestEndToEndShop(t *testing.T) {
	t.Parallel()
	p := startProgram(t, kubetest.TestbedOptions{Metrics: true})
	p.testbed.Apply(t, "default", shopManifests)
	awaitPods(t, p.testbed)
	awaitMetrics(t, p.testbed)

	d := p.scan("--context", "reader")
	p.expectFindings(d, shopFindings())
	if d.Coverage.Percent != 100 {
		t.Errorf("coverage is %v %%, want 100", d.Coverage.Percent)
	}
	snapshot := p.expectSameFromSnapshot()
	for _, resource := range []string{"pods", "pods.metrics.k8s.io", "nodes.metrics.k8s.io", "events"} {
		if !bytes.Contains(snapshot, []byte(`"set":"`+resource+`"`)) {
			t.Errorf("the snapshot has no %s", resource)
		}
	}
	p.walk()
	p.point()
	p.pause()
	p.knock()
	p.prove()
}

// knock opens the terminal UI where it is not let in.
func (p *program) knock() {
	p.t.Helper()
	term := openTerminal(p.t, 200, 24)
	settings := term.settings()
	command := "clear; " + p.path + " --kubeconfig " + p.testbed.Kubeconfig

	// Nothing may be read: the screen says so, and what is missing.
	term.command(command + " --context viewer; echo code $?")
	term.awaitText("viewer may read nothing of viewer", "cannot list resource", "blind")
	term.press(":")
	term.write("coverage")
	term.press("Enter")
	term.awaitText("deployments.apps", "forbidden")
	p.quit(term, settings)

	// Who is not let in can turn to another cluster, and is told why on the terminal.
	term.command(command + " --context reader --token expired; echo code $?")
	term.awaitText("Could not look at", "does not accept the credentials (401)", "contexts")
	term.press("q")
	term.awaitText("does not accept the credentials (401)", "code 3\n"+prompt)

	// What is known before the screen is drawn is a sentence on the terminal.
	term.command(command + " --context nowhere; echo code $?")
	term.awaitText(`context "nowhere" is not in the kubeconfig`, "code 2\n"+prompt)
	term.expectClean(settings)
}

// walk uses the terminal UI as a person would.
func (p *program) walk() {
	p.t.Helper()
	term, settings := p.open(80, 24)

	// Into the worst namespace, its worst finding, and back.
	term.press("Enter")
	term.awaitText("Overview › ci", "━ Findings (")
	term.press("Enter")
	term.awaitText("OBJECT", "WRONG", "WHY", "EVIDENCE", "costs")
	term.press("Escape")
	term.awaitText("━ Findings (")
	term.press("Escape")
	term.awaitText("━ Namespaces (")

	// A filter, and what it leaves.
	term.press("/")
	term.write("checkout")
	term.awaitText("filtered by checkout", "1-1 of 1")
	term.press("Enter")
	term.press("Enter")
	term.awaitText("Overview › checkout", "privileged")

	// A command, help, and back.
	term.press(":")
	term.write("ns/payments")
	term.press("Enter")
	term.awaitText("╭─ payments ")
	term.press("?")
	term.awaitText("━ Help ━", "up one row")
	term.press("Escape")
	term.awaitText("╭─ payments ")
	term.press(":")
	term.write("nowhere")
	term.press("Enter")
	term.awaitText("there is no such screen")

	// What changes in the cluster changes on the screen.
	term.press(":")
	term.write("ns/checkout")
	term.press("Enter")
	before := scoreAfter(term.awaitText("╭─ checkout "), "╭─ checkout")
	if before == "" {
		p.t.Errorf("no score in\n%s", term.screen())
	}
	p.testbed.Apply(p.t, "default", hardenedTax)
	after := scoreAfter(term.await("another score than "+before, func(screen string) bool {
		score := scoreAfter(screen, "╭─ checkout")
		return score != "" && score != before
	}), "╭─ checkout")
	p.t.Logf("tax was hardened: checkout had %s and has %s", before, after)

	// Too small, and large enough again.
	term.resize(50, 12)
	term.awaitText("60x15 shows all")
	term.resize(80, 24)
	term.awaitText("╭─ checkout ", "━ Findings (")
	term.resize(140, 40)
	term.awaitText("╭─ checkout ", "━ Findings (")
	term.resize(80, 24)
	term.awaitText("╭─ checkout ", "━ Findings (")

	p.quit(term, settings)
}

// point uses the terminal UI by the mouse, and leaves it without giving the mouse back.
func (p *program) point() {
	p.t.Helper()
	term, settings := p.open(80, 24)
	term.press("M")
	term.awaitText("shift-drag selects text")
	term.awaitMouse(true)

	// A click selects the row below the first; two open it.
	lines := strings.Split(term.screen(), "\n")
	second := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, "NAMESPACE") }) + 2
	name := regexp.MustCompile(`[a-z(][a-z0-9()-]+`).FindString(lines[second])
	p.t.Logf("the mouse goes to %q: %s", name, lines[second])
	const column = 20
	term.click(column, second+1, 1)
	term.await("the cursor on "+name, func(screen string) bool {
		for line := range strings.SplitSeq(screen, "\n") {
			if strings.HasPrefix(line, "┃>") {
				return strings.Contains(line, " "+name+" ")
			}
		}
		return false
	})
	term.click(column, second+1, 2)
	term.awaitText("Overview › "+name, "━ Findings (")

	// Another list by its name, and back by the path.
	lines = strings.Split(term.awaitText("[Findings] Workloads "), "\n")
	tabs := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "[Findings] ") })
	term.click(len("[Findings] W"), tabs+1, 1)
	term.awaitText("━ Workloads (")
	term.click(len(" Over"), 2, 1)
	term.awaitText("━ Namespaces (")

	// The heat map: a cell that is not under the cursor, then the same again.
	term.press("H")
	lines = strings.Split(term.awaitText("━ Heat map (", "NAMESPACE"), "\n")
	titles := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, "NAMESPACE") })
	before, _, found := strings.Cut(lines[titles], "SECURITY")
	if !found {
		p.t.Fatalf("no column of that title in\n%s", term.screen())
	}
	cell := len([]rune(before)) + 1
	term.click(cell, titles+2, 1)
	term.await("the cursor on a cell", func(screen string) bool {
		line := []rune(strings.Split(screen, "\n")[titles+1])
		return line[cell-1] == '>'
	})
	term.click(cell, titles+2, 1)
	term.awaitText("━ Findings (", "filtered by category=")
	p.quit(term, settings)
}

// pause suspends the terminal UI from an interactive shell and resumes it, in a terminal of
// the same size and in one of another.
func (p *program) pause() {
	p.t.Helper()
	term := openTerminal(p.t, 80, 24)
	settings := term.settings()
	term.command("clear; " + p.path + " --mouse --kubeconfig " + p.testbed.Kubeconfig + " --context reader")
	term.awaitText("● live", "━ Namespaces (")
	term.press("?")
	before := body(term.awaitText("━ Help ━", "up one row"))
	suspend := func() {
		term.press("C-z")
		term.await("the shell's own screen", func(screen string) bool {
			return !strings.Contains(screen, "━ Help ━") && strings.HasSuffix(strings.TrimSpace(screen), prompt)
		})
		term.expectClean(settings)
	}

	suspend()
	term.command("fg")
	term.await("the help as it was", func(screen string) bool { return body(screen) == before })
	term.awaitMouse(true)

	suspend()
	term.resize(100, 30)
	term.command("fg")
	term.await("the help in another size", func(screen string) bool {
		lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
		if len(lines) != 30 || !strings.Contains(screen, "━ Help ━") {
			return false
		}
		// Above the footer there may be a line of what is broken.
		for _, line := range lines[2:28] {
			if runes := []rune(line); len(runes) != 100 || !strings.ContainsRune("┓┃┛", runes[99]) {
				return false
			}
		}
		return true
	})
	term.resize(80, 24)
	term.await("the help as it was", func(screen string) bool { return body(screen) == before })
	term.press("Escape")
	term.awaitText("● live", "━ Namespaces (")
	term.press("q")
	term.await("the shell", func(screen string) bool { return strings.HasSuffix(strings.TrimSpace(screen), prompt) })
	term.expectClean(settings)
}

// body is a screen without what tells of the cluster: its first line, and the one that
// says what is broken.
func body(screen string) string {
	_, rest, _ := strings.Cut(screen, "\n")
	return strings.Join(slices.DeleteFunc(strings.Split(rest, "\n"), func(line string) bool {
		return strings.Contains(line, "opens triage") // for how long something is broken changes by itself
	}), "\n")
}

// TestEndToEndCorpora runs the program on manifests that nobody of this project
// wrote, with the shop beside them. The metrics API is among them, without a
// server behind it.
func TestEndToEndCorpora(t *testing.T) {
	t.Parallel()
	folders := corpora(t)
	p := startProgram(t, kubetest.TestbedOptions{})
	shop, err := filepath.Abs(shopManifests)
	if err != nil {
		t.Fatal(err)
	}
	applyAll(t, p.testbed, append(folders, shop)...)
	awaitPods(t, p.testbed)

	p.expectFindings(p.scan("--context", "reader"), append(corporaFindings(), shopFindings()...))
	p.expectSameFromSnapshot()

	term, settings := p.open(80, 24)
	term.awaitText("longhorn-system")
	term.press(":")
	term.write("ns/longhorn-system")
	term.press("Enter")
	term.awaitText("╭─ longhorn-system ", "ds/longhorn-manager", "runs privileged")
	term.press("Escape")
	term.awaitText("━ Namespaces (")
	p.quit(term, settings)
	p.prove()
}
