package incident

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// chaos is a world in which anything may happen to a few workloads and nodes.
type chaos struct {
	*world
	random *rand.Rand
	now    time.Duration
}

func newChaos(t *testing.T, seed uint64) *chaos {
	t.Helper()
	w := newWorld(t)
	w.nodes(6)
	for _, namespace := range []string{"shop", "pay"} {
		for _, name := range []string{"web", "api", "db"} {
			w.deploy(typical(namespace, name, 2))
			w.service(namespace, name, name)
		}
	}
	w.deploy(deployment{namespace: "kube-system", name: "coredns", replicas: 2, ready: 2})
	w.deploy(deployment{namespace: "kube-system", name: "cilium", replicas: 6, ready: 6})
	return &chaos{w, rand.New(rand.NewPCG(seed, 1)), 0}
}

func typical(namespace, name string, ready int) deployment {
	return deployment{namespace: namespace, name: name, replicas: 4, ready: ready, image: "registry.example/" + name, env: "http://db." + namespace}
}

func pick[T any](c *chaos, of []T) T { return of[c.random.IntN(len(of))] }

// happen says or unsays something.
func (c *chaos) happen() {
	since := c.now - time.Duration(c.random.IntN(1200))*time.Second
	namespace, name := pick(c, []string{"shop", "pay"}), pick(c, []string{"web", "api", "db"})
	some := pods(namespace, name, 0, c.random.IntN(4))
	if c.random.IntN(5) == 0 {
		some = pods("kube-system", pick(c, []string{"cilium", "coredns"}), 0, c.random.IntN(2))
	}
	said := cause(pick(c, []string{"", "network", "not-found", "capacity"}))
	switch c.random.IntN(11) {
	case 0:
		c.say(pick(c, []string{"node-silent", "node-notready", "node-pressure", "node-cordoned"}), node(fmt.Sprintf("n%d", c.random.IntN(6))), since, said, severe(triage.S2))
	case 1:
		c.say(pick(c, []string{"deploy-degraded", "create-refused", "observed-stale", "ds-missing"}), deploy(namespace, name), since, said, keyed(triage.ByQuota, namespace+"/compute"))
	case 2:
		c.say(pick(c, []string{"svc-no-endpoints", "dns-unhealthy"}), service(namespace, name), since, severe(triage.S1))
	case 3:
		c.sayAll(pick(c, []string{"config-error", "pod-mount-failed"}), some, since, keyed(triage.ByConfig, "Secret "+namespace+"/tls"))
	case 4, 5:
		c.sayAll(pick(c, []string{"not-ready-node", "pod-sandbox-failed", "pod-unschedulable", "image-pull", "probe-readiness"}), some, since, said)
	case 6:
		c.say("pdb-blocking", kube.PodDisruptionBudgets.Ref(namespace, name), since, severe(triage.S4))
	case 7:
		c.deploy(typical(namespace, name, c.random.IntN(5)))
	case 8, 9:
		ids := slices.SortedFunc(maps.Keys(c.signals), compareIdentities)
		for range min(len(ids), 3) {
			delete(c.signals, pick(c, ids))
		}
	default:
		c.sayAll("crash-loop", some, since, said)
	}
}

// forgetful tells everything anew.
func (c *chaos) forgetful() *chaos {
	for _, r := range c.tracker.records {
		r.telling.update = -1
	}
	for _, s := range c.tracker.weighing.spaces {
		s.looked = 0
	}
	for _, o := range c.tracker.weighing.all() {
		o.made, o.revisions = 0, nil
	}
	return c
}

// step lets a few things happen, and some time pass.
func (c *chaos) step() *Report {
	for range c.random.IntN(6) {
		c.happen()
	}
	c.now += time.Duration(1+c.random.IntN(180)) * time.Second
	return c.at(c.now)
}

