package access_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// server is a running API server, spoken to as the user admin.
type server struct{ *kubetest.Client }

func newServer(t *testing.T, testbed *kubetest.Testbed) *server {
	t.Helper()
	return &server{testbed.Client(t)}
}

// call is one request to the server.
type call = kubetest.Call

const (
	rbacPath = "/apis/rbac.authorization.k8s.io/v1/"
	corePath = "/api/v1/"
)

// create creates an object.
func (s *server) create(t *testing.T, o any) {
	t.Helper()
	in := func(base, namespace, resource string) string {
		if namespace == "" {
			return base + resource
		}
		return base + "namespaces/" + namespace + "/" + resource
	}
	path := ""
	switch o := o.(type) {
	case *corev1.Namespace:
		path = corePath + "namespaces"
	case *corev1.ServiceAccount:
		path = in(corePath, o.Namespace, "serviceaccounts")
	case *rbacv1.ClusterRole:
		path = rbacPath + "clusterroles"
	case *rbacv1.ClusterRoleBinding:
		path = rbacPath + "clusterrolebindings"
	case *rbacv1.Role:
		path = in(rbacPath, o.Namespace, "roles")
	case *rbacv1.RoleBinding:
		path = in(rbacPath, o.Namespace, "rolebindings")
	default:
		t.Fatalf("%T is not known here", o)
	}
	s.Must(t, call{Method: http.MethodPost, Path: path, Body: o}, nil)
}

// allows asks the server whether an identity may do something.
func (s *server) allows(ctx context.Context, t *testing.T, user string, groups []string, r access.Request) bool {
	t.Helper()
	review := authorizationv1.SubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{User: user, Groups: groups}}
	if r.Path != "" {
		review.Spec.NonResourceAttributes = &authorizationv1.NonResourceAttributes{Verb: r.Verb, Path: r.Path}
	} else {
		review.Spec.ResourceAttributes = &authorizationv1.ResourceAttributes{
			Verb: r.Verb, Group: r.Group, Resource: r.Resource, Subresource: r.Subresource, Namespace: r.Namespace, Name: r.Name,
		}
	}
	status, text := s.Do(ctx, t, call{Method: http.MethodPost, Path: "/apis/authorization.k8s.io/v1/subjectaccessreviews", Body: review})
	if status != http.StatusCreated {
		t.Fatalf("reviewing %+v: %d: %s", r, status, text)
	}
	if err := json.Unmarshal(text, &review); err != nil {
		t.Fatal(err)
	}
	return review.Status.Allowed
}

// settle waits until the server's authorizer has seen every role and binding
// written so far: it hears of each kind in order, and of these last.
func (s *server) settle(t *testing.T, name string) {
	t.Helper()
	s.create(t, clusterRole(name, rule([]string{"get"}, []string{""}, []string{name}, nil)))
	s.create(t, clusterRoleBinding(name, name, user(name)))
	s.create(t, role("default", name, rule([]string{"list"}, []string{""}, []string{name}, nil)))
	s.create(t, roleBinding("default", name, "Role", name, user(name)))
	for _, verb := range []string{"get", "list"} {
		for !s.allows(t.Context(), t, name, nil, access.Request{Verb: verb, Resource: name, Namespace: "default"}) {
			if t.Context().Err() != nil {
				t.Fatal("the authorizer never saw the last binding")
			}
		}
	}
}

// view returns the view that has all roles and bindings of the server.
func (s *server) view(t *testing.T) *kube.Cluster {
	t.Helper()
	var objects []kube.Object
	objects = append(objects, listed[corev1.Namespace](t, s, corePath+"namespaces")...)
	objects = append(objects, listed[rbacv1.ClusterRole](t, s, rbacPath+"clusterroles")...)
	objects = append(objects, listed[rbacv1.Role](t, s, rbacPath+"roles")...)
	objects = append(objects, listed[rbacv1.ClusterRoleBinding](t, s, rbacPath+"clusterrolebindings")...)
	objects = append(objects, listed[rbacv1.RoleBinding](t, s, rbacPath+"rolebindings")...)
	return view(t, kube.Info{Version: "v1.37.1"}, objects...)
}

func listed[T any, P interface {
	*T
	kube.Object
}](t *testing.T, s *server, path string) []kube.Object {
	t.Helper()
	var list struct{ Items []T }
	s.Must(t, call{Method: http.MethodGet, Path: path}, &list)
	if len(list.Items) == 0 {
		t.Fatalf("%s is empty", path)
	}
	var objects []kube.Object
	for i := range list.Items {
		objects = append(objects, P(&list.Items[i]))
	}
	return objects
}

// valid has only what an API server lets somebody store, and nobody whom another
// authorizer than RBAC answers for.
func valid() words {
	w := wide()
	empty := func(s string) bool { return s == "" }
	w.verbs = slices.DeleteFunc(w.verbs, empty)
	w.resources = slices.DeleteFunc(w.resources, empty)
	w.paths = slices.DeleteFunc(w.paths, func(p string) bool { return p != "*" && !strings.HasPrefix(p, "/") })
	elsewhere := func(s string) bool { return strings.HasPrefix(s, "system:node") || s == access.GroupMasters }
	w.users = slices.DeleteFunc(w.users, elsewhere)
	w.userGroups = slices.DeleteFunc(w.userGroups, elsewhere)
	return w
}

