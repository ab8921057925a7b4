package ui_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// How long the monkey presses keys, and which: a seed makes the same keys again.
var (
	monkeyKeys = flag.Int("monkey.keys", max(200, kubetest.Rounds(700)), "how many things the monkey does with each seed")
	monkeySeed = flag.Uint64("monkey.seed", 1, "the first seed of the monkey")
	monkeys    = flag.Uint64("monkey.count", 2, "how many seeds")
	// On a busy machine, or with the race detector, a time means nothing.
	slowest = flag.Duration("slowest", 0, "how long a message may take with its frame, for the monkey and hostile texts; 0 for any time")
)

// TestMonkey does what no person would, and looks at what holds whatever was done: the
// frame fits (the robot looks), the cursor is on a row, the stack does not grow without
// end, and the way back leads home.
func TestMonkey(t *testing.T) {
	t.Parallel()
	for seed := *monkeySeed; seed < *monkeySeed+*monkeys; seed++ {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			o := ui.Options{
				Contexts: equipped{newWorld()}, Snapshots: &screentest.Snapshots{},
				Sighting: equip(ui.Sighting{Place: "context/prod"}),
			}
			run(t, o, 80, 24, func(u *user) {
				m := &monkey{user: u, Rand: rand.New(rand.NewPCG(seed, seed))}
				m.bindings = keymap.Default().Bindings()
				u.broken()
				for range *monkeyKeys {
					m.act()
				}
				m.goHome()
				u.t.Logf("the slowest message took %v: %s", m.slowest, m.slowestAt)
			})
		})
	}
}

// TestMonkeyOnARecording does the same to a recording that is played over and over.
func TestMonkeyOnARecording(t *testing.T) {
	t.Parallel()
	replayed(t, ui.Options{Snapshots: &screentest.Snapshots{}}, recording.Start{Playing: true, Loop: true}, 80, 24, func(u *user) {
		m := &monkey{user: u, Rand: rand.New(rand.NewPCG(*monkeySeed, 0))}
		m.bindings = append(keymap.Default().Bindings(), keymap.Default().Bindings(keymap.Replay)...)
		for range *monkeyKeys / 2 {
			m.act()
		}
		m.goHome()
	})
}

// equipped is the world with servers that answer whatever is asked.
type equipped struct{ *world }

// Open opens a place.
func (w equipped) Open(ctx context.Context, place string) (ui.Sighting, error) {
	s, err := w.world.Open(ctx, place)
	if err != nil {
		return s, err
	}
	return equip(s), nil
}

// equip has a server answer about changes, objects and logs.
func equip(s ui.Sighting) ui.Sighting {
	s.Server, s.Objects = &screentest.Server{Answer: screentest.Strict}, inspected()
	return s
}

// monkey is a user who presses anything.
type monkey struct {
	*user
	*rand.Rand
	bindings  []keymap.Binding
	did       []string // the last one at the end
	made      int
	slowest   time.Duration
	slowestAt string
}

// act does one thing.
func (m *monkey) act() {
	switch n := m.IntN(100); {
	case n < 72:
		binding := m.bindings[m.IntN(len(m.bindings))]
		m.press(binding.Keys[m.IntN(len(binding.Keys))])
	case n < 80:
		m.open()
	case n < 84:
		m.press([]string{"/", ":", "ctrl+p", "a"}[m.IntN(4)])
		m.text(m.words())
		m.press([]string{"enter", "esc", "tab", "down"}[m.IntN(4)])
	case n < 87:
		m.send("paste", tea.PasteMsg{Content: m.words()})
	case n < 91:
		m.resize()
	case n < 96:
		m.mouse()
	default:
		m.change()
	}
}

func (m *monkey) press(key string) {
	if msg, ok := uitest.Key(key); ok {
		m.send(key, msg)
	}
}

func (m *monkey) text(text string) {
	for _, letter := range text {
		m.send("letter "+string(letter), tea.KeyPressMsg{Code: letter, Text: string(letter)})
	}
}

// words are what could be typed, most of it with no sense.
func (m *monkey) words() string {
	all := []string{
		"payments", "sev>=high", "score<60", "!api | web", `"a b`, "col:", "-l app=x", "\x1b[2J", "日本語", "e\u0301\u0301", "plan/payments?target=60",
		"(", ")", "x y z", "get secrets in payments", "88", "ask delete pods", "rule=", "\u202eabc", strings.Repeat("long ", 40), "sort name desc", "columns name,score", "filter web", "context staging", "mark", "quit", "address",
	}
	return all[m.IntN(len(all))]
}

// open goes to one of the screens.
func (m *monkey) open() {
	all := []string{"incident/" + web, "incident/" + web + "?show=blast", "triage?window=2h", "ns/web", "ns/nothing", "rule/pdb-missing", "plan?target=90&filter=what%3Dheld", "framework/cis-5", "snapshots/start..now", "snapshots?tab=history", "object/Deployment/payments/gateway?tab=logs", "workload/Deployment/payments/gateway", "rbac/stale", "paths/ns:payments", "plan", "plan/payments", privileged}
	for _, address := range ui.RouteNames() {
		all = append(all, address)
	}
	slices.Sort(all)
	m.press("esc")
	m.press(":")
	m.text(all[m.IntN(len(all))])
	m.press("enter")
}

