package graph_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// claim is what a family says of the API server: whoever has certain grants may go
// a way, and whoever has not may not. It is replayed on a real server: the least
// world is made there, the calls that the way consists of are done by subjects who
// have the grants and by subjects who nearly have, and the graph of that same world
// must have the edge for those whom the server lets, and for no other.
//
// In all texts {ns} is the namespace of the claim, {me} the name of the attempt,
// and {in} the path of the namespace's objects. A ServiceAccount victim is in each.
type claim struct {
	family string
	how    string // tells claims of one family apart
	// objects are further objects of the claim's world, as YAML documents.
	objects string
	level   string // of Pod Security, "" for no label
	// from and to are the ends of the edge. Without from that is whoever attempts.
	from, to string
	calls    []step
	// may are attempts that the server lets pass, mayNot those that it refuses: with
	// the status of refusal, if nobody may because of what the object is.
	may, mayNot []attempt
	refusal     int
}

// attempt is somebody who tries to go a way.
type attempt struct {
	name string
	// wide and in are rules as [rulesOf] reads them: what is granted in the cluster,
	// and in the claim's namespace.
	wide, in string
	// objects are further objects of this attempt, as YAML documents.
	objects string
	// as says whose calls these are: by default a ServiceAccount's of the attempt,
	// with a token of its own. See [world.identify]. Then vertex is what the graph
	// calls it.
	as, vertex string
}

// step is one call of a way.
type step struct {
	method, path, body string
	header             map[string]string
	// status is that of the answer to who may, and says a part of it.
	status int
	says   string
	// eventually is set where a controller must do its part first.
	eventually bool
	// replaces is set where body is what to change of the whole object, which is sent.
	replaces bool
}

// refused are the answers to who may not: not authenticated, not allowed.
var refused = []int{http.StatusUnauthorized, http.StatusForbidden}

// prepared is a claim with its world made.
type prepared struct {
	claim
	namespace string
	fill      *strings.Replacer
}

func prepare(c claim, number int) prepared {
	ns := fmt.Sprintf("%s-%d", strings.ReplaceAll(strings.ToLower(c.family), "_", "-"), number)
	return prepared{c, ns, strings.NewReplacer("{ns}", ns, "{in}", "/api/v1/namespaces/"+ns)}
}

func (p *prepared) text(me, text string) string {
	return strings.ReplaceAll(p.fill.Replace(text), "{me}", me)
}

// attempts yields every attempt with its name in the world, and whether it passes.
func (p *prepared) attempts(do func(me string, a attempt, may bool)) {
	for i, a := range p.may {
		do(fmt.Sprintf("may-%d", i), a, true)
	}
	for i, a := range p.mayNot {
		do(fmt.Sprintf("may-not-%d", i), a, false)
	}
}

// vertex returns what the graph calls who attempts.
func (p *prepared) vertex(me string, a attempt) string {
	if a.vertex != "" {
		return p.text(me, a.vertex)
	}
	return "ServiceAccount " + p.namespace + "/" + me
}

// Every claim holds on a real server, and the graph of the same objects agrees.
func TestClaimsAreTrue(t *testing.T) {
	t.Parallel()
	w := &world{client: kubetest.StartTestbed(t, kubetest.TestbedOptions{Controllers: true}).Client(t)}
	w.create(t, "kube-system", commonObjects)
	var all []prepared
	let, kept := 0, 0
	for i, c := range claims(t) {
		p := prepare(c, i)
		w.make(t, &p)
		all = append(all, p)
		let, kept = let+len(c.may), kept+len(c.mayNot)
	}
	t.Logf("%d claims, %d attempts that pass and %d that do not", len(all), let, kept)
	w.settle(t)
	g := newAtlas(graph.Of(w.view(t)))
	for _, p := range all {
		t.Run(strings.TrimSuffix(p.family+"/"+p.how, "/"), func(t *testing.T) {
			t.Parallel()
			p.attempts(func(me string, a attempt, may bool) {
				t.Run(a.name, func(t *testing.T) {
					if got, why := w.passes(t, &p, me, a, may); got != may {
						t.Errorf("the server lets it pass: %v, want %v: %s", got, may, why)
					}
					who, from, to := p.vertex(me, a), p.text(me, p.from), p.text(me, p.to)
					if got := g.leads(who, from, p.family, to); got != may {
						t.Errorf("the graph has %s -> %s by %s: %v, want %v\n%s", cmp.Or(from, who), to, p.family, got, may, g.from(cmp.Or(from, who)))
					}
				})
			})
		})
	}
}

