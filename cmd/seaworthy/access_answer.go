package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// subjectRow is a subject as -o json has it.
type subjectRow struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

func rowOfSubject(s access.Subject) subjectRow { return subjectRow{s.Kind, s.Namespace, s.Name} }

func rowOfRef(r kube.Ref) subjectRow { return subjectRow{r.Kind, r.Namespace, r.Name} }

// grantedRule is a rule and its place in the role. Sources are the ClusterRoles from
// which an aggregated one has it.
type grantedRule struct {
	Index           int      `json:"index"` // from 0
	Verbs           []string `json:"verbs"`
	APIGroups       []string `json:"apiGroups"`
	Resources       []string `json:"resources"`
	ResourceNames   []string `json:"resourceNames"`
	NonResourceURLs []string `json:"nonResourceURLs"`
	Sources         []string `json:"sources"`
}

// grantRow is why somebody can do something.
type grantRow struct {
	Subject subjectRow  `json:"subject"`
	Binding subjectRow  `json:"binding"`
	Role    subjectRow  `json:"role"`
	Rule    grantedRule `json:"rule"`
}

func rowOfGrant(view *kube.Cluster, g access.Grant) grantRow {
	rule := g.Binding.Rules[g.Rule]
	return grantRow{rowOfSubject(g.Subject), rowOfRef(g.Binding.Ref), rowOfRef(g.Binding.Role), grantedRule{
		g.Rule, filled(rule.Verbs), filled(rule.APIGroups), filled(rule.Resources), filled(rule.ResourceNames),
		filled(rule.NonResourceURLs), filled(sourcesOf(view, g)),
	}}
}

// sourcesOf are the ClusterRoles from which an aggregated role has a rule.
func sourcesOf(view *kube.Cluster, g access.Grant) []string {
	if g.Binding.Role.Kind != kube.ClusterRoles.Kind {
		return nil
	}
	return access.Sources(view, g.Binding.Role.Name, g.Rule)
}

// filled makes a list that programs read as one also if it is empty.
func filled(list []string) []string { return append([]string{}, list...) }

// unseenRow is something that the answer would have to know and does not.
type unseenRow struct {
	Resource  string `json:"resource"`
	Namespace string `json:"namespace"`
	Verb      string `json:"verb"`
	Reason    string `json:"reason"`
}

// limits are what keeps an answer from being the whole truth. Every answer has
// them.
type limits struct {
	Complete bool        `json:"complete"`
	Unseen   []unseenRow `json:"unseen"`
	Outside  []string    `json:"outside"`

	blind    []string // the resources among them, for people
	bindings []*access.Binding
}

// limitsOf returns the limits of an answer that bindings matter to of which counts
// is true.
func limitsOf(view *kube.Cluster, counts func(*access.Binding) bool) limits {
	unseen := access.UnseenOf(view)
	unseen.Bindings = slices.DeleteFunc(unseen.Bindings, func(b *access.Binding) bool { return !counts(b) })
	l := limits{Complete: unseen.None() && !view.Info.Offline, Unseen: []unseenRow{}, Outside: outside(view), bindings: unseen.Bindings}
	for _, state := range unseen.States {
		l.add(state)
	}
	for _, b := range unseen.Bindings {
		l.Unseen = append(l.Unseen, unseenRow{
			kube.ClusterRoles.String(), b.Role.Namespace, "get",
			fmt.Sprintf("%s gives %s, whose rules are not known", b.Ref, b.Role),
		})
		if b.Role.Kind == kube.Roles.Kind {
			l.Unseen[len(l.Unseen)-1].Resource = kube.Roles.String()
		}
	}
	return l
}

// alsoOf adds what else of some resources could not be read.
func (l limits) alsoOf(view *kube.Cluster, resources []kube.Resource) limits {
	for _, state := range view.States() {
		told := slices.ContainsFunc(l.Unseen, func(row unseenRow) bool {
			return row.Resource == state.Resource.String() && row.Namespace == state.Namespace
		})
		if !told && state.Blind() && slices.Contains(resources, state.Resource) {
			l.Complete = false
			l.add(state)
		}
	}
	return l
}

// add says that a resource could not be read.
func (l *limits) add(state kube.State) {
	verb := state.Verb
	if verb == "" {
		verb = "list"
	}
	l.Unseen = append(l.Unseen, unseenRow{state.Resource.String(), state.Namespace, verb, state.Reason})
	where := ""
	if state.Namespace != "" {
		where = " in " + state.Namespace
	}
	l.blind = append(l.blind, fmt.Sprintf("%s%s (%s)", state.Resource, where, state.Reason))
}

// outside says who may do things that no role says. Where the nodes tell whose cloud
// they are of, that is named.
func outside(view *kube.Cluster) []string {
	said := []string{
		"members of the group " + access.GroupMasters + " may do everything, whatever the rules say",
		"the Node authorizer lets each kubelet at its own node and at what the pods on it use",
	}
	cloud := ""
	for node := range view.Nodes.All() {
		provider, _, _ := strings.Cut(node.Spec.ProviderID, ":")
		switch provider {
		case "aws":
			cloud = "the access entries of EKS"
		case "gce":
			cloud = "Google Cloud IAM"
		case "azure":
			cloud = "Azure RBAC"
		}
		if cloud != "" {
			break
		}
	}
	if cloud == "" {
		return append(said, "a webhook or a cloud's own authorizer may allow more, if the API server has one")
	}
	return append(said, cloud+" may allow more, and so may a webhook")
}

