package ui_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// fleetWorld are clusters that are followed: prod, of which the test's cluster is the
// view; staging, which has no flaw that prod has; dev, which hangs; gone, which does not
// answer while it is down; admin, which is prod for another user.
type fleetWorld struct {
	*world
	prod kube.Source
	down bool
}

func (w *fleetWorld) Open(ctx context.Context, place string) (ui.Sighting, error) {
	w.guard.Lock()
	down := w.down
	w.guard.Unlock()
	_, name, named := strings.Cut(place, "/")
	if !named {
		name = place
	}
	s := ui.Sighting{
		Place: place, Name: name, UID: func(context.Context) string { return "uid of " + name },
		Close: func() { w.guard.Lock(); w.closed[place]++; w.guard.Unlock() },
	}
	switch name {
	case "prod", "admin":
		s.Source, s.UID = w.prod, func(context.Context) string { return "uid of prod" }
	case "gone":
		if down {
			return ui.Sighting{}, &screen.Unreached{
				Reach: screen.Reach{State: screen.Unreachable, Brief: "connection refused"},
				Err:   errors.New("connecting to gone: connection refused\x1b[2J"),
			}
		}
		s.Source = &still{name}
	case "staging":
		s.Source = calm{}
	case "dev":
		<-ctx.Done()
		return ui.Sighting{}, ctx.Err()
	default:
		s.Source = &still{name}
	}
	w.guard.Lock()
	w.opened[place]++
	w.guard.Unlock()
	return s, nil
}

// calm has the namespace of prod with a workload that has fewer flaws.
type calm struct{}

// Watch shows one view, and goes on until it is left.
func (calm) Watch(ctx context.Context, publish func(*kube.Cluster)) error {
	b := kube.NewBuilder(kube.Info{Name: "staging", Version: "v1.35.9"})
	if err := b.Set(kube.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "payments"}}); err != nil {
		return err
	}
	if err := b.Set(kube.Deployments, screentest.Deployment("payments", "gateway")); err != nil {
		return err
	}
	publish(b.Build(screentest.Noon))
	<-ctx.Done()
	return ctx.Err()
}

// fleetOf starts the program on clusters of those names.
func fleetOf(w *fleetWorld, at string, names ...string) func(u *user) ui.Options {
	return func(u *user) ui.Options {
		w.prod = u.source
		o := ui.Options{At: at, Contexts: w}
		for _, name := range names {
			o.Fleet = append(o.Fleet, feed.Named{Place: screen.ContextID(name), Name: name})
		}
		return o
	}
}

func TestFleet(t *testing.T) {
	t.Parallel()
	w := &fleetWorld{world: newWorld(), down: true}
	visit(t, fleetOf(w, "", "prod", "staging", "gone", "dev", "admin"), 140, 40, func(u *user) {
		u.wait().Expect("4 clusters", "1 live, 1 failed, 2 connecting", "1 of 4 seen").ExpectLine("staging", "● live").ExpectLine("gone", "✖ connection refused").ExpectLine("dev", "connecting")
		u.publish()
		u.WaitFor("2 of 4 seen", time.Minute).ExpectLine("prod", "● live", "v1.37.2").ExpectSelected("prod").Expect("the same cluster as admin")
		u.Press("j", "j").ExpectSelected("gone").Expect("connecting to gone: connection refused", "asked again at")

		// What one has and another lacks, of all and of two.
		u.Press("tab").Expect("all 4 clusters").ExpectLine("privileged-container", "prod", "staging", "gone, dev").Press("enter").Expect("Fleet › Overview › Findings", "Findings (2 of")
		u.Press("esc", "esc", "esc").Expect("[Differences").ExpectNot("Overview ›").Press("shift+tab")
		u.Press("g", "space", "space").Expect("prod and staging", "of the rules, 13 fail in prod alone and 0 in staging alone").Press("tab").Expect("prod and staging").ExpectLine("privileged-container").ExpectNot("gone")
		u.Press("tab").Expect("Namespaces 1").ExpectSelected("payments").ExpectLine("payments", "prod", "staging", "privileged-container -").Expect("privileged-container: more in prod").Press("enter").Expect("Fleet › Overview › payments").Press("esc", "esc").Press("shift+tab", "shift+tab")

		// Who goes into a cluster takes what is there, and comes back to the others.
		u.Press("g", "j", "enter").Expect("Fleet › Overview", "staging ", "payments", "● live").Press("esc").Expect("Fleet").ExpectSelected("staging")
		u.Press("-").Expect("seaworthy  staging").Press(":").Type("fleet").Press("enter").Expect("4 clusters")
		u.Press("g", "enter").Expect("looking at prod; - goes back to staging", "prod-eu-1").Press("-").Expect("seaworthy  staging")
		u.change("payments", "gateway", unprivileged)
		u.Press("-").Expect("prod-eu-1").Press("esc").ExpectLine("prod", "live")

		// What was down comes back by itself, and at once if somebody asks.
		w.guard.Lock()
		w.down = false
		w.guard.Unlock()
		u.Press("r").WaitFor("3 of 4 seen", time.Minute).ExpectLine("gone", "● live")
		u.Press("/").Type("state=live").Press("enter").Expect("3 of 4 filtered by state=live").Press("esc").Expect("3 of 4 seen")
		u.Press("q").ExpectQuit()
	})
	if w.opened["context/prod"] != 1 || w.opened["context/staging"] != 1 || w.closed["context/prod"] != 1 || w.closed["context/staging"] != 1 {
		t.Errorf("opened %v, closed %v", w.opened, w.closed)
	}
	if w.opened["context/admin"] != w.closed["context/admin"] {
		t.Errorf("the other name of prod is still open: opened %v, closed %v", w.opened, w.closed)
	}
}

