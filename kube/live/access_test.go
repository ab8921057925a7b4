package live_test

import (
	"net"
	"os"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// inNamespace copies a kubeconfig whose context names a namespace.
func inNamespace(t *testing.T, testbed *kubetest.Testbed, namespace string) string {
	t.Helper()
	text, err := os.ReadFile(testbed.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, strings.ReplaceAll(string(text), "user: viewer", "user: viewer\n    namespace: "+namespace))
}

// allow lets a user do what a ClusterRole says in a namespace.
func allow(t *testing.T, testbed *kubetest.Testbed, namespace, user, role string) {
	t.Helper()
	create(t, admin(t, testbed.Kubeconfig), kube.RoleBindings, namespace, `
metadata: {name: `+role+`}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: `+role+`}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: `+user+`}]`)
}

func TestWatchWithoutRights(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	source := connect(t, live.Options{}, "--kubeconfig", testbed.Kubeconfig, "--context", "viewer", "--as", "nobody-at-all", "--token", testbed.Tokens["admin"])
	c, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatalf("loading: %v", err)
	}
	pods := state(c, kube.Pods, "")
	if pods.Phase != kube.Forbidden || pods.Verb != "list" || !strings.Contains(pods.Reason, `cannot list resource "pods"`) {
		t.Errorf("pods are %+v", pods)
	}
	if s := state(c, kube.Namespaces, ""); s.Phase != kube.Forbidden || !strings.Contains(s.Reason, "--namespace") {
		t.Errorf("namespaces are %+v", s)
	}
	if err := live.Refused(c); err == nil || !strings.Contains(err.Error(), "nobody-at-all") {
		t.Errorf("Refused gives %v", err)
	}
}

// A user with rights in one namespace sees that namespace, also when the rights
// come or go later.
func TestWatchFallsBackToNamespaces(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{Controllers: true})
	writer := admin(t, testbed.Kubeconfig)
	create(t, writer, kube.Namespaces, "", "{metadata: {name: mine, labels: {team: blue}}}")
	create(t, writer, kube.Services, "mine", "{metadata: {name: web}, spec: {ports: [{port: 80}]}}")

	source := connect(t, live.Options{}, "--kubeconfig", inNamespace(t, testbed, "mine"), "--context", "viewer")
	v := watch(t, source)
	c := v.await("the refusals", (*kube.Cluster).Settled)
	if s, blind := c.Blind(kube.Services, "mine"); !blind || s.Phase != kube.Forbidden {
		t.Fatalf("services are %+v before there are rights", s)
	}

	allow(t, testbed, "mine", "viewer", "view")
	source.Retry()
	c = v.await("the service", func(c *kube.Cluster) bool {
		_, blind := c.Blind(kube.Services, "mine")
		_, named := c.Namespaces.Get("", "mine")
		return !blind && named && c.Settled()
	})
	checkOneNamespace(t, c)

	create(t, writer, kube.Services, "mine", "{metadata: {name: second}, spec: {ports: [{port: 80}]}}")
	v.await("the second service", func(c *kube.Cluster) bool { return c.Has(kube.Services.Ref("mine", "second")) })

	// Once all may be listed, the states of single namespaces are no more.
	create(t, writer, kube.ClusterRoleBindings, "", `
metadata: {name: viewer-views}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: viewer}]`)
	source.Retry()
	c = v.await("all services", func(c *kube.Cluster) bool {
		_, blind := c.Blind(kube.Services, "default")
		return !blind && state(c, kube.Namespaces, "").Phase == kube.Synced
	})
	if s := state(c, kube.Services, "mine"); s.Phase != -1 {
		t.Errorf("services in mine still have a state of their own: %+v", s)
	}
	if !c.Has(kube.Services.Ref("mine", "web")) || !c.Has(kube.Services.Ref("default", "kubernetes")) {
		t.Error("services are missing")
	}
}

