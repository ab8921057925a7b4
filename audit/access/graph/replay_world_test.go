package graph_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"net/http"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// world is a real cluster in which claims are replayed.
type world struct {
	client *kubetest.Client
}

// commonObjects are those that several claims need: a node of each sort that the
// graph tells apart, and in kube-system a bootstrap token.
const commonObjects = `
apiVersion: v1
kind: Node
metadata: {name: replay-control, labels: {node-role.kubernetes.io/control-plane: ""}}
spec: {taints: [{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}]}
---
apiVersion: v1
kind: Node
metadata: {name: replay-worker}
---
apiVersion: v1
kind: Node
metadata: {name: replay-gpu}
spec: {taints: [{key: gpu, value: a, effect: NoSchedule}]}
---
kind: Secret
metadata: {name: bootstrap-token-replay}
type: bootstrap.kubernetes.io/token
stringData: {token-id: replay, token-secret: "0123456789abcdef", usage-bootstrap-authentication: "true"}
`

// make makes the world of a claim: its namespace, its objects, and who attempts,
// with what is granted to them.
func (w *world) make(t *testing.T, p *prepared) {
	t.Helper()
	namespace := "apiVersion: v1\nkind: Namespace\nmetadata: {name: {ns}}"
	if p.level != "" {
		namespace = strings.Replace(namespace, "{name: {ns}}", "{name: {ns}, labels: {pod-security.kubernetes.io/enforce: "+p.level+"}}", 1)
	}
	w.create(t, p.namespace, p.text("", namespace))
	w.create(t, p.namespace, "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: victim}")
	w.create(t, p.namespace, w.secrets(t, p, p.text("", p.objects)))
	p.attempts(func(me string, a attempt, _ bool) {
		if a.as == "" {
			w.create(t, p.namespace, "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: "+me+"}")
		}
		w.grant(t, p, me, "ClusterRole", p.namespace+"-"+me, p.text(me, a.wide))
		w.grant(t, p, me, "Role", me, p.text(me, a.in))
		w.create(t, p.namespace, p.text(me, a.objects))
	})
}

// grant binds who attempts to a role with rules; no role without rules.
func (w *world) grant(t *testing.T, p *prepared, me, kind, name, rules string) {
	t.Helper()
	if rules == "" {
		return
	}
	role := map[string]any{"kind": kind, "metadata": map[string]any{"name": name}, "rules": rulesOf(rules)}
	binding := map[string]any{
		"kind": kind + "Binding", "metadata": map[string]any{"name": name},
		"roleRef":  map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name},
		"subjects": []map[string]any{{"kind": "ServiceAccount", "namespace": p.namespace, "name": me}},
	}
	w.post(t, p.namespace, role)
	w.post(t, p.namespace, binding)
}

// create creates the objects of YAML documents.
func (w *world) create(t *testing.T, namespace, documents string) {
	t.Helper()
	for one := range strings.SplitSeq(documents, "\n---\n") {
		if strings.TrimSpace(one) != "" {
			w.post(t, namespace, document(t, one))
		}
	}
}

func document(t *testing.T, text string) map[string]any {
	t.Helper()
	var object map[string]any
	if err := yaml.Unmarshal([]byte(text), &object); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return object
}

// post creates an object as admin.
func (w *world) post(t *testing.T, namespace string, object map[string]any) {
	t.Helper()
	kind, _ := object["kind"].(string)
	path := ""
	switch i := slices.IndexFunc(kube.Resources(), func(r kube.Resource) bool { return r.Kind == kind }); {
	case kind == "CertificateSigningRequest":
		path = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
	case i < 0:
		t.Fatalf("a %s is not known here", kind)
	default:
		r := kube.Resources()[i]
		path = "/apis/" + r.Group + "/" + r.Version + "/"
		if r.Group == "" {
			path = "/api/" + r.Version + "/"
		}
		if r.Namespaced {
			path += "namespaces/" + namespace + "/"
		}
		path += r.Plural
	}
	delete(object, "apiVersion") // it is said by the path
	delete(object, "kind")
	status, answer := w.client.Do(t.Context(), t, kubetest.Call{Method: http.MethodPost, Path: path, Body: object})
	if made := kind == "ServiceAccount" && status == http.StatusConflict; !made && status/100 != 2 { // by its controller
		t.Fatalf("creating %v at %s: %d: %s", object, path, status, answer)
	}
}

