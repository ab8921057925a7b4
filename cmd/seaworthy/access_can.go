package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

type canOptions struct {
	accessOptions
	groups []string
}

func newAccessCan(s *streams) *cobra.Command {
	o := &canOptions{}
	c := &cobra.Command{
		Use:   "can SUBJECT",
		Short: "Say everything that somebody can do",
		Long: `Say everything that somebody can do, and by which binding, role and rule.

SUBJECT is a user (jane, user:jane), a group (group:devs) or a ServiceAccount
(sa:ci/runner, system:serviceaccount:ci:runner). The groups that the server puts
somebody in count: those of a ServiceAccount, system:authenticated. Which groups a
user is in beside those only the identity provider knows: --group adds them. With
-n only what counts in that namespace is shown.`,
		Example: `  seaworthy access can sa:ci/runner
  seaworthy access can jane --group devs -n shop
  seaworthy access can group:system:authenticated
  seaworthy access can system:anonymous`,
		Args: cobra.ExactArgs(1),
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return o.complete(c.Context(), s, args)
		},
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), s, args[0]) },
	}
	o.addFlags(c)
	c.Flags().StringSliceVar(&o.groups, "group", nil, "a group that the subject is in, repeatable")
	return c
}

// complete completes subjects: those of the files or the recording that is looked
// at, and else the forms of their names. A cluster is not asked for it.
func (o *canOptions) complete(ctx context.Context, s *streams, args []string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	if len(o.target.files) == 0 && o.target.from == "" {
		return []string{"sa:", "user:", "group:"}, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	source, err := o.target.source(ctx, s)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	view, err := kube.Load(ctx, source, nil)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, subject := range access.Subjects(view) {
		names = append(names, printable.Text(answer.Subject(subject)))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func (o *canOptions) run(ctx context.Context, s *streams, who string) error {
	subject, err := access.ParseSubject(who)
	if err != nil {
		return usagef("reading the subject: %w", err)
	}
	view, err := o.load(ctx, s)
	if err != nil {
		return err
	}
	id := access.IdentityOf(subject, o.groups...)
	rights := slices.DeleteFunc(access.Rights(view, id), func(r access.Right) bool {
		return r.Namespace != "" && len(o.namespaces()) > 0 && !slices.Contains(o.namespaces(), r.Namespace)
	})
	if o.format == "json" {
		return writeJSON(s, canAnswer(view, id, rights))
	}
	return printCan(s, view, id, rights)
}

// can is the answer as -o json has it.
type can struct {
	Schema  string     `json:"schema"`
	Cluster string     `json:"cluster"`
	Subject subjectRow `json:"subject"`
	Groups  []string   `json:"groups"`
	// Everything means that the subject is in system:masters: no rule counts.
	Everything bool       `json:"everything"`
	Rights     []canRow   `json:"rights"`
	Dangling   []grantRef `json:"dangling"`
	limits
}

// canRow is something that somebody can do with a resource or path.
type canRow struct {
	Namespace string   `json:"namespace"` // "" for everywhere
	APIGroup  string   `json:"apiGroup"`
	Resource  string   `json:"resource"` // with its subresource
	Names     []string `json:"names"`    // none for all
	Path      string   `json:"path"`
	Verbs     []string `json:"verbs"`
	// Void says why the rules grant nothing by it, "" if they do.
	Void   string     `json:"void"`
	Grants []grantRow `json:"grants"`
}

// grantRef is a binding whose role does not exist.
type grantRef struct {
	Binding subjectRow `json:"binding"`
	Role    subjectRow `json:"role"`
}

func canAnswer(view *kube.Cluster, id access.Identity, rights []access.Right) can {
	rules := answer.NewRules(view)
	said := can{
		Schema: "seaworthy/can/v1", Cluster: view.Info.Name, Subject: rowOfSubject(id.Subject), Groups: filled(id.Groups),
		Everything: id.Masters(), Rights: []canRow{}, Dangling: []grantRef{}, limits: limitsOf(view, answer.Reaching(view, id)),
	}
	for _, r := range rights {
		row := canRow{r.Namespace, r.Group, r.Resource, filled(r.Names), r.Path, r.Verbs, answer.Void(r), nil}
		for _, g := range r.Grants {
			row.Grants = append(row.Grants, rowOfGrant(rules, g))
		}
		said.Rights = append(said.Rights, row)
	}
	for _, b := range answer.Dangling(view, id) {
		said.Dangling = append(said.Dangling, grantRef{rowOfRef(b.Ref), rowOfRef(b.Role)})
	}
	return said
}

func printCan(s *streams, view *kube.Cluster, id access.Identity, rights []access.Right) error {
	l := limitsOf(view, answer.Reaching(view, id))
	for _, text := range append(answer.Identity(view, id, rights, l.Limits), "") {
		if _, err := fmt.Fprintln(s.out, text); err != nil {
			return err
		}
	}
	if err := printRights(s, view, id, rights); err != nil {
		return err
	}
	return l.tell(s, view, answer.Dangles(answer.Dangling(view, id))...)
}

// printRights prints what somebody can do, and then what they share with
// everybody.
func printRights(s *streams, view *kube.Cluster, id access.Identity, rights []access.Right) error {
	var own, shared []rightsRow
	for _, row := range answer.Together(rights) {
		if row.Own(id) {
			own = append(own, rightsRow{row})
		} else {
			shared = append(shared, rightsRow{row})
		}
	}
	rules := answer.NewRules(view)
	w := newTable()
	for _, part := range []struct {
		title string
		rows  []rightsRow
	}{{"", own}, {"As everybody in the same groups of the server:\n", shared}} {
		if len(part.rows) == 0 {
			continue
		}
		_, _ = fmt.Fprint(w, part.title)
		_, _ = fmt.Fprintln(w, "WHERE\tVERBS\tWHAT\tBINDING\tROLE\tRULE")
		for _, row := range part.rows {
			row.print(w, rules, id)
		}
		_, _ = fmt.Fprintln(w)
	}
	return w.print(s)
}

// rightsRow is rights to several things that the same rules give.
type rightsRow struct{ answer.Rights }

// whatWidth is how wide the column of resources gets, in cells, where their names are
// shorter.
const whatWidth = 52

// print prints a row, in as many lines as its resources or its rules take.
func (r rightsRow) print(w io.Writer, rules *answer.Rules, id access.Identity) {
	where, verbs := answer.Where(r.Namespace, r.Names), printable.Text(strings.Join(r.Verbs, ","))
	if void := answer.Void(r.Right); void != "" {
		verbs += " (void: " + void + ")"
	}
	what := style.Wrap(strings.Join(r.What, ", "), whatWidth)
	for i := range max(len(what), len(r.Grants)) {
		line := ""
		if i < len(what) {
			line = what[i]
		}
		binding, role, rule := "", "", ""
		if i < len(r.Grants) {
			g := r.Grants[i]
			if binding = answer.Ref(g.Binding.Ref); g.Subject != id.Subject {
				binding += " (" + printable.Text(answer.Subject(g.Subject)) + ")"
			}
			role, rule = answer.Ref(g.Binding.Role), fmt.Sprint(g.Rule+1)+rules.From(g)
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", where, verbs, line, binding, role, rule)
		where, verbs = "", ""
	}
}