// Whatever the API server decides is replayed, both ways, or it is said whose doing
// it is instead.
func TestClaimsAreReplayed(t *testing.T) {
	t.Parallel()
	let, kept := map[string]bool{}, map[string]bool{}
	for _, c := range claims(t) {
		let[c.family] = let[c.family] || len(c.may) > 0
		kept[c.family] = kept[c.family] || len(c.mayNot) > 0
	}
	by := map[string]graph.Decider{"CONTAINS": graph.ByShape, "NSADMIN_CONTROLPLANE": graph.ByShape, "PRIVILEGED_POD_NODE": graph.ByAPI}
	for _, c := range graph.Coverage() {
		if c.ID == c.Family {
			by[c.ID] = c.By
		}
	}
	for _, f := range graph.Families() {
		switch who := by[f.ID]; {
		case who == "":
			t.Errorf("it is not said who decides on %s", f.ID)
		case who == graph.ByAPI && (!let[f.ID] || !kept[f.ID]):
			t.Errorf("%s: the server lets somebody: %v, refuses somebody: %v", f.ID, let[f.ID], kept[f.ID])
		case who != graph.ByAPI && (let[f.ID] || kept[f.ID]):
			t.Errorf("%s is replayed, and decided by %s", f.ID, who)
		}
	}
}

// atlas is a graph in which vertices are found by what they are called.
type atlas struct {
	*graph.Graph
	named map[string]int32
}

func newAtlas(g *graph.Graph) atlas {
	a := atlas{g, map[string]int32{}}
	for i, v := range g.Vertices() {
		a.named[v.String()] = i
	}
	return a
}

// leads reports whether somebody gets to the tail of an edge, and the edge is there.
func (a atlas) leads(who, from, family, to string) bool {
	start, ok := a.named[who]
	if !ok {
		return false
	}
	at := start
	if from != "" {
		if at, ok = a.named[from]; !ok || !a.Reaches(start, at) {
			return false
		}
	}
	target, ok := a.named[to]
	for _, e := range a.From(at) {
		if ok && e.Family.ID == family && slices.Contains(ends(a.Graph, e.To), target) {
			return true
		}
	}
	return false
}

// from lists the edges out of a vertex, for who must find out what is wrong.
func (a atlas) from(name string) string {
	v, ok := a.named[name]
	if !ok {
		return "there is no " + name
	}
	var text strings.Builder
	for _, e := range a.From(v) {
		for _, to := range ends(a.Graph, e.To) {
			fmt.Fprintf(&text, "  %s -> %s %s\n", name, a.Vertex(to), e.Family.ID)
		}
	}
	return text.String()
}

// patience is how long a controller may take to do its part.
const patience = 30 * time.Second

// passes does the calls of a way, and tells whether all of them pass, and if not,
// what the server says. The test fails if the answer is neither what it is to who
// may nor a refusal.
func (w *world) passes(t *testing.T, p *prepared, me string, a attempt, may bool) (bool, string) {
	t.Helper()
	token, header := w.identify(t, p.text(me, a.as), p.namespace, me)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for _, s := range p.calls {
		call := kubetest.Call{Method: s.method, Path: p.text(me, s.path), Header: map[string][]string{}, Token: token}
		maps.Copy(call.Header, header)
		for key, value := range s.header {
			call.Header[key] = []string{p.text(me, value)}
		}
		var body map[string]any
		if s.body != "" {
			body = document(t, w.secrets(t, p, p.text(me, s.body)))
			call.Body = body
		}
		says := p.text(me, s.says)
		for {
			if s.replaces { // of what it is by then
				call.Body = w.replacement(t, call.Path, body)
			}
			status, answer := w.client.Do(t.Context(), t, call)
			if status == s.status && bytes.Contains(answer, []byte(says)) {
				break
			}
			if s.eventually && may && ctx.Err() == nil {
				continue
			}
			why := fmt.Sprintf("%s %s: %d: %s", call.Method, call.Path, status, answer)
			if !slices.Contains(refused, status) && status != p.refusal && (status != s.status || says == "") {
				t.Errorf("that is no refusal: %s", why)
			}
			return false, why
		}
	}
	return true, ""
}