// TestNothingOfTheFleetAnswers starts on clusters that are not there, and goes elsewhere.
func TestNothingOfTheFleetAnswers(t *testing.T) {
	t.Parallel()
	w := &fleetWorld{world: newWorld(), down: true}
	visit(t, fleetOf(w, "fleet?show=namespaces", "gone", "dev"), 80, 24, func(u *user) {
		u.wait().Expect("two clusters have to be seen to be compared").Press("shift+tab", "shift+tab").ExpectLine("gone", "connection refused")
		u.Press(":").Type("overview").Press("enter").Expect("No cluster is looked at").Press("esc").Expect("Fleet")
		u.Press("X").Expect("Contexts and recordings").Press("esc").Expect("Fleet").Press("?").Expect("up one row").Press("?")
		u.Press("enter").Expect("connecting to gone: connection refused").Press("X", "G", "enter").Expect("demo-shop").Press("esc").Expect("Fleet")
		u.Resize(50, 10).Expect("demo").Resize(80, 24).Expect("Fleet")
	})
}

func TestOneClusterIsNoFleet(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "fleet"}, 80, 24, func(u *user) {
		u.publish().Expect("one cluster is looked at: --all-contexts").Press("tab", "enter", "space", "r", "esc").Expect("Namespaces (6)")
		u.Press(":").Type("fleet").Press("enter").Expect("Overview › Fleet").Press("esc").Expect("Namespaces (6)")
	})
}

// TestHostileFleet shows clusters whose names, versions, namespaces and errors have
// something in them that is no text.
func TestHostileFleet(t *testing.T) {
	t.Parallel()
	texts := hostile()
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &fleetWorld{world: newWorld(), down: true}
			visit(t, fleetOf(w, "", "prod", "a"+texts[name], "gone"), 100, 30, func(u *user) {
				u.spoil(texts[name])
				u.publish()
				for _, size := range [][2]int{{100, 30}, {60, 15}, {200, 50}} {
					u.Resize(size[0], size[1]).Press("g", "space", "j", "tab", "j", "tab", "j", "tab", "G", "k")
				}
				u.Expect("Fleet")
			})
		})
	}
}

// TestALargeFleet is followed in turns, and nobody waits for one that hangs.
func TestALargeFleet(t *testing.T) {
	t.Parallel()
	w := &fleetWorld{world: newWorld(), down: true}
	names := []string{"dev"}
	for i := range 3 * feed.MostLive {
		names = append(names, fmt.Sprintf("c%02d", i))
	}
	visit(t, fleetOf(w, "", names...), 100, 40, func(u *user) {
		u.WaitFor("24 of 25 seen", time.Minute).ExpectLine("c15", "seen 01-01 12:00 UTC")
		u.WaitFor("24 read, 1 connecting", time.Minute)
	})
	if w.opened["context/c00"] != 1 || w.closed["context/c00"] != 1 {
		t.Errorf("opened %v, closed %v", w.opened, w.closed)
	}
}
