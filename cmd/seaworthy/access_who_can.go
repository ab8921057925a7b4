package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/policy"
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
	} else if remarks, err = aim(&q, view, what); err != nil {
		return err
	}
	if !access.VerbNamed(view, q.Verb) {
		remarks = append(remarks, fmt.Sprintf("no rule names the verb %q%s", q.Verb, policy.Nearest(q.Verb, access.Verbs())))
	}
	holdings := access.Of(view).Who(q)
	if o.format == "json" {
		return writeJSON(s, whoCanAnswer(view, q, holdings))
	}
	return printWhoCan(s, view, q, holdings, remarks)
}

// aim finds the resource that a name means. The remarks are about how the question
// was understood.
func aim(q *access.Question, view *kube.Cluster, what string) (remarks []string, err error) {
	name, subresource, divided := strings.Cut(what, "/")
	found := access.ResourcesNamed(view, name)
	if plural, group, full := strings.Cut(name, "."); full && len(found) == 0 && unsureOfCustom(view) {
		found = []access.APIResource{{Group: group, Plural: plural}}
	}
	if len(found) == 0 {
		return nil, usagef("there is no resource %q%s", name, policy.Nearest(name, resourceNames(view)))
	}
	r := found[0]
	q.Resource, q.Subresource = r, subresource
	switch {
	case !divided || r.Everything():
	case subresource == "":
		return nil, usagef("%s names no subresource", what)
	case r.Scope != access.UnknownScope && subresource != "*" && !slices.Contains(r.Subresources, subresource):
		return nil, usagef("%s has no subresource %q%s; an object is named with --name", r, subresource, policy.Nearest(subresource, r.Subresources))
	}
	var others []string
	for _, other := range found[1:] {
		if other.Group != kube.PodMetrics.Group { // figures about pods, not pods
			others = append(others, other.String())
		}
	}
	if len(others) > 0 {
		remarks = append(remarks, fmt.Sprintf("%s is %s here; there is also %s", name, r, strings.Join(others, ", ")))
	}
	return append(remarks, remarksOn(q)...), nil
}

// remarksOn says what is easily missed about a question.
func remarksOn(q *access.Question) []string {
	var remarks []string
	r := q.Resource
	if len(q.Namespaces) > 0 && r.Scope == access.OfCluster && r.String() != kube.Namespaces.Plural && q.Verb != "bind" {
		remarks = append(remarks, fmt.Sprintf("%s are in no namespace: -n does not narrow the question, and no RoleBinding grants them", r))
	}
	streams := []string{"exec", "attach", "portforward"}
	if r.String() == kube.Pods.Plural && slices.Contains(streams, q.Subresource) && q.Verb == "get" {
		remarks = append(remarks, fmt.Sprintf("since Kubernetes 1.35 get alone opens no stream: create on pods/%s is needed as well", q.Subresource))
	}
	if q.Verb == "create" && q.Name != "" && q.Subresource == "" {
		remarks = append(remarks, "a create that bears a name is a server-side apply, which needs patch on it as well")
	}
	return remarks
}

// unsureOfCustom reports whether there may be custom resources that the view does not
// know of.
func unsureOfCustom(view *kube.Cluster) bool {
	_, blind := view.Blind(kube.CustomResourceDefinitions, "")
	return blind || view.Info.Offline
}

// resourceNames are the full names of resources, to suggest one of.
func resourceNames(view *kube.Cluster) []string {
	var names []string
	for _, r := range access.APIResources(view) {
		names = append(names, r.Plural, r.String())
	}
	return names
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
	answer := whoCan{
		Schema: "seaworthy/who-can/v1", Cluster: view.Info.Name, Answers: []whoCanRow{}, limits: limitsOf(view, q.Reaches),
		Request: whoCanAsked{q.Verb, q.Resource.Group, q.Resource.Plural, q.Subresource, filled(q.Namespaces), q.Name, q.Path},
	}
	for _, h := range holdings {
		row := whoCanRow{rowOfGrant(view, h.Grant), h.Namespace, filled(h.Names), []subjectRow{}}
		for _, member := range access.Members(view, h.Subject) {
			row.ServiceAccounts = append(row.ServiceAccounts, rowOfSubject(member))
		}
		answer.Answers = append(answer.Answers, row)
	}
	return answer
}

func printWhoCan(s *streams, view *kube.Cluster, q access.Question, holdings []access.Holding, remarks []string) error {
	for _, remark := range remarks {
		_, _ = fmt.Fprintf(s.err, "note: %s\n", printable.Text(remark))
	}
	l := limitsOf(view, q.Reaches)
	if len(holdings) == 0 {
		nobody := "No binding of the cluster allows it."
		if !l.Complete {
			nobody = "No binding that was read allows it."
		}
		if _, err := fmt.Fprintf(s.out, "%s\n\n", nobody); err != nil {
			return err
		}
		return l.tell(s, view)
	}
	w := newTable()
	_, _ = fmt.Fprintln(w, "SUBJECT\tWHERE\tBINDING\tROLE\tRULE")
	full := q.Resource.Plural
	if q.Subresource != "" {
		full += "/" + q.Subresource
	}
	asked := func(what string) bool {
		return what == "*" || q.Path != "" && (what == q.Path || strings.HasSuffix(what, "*")) ||
			q.Path == "" && (what == full || q.Subresource != "" && what == "*/"+q.Subresource)
	}
	var subjects []access.Subject
	for _, h := range holdings {
		subjects = append(subjects, h.Subject)
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", shortSubject(h.Subject), whereOf(h.Namespace, h.Names),
			shortRef(h.Binding.Ref), shortRef(h.Binding.Role), describeRule(view, h.Grant, asked))
	}
	_, _ = fmt.Fprintln(w)
	if err := w.print(s); err != nil {
		return err
	}
	return l.tell(s, view, expandGroups(view, subjects)...)
}

// whereOf says where a grant counts, and for which objects alone.
func whereOf(namespace string, names []string) string {
	where := "everywhere"
	if namespace != "" {
		where = "namespace " + namespace
	}
	if len(names) > 0 {
		where += ", only " + short(names, 3)
	}
	return printable.Text(where)
}