// settle waits until the authorizer has seen every role and binding: it hears of
// each kind in order, and of these last.
func (w *world) settle(t *testing.T) {
	t.Helper()
	const last = "settled"
	w.create(t, "default", `
kind: ClusterRole
metadata: {name: settled}
rules: [{apiGroups: [""], resources: [settled], verbs: [get]}]
---
kind: ClusterRoleBinding
metadata: {name: settled}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: settled}
subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: settled}]
---
kind: Role
metadata: {name: settled}
rules: [{apiGroups: [""], resources: [settled], verbs: [list]}]
---
kind: RoleBinding
metadata: {name: settled}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: settled}
subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: settled}]
`)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for _, verb := range []string{"get", "list"} {
		review := map[string]any{"spec": map[string]any{
			"user": last, "resourceAttributes": map[string]any{"verb": verb, "resource": last, "namespace": "default"},
		}}
		for allowed := false; !allowed; {
			if ctx.Err() != nil {
				t.Fatal("the authorizer never saw the last binding")
			}
			var answer struct{ Status struct{ Allowed bool } }
			w.client.Must(t, kubetest.Call{Method: http.MethodPost, Path: "/apis/authorization.k8s.io/v1/subjectaccessreviews", Body: review}, &answer)
			allowed = answer.Status.Allowed
		}
	}
}

// view returns the view of everything that graphs are made of.
func (w *world) view(t *testing.T) *kube.Cluster {
	t.Helper()
	var text bytes.Buffer
	text.WriteString("# server v1.37.1\n# live\n")
	for _, r := range graph.Resources() {
		text.Write(w.listed(t, r))
	}
	return read(t, text.Bytes())
}

// secrets fills in what a text cannot have: {request SUBJECT} a signing request of
// a key made for it, {uid NAME} the UID of a pod.
func (w *world) secrets(t *testing.T, p *prepared, text string) string {
	t.Helper()
	for {
		before, rest, ok := strings.Cut(text, "{request ")
		if !ok {
			break
		}
		subject, after, _ := strings.Cut(rest, "}")
		text = before + signingRequest(t, subject) + after
	}
	for {
		before, rest, ok := strings.Cut(text, "{uid ")
		if !ok {
			return text
		}
		name, after, _ := strings.Cut(rest, "}")
		var pod struct{ Metadata struct{ UID string } }
		w.client.Must(t, kubetest.Call{Method: http.MethodGet, Path: "/api/v1/namespaces/" + p.namespace + "/pods/" + name}, &pod)
		text = before + pod.Metadata.UID + after
	}
}

// signingRequest returns a request for a certificate as an object has it, for a
// subject like "system:node:n in system:nodes".
func signingRequest(t *testing.T, subject string) string {
	t.Helper()
	name, group, _ := strings.Cut(subject, " in ")
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.CertificateRequest{Subject: pkix.Name{CommonName: name}}
	if group != "" {
		template.Subject.Organization = []string{group}
	}
	request, err := x509.CreateCertificateRequest(rand.Reader, template, key)
	if err != nil {
		t.Fatal(err)
	}
	return encoded(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: request}))
}

