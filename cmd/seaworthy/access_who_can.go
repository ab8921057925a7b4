package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

type whoCanOptions struct {
	accessOptions
	name string
}

func newAccessWhoCan(s *streams) *cobra.Command {
	o := &whoCanOptions{}
	c := &cobra.Command{
		Use:   "who-can VERB RESOURCE[/SUBRESOURCE] | VERB /PATH",
		Short: "Say who can do something",
		Long: `Say who can do something, and by which binding, role and rule.

RESOURCE is what kubectl takes: plural, singular or short name, with its group if
need be (deployments.apps). Without -n a grant in any namespace counts, and the
table says where. Without --name a grant for single objects counts, and the table
says for which. A binding or role with a namespace, ci/runner, is a RoleBinding or
Role; one without is a ClusterRoleBinding or ClusterRole.`,
		Example: `  seaworthy access who-can get secrets -n payments
  seaworthy access who-can create pods/exec
  seaworthy access who-can delete deploy --name web -n shop
  seaworthy access who-can get /metrics
  seaworthy access who-can '*' '*'`,
		Args: cobra.ExactArgs(2),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return completeWhoCan(args), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), s, args[0], args[1]) },
	}
	o.addFlags(c)
	c.Flags().StringVar(&o.name, "name", "", "the name of the object; any by default")
	return c
}

// completeWhoCan completes verbs and then resources.
func completeWhoCan(args []string) []string {
	switch len(args) {
	case 0:
		return access.Verbs()
	case 1:
		var names []string
		for _, r := range access.APIResources(&kube.Cluster{}) {
			names = append(names, r.String())
			for _, sub := range r.Subresources {
				names = append(names, r.String()+"/"+sub)
			}
		}
		return names
	}
	return nil
}

func (o *whoCanOptions) run(ctx context.Context, s *streams, verb, what string) error {
	view, err := o.load(ctx, s)
	if err != nil {
		return err
	}
	q := access.Question{Verb: strings.ToLower(verb), Name: o.name, Namespaces: o.namespaces()}
	var remarks []string
	if strings.HasPrefix(what, "/") {
		if q.Path = what; o.name != "" {
			return usagef("--name %s is for objects: %s is a path", o.name, what)
		}
	} else if remarks, err = answer.Aim(&q, view, what); err != nil {
		return aimless(&q, err)
	}
	if unnamed := answer.Unnamed(view, q.Verb); unnamed != "" {
		remarks = append(remarks, unnamed)
	}
	holdings := access.Of(view).Who(q)
	if o.format == "json" {
		return writeJSON(s, whoCanAnswer(view, q, holdings))
	}
	return printWhoCan(s, view, q, holdings, remarks)
}

// aimless is the error of a resource that is not known.
func aimless(q *access.Question, err error) error {
	if q.Subresource != "" {
		return usagef("%w; an object is named with --name", err)
	}
	return usagef("%w", err)
}

// whoCan is the answer as -o json has it.
type whoCan struct {
	Schema  string      `json:"schema"`
	Cluster string      `json:"cluster"`
	Request whoCanAsked `json:"request"`
	Answers []whoCanRow `json:"answers"`
	limits
}

type whoCanAsked struct {
	Verb        string   `json:"verb"`
	APIGroup    string   `json:"apiGroup"`
	Resource    string   `json:"resource"`
	Subresource string   `json:"subresource"`
	Namespaces  []string `json:"namespaces"` // none for all
	Name        string   `json:"name"`
	Path        string   `json:"path"`
}

type whoCanRow struct {
	grantRow
	// Namespace is the one in which the grant counts, "" for everywhere.
	Namespace string `json:"namespace"`
	// Names are the only objects that it is for, none for all.
	Names []string `json:"names"`
	// ServiceAccounts are those that the subject stands for: itself, or those in a
	// group of the server.
	ServiceAccounts []subjectRow `json:"serviceAccounts"`
}

func whoCanAnswer(view *kube.Cluster, q access.Question, holdings []access.Holding) whoCan {
	rules := answer.NewRules(view)
	said := whoCan{
		Schema: "seaworthy/who-can/v1", Cluster: view.Info.Name, Answers: []whoCanRow{}, limits: limitsOf(view, q.Reaches),
		Request: whoCanAsked{q.Verb, q.Resource.Group, q.Resource.Plural, q.Subresource, filled(q.Namespaces), q.Name, q.Path},
	}
	for _, h := range holdings {
		row := whoCanRow{rowOfGrant(rules, h.Grant), h.Namespace, filled(h.Names), []subjectRow{}}
		for _, member := range access.Members(view, h.Subject) {
			row.ServiceAccounts = append(row.ServiceAccounts, rowOfSubject(member))
		}
		said.Answers = append(said.Answers, row)
	}
	return said
}

func printWhoCan(s *streams, view *kube.Cluster, q access.Question, holdings []access.Holding, remarks []string) error {
	for _, remark := range remarks {
		_, _ = fmt.Fprintf(s.err, "note: %s\n", printable.Text(remark))
	}
	l := limitsOf(view, q.Reaches)
	if len(holdings) == 0 {
		if _, err := fmt.Fprintf(s.out, "%s\n\n", answer.Nobody(l.Limits)); err != nil {
			return err
		}
		return l.tell(s, view)
	}
	w := newTable()
	_, _ = fmt.Fprintln(w, "SUBJECT\tWHERE\tBINDING\tROLE\tRULE")
	rules, asked := answer.NewRules(view), answer.Asked(q)
	var subjects []access.Subject
	for _, h := range holdings {
		subjects = append(subjects, h.Subject)
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", printable.Text(answer.Subject(h.Subject)),
			answer.Where(h.Namespace, h.Names), answer.Ref(h.Binding.Ref), answer.Ref(h.Binding.Role), rules.Describe(h.Grant, asked))
	}
	_, _ = fmt.Fprintln(w)
	if err := w.print(s); err != nil {
		return err
	}
	return l.tell(s, view, answer.Groups(view, subjects)...)
}
