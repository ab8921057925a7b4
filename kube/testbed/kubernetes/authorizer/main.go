// Command authorizer answers questions of authorization with the code of the
// API server itself, without a server: the RBAC authorizer, the checks against
// escalation in the storage of roles and bindings, those of signers, and
// impersonation. Whoever writes an evaluator of RBAC can hold it against this,
// millions of times.
//
// Each line of standard input is a set of roles and bindings with questions
// about it ([cases]), each line of standard output the answers ([answers]), in
// the same order. It ends with standard input.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/kubernetes/pkg/certauthorization"
	"k8s.io/kubernetes/pkg/registry/rbac/validation"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"
)

// cases are the objects of a cluster and what is asked of it.
type cases struct {
	ClusterRoles        []*rbacv1.ClusterRole        `json:"clusterRoles"`
	Roles               []*rbacv1.Role               `json:"roles"`
	ClusterRoleBindings []*rbacv1.ClusterRoleBinding `json:"clusterRoleBindings"`
	RoleBindings        []*rbacv1.RoleBinding        `json:"roleBindings"`
	Questions           []question                   `json:"questions"`
}

// question asks whether a user may do something: a request of a resource or,
// with a path, of none. Groups are all those that the user is in.
type question struct {
	User        string   `json:"user"`
	Groups      []string `json:"groups"`
	Verb        string   `json:"verb"`
	APIGroup    string   `json:"apiGroup"`
	Resource    string   `json:"resource"`
	Subresource string   `json:"subresource"`
	Namespace   string   `json:"namespace"`
	Name        string   `json:"name"`
	Path        string   `json:"path"`
	// Signer makes it a question about certificates of that signer, with the
	// verb approve, sign or attest.
	Signer string `json:"signer"`
	// As makes it a question whether the user may do the request as somebody
	// else: not what the other may do.
	As *person `json:"as"`
	// Object makes it a question whether the server would store a role or
	// binding that the user sends, with the verb create or update, if it let the
	// request pass. Old is the one that is replaced.
	Object json.RawMessage `json:"object"`
	Old    json.RawMessage `json:"old"`
}

// person is whom a user wants to be.
type person struct {
	User   string              `json:"user"`
	Groups []string            `json:"groups"`
	UID    string              `json:"uid"`
	Extra  map[string][]string `json:"extra"`
}

// answers are the answers to the questions of a line. Became tells by index
// who the user became by impersonation, for what was allowed.
type answers struct {
	Allowed []bool         `json:"allowed"`
	Became  map[int]person `json:"became,omitempty"`
}

func main() {
	if err := run(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "authorizer: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, in io.Reader, out io.Writer) error {
	decoder := json.NewDecoder(bufio.NewReaderSize(in, 1<<20))
	buffered := bufio.NewWriter(out)
	encoder := json.NewEncoder(buffered)
	for line := 1; ; line++ {
		var c cases
		err := decoder.Decode(&c)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading cases %d: %w", line, err)
		}
		a, err := c.answer(ctx)
		if err != nil {
			return fmt.Errorf("answering cases %d: %w", line, err)
		}
		if err := errors.Join(encoder.Encode(a), buffered.Flush()); err != nil {
			return fmt.Errorf("writing answers %d: %w", line, err)
		}
	}
}

// judge is the parts of an API server that decide.
type judge struct {
	authorizer *rbac.RBACAuthorizer
	rules      validation.AuthorizationRuleResolver
	roles      *validation.StaticRoles
}

func (c *cases) answer(ctx context.Context) (answers, error) {
	rules, roles := validation.NewTestRuleResolver(c.Roles, c.RoleBindings, c.ClusterRoles, c.ClusterRoleBindings)
	j := judge{rbac.New(roles, roles, roles, roles), rules, roles}
	a := answers{Allowed: make([]bool, len(c.Questions))}
	for i, q := range c.Questions {
		who := &user.DefaultInfo{Name: q.User, Groups: q.Groups}
		var err error
		switch {
		case q.Signer != "":
			a.Allowed[i] = certauthorization.IsAuthorizedForSignerName(ctx, j.authorizer, who, q.Verb, q.Signer)
		case q.As != nil:
			became := j.impersonate(ctx, who, q)
			a.Allowed[i] = became != nil
			if became != nil {
				if a.Became == nil {
					a.Became = map[int]person{}
				}
				a.Became[i] = person{User: became.GetName(), Groups: became.GetGroups()}
			}
		case q.Object != nil:
			a.Allowed[i], err = j.stores(ctx, who, q)
		default:
			var decision authorizer.Decision
			// The error names roles that are missing, which decides nothing.
			decision, _, _ = j.authorizer.Authorize(ctx, q.attributes(who))
			a.Allowed[i] = decision == authorizer.DecisionAllow
		}
		if err != nil {
			return a, fmt.Errorf("question %d: %w", i, err)
		}
	}
	return a, nil
}

func (q question) attributes(who user.Info) authorizer.AttributesRecord {
	return authorizer.AttributesRecord{
		User: who, Verb: q.Verb, APIGroup: q.APIGroup, APIVersion: "v1", Resource: q.Resource,
		Subresource: q.Subresource, Namespace: q.Namespace, Name: q.Name, Path: q.Path,
		ResourceRequest: q.Path == "",
	}
}