// tell says the limits of an answer: below the table, once, after other remarks.
func (l limits) tell(s *streams, view *kube.Cluster, lines ...string) error {
	for _, text := range l.blind {
		lines = append(lines, "Not seen: "+text+". There may be more than is listed.")
	}
	if n := len(l.bindings); n > 0 {
		give, example := "what one binding gives", ""
		if n > 1 {
			give, example = fmt.Sprintf("what %d bindings give", n), "such as "
		}
		lines = append(lines, fmt.Sprintf("Not known: %s, as the rules were not seen: %s%s to %s. There may be more than is listed.",
			give, example, l.bindings[0].Ref, l.bindings[0].Role))
	}
	if view.Info.Offline {
		lines = append(lines, "Not seen: what the cluster has beside these files.")
	}
	lines = append(lines, "Beside RBAC: "+strings.Join(l.Outside, "; ")+".")
	for _, line := range lines {
		for i, part := range style.Wrap(line, page) {
			if i > 0 {
				part = "  " + part
			}
			if _, err := fmt.Fprintln(s.out, part); err != nil {
				return err
			}
		}
	}
	return nil
}

// describeRule writes a rule in one line: its place, counted from 1, and what it
// says. Of many resources or paths those are named that asked is true of.
func describeRule(view *kube.Cluster, g access.Grant, asked func(string) bool) string {
	rule := g.Binding.Rules[g.Rule]
	what := rule.NonResourceURLs
	if len(rule.Resources) > 0 {
		what = rule.Resources
	}
	matched := slices.DeleteFunc(slices.Clone(what), func(w string) bool { return !asked(w) })
	more := len(what) - len(matched)
	if len(rule.Resources) > 0 && len(rule.APIGroups) > 0 && !slices.Contains(rule.APIGroups, "") {
		for i, resource := range matched {
			matched[i] = qualified(rule.APIGroups[0], resource)
		}
	}
	text := fmt.Sprintf("%d: %s %s", g.Rule+1, short(rule.Verbs, 8), short(matched, 3))
	if more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if len(rule.ResourceNames) > 0 {
		text += " named " + short(rule.ResourceNames, 3)
	}
	return printable.Text(text + describeSources(view, g))
}

// describeSources says where an aggregated role has a rule from.
func describeSources(view *kube.Cluster, g access.Grant) string {
	from := sourcesOf(view, g)
	if len(from) == 0 {
		return ""
	}
	return " (from " + strings.Join(from, ", ") + ")"
}

// shortSubject writes a subject as the commands take it: "sa:ci/runner".
func shortSubject(s access.Subject) string {
	switch s.Kind {
	case rbacv1.ServiceAccountKind:
		return printable.Text("sa:" + s.Namespace + "/" + s.Name)
	case rbacv1.GroupKind:
		return printable.Text("group:" + s.Name)
	}
	return printable.Text("user:" + s.Name)
}

// shortRef writes a binding or role where its kind is clear: one in a namespace is a
// RoleBinding or Role, the others are those of the cluster.
func shortRef(r kube.Ref) string {
	if r.Namespace == "" {
		return printable.Text(r.Name)
	}
	return printable.Text(r.Namespace + "/" + r.Name)
}

// qualified names a resource with its group, as kubectl does: the subresource comes
// last there.
func qualified(group, resource string) string {
	plural, subresource, divided := strings.Cut(resource, "/")
	if group != "" {
		plural += "." + group
	}
	if plural == "*.*" {
		plural = "*"
	}
	if divided {
		plural += "/" + subresource
	}
	return plural
}

// short joins a list, of which it names no more than some.
func short(list []string, most int) string {
	if len(list) <= most+1 {
		return strings.Join(list, ",")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ","), len(list)-most)
}

// writeJSON writes an answer for programs.
func writeJSON(s *streams, answer any) error {
	encoder := json.NewEncoder(s.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(answer)
}

// expandGroups says which ServiceAccounts are in the groups among some subjects,
// one line a group.
func expandGroups(view *kube.Cluster, subjects []access.Subject) []string {
	var lines []string
	told := map[access.Subject]bool{}
	for _, s := range subjects {
		if s.Kind != rbacv1.GroupKind || told[s] {
			continue
		}
		told[s] = true
		members := access.Members(view, s)
		names := make([]string, len(members))
		for i, m := range members {
			names[i] = m.Namespace + "/" + m.Name
		}
		also := ""
		switch {
		case s.Name == access.GroupAuthenticated:
			also = "everybody who has proved who they are, "
		case s.Name == access.GroupUnauthenticated:
			lines = append(lines, shortSubject(s)+" is everybody who has not said who they are.")
			continue
		case s.HomeNamespace() == "" && s.Name != access.GroupServiceAccounts:
			continue
		}
		lines = append(lines, fmt.Sprintf("%s is %s%d ServiceAccounts: %s.", shortSubject(s), also, len(names), strings.ReplaceAll(short(names, 5), ",", ", ")))
	}
	slices.Sort(lines)
	return lines
}

// table is columns that become as wide as they must.
type table struct {
	*tabwriter.Writer
	text *bytes.Buffer
}

func newTable() table {
	text := &bytes.Buffer{}
	return table{tabwriter.NewWriter(text, 0, 0, 2, ' ', 0), text}
}

// print prints the table without the blanks that pad its last columns.
func (t table) print(s *streams) error {
	if err := t.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(t.text.String()) {
		if _, err := fmt.Fprintln(s.out, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}