// updates returns the claims in which something is patched as they are when it is
// updated: the whole object is sent, by who has that verb. Secrets are left out: who
// updates one must say what is in it.
func updates(all []claim) []claim {
	var found []claim
	for _, c := range all {
		patches := false
		again := c
		again.calls, again.may, again.mayNot = nil, nil, nil
		for _, s := range c.calls {
			if s.method == http.MethodPatch {
				patches = true
				s.method, s.replaces, s.header = http.MethodPut, true, nil
			}
			again.calls = append(again.calls, s)
		}
		if !patches || strings.HasPrefix(c.family, "SECRET_") || c.how == "applied by name" {
			continue
		}
		swap := strings.NewReplacer("patch ", "update ", "patch,", "update,")
		for _, a := range c.may {
			a.wide, a.in = swap.Replace(a.wide), swap.Replace(a.in)
			again.may = append(again.may, a)
		}
		again.how = strings.TrimPrefix(c.how+", updating", ", ")
		found = append(found, again)
	}
	return found
}

// replacement returns the object at a path with changes: maps are merged, lists of
// what has a name are, too, and all else is replaced. It is read as admin: whoever
// changes something knows or guesses what it is.
func (w *world) replacement(t *testing.T, path string, changes map[string]any) map[string]any {
	t.Helper()
	path, _, _ = strings.Cut(path, "?")
	var object map[string]any
	w.client.Must(t, kubetest.Call{Method: http.MethodGet, Path: path}, &object)
	merged, _ := mergeValues(object, changes).(map[string]any)
	return merged
}

func mergeValues(old, changed any) any {
	switch changed := changed.(type) {
	case map[string]any:
		into, ok := old.(map[string]any)
		if !ok {
			return changed
		}
		for key, value := range changed {
			into[key] = mergeValues(into[key], value)
		}
		return into
	case []any:
		into, ok := old.([]any)
		named, _ := changed[0].(map[string]any)
		if !ok || named["name"] == nil || named["kind"] != nil {
			return changed
		}
		for _, value := range changed {
			into = mergeNamed(into, value)
		}
		return into
	}
	return changed
}

// mergeNamed merges a value into the one of a list that has its name, or adds it.
func mergeNamed(list []any, value any) []any {
	name := func(v any) any {
		m, _ := v.(map[string]any)
		return m["name"]
	}
	i := slices.IndexFunc(list, func(v any) bool { return name(v) == name(value) })
	if i < 0 {
		return append(list, value)
	}
	list[i] = mergeValues(list[i], value)
	return list
}

// The words in which claims are told.

const (
	dry  = "?dryRun=All"
	rbac = "/apis/rbac.authorization.k8s.io/v1/"
	inNS = "namespaces/{ns}/"
)

func calls(s ...step) []step { return s }

func get(path string) step { return step{method: http.MethodGet, path: path, status: http.StatusOK} }

func post(path, body string) step {
	return step{method: http.MethodPost, path: path, body: body, status: http.StatusCreated}
}

// merge is a JSON merge patch.
func merge(path, body string) step {
	return step{method: http.MethodPatch, path: path, body: body, status: http.StatusOK, header: map[string]string{"Content-Type": "application/merge-patch+json"}}
}

// strategic is a strategic merge patch, which adds to lists.
func strategic(path, body string) step {
	s := merge(path, body)
	s.header = map[string]string{"Content-Type": "application/strategic-merge-patch+json"}
	return s
}

// saying is a step whose answer has a part.
func (s step) saying(part string) step {
	s.says = part
	return s
}

// answered is a step that passes with another status.
func (s step) answered(status int) step {
	s.status = status
	return s
}

// inTime is a step for which a controller must do its part first.
func (s step) inTime() step {
	s.eventually = true
	return s
}

// acting is a step that is done as somebody else, "jane" or "jane in GROUP".
func (s step) acting(as string) step {
	user, group, member := strings.Cut(as, " in ")
	s.header = map[string]string{"Impersonate-User": user}
	if member {
		s.header["Impersonate-Group"] = group
	}
	return s
}

// whoAmI is a review that tells who is asking.
func whoAmI() step { return post("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}") }
