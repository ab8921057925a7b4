package incident

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestATitleSaysWhoIsHitAndWhy(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		build func(w *world)
		want  string
		where string
	}{
		"a workload": {func(w *world) {
			w.deploy(deployment{namespace: "shop", name: "web", replicas: 6, revision: 14})
			w.sayAll("crash-loop", pods("shop", "web", 14, 0, 1, 2, 3, 4, 5), 0, words("crashes 4 s after its start"))
		}, "web 0/6 available: crashes 4 s after its start (rev 14)", "shop"},
		"a workload that lacks nothing": {func(w *world) {
			w.deploy(deployment{namespace: "shop", name: "web", replicas: 2, ready: 2})
			w.sayAll("oom-killed", pods("shop", "web", 0, 0), 0, words("ran out of memory"), severe(triage.S3))
		}, "deploy/web: ran out of memory (rev 0)", "shop"},
		"a node": {func(w *world) {
			w.nodes(2)
			w.deploy(deployment{namespace: "shop", name: "web", replicas: 2, ready: 1, nodes: []string{"n1", "n0"}})
			w.deploy(deployment{namespace: "pay", name: "api", replicas: 4, ready: 3, nodes: []string{"n1", "n1", "n1", "n0"}})
			w.say("node-silent", node("n0"), 0, words("is silent"), severe(triage.S2))
			w.sayAll("not-ready-node", slices.Concat(pods("shop", "web", 0, 1), pods("pay", "api", 0, 3)), 0)
		}, "web 1/2 available and 1 other workload: node n0: is silent", "n0"},
		"what is shared": {func(w *world) {
			for _, namespace := range []string{"shop", "pay"} {
				w.deploy(deployment{namespace: namespace, name: "web", replicas: 1})
				w.sayAll("create-refused", []kube.Ref{deploy(namespace, "web")}, 0, words("the policy forbids it"), keyed(triage.ByPolicy, "baseline"))
			}
		}, "web 0/1 available and 1 other workload: policy baseline: the policy forbids it", "cluster"},
		"what is shared and named": {func(w *world) {
			for _, name := range []string{"web", "api"} {
				w.deploy(deployment{namespace: "shop", name: name, replicas: 1})
				w.sayAll("config-error", pods("shop", name, 0, 0), 0, words("Secret tls does not exist"), keyed(triage.ByConfig, "Secret shop/tls"))
			}
		}, "api 0/1 available and 1 other workload: Secret tls does not exist", "shop"},
		"a Service": {func(w *world) {
			w.service("shop", "web", "nothing")
			w.say("svc-no-endpoints", service("shop", "web"), 0, words("selects no pods"), severe(triage.S2))
		}, "svc/web: selects no pods", "shop"},
		"what says nothing": {func(w *world) {
			w.say("csr-pending", kube.Namespaces.Ref("", "x"), 0, words(""), severe(triage.S3))
		}, "ns/x: csr-pending", "cluster"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			test.build(w)
			r := w.at(minute)
			if len(r.Incidents) != 1 {
				t.Fatalf("want one incident:\n%s", told(r))
			}
			if i := r.Incidents[0]; i.Title != test.want || i.Where != test.where {
				t.Errorf("it is %q in %s, want %q in %s", i.Title, i.Where, test.want, test.where)
			}
		})
	}
}

func TestSeverityFollowsFromWhatIsLeft(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		build func(w *world)
		want  triage.Severity
	}{
		"nothing is left of what serves others": {func(w *world) {
			w.deploy(deployment{namespace: "shop", name: "web", replicas: 2})
			w.service("shop", "web", "web")
			w.sayAll("crash-loop", pods("shop", "web", 0, 0), 0, severe(triage.S3))
		}, triage.S1},
		"nothing is left of what serves nobody": {func(w *world) {
			w.deploy(deployment{namespace: "shop", name: "web", replicas: 2})
			w.sayAll("crash-loop", pods("shop", "web", 0, 0), 0)
		}, triage.S2},
		"one of several": {func(w *world) {
			w.deploy(deployment{namespace: "shop", name: "web", replicas: 4, ready: 3})
			w.sayAll("crash-loop", pods("shop", "web", 0, 3), 0)
		}, triage.S3},
		"one of several that all others need": {func(w *world) {
			w.deploy(deployment{namespace: "shop", name: "coredns", replicas: 4, ready: 3})
			w.sayAll("crash-loop", pods("shop", "coredns", 0, 3), 0)
		}, triage.S2},
		"as bad as its detector says, of what all others need": {func(w *world) {
			w.deploy(deployment{namespace: "shop", name: "coredns", replicas: 4, ready: 4})
			w.sayAll("oom-killed", pods("shop", "coredns", 0, 3), 0, severe(triage.S3))
		}, triage.S2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			test.build(w)
			if r := w.at(minute); len(r.Incidents) != 1 || r.Incidents[0].Severity != test.want {
				t.Errorf("want one of %s:\n%s", test.want, told(r))
			}
		})
	}
}

