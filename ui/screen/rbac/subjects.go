package rbac

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

func subjectColumns() []column {
	return []column{
		costColumn(),
		text("subject", "SUBJECT", 18, 32, 64, 10),
		number("bindings", "BINDINGS", 8, 8),
		text("where", "WHERE", 10, 20, 32, 6),
		text("roles", "ROLES", 16, 36, widget.Unlimited, 7),
	}
}

// held is what bindings give to one subject by its own name.
type held struct {
	bindings   int
	wide       bool // one of them is a ClusterRoleBinding
	namespaces []string
	roles      []string // some of them
}

// namedMost is how many roles are named.
const namedMost = 6

func (h *held) add(b *access.Binding) {
	h.bindings++
	if b.Wide() {
		h.wide = true
	} else if !slices.Contains(h.namespaces, b.Ref.Namespace) && len(h.namespaces) < namedMost {
		h.namespaces = append(h.namespaces, b.Ref.Namespace)
	}
	if role := answer.Ref(b.Role); len(h.roles) < namedMost && !slices.Contains(h.roles, role) {
		h.roles = append(h.roles, role)
	}
}

// where says where the bindings count.
func (h *held) where() string {
	switch {
	case h.wide:
		return "everywhere"
	case len(h.namespaces) == namedMost:
		return fmt.Sprintf("%d namespaces or more", namedMost)
	}
	return printable.Text(strings.Join(h.namespaces, ", "))
}

// subjects lists everybody whom a binding names, and every ServiceAccount.
func subjects(ctx context.Context, in inputs) *sheet {
	made := &sheet{in: in, title: "Subjects", empty: "no binding names anybody, and there is no ServiceAccount"}
	of := map[access.Subject]*held{}
	for _, b := range access.Of(in.view).Bindings {
		var last access.Subject
		for _, s := range b.Subjects {
			if s.Subject == last {
				continue
			}
			last = s.Subject
			if of[last] == nil {
				of[last] = &held{}
			}
			of[last].add(b)
		}
	}
	for i, s := range access.Subjects(in.view) {
		if i%chunk == 0 && ctx.Err() != nil {
			return nil
		}
		h := of[s]
		if h == nil {
			h = &held{}
		}
		key := answer.Subject(s)
		made.rows = append(made.rows, subjectRow(key, s, []cell{
			in.attack.cost(s), word(printable.Text(key), plain), counted(h.bindings, muted),
			word(h.where(), muted), word(strings.Join(h.roles, ", "), muted),
		}))
	}
	all := func(*access.Binding) bool { return true }
	made.notes = answer.LimitsOf(in.view, all).Lines()
	return made
}