// TestAnythingMayHappen holds of random sequences what sound says of each report (a
// signal that fires is in just one incident, or in the notes, and no ID is there
// twice), that nothing that fires is forgotten, that the same sequence gives the same
// reports, told anew or not, and that an incident that was told is told until half an hour after its
// end, by its name or by another.
func TestAnythingMayHappen(t *testing.T) {
	t.Parallel()
	for seed := range kubetest.Rounds(uint64(10)) {
		a, b := newChaos(t, seed), newChaos(t, seed)
		before := map[string]bool{}
		var last *Report
		said := ""
		for n := range 60 {
			r := a.step()
			if diff := cmp.Diff(everything(r), everything(b.forgetful().step())); diff != "" {
				t.Fatalf("seed %d, step %d: the same, told anew, gives something else:\n%s", seed, n, diff)
			}
			if r.Signals != len(a.signals)-len(r.Suspects)-a.future() {
				t.Fatalf("seed %d, step %d: %d signals of %d fire", seed, n, r.Signals, len(a.signals))
			}
			if fault := continued(before, r, noon.Add(a.now)); fault != "" {
				t.Fatalf("seed %d, step %d: %s", seed, n, fault)
			}
			if fault := a.reasoned(r); fault != "" {
				t.Fatalf("seed %d, step %d: %s\n%s", seed, n, fault, told(r))
			}
			if last != nil && everything(last) != said {
				t.Fatalf("seed %d, step %d: a report that was handed out has changed", seed, n)
			}
			last, said = r, everything(r)
			clear(before)
			for _, i := range r.Incidents {
				before[i.ID] = i.State != Resolved
			}
		}
	}
}

// future counts signals that do not hold yet.
func (c *chaos) future() int {
	n := 0
	for _, s := range c.signals {
		if !s.Holds(noon.Add(c.now)) {
			n++
		}
	}
	return n
}

// continued returns which incident is gone that should not be, "" for none.
func continued(before map[string]bool, r *Report, now time.Time) string {
	for id, open := range before {
		if open && !slices.ContainsFunc(r.Incidents, func(i *Incident) bool { return i.Is(id) }) {
			return id + " is not there any more"
		}
	}
	for _, i := range r.Incidents {
		if i.State == Resolved && now.Sub(i.Ended) >= triage.Remembered {
			return i.ID + " is still there"
		}
	}
	return ""
}

// reasoned returns which incident has several roots that share nothing but a
// namespace, "" for none.
func (c *chaos) reasoned(r *Report) string {
	for _, i := range r.Incidents {
		owners := map[kube.Ref]bool{}
		for _, s := range i.Signals {
			owner := s.Workload
			if owner.IsZero() {
				owner = s.Object
			}
			if !s.Symptom() && s.State != triage.Resolved {
				owners[owner] = true
			}
		}
		if len(owners) > 1 && i.State != Resolved && i.Root.Kind == triage.ByOwner {
			return fmt.Sprintf("%s is of %s alone and has %d owners", i.ID, i.Root.Name, len(owners))
		}
		for _, s := range i.Signals {
			if f := c.tracker.facts[s.Identity()]; len(owners) > 1 && carried(i.Root, f.keys, f.same) {
				delete(owners, f.owner())
			}
		}
		if len(owners) > 1 && i.State != Resolved {
			return fmt.Sprintf("%s is of %s, which %v do not have", i.ID, i.Root.Name, owners)
		}
	}
	return ""
}

// carried reports whether a signal has a key, or says what the key is.
func carried(key triage.Key, keys []triage.Key, same string) bool {
	return slices.Contains(keys, key) || key.Kind == triage.ByMessage && key.Name == same
}

// everything writes all of a report.
func everything(r *Report) string {
	var text strings.Builder
	all := r.Incidents
	if r.Notes != nil {
		all = append(slices.Clone(all), r.Notes)
	}
	for _, i := range all {
		fmt.Fprintf(&text, "%s %v %s %s %s %v %s %s %v %v %d %v %v\n", i.ID, i.Aliases, i.Severity, i.Title, i.Where, i.Root, i.Since, i.State, i.Ended, i.Members, i.Pods, i.Possible, i.History)
		for _, s := range i.Signals {
			fmt.Fprintf(&text, "  %s %s %v %v %v %t\n", s.State, s.Severity, s.Identity(), s.By, s.Through, s.Mutual)
		}
		for _, l := range i.Lines {
			fmt.Fprintf(&text, "  %v %d/%d %s\n", l.Identity(), l.Count, l.Of, l.Rev)
		}
	}
	return text.String()
}
