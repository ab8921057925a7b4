package incident

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestShares looks at owners that fail alike.
func TestShares(t *testing.T) {
	t.Parallel()
	single := func(id string, names ...string) []string {
		var lines []string
		for _, name := range names {
			lines = append(lines, "S2 open owner Deployment shop/"+name+", 1 pods: 1 "+id)
		}
		return lines
	}
	// failing is as many workloads of one pod, each on a node of its own unless that
	// is given, which fail in the same way.
	failing := func(w *world, n int, id string, d deployment, more ...func(*triage.Signal)) {
		for i := range n {
			d.namespace, d.name, d.replicas = "shop", string(rune('a'+i)), 1
			w.deploy(d)
			w.sayAll(id, pods("shop", d.name, 0, 0), time.Duration(i)*minute, more...)
		}
	}
	// healthy is a workload of pods that are well.
	healthy := func(w *world, n int, nodes ...string) {
		w.deploy(deployment{namespace: "well", name: "well", replicas: n, ready: n, nodes: nodes})
	}
	for name, test := range map[string]struct {
		build func(w *world)
		want  []string
	}{
		"a namespace explains nothing": {func(w *world) {
			w.nodes(1)
			healthy(w, 20, "n0")
			failing(w, 3, "crash-loop", deployment{nodes: []string{"n0"}}, cause("exit-1"))
		}, single("crash-loop", "c", "b", "a")},
		"a Secret that two name explains both": {func(w *world) {
			failing(w, 2, "config-error", deployment{}, keyed(triage.ByConfig, "Secret shop/tls"))
		}, []string{"S2 open config Secret shop/tls, 2 pods: 2 config-error"}},
		"whoever names the same Secret waits for it, in whatever words": {func(w *world) {
			failing(w, 1, "config-error", deployment{}, keyed(triage.ByConfig, "Secret shop/tls"))
			w.deploy(deployment{namespace: "shop", name: "z", replicas: 1})
			w.sayAll("pod-mount-failed", pods("shop", "z", 0, 0), -time.Hour, keyed(triage.ByConfig, "Secret shop/tls"))
		}, []string{"S2 open config Secret shop/tls, 2 pods: 1 config-error 1 pod-mount-failed"}},
		"two Secrets are two things": {func(w *world) {
			failing(w, 2, "config-error", deployment{}, keyed(triage.ByConfig, "Secret shop/tls"))
			for _, name := range []string{"y", "z"} {
				w.deploy(deployment{namespace: "shop", name: name, replicas: 1})
				w.sayAll("config-error", pods("shop", name, 0, 0), -minute, keyed(triage.ByConfig, "Secret shop/db"))
			}
		}, []string{
			"S2 open config Secret shop/tls, 2 pods: 2 config-error",
			"S2 open config Secret shop/db, 2 pods: 2 config-error",
		}},
		"the default ServiceAccount explains nothing": {func(w *world) {
			w.nodes(4)
			healthy(w, 8, "n0", "n1", "n2", "n3")
			failing(w, 4, "crash-loop", deployment{nodes: []string{"n0", "n1", "n2", "n3"}}, cause("exit-1"))
			w.unsay("crash-loop", pods("shop", "d", 0, 0)...)
		}, single("crash-loop", "c", "b", "a")},
		"a node where all fails, among others where all is well": {func(w *world) {
			w.nodes(5)
			healthy(w, 8, "n1", "n2", "n3", "n4")
			failing(w, 3, "crash-loop", deployment{nodes: []string{"n0"}}, cause("exit-1"))
		}, []string{"S2 open node n0, 3 pods: 3 crash-loop"}},
		"a node where most is well": {func(w *world) {
			w.nodes(5)
			healthy(w, 50, "n0", "n1", "n2", "n3", "n4")
			failing(w, 3, "crash-loop", deployment{nodes: []string{"n0"}}, cause("exit-1"))
		}, single("crash-loop", "c", "b", "a")},
		"different messages": {func(w *world) {
			w.nodes(5)
			healthy(w, 8, "n1", "n2", "n3", "n4")
			failing(w, 3, "crash-loop", deployment{nodes: []string{"n0"}}, cause("exit-1"))
			w.sayAll("crash-loop", pods("shop", "a", 0, 0), 0, cause("exit-2"))
			w.sayAll("crash-loop", pods("shop", "b", 0, 0), 0, cause("exit-3"))
		}, []string{
			"S2 open owner Deployment shop/c, 1 pods: 1 crash-loop",
			"S2 open owner Deployment shop/a, 1 pods: 1 crash-loop",
			"S2 open owner Deployment shop/b, 1 pods: 1 crash-loop",
		}},
		"too far apart": {func(w *world) {
			w.nodes(5)
			healthy(w, 8, "n1", "n2", "n3", "n4")
			failing(w, 3, "crash-loop", deployment{nodes: []string{"n0"}}, cause("exit-1"))
			w.sayAll("crash-loop", pods("shop", "c", 0, 0), 22*minute, cause("exit-1"))
			w.sayAll("crash-loop", pods("shop", "b", 0, 0), 11*minute, cause("exit-1"))
		}, single("crash-loop", "c", "b", "a")},
		"a registry that nobody else pulls from": {func(w *world) {
			healthy(w, 10)
			failing(w, 1, "image-pull", deployment{image: "broken.example/a:1"}, cause("network"))
			for i, name := range []string{"y", "z"} {
				w.deploy(deployment{namespace: "shop", name: name, replicas: 1, image: "broken.example/" + name + ":1"})
				w.sayAll("image-pull", pods("shop", name, 0, 0), time.Duration(i)*minute, cause("network"))
			}
		}, []string{"S2 open registry broken.example, 3 pods: 3 image-pull"}},
		"a registry from which others pulled since": {func(w *world) {
			healthy(w, 10)
			w.deploy(deployment{namespace: "well", name: "new", replicas: 6, ready: 6, image: "broken.example/new:1"})
			failing(w, 1, "image-pull", deployment{image: "broken.example/a:1"}, cause("not-found"))
			for i, name := range []string{"y", "z"} {
				w.deploy(deployment{namespace: "shop", name: name, replicas: 1, image: "broken.example/" + name + ":1"})
				w.sayAll("image-pull", pods("shop", name, 0, 0), time.Duration(i)*minute, cause("not-found"))
			}
		}, []string{
			"S2 open owner Deployment shop/z, 1 pods: 1 image-pull",
			"S2 open owner Deployment shop/a, 1 pods: 1 image-pull",
			"S2 open owner Deployment shop/y, 1 pods: 1 image-pull",
		}},
		"the image is told before the registry, and two of two users are enough": {func(w *world) {
			healthy(w, 10)
			failing(w, 2, "image-pull", deployment{image: "registry.example/base:9"}, cause("not-found"))
		}, []string{"S2 open image registry.example/base:9, 2 pods: 2 image-pull"}},
		"a zone all of whose nodes say the same": {func(w *world) {
			w.nodes(12)
			for _, n := range []int{1, 4, 7, 10} {
				w.say("node-pressure", node(fmt.Sprintf("n%d", n)), 0, severe(triage.S2), cause("disk"))
			}
		}, []string{"S2 open zone z1, 0 pods: 4 node-pressure"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			test.build(w)
			r := w.at(30 * minute)
			want := ""
			for _, line := range test.want {
				want += line + "\n"
			}
			if diff := cmp.Diff(want, told(r)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFloodIsToldByTheLadderAndByWhatIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.nodes(10)
	w.say("node-silent", node("n0"), 0, severe(triage.S2))
	for n := range 30 {
		name := fmt.Sprintf("app%02d", n)
		w.deploy(deployment{namespace: name, name: name, replicas: 10, ready: 0})
		w.sayAll("not-ready-node", pods(name, name, 0, 0), 0)
		said := "exit-1"
		if n%2 == 1 {
			said = "exit-2"
		}
		w.sayAll("crash-loop", pods(name, name, 0, 1, 2, 3, 4, 5, 6, 7), minute, cause(said))
	}
	w.say("config-error", kube.Pods.Ref("app00", "app00-r0-9"), 0)
	r := w.at(2 * minute)
	want := "S2 open node n0, 30 pods: 1 node-silent 30 ←not-ready-node\n" +
		"S2 open message crash-loop exit-1, 105 pods: 105 crash-loop\n" +
		"S2 open message crash-loop exit-2, 105 pods: 105 crash-loop\n" +
		"S2 open owner Deployment app00/app00, 1 pods: 1 config-error\n"
	if diff := cmp.Diff(want, told(r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r.Signals != 242 || r.Explained != 241 {
		t.Errorf("%d of %d signals are explained, want 241 of 242", r.Explained, r.Signals)
	}
}

func TestMessagesAreComparedWithoutNamesAndNumbers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ message, want string }{
		{`Failed to pull image "reg.example/web:9": not found`, "failed to pull image … : not found"},
		{"dial tcp 10.0.0.1:5432: connect: connection refused", "dial tcp # connect: connection refused"},
		{"exit 137 after 4s", "exit # after #"},
		{"configmap `settings` isn't there", "configmap … isn't there"},
		{"unbalanced \"quote", "unbalanced \"quote"},
		{"", ""},
	} {
		if got := Normalise(test.message); got != test.want {
			t.Errorf("%q becomes %q, want %q", test.message, got, test.want)
		}
	}
}