// storable makes of a world what the server stores: names of its own, no role
// that mixes paths and resources, no subject of an unknown kind.
func (w *world) storable(prefix string) []any {
	var objects []any
	fix := func(rules []rbacv1.PolicyRule) []rbacv1.PolicyRule {
		for i := range rules {
			if len(rules[i].Resources) > 0 {
				rules[i].NonResourceURLs = nil
			}
		}
		return rules
	}
	known := func(subjects []rbacv1.Subject, wide bool) []rbacv1.Subject {
		subjects = slices.DeleteFunc(subjects, func(s rbacv1.Subject) bool {
			return !slices.Contains([]string{"User", "Group", "ServiceAccount"}, s.Kind) || wide && s.Kind == "ServiceAccount" && s.Namespace == ""
		})
		for i := range subjects {
			if subjects[i].Kind != "ServiceAccount" {
				subjects[i].APIGroup = rbacv1.GroupName
			}
		}
		return subjects
	}
	for _, r := range w.ClusterRoles {
		r.Name, r.Rules = prefix+r.Name, fix(r.Rules)
		objects = append(objects, r)
	}
	for _, r := range w.Roles {
		r.Name, r.Rules = prefix+r.Name, fix(r.Rules)
		objects = append(objects, r)
	}
	for _, b := range w.ClusterRoleBindings {
		b.Name, b.RoleRef.Name, b.RoleRef.Kind = prefix+b.Name, prefix+b.RoleRef.Name, "ClusterRole"
		b.Subjects = known(b.Subjects, true)
		objects = append(objects, b)
	}
	for _, b := range w.RoleBindings {
		b.Name, b.RoleRef.Name = prefix+b.Name, prefix+b.RoleRef.Name
		if b.RoleRef.Kind != "Role" {
			b.RoleRef.Kind = "ClusterRole"
		}
		b.Subjects = known(b.Subjects, false)
		objects = append(objects, b)
	}
	return objects
}

// reviewsVariable is the environment variable with the number of access reviews.
const reviewsVariable = "SEAWORTHY_ACCESS_REVIEWS"

// A real API server answers as this package does, on random roles and bindings
// beside those that it has by itself.
func TestServerAgrees(t *testing.T) {
	t.Parallel()
	s := newServer(t, kubetest.StartTestbed(t, kubetest.TestbedOptions{}))
	reviews, seed := setting(t, reviewsVariable, 1000), setting(t, seedVariable, 1)
	const perWorld = 500
	for _, namespace := range []string{"a", "b"} {
		s.create(t, &corev1.Namespace{ObjectMeta: meta("", namespace)})
	}
	asked, allowed := 0, 0
	for number := range max(1, reviews/perWorld) {
		// Worlds pile up: with many of them everything would be allowed.
		prefix := fmt.Sprintf("w%d-", number)
		g := newGenerator(valid(), uint64(seed), uint64(number))
		w := g.world()
		for _, o := range w.storable(prefix) {
			s.create(t, o)
		}
		s.settle(t, prefix+"last")
		c := s.view(t)
		for range perWorld {
			q := g.plain(w)
			id := access.Identity{Subject: userSubject(q.User), Groups: q.Groups}
			r := access.Request{
				Verb: q.Verb, Group: q.APIGroup, Resource: q.Resource, Subresource: q.Subresource, Namespace: q.Namespace, Name: q.Name, Path: q.Path,
			}
			if q.User == "" || q.Resource == "" && q.Path == "" {
				continue
			}
			grant, got := access.Of(c).Can(id, r)
			if want := s.allows(t.Context(), t, q.User, q.Groups, r); got != want {
				t.Fatalf("%+v: may do %+v: %v (%+v), want %v", id, r, got, grant, want)
			}
			asked++
			if got {
				allowed++
			}
		}
		for _, o := range w.storable("") {
			s.remove(t, o)
		}
	}
	t.Logf("%d reviews, %d allowed (%.0f %%)", asked, allowed, 100*float64(allowed)/float64(asked))
	if allowed < asked/10 || allowed > asked*9/10 {
		t.Errorf("of %d reviews %d are allowed: the sample proves little", asked, allowed)
	}
}

// remove takes away the bindings of a world, so that the next starts anew.
func (s *server) remove(t *testing.T, o any) {
	t.Helper()
	switch o := o.(type) {
	case *rbacv1.ClusterRoleBinding:
		s.Must(t, call{Method: http.MethodDelete, Path: rbacPath + "clusterrolebindings/" + o.Name}, nil)
	case *rbacv1.RoleBinding:
		s.Must(t, call{Method: http.MethodDelete, Path: rbacPath + "namespaces/" + o.Namespace + "/rolebindings/" + o.Name}, nil)
	}
}
