package main

import (
	"context"
	"encoding/json"
	"fmt"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/apis/rbac"
	rbacv1helpers "k8s.io/kubernetes/pkg/apis/rbac/v1"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrole/policybased"
	bindingpolicy "k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding/policybased"
	rolepolicy "k8s.io/kubernetes/pkg/registry/rbac/role/policybased"
	rolebindingpolicy "k8s.io/kubernetes/pkg/registry/rbac/rolebinding/policybased"
)

// stores sends a role or binding to the storage of the API server, which
// refuses what would escalate, and tells whether it was stored.
func (j judge) stores(ctx context.Context, who user.Info, q question) (bool, error) {
	object, err := internal(q.Resource, q.Object)
	if err != nil {
		return false, err
	}
	name := q.Name
	if q.Verb == "create" {
		name = "" // a create has none in its path
	}
	ctx = request.WithUser(request.WithNamespace(ctx, q.Namespace), who)
	ctx = request.WithRequestInfo(ctx, &request.RequestInfo{
		IsResourceRequest: true, Verb: q.Verb, APIGroup: rbacv1.GroupName, APIVersion: "v1",
		Resource: q.Resource, Namespace: q.Namespace, Name: name,
	})
	shelf := &shelf{}
	var storage rest.CreaterUpdater
	switch q.Resource {
	case "clusterroles":
		storage = policybased.NewStorage(shelf, j.authorizer, j.rules)
	case "roles":
		storage = rolepolicy.NewStorage(shelf, j.authorizer, j.rules)
	case "clusterrolebindings":
		storage = bindingpolicy.NewStorage(shelf, j.authorizer, j.rules)
	default:
		storage = rolebindingpolicy.NewStorage(shelf, j.authorizer, j.rules)
	}
	if q.Verb == "create" {
		_, err = storage.Create(ctx, object, nil, &metav1.CreateOptions{})
		return err == nil, nil
	}
	if shelf.old, err = internal(q.Resource, q.Old); err != nil {
		return false, err
	}
	_, _, err = storage.Update(ctx, q.Name, rest.DefaultUpdatedObjectInfo(object), nil, nil, false, &metav1.UpdateOptions{})
	return err == nil, nil
}

// shelf takes whatever the storage above it lets through.
type shelf struct {
	rest.StandardStorage
	old runtime.Object
}

func (s *shelf) Create(_ context.Context, o runtime.Object, _ rest.ValidateObjectFunc, _ *metav1.CreateOptions) (runtime.Object, error) {
	return o, nil
}

func (s *shelf) Update(ctx context.Context, _ string, info rest.UpdatedObjectInfo, _ rest.ValidateObjectFunc, _ rest.ValidateObjectUpdateFunc, _ bool, _ *metav1.UpdateOptions) (runtime.Object, bool, error) {
	o, err := info.UpdatedObject(ctx, s.old)
	return o, false, err
}

// internal decodes an object of rbac.authorization.k8s.io/v1 into the form that
// the storage works on.
func internal(resource string, text json.RawMessage) (runtime.Object, error) {
	switch resource {
	case "clusterroles":
		return decode(text, &rbacv1.ClusterRole{}, &rbac.ClusterRole{}, rbacv1helpers.Convert_v1_ClusterRole_To_rbac_ClusterRole)
	case "roles":
		return decode(text, &rbacv1.Role{}, &rbac.Role{}, rbacv1helpers.Convert_v1_Role_To_rbac_Role)
	case "clusterrolebindings":
		return decode(text, &rbacv1.ClusterRoleBinding{}, &rbac.ClusterRoleBinding{}, rbacv1helpers.Convert_v1_ClusterRoleBinding_To_rbac_ClusterRoleBinding)
	case "rolebindings":
		return decode(text, &rbacv1.RoleBinding{}, &rbac.RoleBinding{}, rbacv1helpers.Convert_v1_RoleBinding_To_rbac_RoleBinding)
	}
	return nil, fmt.Errorf("%s are no roles or bindings", resource)
}

// decode decodes and converts by a function of upstream, whose generated code
// never looks at its last parameter.
func decode[From any, To runtime.Object, Scope any](text json.RawMessage, from *From, to To, convert func(*From, To, Scope) error) (runtime.Object, error) {
	if err := json.Unmarshal(text, from); err != nil {
		return nil, fmt.Errorf("decoding an object: %w", err)
	}
	var scope Scope
	return to, convert(from, to, scope)
}