func TestWhatIsOfNoConsequenceTellsNotSinceWhen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.nodes(3)
	w.deploy(deployment{namespace: "shop", name: "web", replicas: 2, ready: 1})
	w.say("node-cordoned", node("n2"), -72*time.Hour, severe(triage.S4))
	w.say("node-silent", node("n2"), 0, severe(triage.S2))
	w.set(kube.HorizontalPodAutoscalers, scaling("shop", "web"))
	w.say("hpa-maxed", kube.HorizontalPodAutoscalers.Ref("shop", "web"), -72*time.Hour, severe(triage.S3))
	w.sayAll("crash-loop", pods("shop", "web", 0, 1), 0)
	r := w.at(minute)
	n, web := only(t, r, "node n2"), only(t, r, "owner Deployment shop/web")
	if !n.Since.Equal(noon) || n.Signals[0].Detector.ID != "node-silent" || len(n.Signals) != 2 {
		t.Errorf("the node is an incident since %s, and its root is %s", n.Since, n.Signals[0].Detector.ID)
	}
	if !web.Since.Equal(noon) || len(web.Signals) != 2 {
		t.Errorf("the workload is an incident since %s, of %d signals", web.Since, len(web.Signals))
	}
}

func TestAPodCountsOnceForWhatExplainsMost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.nodes(2)
	w.deploy(deployment{namespace: "shop", name: "web", replicas: 2, nodes: []string{"n0", "n1"}})
	w.sayAll("crash-loop", pods("shop", "web", 0, 0, 1), -time.Hour)
	w.say("node-silent", node("n0"), 0, severe(triage.S2))
	w.sayAll("not-ready-node", pods("shop", "web", 0, 0), 0)
	r := w.at(minute)
	if n, web := only(t, r, "node n0"), only(t, r, "owner Deployment shop/web"); n.Pods != 1 || web.Pods != 1 {
		t.Errorf("the node has %d pods and the workload %d, want 1 and 1", n.Pods, web.Pods)
	}
}

func TestAServiceOfTwoIncidentsIsAMemberOfBoth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"web", "web-canary"} {
		w.deploy(deployment{namespace: "shop", name: name, replicas: 1, labels: map[string]string{"tier": "front"}})
		w.sayAll("crash-loop", pods("shop", name, 0, 0), 0, cause(name))
	}
	w.set(kube.Services, selecting("shop", "front", map[string]string{"tier": "front"}))
	w.say("svc-no-endpoints", service("shop", "front"), 0, severe(triage.S1))
	r := w.at(minute)
	with := 0
	for _, i := range r.Incidents {
		if slices.Contains(i.Members, service("shop", "front")) {
			with++
		}
	}
	if len(r.Incidents) != 2 || with != 2 || r.Signals != 3 {
		t.Errorf("%d of %d incidents have the Service, of %d signals; want 2 of 2, of 3:\n%s", with, len(r.Incidents), r.Signals, told(r))
	}
}

func TestLinesTellPodsOfARevisionOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deploy(deployment{namespace: "shop", name: "web", replicas: 6, revision: 14})
	for n := range 4 {
		w.sayAll("crash-loop", pods("shop", "web", 14, n), time.Duration(5-n)*minute)
	}
	w.say("deploy-degraded", deploy("shop", "web"), 0)
	i := w.at(10 * minute).Incidents[0]
	var got []string
	for _, l := range i.Lines {
		got = append(got, fmt.Sprintf("%s %d/%d rev %s since %s", l.Detector.ID, l.Count, l.Of, l.Rev, l.Onset.Sub(noon)))
	}
	if diff := cmp.Diff([]string{"crash-loop 4/6 rev 14 since 2m0s", "deploy-degraded 1/0 rev  since 0s"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestACallerOfAnIdleServiceMayBeASymptom(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		env      string
		since    time.Duration // of the caller
		possible bool
	}{
		{"http://pay.money:8080/", 2 * minute, true},
		{"pay.money.svc.cluster.local", 2 * minute, true},
		{"http://pay.money:8080/", -minute, false},
		{"http://prepay.money:8080/", 2 * minute, false},
		{"pay.monetary", 2 * minute, false},
		{"pay:8080", 2 * minute, false}, // of its own namespace
		{"", 2 * minute, false},
	} {
		w := newWorld(t)
		w.deploy(deployment{namespace: "money", name: "pay", replicas: 1})
		w.deploy(deployment{namespace: "shop", name: "web", replicas: 1, env: test.env})
		w.service("money", "pay", "pay")
		w.sayAll("image-pull", pods("money", "pay", 0, 0), 0)
		w.say("svc-no-endpoints", service("money", "pay"), 0, severe(triage.S1))
		w.sayAll("crash-loop", pods("shop", "web", 0, 0), test.since)
		r := w.at(3 * minute)
		web, pay := only(t, r, "owner Deployment shop/web"), only(t, r, "owner Deployment money/pay")
		var want []string
		if test.possible {
			want = []string{pay.ID}
		}
		if diff := cmp.Diff(want, web.Possible); diff != "" || pay.Possible != nil {
			t.Errorf("%q since %s (-want +got):\n%s", test.env, test.since, diff)
		}
	}
}

func TestIncidentsKeepTheirPlacesForAWhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"a", "b", "c"} {
		w.deploy(deployment{namespace: "shop", name: name, replicas: 4, ready: 3})
	}
	names := func(after time.Duration) []string {
		var all []string
		for _, i := range w.at(after).Incidents {
			all = append(all, i.Members[0].Name)
		}
		return all
	}
	expect := func(after time.Duration, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, names(after)); diff != "" {
			t.Errorf("after %s (-want +got):\n%s", after, diff)
		}
	}
	w.sayAll("crash-loop", pods("shop", "a", 0, 3), 0, severe(triage.S2), cause("a"))
	w.sayAll("crash-loop", pods("shop", "b", 0, 3), 0, severe(triage.S3), cause("b"))
	expect(0, "a", "b")
	w.sayAll("crash-loop", pods("shop", "b", 0, 3), 0, severe(triage.S1), cause("b"))
	expect(6*time.Second, "b", "a")
	w.sayAll("crash-loop", pods("shop", "b", 0, 3), 0, severe(triage.S3), cause("b"))
	expect(7*time.Second, "b", "a")
	if next := w.tracker.Next(); !next.Equal(noon.Add(11 * time.Second)) {
		t.Errorf("the next moment is %s, want five seconds after the places were given", next)
	}
	w.sayAll("crash-loop", pods("shop", "c", 0, 3), 8*time.Second, severe(triage.S1), cause("c"))
	expect(8*time.Second, "c", "b", "a")
	expect(11*time.Second, "c", "a", "b")
}

func TestHistoryIsAsLongAsItWasObserved(t *testing.T) {
	t.Parallel()
	var m minutes
	m.see(noon, 2)
	m.see(noon.Add(20*time.Second), 5)
	m.see(noon.Add(40*time.Second), 3)
	if diff := cmp.Diff([]int{5}, m.counts); diff != "" {
		t.Errorf("in the first minute (-want +got):\n%s", diff)
	}
	m.see(noon.Add(3*time.Minute), 0)
	if diff := cmp.Diff([]int{5, 3, 3, 3}, m.counts); diff != "" {
		t.Errorf("three minutes later (-want +got):\n%s", diff)
	}
	m.see(noon.Add(4*time.Minute), 0)
	other := minutes{}
	other.see(noon.Add(3*time.Minute), 7)
	m.join(&other)
	if diff := cmp.Diff([]int{5, 3, 3, 10, 7}, m.counts); diff != "" {
		t.Errorf("joined by another (-want +got):\n%s", diff)
	}
	m.see(noon.Add(48*time.Hour), 1)
	if len(m.counts) != hour || m.counts[0] != 7 || m.counts[hour-1] != 7 {
		t.Errorf("two days later it is %v, want an hour of 7", m.counts)
	}
}

func TestAnIncidentAsItWasIsTheSamePointer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, namespace := range []string{"shop", "pay"} {
		w.deploy(deployment{namespace: namespace, name: "web", replicas: 2})
		w.sayAll("crash-loop", pods(namespace, "web", 0, 0), 0, cause(namespace))
	}
	before := w.at(minute)
	w.sayAll("crash-loop", pods("shop", "web", 0, 1), 0, cause("shop"))
	after := w.at(minute + time.Second)
	for n, i := range after.Incidents {
		if changed := i.Members[0].Namespace == "shop"; changed == slices.Contains(before.Incidents, i) {
			t.Errorf("incident %d of %s: changed %t, and is at the place of before %t", n, i.Members[0], changed, !changed)
		}
	}
	if len(after.Incidents) != 2 {
		t.Errorf("there are %d incidents, want 2:\n%s", len(after.Incidents), told(after))
	}
}
