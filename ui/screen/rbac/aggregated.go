package rbac

import (
	"context"
	"fmt"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

func aggregatedColumns() []column {
	return []column{
		text("role", "CLUSTERROLE", 16, 28, 48, 10),
		number("rules", "RULES", 5, 8),
		number("bindings", "BOUND", 5, 7),
		text("gathers", "GATHERS", 20, 40, widget.Unlimited, 9),
		number("unchosen", "UNCHOSEN", 8, 6),
	}
}

// aggregated lists the aggregated ClusterRoles.
func aggregated(ctx context.Context, in inputs) *sheet {
	made := &sheet{in: in, title: "Aggregated ClusterRoles", empty: "no ClusterRole gathers the rules of others"}
	bound := map[string]int{}
	for _, b := range access.Of(in.view).Bindings {
		if b.Role.Kind == kube.ClusterRoles.Kind {
			bound[b.Role.Name]++
		}
	}
	rules := answer.NewRules(in.view)
	for role := range in.view.ClusterRoles.All() {
		if ctx.Err() != nil {
			return nil
		}
		if role.AggregationRule == nil {
			continue
		}
		parts := partsOf(in.view, rules, role)
		unchosen := word("", muted)
		if parts.unchosen > 0 {
			unchosen = counted(parts.unchosen, warning)
		}
		made.rows = append(made.rows, row{
			key: role.Name, about: about{role: parts, gathered: true},
			open:  nav.Address{Screen: "rbac", Target: roleTarget + role.Name},
			paths: screen.PathsFromObject(kube.ClusterRoles.Ref("", role.Name)),
			cells: []cell{
				word(printable.Text(role.Name), plain), counted(len(role.Rules), plain),
				counted(bound[role.Name], muted), word(strings.Join(parts.from, ", "), muted), unchosen,
			},
		})
	}
	if reason := unreadRoles(in.view); reason != "" {
		made.notes = []string{reason}
	}
	return made
}

// unreadRoles says that not all ClusterRoles are known, "" if they are.
func unreadRoles(view *kube.Cluster) string {
	state, blind := view.Blind(kube.ClusterRoles, "")
	switch {
	case !blind && view.Info.Offline:
		return "Not seen: what the cluster has beside these files."
	case !blind:
		return ""
	case !state.Settled():
		return "Not read yet: clusterroles. There may be more than is listed."
	}
	return printable.Text("Not seen: clusterroles (" + state.Reason + "). There may be more than is listed.")
}

// parts is where the rules of an aggregated ClusterRole come from, in words that are
// clean.
type parts struct {
	role     string
	from     []string // the ClusterRoles that it gathers
	rules    [][2]string
	unchosen int // rules that nothing chosen has
}

func partsOf(view *kube.Cluster, rules *answer.Rules, role *rbacv1.ClusterRole) parts {
	p := parts{role: printable.Text(role.Name)}
	for source := range access.Aggregated(view, role) {
		p.from = append(p.from, printable.Text(source.Name))
	}
	slices.Sort(p.from)
	ref := kube.ClusterRoles.Ref("", role.Name)
	for i := range role.Rules {
		from := "from " + printable.Text(strings.Join(rules.Sources(ref, i), ", "))
		if len(rules.Sources(ref, i)) == 0 {
			p.unchosen++
			from = "from nothing that it chooses: the controller manager will take it away"
		}
		p.rules = append(p.rules, [2]string{answer.Rule(&role.Rules[i]), from})
	}
	return p
}

// lines draws the rules of the role with where each is from.
func (p parts) lines(st *style.Styles, width int) []string {
	var lines []string
	add := func(look style.Style, indent int, text string) {
		for _, line := range style.Wrap(text, max(1, width-indent)) {
			lines = append(lines, style.Blanks(indent)+look.Render(line))
		}
	}
	switch {
	case len(p.rules) == 0 && len(p.from) == 0:
		add(st.Muted, 0, "It gathers nothing: no ClusterRole has the labels that it selects, and it has no rule.")
	case len(p.rules) == 0:
		add(st.Muted, 0, "It has no rule. As things are it would gather those of "+strings.Join(p.from, ", ")+".")
	}
	const indent = 4
	for i, rule := range p.rules {
		for n, line := range style.Wrap(rule[0], max(1, width-indent)) {
			number := style.Blanks(indent)
			if n == 0 {
				number = st.Title.Render(style.Fit(fmt.Sprintf("%2d.", i+1), indent, style.Left, st.Glyphs.Ellipsis))
			}
			lines = append(lines, number+st.Text.Render(line))
		}
		add(st.Muted, indent, rule[1])
	}
	return lines
}