// checkOneNamespace expects what the role view shows of the namespace mine.
func checkOneNamespace(t *testing.T, c *kube.Cluster) {
	t.Helper()
	if _, ok := c.Services.Get("mine", "web"); !ok {
		t.Error("the service is not in the view")
	}
	if n, _ := c.Namespaces.Get("", "mine"); n.Labels["team"] != "blue" {
		t.Errorf("the namespace has labels %v", n.Labels)
	}
	if s, blind := c.Blind(kube.Services, "default"); !blind || s.Phase != kube.Forbidden {
		t.Errorf("services of another namespace are %+v", s)
	}
	if s, blind := c.Blind(kube.Secrets, "mine"); !blind || s.Phase != kube.Forbidden {
		t.Errorf("secrets, which the role leaves out, are %+v", s)
	}
	if s := state(c, kube.Services, ""); !strings.Contains(s.Reason, "read in 1 of 1 known namespaces") {
		t.Errorf("services in all namespaces are %+v", s)
	}
}

func TestWatchSomeNamespaces(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	writer := admin(t, testbed.Kubeconfig)
	mine := newNamespace(t, writer)
	create(t, writer, kube.Services, mine, "{metadata: {name: web}, spec: {ports: [{port: 80}]}}")
	source := connect(t, live.Options{Namespaces: []string{mine, "no-such", mine}}, "--kubeconfig", testbed.Kubeconfig, "--context", "reader")
	c, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatalf("loading: %v", err)
	}
	if got := strings.Join(c.NamespaceNames(), " "); got != mine {
		t.Errorf("the view has the namespaces %q, want %s", got, mine)
	}
	if got := strings.Join(c.Info.Scope, " "); got != "no-such "+mine {
		t.Errorf("the scope is %q", got)
	}
	if s, blind := c.Blind(kube.Services, "default"); !blind || s.Phase != kube.Skipped {
		t.Errorf("services outside of the scope are %+v", s)
	}
	if s, blind := c.Blind(kube.Services, mine); blind {
		t.Errorf("services in the scope are %+v", s)
	}
	if s := state(c, kube.Namespaces, "no-such"); s.Phase != kube.Absent || !strings.Contains(s.Reason, "does not exist") {
		t.Errorf("the namespace that does not exist is %+v", s)
	}
	if _, blind := c.Blind(kube.ClusterRoles, ""); blind || c.ClusterRoles.Len() == 0 {
		t.Error("cluster-scoped resources were not read")
	}
}

// gate is a network path to a server that can be cut.
type gate struct {
	target string
	addr   string
	flow   sync.RWMutex // locked to let nothing through, though connections stay

	mu       sync.Mutex
	listener net.Listener
	open     map[net.Conn]bool
}

func newGate(t *testing.T, target string) *gate {
	t.Helper()
	g := &gate{target: target, addr: closedPort(t), open: map[net.Conn]bool{}}
	g.connect(t)
	t.Cleanup(g.cut)
	return g
}

// connect lets connections through.
func (g *gate) connect(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	g.mu.Lock()
	g.listener = l
	g.mu.Unlock()
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial("tcp", g.target)
			if err != nil {
				_ = from.Close()
				continue
			}
			g.mu.Lock()
			g.open[from], g.open[to] = true, true
			g.mu.Unlock()
			go g.pipe(from, to)
			go g.pipe(to, from)
		}
	}()
}

func (g *gate) pipe(from, to net.Conn) {
	chunk := make([]byte, 32<<10)
	for {
		n, err := from.Read(chunk)
		g.flow.RLock()
		if err == nil {
			_, err = to.Write(chunk[:n])
		}
		g.flow.RUnlock()
		if err != nil {
			break
		}
	}
	_ = to.Close()
	_ = from.Close()
}

// cut ends all connections and accepts no more.
func (g *gate) cut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	_ = g.listener.Close()
	for c := range g.open {
		_ = c.Close()
		delete(g.open, c)
	}
}

