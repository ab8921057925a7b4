package ui_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// world are some clusters: prod, which is looked at at first, staging, which is the same
// for a user with fewer rights, dev, which hangs, gone, which is not there, and eks, whose
// credentials come from a command.
type world struct {
	guard  sync.Mutex
	fails  int // how often prod fails before it answers
	opened map[string]int
	closed map[string]int
	probed map[string]int
	logins []string
	most   int // probed at the same time
	now    int
	hang   bool // probes hang until they are left
}

func newWorld() *world {
	return &world{opened: map[string]int{}, closed: map[string]int{}, probed: map[string]int{}}
}

func (w *world) List(context.Context) ([]screen.Destination, error) {
	place := func(name string, more screen.Destination) screen.Destination {
		more.ID, more.Name, more.Cluster, more.User = screen.ContextID(name), name, name+"-cluster", "jane"
		if more.Server == "" {
			more.Server = "https://" + name + ".example.com:6443"
		}
		return more
	}
	return []screen.Destination{
		place("dev", screen.Destination{}),
		place("eks", screen.Destination{Login: "aws"}),
		place("gone", screen.Destination{}),
		place("prod", screen.Destination{Current: true, Same: "p", Namespace: "payments"}),
		place("staging", screen.Destination{Same: "p", Server: "https://prod.example.com:6443"}),
		{ID: "file/monday.seaworthy", Kind: screen.RecordingPlace, Name: "monday.seaworthy", Time: screentest.Noon},
		{ID: "demo", Kind: screen.DemoPlace, Name: "demo"},
	}, nil
}

// Probe answers at once, but for dev and gone.
func (w *world) Probe(ctx context.Context, place string, login bool) screen.Reach {
	w.guard.Lock()
	w.probed[place]++
	if login {
		w.logins = append(w.logins, place)
	}
	w.now++
	w.most = max(w.most, w.now)
	w.guard.Unlock()
	defer func() { w.guard.Lock(); w.now--; w.guard.Unlock() }()
	switch {
	case w.hang || place == "context/dev":
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Second):
		}
		return screen.Reach{State: screen.Unreachable, Brief: "no answer in time", Why: "connecting to dev: no answer in time"}
	case place == "context/gone":
		return screen.Reach{State: screen.Unreachable, Brief: "connection refused", Why: "connecting to gone: connection refused \x1b[2J"}
	case place == "context/staging":
		return screen.Reach{State: screen.Refused, Brief: "credentials not accepted", Why: "staging: 401"}
	}
	return screen.Reach{State: screen.Reachable, Version: "v1.37.2", User: "jane@example.com", Latency: 23 * time.Millisecond}
}

// Open opens everything but dev, which hangs until it is left, and gone.
func (w *world) Open(ctx context.Context, place string) (ui.Sighting, error) {
	w.guard.Lock()
	defer w.guard.Unlock()
	w.opened[place]++
	switch {
	case place == "context/dev":
		w.guard.Unlock()
		<-ctx.Done()
		w.guard.Lock()
		return ui.Sighting{}, ctx.Err()
	case place == "context/gone":
		return ui.Sighting{}, &screen.Unreached{Reach: screen.Reach{State: screen.Unreachable, Brief: "connection refused"}, Err: errors.New("connecting to gone: connection refused")}
	case place == "context/prod" && w.opened[place] <= w.fails:
		return ui.Sighting{}, errors.New("connecting to prod: the server does not answer")
	}
	return w.sighting(place), nil
}

// sighting is a cluster with one namespace, named after it.
func (w *world) sighting(place string) ui.Sighting {
	_, name, named := strings.Cut(place, "/")
	if !named {
		name = place
	}
	return ui.Sighting{
		Place: place, Name: name, Source: &still{name},
		Close: func() { w.guard.Lock(); w.closed[place]++; w.guard.Unlock() },
	}
}

// still shows one view, and goes on until it is left.
type still struct{ name string }

func (s *still) Watch(ctx context.Context, publish func(*kube.Cluster)) error {
	b := kube.NewBuilder(kube.Info{Name: s.name, Version: "v1.37.2"})
	for _, name := range []string{s.name + "-shop", "kube-system"} {
		if err := b.Set(kube.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, UID: "42"}}); err != nil {
			return err
		}
	}
	if err := b.Set(kube.Deployments, screentest.Deployment(s.name+"-shop", "api")); err != nil {
		return err
	}
	publish(b.Build(screentest.Noon))
	<-ctx.Done()
	return ctx.Err()
}

