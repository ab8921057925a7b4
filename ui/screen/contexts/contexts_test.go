package contexts_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/contexts"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// finder has the places of a test, all of which answer.
type finder struct {
	places []screen.Destination
	err    error
}

func (f finder) List(context.Context) ([]screen.Destination, error) { return f.places, f.err }

func (f finder) Probe(_ context.Context, place string, _ bool) screen.Reach {
	if place == "context/evil" {
		return screen.Reach{State: screen.Refused, Why: "no \x1b[2J\u202E", Brief: "no\x1b]0;x\a", Version: "v\x9b31m"}
	}
	return screen.Reach{State: screen.Reachable, Latency: 900 * time.Microsecond}
}

func visit(t *testing.T, f screen.PlaceFinder, address nav.Address, story func(*uitest.Robot, *contexts.Screen, *screentest.Host)) {
	t.Helper()
	a := screentest.Assess(screentest.Cluster(t))
	open := func() *contexts.Screen { return contexts.New(address, screen.NewPlaces(f)) }
	screentest.Visit(t, open, a, 80, 24, style.Options{}, story)
}

func TestTheScreen(t *testing.T) {
	t.Parallel()
	evil := "x\x1b[2J\x1b]52;c;eA==\a長い名前\u202Ey"
	f := finder{places: []screen.Destination{
		{ID: "context/a", Name: "a"},
		{ID: "context/evil", Name: evil, Cluster: evil, User: evil, Namespace: evil, Server: evil},
		{ID: "context/login", Name: "login", Login: evil},
		{ID: "given", Kind: screen.GivenPlace, Name: "shop.yaml"},
	}}
	visit(t, f, nav.Address{Screen: "contexts"}, func(r *uitest.Robot, s *contexts.Screen, h *screentest.Host) {
		r.Expect("Contexts and recordings (4)").ExpectLine("a ", "reachable, under 1 ms").ExpectLine("login", "needs login").ExpectLine("shop.yaml", "given at the start")
		r.Press("j").Expect("refused: no").Press("j").Expect("refreshing runs x").Press("enter")
		if diff := cmp.Diff([]any{screen.LookMsg{Place: "context/login"}}, []any{h.Asked[0]}); diff != "" {
			t.Errorf("asked (-want +got):\n%s", diff)
		}
		if err := s.Filter("kind=given"); err != nil || s.FilterText() != "kind=given" || s.Address().String() != "contexts?filter=kind%3Dgiven" {
			t.Errorf("the filter gives %v, and the address %s", err, s.Address())
		}
		r.Send(screentest.Nothing{}).Expect("(1 of 4)")
		if err := s.Filter("score>high"); err == nil {
			t.Error("a filter that cannot be read is taken")
		}
	})
	visit(t, f, nav.Address{Screen: "contexts", Query: map[string]string{"kind": "context"}}, func(r *uitest.Robot, _ *contexts.Screen, _ *screentest.Host) {
		r.Expect("(3 of 4)")
	})
}

func TestWhereThereIsNothing(t *testing.T) {
	t.Parallel()
	visit(t, nil, nav.Address{Screen: "contexts"}, func(r *uitest.Robot, s *contexts.Screen, _ *screentest.Host) {
		r.Expect("there is nothing else to look at here").Press("enter", "j")
		s.Refresh()
	})
	visit(t, finder{err: errors.New("reading the kubeconfig: it is a folder")}, nav.Address{Screen: "contexts"}, func(r *uitest.Robot, _ *contexts.Screen, _ *screentest.Host) {
		r.Expect("reading the kubeconfig: it is a folder")
	})
	visit(t, finder{}, nav.Address{Screen: "contexts"}, func(r *uitest.Robot, _ *contexts.Screen, _ *screentest.Host) {
		r.Expect("the kubeconfig has no context")
	})
}