// A server that goes away leaves the last view, marked as stale, and comes back
// by itself.
func TestWatchSurvivesAnOutage(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	g := newGate(t, strings.TrimPrefix(testbed.Server, "https://"))
	source := connect(t, live.Options{}, "--kubeconfig", testbed.Kubeconfig, "--context", "reader", "--server", "https://"+g.addr)
	v := watch(t, source)
	c := v.await("everything", (*kube.Cluster).Settled)
	roles := c.ClusterRoles.Len()

	g.cut()
	c = v.await("that it is stale", func(c *kube.Cluster) bool {
		return state(c, kube.ClusterRoles, "").Phase == kube.Stale && state(c, kube.Secrets, "").Phase == kube.Stale
	})
	if s := state(c, kube.ClusterRoles, ""); c.ClusterRoles.Len() != roles || s.Blind() || !strings.Contains(s.Reason, "connection refused") {
		t.Errorf("of %d roles %d are left, %+v", roles, c.ClusterRoles.Len(), s)
	}

	meanwhile := newNamespace(t, admin(t, testbed.Kubeconfig))
	g.connect(t)
	source.Retry()
	v.await("what happened meanwhile", func(c *kube.Cluster) bool {
		return c.Has(kube.Namespaces.Ref("", meanwhile)) && state(c, kube.Namespaces, "").Phase == kube.Synced
	})
}

// A server that says nothing any more, without closing a connection, is found
// out as well.
func TestWatchNoticesSilence(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	g := newGate(t, strings.TrimPrefix(testbed.Server, "https://"))
	v := watch(t, connect(t, live.Options{}, "--kubeconfig", testbed.Kubeconfig, "--context", "reader", "--server", "https://"+g.addr))
	v.await("everything", (*kube.Cluster).Settled)
	all := func(phase kube.Phase) func(*kube.Cluster) bool {
		return func(c *kube.Cluster) bool {
			return state(c, kube.Pods, "").Phase == phase && state(c, kube.Secrets, "").Phase == phase
		}
	}
	g.flow.Lock()
	c := v.await("that it is stale", all(kube.Stale))
	g.flow.Unlock()
	if s := state(c, kube.Pods, ""); !strings.Contains(s.Reason, "no answer in time") {
		t.Errorf("pods are %+v", s)
	}
	v.await("that it is back", all(kube.Synced))
}

//nolint:paralleltest // it counts the goroutines of the whole process
func TestWatchEndsCleanly(t *testing.T) {
	testbed := kubetest.SharedTestbed(t)
	before := goleak.IgnoreCurrent()
	v := watch(t, connect(t, live.Options{}, "--kubeconfig", testbed.Kubeconfig, "--context", "reader"))
	v.await("everything", (*kube.Cluster).Settled)
	v.stop()
	goleak.VerifyNone(t, before)
}

func TestWatchMetrics(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{Metrics: true})
	v := watch(t, connect(t, live.Options{}, "--kubeconfig", testbed.Kubeconfig, "--context", "reader"))
	c := v.await("usage", func(c *kube.Cluster) bool { return c.NodeUsage.Len() > 0 })
	for n := range c.NodeUsage.All() {
		if used := n.Containers[""]; used.Memory().IsZero() || n.Time.IsZero() || n.Window == 0 {
			t.Errorf("node %s uses no memory: %+v", n.Name, n)
		}
	}
	c = v.await("an answer about pods", (*kube.Cluster).Settled)
	if s := state(c, kube.PodMetrics, ""); s.Phase != kube.Synced {
		t.Errorf("the metrics of pods are %+v", s)
	}
}

// Of a source that is for a few resources the others are never asked for, and
// never taken for empty.
func TestWatchOnly(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	source := connect(t, live.Options{Only: []kube.Resource{kube.ClusterRoles}}, "--kubeconfig", testbed.Kubeconfig, "--context", "reader")
	c, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatalf("loading: %v", err)
	}
	if _, blind := c.Blind(kube.ClusterRoles, ""); blind || c.ClusterRoles.Len() == 0 {
		t.Error("what was asked for is not read")
	}
	for _, r := range kube.Resources() {
		s, blind := c.Blind(r, "")
		if r != kube.ClusterRoles && (!blind || s.Phase != kube.Skipped || len(c.Objects(r)) > 0) {
			t.Errorf("%s are %+v, with %d objects", r, s, len(c.Objects(r)))
		}
	}
}