// travel starts the program on a world, at prod.
func travel(t *testing.T, w *world, open bool, width, height int, story func(u *user)) {
	t.Helper()
	o := ui.Options{Contexts: w, Sighting: ui.Sighting{Place: "context/prod", Name: "prod"}}
	if open {
		o.Sighting = w.sighting("context/prod")
	}
	visit(t, func(*user) ui.Options { return o }, width, height, story)
}

func TestContexts(t *testing.T) {
	t.Parallel()
	w := newWorld()
	travel(t, w, true, 140, 40, func(u *user) {
		u.wait().Expect("prod-shop").Press("X").Expect("Contexts and recordings (7)").ExpectSelected("prod")
		u.ExpectLine("dev", "asking").ExpectLine("eks", "needs login: aws").ExpectLine("gone", "✖ connection refused")
		u.ExpectLine("*●", "prod", "✔ reachable, 23 ms", "v1.37.2").ExpectLine("staging", "✖ credentials not accepted")
		u.ExpectLine("monday.seaworthy", "recorded 2026-01-01 12:00").ExpectLine("demo", "a recorded shop")
		u.Expect("as jane@example.com", "the same cluster as staging", "looked at now, the kubeconfig's current context")
		u.WaitFor("no answer in time", time.Minute)
		u.Press("/").Type("state=reachable").Press("enter").Expect("Contexts and recordings (1 of 7)").Press("esc").Expect("recordings (7)")
		u.Press("g", "j").ExpectSelected("eks").Expect("refreshing runs aws").Press("r").ExpectLine("eks", "✔ reachable")
		u.Press("esc").Expect("prod-shop")
	})
	if w.most > 4 || len(w.logins) != 1 || w.logins[0] != "context/eks" {
		t.Errorf("%d were asked at a time, and of %q the command was run", w.most, w.logins)
	}
}

// TestOnlyWhatIsInSightIsAsked opens a kubeconfig of many contexts that all hang.
func TestOnlyWhatIsInSightIsAsked(t *testing.T) {
	t.Parallel()
	w := &wideWorld{world: newWorld(), count: 200}
	w.hang = true
	o := ui.Options{Contexts: w, Sighting: w.sighting("context/c000")}
	visit(t, func(*user) ui.Options { return o }, 80, 24, func(u *user) {
		u.wait().Press("X").Expect("recordings (200)").Press("esc").Expect("c000-shop")
		if probed := len(w.probed); probed != 4 {
			u.t.Errorf("%d contexts were asked before the first answered, want 4", probed)
		}
		u.Press("X").ExpectLine("c000", "asking").Press("G").ExpectSelected("c199")
		u.WaitFor("✖ no answer in time", time.Hour)
	})
	if w.most > 4 || w.probed["context/c100"] > 0 {
		t.Errorf("%d were asked at a time, and one that was never seen %d times", w.most, w.probed["context/c100"])
	}
}

type wideWorld struct {
	*world
	count int
}

func (c *wideWorld) List(context.Context) ([]screen.Destination, error) {
	var all []screen.Destination
	for i := range c.count {
		name := fmt.Sprintf("c%03d", i)
		all = append(all, screen.Destination{ID: screen.ContextID(name), Name: name})
	}
	return all, nil
}

// TestTurningToAnotherContext turns to another cluster and back, by each of the ways.
func TestTurningToAnotherContext(t *testing.T) {
	t.Parallel()
	w := newWorld()
	travel(t, w, true, 100, 30, func(u *user) {
		u.wait().Press(":").Type("findings").Press("enter", "space").Expect("1 marked")
		u.Press(":").Type("context staging").Press("enter").Expect("looking at staging; - goes back to prod", "staging-s", "› Findings").ExpectNot("marked", "prod-shop")
		u.Press("-").Expect("looking at prod; - goes back to staging", "prod-shop", "› Findings").ExpectNot("marked")
		u.Press("enter").Expect("EVIDENCE").Press("-").Expect("Findings (").ExpectNot("staging").Press("esc").Expect("prod-shop")
		u.Press("X").ExpectLine("*●", "prod", "A").ExpectLine("-", "staging").Press("j").ExpectSelected("staging").Press("enter").Expect("seaworthy  staging", "› Findings")
		u.Press(":").Type("context -").Press("enter").Expect("prod-shop")
		u.Press(":").Type("context demo").Press("enter").Expect("demo-shop").Press("X").Expect("the same cluster as")
	})
	if w.opened["context/prod"] != 2 || w.closed["context/prod"] < 2 || w.closed["context/staging"] != 2 {
		t.Errorf("opened %v, closed %v", w.opened, w.closed)
	}
}

