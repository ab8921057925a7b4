package answer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// Unseen is something that an answer would have to know and does not. Namespace is
// "" for all.
type Unseen struct {
	Resource  string `json:"resource"`
	Namespace string `json:"namespace"`
	Verb      string `json:"verb"` // what would have to be allowed
	Reason    string `json:"reason"`
}

// Limits are what keeps an answer from being the whole truth. Every answer has
// them. As JSON they are a part of the answers for programs.
type Limits struct {
	Complete bool     `json:"complete"`
	Unseen   []Unseen `json:"unseen"`
	Outside  []string `json:"outside"` // who may do things that no role says

	blind    []string // the resources among the unseen, for people
	awaited  []string // those that are still being read
	bindings []*access.Binding
	offline  bool
}

// LimitsOf returns the limits of an answer that bindings matter to of which counts
// is true.
func LimitsOf(view *kube.Cluster, counts func(*access.Binding) bool) Limits {
	unseen := access.UnseenOf(view)
	unseen.Bindings = slices.DeleteFunc(unseen.Bindings, func(b *access.Binding) bool { return !counts(b) })
	l := Limits{
		Complete: unseen.None() && !view.Info.Offline, Unseen: []Unseen{}, Outside: outside(view),
		bindings: unseen.Bindings, offline: view.Info.Offline,
	}
	for _, state := range unseen.States {
		l.add(state)
	}
	for _, b := range unseen.Bindings {
		l.Unseen = append(l.Unseen, Unseen{
			kube.ClusterRoles.String(), b.Role.Namespace, "get",
			fmt.Sprintf("%s gives %s, whose rules are not known", b.Ref, b.Role),
		})
		if b.Role.Kind == kube.Roles.Kind {
			l.Unseen[len(l.Unseen)-1].Resource = kube.Roles.String()
		}
	}
	return l
}

// AlsoOf returns the limits with what else of some resources could not be read.
func (l Limits) AlsoOf(view *kube.Cluster, resources []kube.Resource) Limits {
	for _, state := range view.States() {
		told := slices.ContainsFunc(l.Unseen, func(u Unseen) bool {
			return u.Resource == state.Resource.String() && u.Namespace == state.Namespace
		})
		if !told && state.Blind() && slices.Contains(resources, state.Resource) {
			l.Complete = false
			l.add(state)
		}
	}
	return l
}

// add says that a resource could not be read.
func (l *Limits) add(state kube.State) {
	verb := state.Verb
	if verb == "" {
		verb = "list"
	}
	l.Unseen = append(l.Unseen, Unseen{state.Resource.String(), state.Namespace, verb, state.Reason})
	where := ""
	if state.Namespace != "" {
		where = " in " + state.Namespace
	}
	if !state.Settled() {
		l.awaited = append(l.awaited, state.Resource.String()+where)
		return
	}
	l.blind = append(l.blind, fmt.Sprintf("%s%s (%s)", state.Resource, where, cmp.Or(state.Reason, state.Phase.String())))
}

// Lines says the limits in sentences, what matters most first.
func (l Limits) Lines() []string {
	var lines []string
	if len(l.awaited) > 0 {
		lines = append(lines, printable.Text("Not read yet: "+Some(l.awaited, 3)+". There may be more than is listed."))
	}
	for _, text := range l.blind {
		lines = append(lines, printable.Text("Not seen: "+text+". There may be more than is listed."))
	}
	if n := len(l.bindings); n > 0 {
		give, example := "what one binding gives", ""
		if n > 1 {
			give, example = fmt.Sprintf("what %d bindings give", n), "such as "
		}
		lines = append(lines, printable.Text(fmt.Sprintf("Not known: %s, as the rules were not seen: %s%s to %s. There may be more than is listed.",
			give, example, l.bindings[0].Ref, l.bindings[0].Role)))
	}
	if l.offline {
		lines = append(lines, "Not seen: what the cluster has beside these files.")
	}
	return append(lines, "Beside RBAC: "+strings.Join(l.Outside, "; ")+".")
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

// Unreadable says that no binding at all could be read, so that nothing is known of
// who can do what; "" if some could. It names what would have to be allowed.
func Unreadable(view *kube.Cluster) string {
	reasons := map[kube.Resource]string{}
	for _, state := range access.UnseenOf(view).States {
		reasons[state.Resource] = state.Reason
	}
	wide, blindToWide := reasons[kube.ClusterRoleBindings]
	_, blindToNarrow := reasons[kube.RoleBindings]
	if blindToWide && blindToNarrow && view.RoleBindings.Len() == 0 {
		return printable.Text("no binding could be read, so nothing is known of who can do what: " + wide)
	}
	return ""
}
