package incident

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// fresh is a fact of a node that began some minutes after noon.
func fresh(name string, rung triage.Rung, after int) *fact {
	f := &fact{first: noon.Add(time.Duration(after) * minute)}
	f.Watched = &triage.Watched{Signal: &triage.Signal{Detector: &triage.Detector{ID: name, Rung: rung}, Object: kube.Nodes.Ref("", name)}}
	return f
}

func TestACircleIsOpenedWhereItBegan(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		a, b   *fact
		root   string
		mutual bool
	}{
		"by time":        {fresh("a", triage.Storage, 1), fresh("b", triage.Images, 0), "b", false},
		"by the ladder":  {fresh("a", triage.Images, 0), fresh("b", triage.Storage, 0), "b", false},
		"not to be told": {fresh("b", triage.Images, 0), fresh("a", triage.Images, 0), "a", true},
	} {
		test.a.parent, test.b.parent = test.b, test.a
		settle([]*fact{test.a, test.b})
		if root := test.a.top(); root.Object.Name != test.root || test.b.top() != root || test.a.mutual != test.mutual || test.b.mutual != test.mutual {
			t.Errorf("%s: the root is %s, mutual %t; want %s, %t", name, root.Object.Name, test.a.mutual, test.root, test.mutual)
		}
	}
}

func TestNothingExplainsItself(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		facts := make([]*fact, 1+random.IntN(12))
		for n := range facts {
			facts[n] = fresh(string(rune('a'+n)), triage.Rung(1+random.IntN(3)), random.IntN(3))
		}
		for _, f := range facts {
			if parent := facts[random.IntN(len(facts))]; parent != f {
				f.parent = parent
			}
		}
		settle(facts)
		for _, f := range facts {
			steps := 0
			for at := f; at.parent != nil; at = at.parent {
				if steps++; steps > len(facts) {
					t.Fatalf("%s explains itself", f.Object)
				}
			}
		}
	}
}

func TestAnIncidentThatReopensAgainAndAgainFlaps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deploy(deployment{namespace: "shop", name: "web", replicas: 1})
	web := pods("shop", "web", 0, 0)
	for n := range 3 {
		from := time.Duration(n) * 4 * minute
		w.sayAll("image-pull", web, from)
		if i := only(t, w.at(from), "owner Deployment shop/web"); i.Flapping != (n == 2) {
			t.Errorf("when it opens for the %d. time it flaps: %t", n+1, i.Flapping)
		}
		w.unsay("image-pull")
		w.at(from + minute)
		w.at(from + 3*minute)
	}
}
