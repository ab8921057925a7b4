package ui_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
)

// patience is far more than a feed takes to judge three objects.
const patience = 10 * time.Second

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hand is a source that shows what a test hands to it.
type hand struct{ views chan *kube.Cluster }

func (h hand) Watch(ctx context.Context, publish func(*kube.Cluster)) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case c, ok := <-h.views:
			if !ok {
				return errors.New("the cluster went away \x1b[2J")
			}
			publish(c)
		}
	}
}

// shop returns the view of the test's manifests, after a change to their text.
func shop(t *testing.T, change func(string) string) *kube.Cluster {
	t.Helper()
	text, err := os.ReadFile("testdata/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{
		Stdin: bytes.NewReader([]byte(change(string(text)))),
		Now:   func() time.Time { return time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC) },
		Info:  &kube.Info{Name: "harbour", Version: "v1.37.1"},
	})
	c, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func unchanged(text string) string { return text }

// open starts the program at an address, on a screen of a size, and hands it a
// first view if there is one.
func open(t *testing.T, width, height int, first *kube.Cluster, adjust func(*ui.Options)) (*uitest.Robot, hand) {
	t.Helper()
	h := hand{make(chan *kube.Cluster)}
	o := ui.Options{Source: h, Categories: rules.All(), At: "overview", Theme: "dark"}
	adjust(&o)
	ctx, stop := context.WithCancel(t.Context())
	follow := feed.New(h, o.Categories)
	ended := make(chan struct{})
	go func() { follow.Run(ctx); close(ended) }()
	t.Cleanup(func() { stop(); <-ended })
	model, err := ui.New(ctx, follow, o)
	if err != nil {
		t.Fatal(err)
	}
	robot := uitest.New(t, model, width, height)
	if first != nil {
		h.views <- first
		robot.WaitFor("Overview", patience)
	}
	return robot, h
}

func at(address string) func(*ui.Options) { return func(o *ui.Options) { o.At = address } }

func TestFromTheClusterToTheField(t *testing.T) {
	t.Parallel()
	robot, _ := open(t, 80, 24, shop(t, unchanged), at("overview"))
	robot.Expect("harbour", "Namespaces (2)", "rule set 1").ExpectSelected("shop").Golden("overview-80x24")
	robot.Press("enter").Expect("Overview › shop", "Findings (").ExpectSelected("deploy/web").Golden("namespace-80x24")
	robot.Press("enter").Expect("privileged-container", "WHY", "Fix: run unprivileged", "privileged: true", "privileged: false").Golden("finding-80x24")
	robot.Press("y").Expect("copied the patch")
	robot.Press("n").ExpectNot("privileged-container  costs")
	robot.Press("p").Expect("privileged-container")
	robot.Press("esc").ExpectSelected("deploy/web").Press("esc").Expect("Namespaces (2)").Press("q").ExpectQuit()
}

func TestWideScreens(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]string{
		"overview": "overview", "namespace": "ns/shop", "findings": "findings?sev=critical", "coverage": "coverage", "help": "help",
		"finding": "finding/privileged-container/shop/Deployment/web/web/spec.template.spec.containers%5B0%5D.securityContext.privileged",
	} {
		robot, _ := open(t, 140, 40, shop(t, unchanged), at(address))
		robot.Golden(name + "-140x40")
	}
}

func TestFilter(t *testing.T) {
	t.Parallel()
	robot, _ := open(t, 100, 30, shop(t, unchanged), at("ns/shop"))
	robot.Press("/").Type("sev>=critical").Expect("filtered by sev>=critical", "privileged-container").ExpectNot("pdb-missing")
	robot.Press("esc").Expect("pdb-missing")
	robot.Press("/").Type("colour:red").Expect(`unknown column "colour"`).Press("enter").Expect(`unknown column "colour"`).Press("esc").Expect("pdb-missing")
	robot.Press("/").Type("rule:pdb").Press("enter").Expect("pdb-missing").ExpectNot("privileged-container ")
	robot.Press("esc").ExpectSelected("privileged-container")
	robot.Press("esc").Expect("Namespaces (2)")
}

func TestCommands(t *testing.T) {
	t.Parallel()
	robot, _ := open(t, 100, 30, shop(t, unchanged), at("overview"))
	robot.Press(":").Type("ban").Press("enter").Expect("Overview › bank")
	robot.Press(":").Type("nowhere!").Press("enter").Expect("is not the name of a screen")
	robot.Press("[").Expect("Namespaces (2)").Press("]").Expect("Overview › bank")
	robot.Press("?").Expect("Overview › bank › Help").Press("backspace").Expect("Overview › bank")
	robot.Press(":").Type("q").Press("enter").ExpectQuit()
}