// identify returns the token and the headers of who makes a call. As is "" for the
// ServiceAccount me of a namespace, "admin", "nobody" for who says nothing, "secret
// NAME" for the token in a Secret, "bootstrap NAME" for a bootstrap token in one, or
// a user that admin impersonates: "jane" or "jane in GROUP".
func (w *world) identify(t *testing.T, as, namespace, me string) (token string, header map[string][]string) {
	t.Helper()
	kind, name, _ := strings.Cut(as, " ")
	switch kind {
	case "":
		var answer struct{ Status struct{ Token string } }
		w.client.Must(t, kubetest.Call{
			Method: http.MethodPost, Path: "/api/v1/namespaces/" + namespace + "/serviceaccounts/" + me + "/token", Body: map[string]any{"spec": map[string]any{}},
		}, &answer)
		return answer.Status.Token, nil
	case "admin":
		return "", nil
	case "nobody":
		return kubetest.Nobody, nil
	case "secret":
		return w.tokenIn(t, namespace, name), nil
	case "token":
		return name, nil
	}
	user, group, member := strings.Cut(as, " in ")
	header = map[string][]string{"Impersonate-User": {user}}
	if member {
		header["Impersonate-Group"] = []string{group}
	}
	return "", header
}

// tokenIn returns the token that the controller fills a Secret with.
func (w *world) tokenIn(t *testing.T, namespace, name string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for ctx.Err() == nil {
		var answer struct{ Data map[string][]byte }
		w.client.Must(t, kubetest.Call{Method: http.MethodGet, Path: "/api/v1/namespaces/" + namespace + "/secrets/" + name}, &answer)
		if token := answer.Data["token"]; len(token) > 0 {
			return string(token)
		}
	}
	t.Fatalf("the Secret %s/%s has no token", namespace, name)
	return ""
}

// rulesOf reads rules that are written as one would say them, divided by
// semicolons: "get,list pods", "patch deployments.apps/scale named web".
func rulesOf(text string) []map[string]any {
	var rules []map[string]any
	for one := range strings.SplitSeq(text, "; ") {
		said, names, named := strings.Cut(one, " named ")
		verbs, what, ok := strings.Cut(said, " ")
		if !ok {
			continue
		}
		what, subresource, divided := strings.Cut(what, "/")
		resource, group, _ := strings.Cut(what, ".")
		if divided {
			resource += "/" + subresource
		}
		rule := map[string]any{"verbs": strings.Split(verbs, ","), "apiGroups": []string{group}, "resources": []string{resource}}
		if named {
			rule["resourceNames"] = strings.Split(names, ",")
		}
		rules = append(rules, rule)
	}
	return rules
}

func encoded(text []byte) string { return base64.StdEncoding.EncodeToString(text) }

// listed returns all objects of a resource as manifests, and nothing of one that
// the server does not have.
func (w *world) listed(t *testing.T, r kube.Resource) []byte {
	t.Helper()
	base, version := "/apis/"+r.Group+"/", r.Group+"/"+r.Version
	if r.Group == "" {
		base, version = "/api/", r.Version
	}
	status, answer := w.client.Do(t.Context(), t, kubetest.Call{Method: http.MethodGet, Path: base + r.Version + "/" + r.Plural})
	if status == http.StatusNotFound {
		return nil
	}
	var list struct{ Items []map[string]any }
	if err := json.Unmarshal(answer, &list); err != nil || status != http.StatusOK {
		t.Fatalf("listing %s: %d, %v: %s", r, status, err, answer)
	}
	var text bytes.Buffer
	for _, item := range list.Items {
		item["apiVersion"], item["kind"] = version, r.Kind
		one, err := json.Marshal(item)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "---\n%s\n", one)
	}
	return text.Bytes()
}