func (m *monkey) resize() {
	sizes := [][2]int{{80, 24}, {60, 15}, {59, 15}, {140, 40}, {200, 50}, {300, 80}, {1, 1}, {2, 1}, {1 + m.IntN(300), 1 + m.IntN(80)}, {1 + m.IntN(20), 1 + m.IntN(10)}, {60 + m.IntN(40), 15 + m.IntN(5)}}
	size := sizes[m.IntN(len(sizes))]
	m.before(fmt.Sprintf("resize %dx%d", size[0], size[1]))
	m.Resize(size[0], size[1])
	m.look()
	if size[0] < 60 || size[1] < 15 { // little can be done there
		m.press("j")
		m.before("resize 100x30")
		m.Resize(100, 30)
		m.look()
	}
}

func (m *monkey) mouse() {
	at := tea.Mouse{X: m.IntN(100), Y: m.IntN(30), Button: tea.MouseLeft}
	if m.View().MouseMode == tea.MouseModeNone {
		m.press("M")
	}
	for range 1 + m.IntN(2) { // the second one makes it a double click
		m.send(fmt.Sprintf("click %d,%d", at.X, at.Y), ui.Pointed(tea.MouseClickMsg(at), screentest.Noon))
	}
	at.Button = []tea.MouseButton{tea.MouseWheelUp, tea.MouseWheelDown}[m.IntN(2)]
	m.send(fmt.Sprintf("wheel %d,%d", at.X, at.Y), ui.Pointed(tea.MouseWheelMsg(at), screentest.Noon))
}

// change changes the cluster: what is there comes and goes.
func (m *monkey) change() {
	name := fmt.Sprintf("made-%d", m.IntN(5))
	switch m.IntN(4) {
	case 0:
		if err := m.cluster.Set(kube.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}); err != nil {
			m.t.Fatal(err)
		}
		fallthrough
	case 1:
		if err := m.cluster.Set(kube.Deployments, screentest.Deployment(name, "web")); err != nil {
			m.t.Fatal(err)
		}
	case 2:
		m.cluster.Delete(kube.Deployments, name, "web")
	case 3:
		m.cluster.Delete(kube.Namespaces, "", name)
	}
	m.before("news")
	m.made++
	select {
	case m.source.views <- m.cluster.Build(screentest.Noon.Add(time.Duration(m.made) * time.Second)):
	case <-time.After(time.Second): // another cluster is looked at
	}
	m.wait()
	m.look()
}

func (m *monkey) before(what string) {
	m.did = append(m.did, what)
	m.did = m.did[max(0, len(m.did)-30):]
}

// send gives the program a message, and looks at what comes of it.
func (m *monkey) send(what string, msg tea.Msg) {
	m.before(what)
	defer func() {
		if problem := recover(); problem != nil {
			m.t.Logf("the last keys were %q", m.did)
			panic(problem)
		}
	}()
	runtime.LockOSThread()
	started := threadTime()
	m.Send(msg)
	took := threadTime() - started
	runtime.UnlockOSThread()
	if took > m.slowest {
		m.slowest, m.slowestAt = took, fmt.Sprintf("%q at %v", what, m.addresses())
	}
	if *slowest > 0 && took > *slowest {
		m.t.Errorf("%q took %v at %v after %q", what, took, m.addresses(), m.did)
	}
	m.look()
}

func (m *monkey) addresses() []string { return m.Model().(*ui.Model).Addresses() }

// look looks at what always holds.
func (m *monkey) look() {
	if m.t.Failed() {
		m.t.Fatalf("the last keys were %q", m.did)
	}
	model := m.Model().(*ui.Model)
	if depth := len(model.Addresses()); depth == 0 || depth > ui.StackLimit {
		m.t.Fatalf("the stack is %d deep after %q", depth, m.did)
	}
	if cursor := m.View().Cursor; cursor != nil {
		if lines := m.Lines(); cursor.Y < 0 || cursor.Y >= len(lines) || cursor.X < 0 {
			m.t.Fatalf("the cursor is at %d,%d of %d lines at %v after %q", cursor.X, cursor.Y, len(lines), model.Addresses(), m.did)
		}
	}
	table := model.ShownTable()
	if table == nil {
		return
	}
	from, to := table.Visible()
	if key, i, ok := table.Selected(); ok && to > 0 && (i < from || i >= to) {
		m.t.Fatalf("the cursor is on row %d, %q, and rows %d to %d are seen at %v after %q", i, key, from, to, model.Addresses(), m.did)
	}
}

// goHome goes back until there is nothing to go back to.
func (m *monkey) goHome() {
	m.before("home")
	m.Resize(100, 30)
	for range 6 * ui.StackLimit {
		if len(m.addresses()) == 1 {
			break
		}
		m.press("esc")
	}
	if at := m.addresses(); len(at) != 1 || !strings.HasPrefix(at[0], "overview") {
		m.t.Fatalf("the way back leads to %v after %q", at, m.did)
	}
}