// TestAContextThatHangsBlocksNobody turns to a cluster that never answers, and to one that
// is not there.
func TestAContextThatHangsBlocksNobody(t *testing.T) {
	t.Parallel()
	w := newWorld()
	travel(t, w, true, 100, 30, func(u *user) {
		u.wait().Press(":").Type("context dev").Press("enter").Expect("opening dev; esc leaves it", "prod-shop")
		u.Press("enter").Expect("Findings").Press("j", "k").Expect("opening dev").Press("esc").Expect("left dev", "Findings").ExpectNot("opening")
		u.Press(":").Type("context dev").Press("enter").Press(":").Type("context staging").Press("enter").Expect("staging-shop").ExpectNot("opening")
		u.Press(":").Type("context gone").Press("enter").Expect("connecting to gone: connection refused", "staging-shop")
		u.Press("X").ExpectLine("gone", "✖ connection refused")
		u.Press(":").Type("context dev").Press("enter").ExpectLine("dev", "opening")
	})
	if w.closed["context/staging"] != 1 {
		t.Errorf("closed %v", w.closed)
	}
}

// TestNothingAnswersAtTheStart starts on a cluster that does not answer at first.
func TestNothingAnswersAtTheStart(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.fails = 1000
	travel(t, w, false, 80, 24, func(u *user) {
		u.wait().Expect("Could not look at prod", "the server does not answer", "X contexts").Golden("unreachable-80x24")
		u.Press("j", "enter", "/", "P").Expect("Could not look at prod").Press("?").Expect("up one row", "not connected").Press("?")
		u.Press("X").Expect("Contexts and recordings (7)").ExpectLine("prod", "✖ unreachable").Expect("prod does not answer, again in").Press("esc").Expect("Could not look at prod")
		u.WaitFor("times; again in 29 s", time.Hour)
		w.guard.Lock()
		w.fails = 0
		w.guard.Unlock()
		u.Press("r").Expect("prod-shop")
	})
	w = newWorld()
	w.fails = 1000
	travel(t, w, false, 80, 24, func(u *user) {
		u.Press("X").Expect("recordings (7)").Press("G", "enter").Expect("demo-shop").Press("q").ExpectQuit()
	})
	if w.closed["demo"] != 1 {
		t.Errorf("closed %v", w.closed)
	}
	travel(t, newWorld(), false, 30, 4, func(u *user) { u.wait().Press("X", "x", "q").ExpectQuit() })
}

// TestManyTurns goes back and forth fifty times, and looks at what each turn leaves.
func TestManyTurns(t *testing.T) {
	t.Parallel()
	w := newWorld()
	travel(t, w, true, 100, 30, func(u *user) {
		u.wait()
		var before int
		for i := range 50 {
			u.Press("-").Press(":").Type("context staging").Press("enter").Expect("staging-shop")
			u.Press("-").Expect("prod-shop")
			if i == 0 {
				before = inBubble(u.t)
			}
		}
		if after := inBubble(u.t); after > before {
			u.t.Errorf("%d goroutines after the first turn, and %d after 50", before, after)
		}
	})
	if w.closed["context/staging"] != w.opened["context/staging"] {
		t.Errorf("opened %v, closed %v", w.opened, w.closed)
	}
}

// inBubble counts the goroutines that are left in the bubble of a test when all are
// waiting. Those of other tests beside it do not count.
func inBubble(t *testing.T) int {
	t.Helper()
	synctest.Wait()
	stacks := make([]byte, 1<<16)
	for runtime.Stack(stacks, true) == len(stacks) {
		stacks = make([]byte, 2*len(stacks))
	}
	// The caller is told first: goroutine 12 [running, synctest bubble 7]:
	_, bubble, found := strings.Cut(strings.TrimSpace(string(stacks[:bytes.IndexByte(stacks, '\n')])), ", ")
	if !found || !strings.HasPrefix(bubble, "synctest bubble") {
		t.Fatalf("the stack of a goroutine does not tell its bubble: %.80q", stacks)
	}
	return bytes.Count(stacks, []byte(bubble))
}