func TestTheCursorStaysWithItsObject(t *testing.T) {
	t.Parallel()
	robot, h := open(t, 100, 30, shop(t, unchanged), at("overview"))
	robot.Press("j").ExpectSelected("bank")
	h.views <- shop(t, func(text string) string {
		return strings.Replace(text, "runAsNonRoot: true", "runAsUser: 0", 1) + "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: annex\n"
	})
	robot.WaitFor("Namespaces (3)", patience).ExpectSelected("bank")
}

func TestWhatIsFixedWhileItIsOpen(t *testing.T) {
	t.Parallel()
	const id = "finding/privileged-container/shop/Deployment/web/web/spec.template.spec.containers%5B0%5D.securityContext.privileged"
	robot, h := open(t, 100, 30, shop(t, unchanged), at(id))
	robot.Expect("costs")
	h.views <- shop(t, func(text string) string { return strings.Replace(text, "privileged: true", "privileged: false", 1) })
	robot.WaitFor("no longer found", patience).Expect("privileged-container")
}

func TestNothingThere(t *testing.T) {
	t.Parallel()
	robot, _ := open(t, 80, 24, shop(t, unchanged), at("ns/nowhere"))
	robot.Expect("there is no namespace nowhere, or it cannot be seen")
	robot, _ = open(t, 80, 24, shop(t, unchanged), at("finding/x/y"))
	robot.Expect("there is no finding x/y")
}

func TestStates(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "harbour"})
	b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Syncing, Total: 150000})
	b.SetState(kube.State{Resource: kube.Nodes, Phase: kube.Waiting})
	robot, h := open(t, 80, 24, nil, at("overview"))
	robot.Expect("waiting for the first answer")
	h.views <- b.Build(time.Unix(0, 0))
	robot.WaitFor("Reading the cluster", patience).ExpectLine("pods", "syncing", "0 of about 150000").Golden("reading-80x24")

	b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Synced})
	b.SetState(kube.State{Resource: kube.Nodes, Phase: kube.Forbidden, Verb: "list", Reason: "may not list nodes in the cluster"})
	h.views <- b.Build(time.Unix(1, 0))
	robot.WaitFor("1 blind", patience).Press(":").Type("coverage").Press("enter").ExpectLine("forbidden", "nodes", "may not list")

	b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Stale, Reason: "no answer"})
	h.views <- b.Build(time.Unix(2, 0))
	robot.WaitFor("stale since", patience)
	close(h.views)
	robot.WaitFor("ended", patience)
}

func TestAClusterThatCannotBeRead(t *testing.T) {
	t.Parallel()
	robot, h := open(t, 80, 24, nil, at("overview"))
	close(h.views)
	robot.WaitFor("Could not look", patience).Expect("the cluster went away").Press("ctrl+c").ExpectQuit()
}

func TestSmallAndPoorTerminals(t *testing.T) {
	t.Parallel()
	robot, _ := open(t, 80, 24, shop(t, unchanged), func(o *ui.Options) { o.ASCII, o.NoColor = true, true })
	robot.GoldenStyled("overview-ascii-80x24")
	for _, line := range robot.Lines() {
		if i := strings.IndexFunc(line, func(r rune) bool { return r > '~' }); i >= 0 {
			t.Errorf("%q is not ASCII", line)
		}
	}
	robot.Resize(59, 24).Expect("seaworthy harbour", "needs 60x15, has 59x24").Resize(20, 3).Resize(1, 1).Resize(80, 24).Expect("Namespaces (2)")
}

func TestHostileNames(t *testing.T) {
	t.Parallel()
	evil := "x\\e[2J\\a\\u202E" + strings.Repeat("長", 60)
	view := shop(t, func(text string) string {
		return strings.ReplaceAll(strings.ReplaceAll(text, "name: web", `name: "`+evil+`"`), "name: shop", `name: "`+evil+`"`)
	})
	for _, address := range []string{"overview", "findings", "coverage"} {
		robot, _ := open(t, 80, 24, view, at(address)) // the robot refuses sequences that are no styles
		robot.Press("j", "k", "enter", "enter", "?", "esc", "esc").Resize(140, 40)
	}
}

func TestRunEndsWithItsContextAndLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	h := hand{make(chan *kube.Cluster)}
	var screen bytes.Buffer
	done := make(chan error, 1)
	in, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = in.Close(), write.Close() }()
	go func() {
		done <- ui.Run(ctx, ui.Options{Source: h, Categories: rules.All(), At: "overview", Theme: "dark", In: in, Out: &screen})
	}()
	h.views <- shop(t, unchanged)
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Run returned %v, want the context's error", err)
	}
}
