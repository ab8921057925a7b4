package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// newAccess is the parent of the commands about who can do what. A further one is
// a file of its own, access_NAME.go, and an argument of AddCommand below.
func newAccess(s *streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "access",
		Short: "Say who can do what, and by which binding, role and rule",
		Long: `Say who can do what, and by which binding, role and rule.

Roles and bindings are read as the RBAC authorizer of the API server reads them.
What other authorizers allow is not in them; every answer names those.`,
	}
	c.AddCommand(newAccessWhoCan(s), newAccessCan(s), newAccessPaths(s), newAccessProve(s))
	return c
}

// accessOptions are the flags that the commands about access share.
type accessOptions struct {
	target target
	format string
}

func (o *accessOptions) addFlags(c *cobra.Command) {
	o.target.addFlags(c)
	o.target.only = append(access.Resources(), kube.ServiceAccounts, kube.Nodes, kube.CustomResourceDefinitions)
	c.Flags().StringVarP(&o.format, "output", "o", "", "json for programs; a table otherwise")
	completeValues(c, map[string][]string{"output": {"json"}})
}

// load reads what decides about access.
func (o *accessOptions) load(ctx context.Context, s *streams) (*kube.Cluster, error) {
	if o.format != "" && o.format != "json" {
		return nil, usagef("reading -o %s: access is shown as a table or as json", o.format)
	}
	return loadBindings(ctx, s, &o.target)
}

// loadBindings reads a target. It is an error if no binding at all could be read: an
// answer would be about nothing.
func loadBindings(ctx context.Context, s *streams, t *target) (*kube.Cluster, error) {
	view, err := t.load(ctx, s)
	if err != nil {
		return nil, err
	}
	if text := answer.Unreadable(view); text != "" {
		return nil, couldNotLook(errors.New(text))
	}
	return view, nil
}

// namespaces are those that were asked for, none for all.
func (o *accessOptions) namespaces() []string { return o.target.flags.Namespaces }
