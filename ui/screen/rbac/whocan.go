package rbac

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// firstQuestion is asked if the user has asked nothing yet: what is asked most.
const firstQuestion = "get secrets"

func whoCanColumns() []column {
	return []column{
		costColumn(),
		text("subject", "SUBJECT", 18, 30, 56, 10),
		text("where", "WHERE", 10, 16, 32, 5),
		text("binding", "BINDING", 12, 26, 40, 7),
		text("role", "ROLE", 14, 26, 40, 8),
		text("rule", "RULE", 18, 30, widget.Unlimited, 4),
	}
}

// whoCan answers a question.
func whoCan(ctx context.Context, in inputs) *sheet {
	made := &sheet{in: in, title: "Grants"}
	asking, err := answer.Parse(in.question)
	if err != nil {
		made.wrong = err
		return made
	}
	q, remarks, err := asking.Question(in.view)
	if err != nil {
		made.wrong = err
		return made
	}
	if unnamed := answer.Unnamed(in.view, q.Verb); unnamed != "" {
		remarks = append(remarks, unnamed)
	}
	l := answer.LimitsOf(in.view, q.Reaches)
	made.empty = answer.Nobody(l)
	holdings := access.Of(in.view).Who(q)
	rules, given := answer.NewRules(in.view), answer.Asked(q)
	keys := unique{}
	var subjects []access.Subject
	for i, h := range holdings {
		if i%chunk == 0 && ctx.Err() != nil {
			return nil
		}
		subjects = append(subjects, h.Subject)
		who := printable.Text(answer.Subject(h.Subject))
		cells := []cell{
			in.attack.cost(h.Subject), word(who, plain), word(where(h.Namespace, h.Names), muted),
			word(answer.Ref(h.Binding.Ref), muted), word(answer.Ref(h.Binding.Role), plain), word(rules.Describe(h.Grant, given), muted),
		}
		key := keys.of(fmt.Sprint(answer.Subject(h.Subject), "\x00", h.Binding.Ref, "\x00", h.Rule, "\x00", h.Namespace))
		made.rows = append(made.rows, subjectRow(key, h.Subject, cells))
		if in.expand && h.Subject.Kind == "Group" {
			made.rows = append(made.rows, members(in, key, h.Subject, cells)...)
		}
	}
	made.aside = summary(in, subjects)
	for _, remark := range remarks {
		made.notes = append(made.notes, "Note: "+printable.Text(remark)+".")
	}
	limits := l.Lines()
	beside := len(limits) - 1 // whoever needs no rule comes last
	made.notes = slices.Concat(made.notes, limits[:beside], answer.Groups(in.view, subjects), limits[beside:])
	return made
}

// where says in a column where a grant counts.
func where(namespace string, names []string) string {
	return strings.TrimPrefix(answer.Where(namespace, names), "namespace ")
}

// members are the rows of the ServiceAccounts that are in a group without being
// listed, as the row of the group has it.
func members(in inputs, key string, group access.Subject, cells []cell) []row {
	var rows []row
	for _, member := range access.Members(in.view, group) {
		own := append([]cell{}, cells...)
		own[0], own[1] = in.attack.cost(member), word("  "+printable.Text(answer.Subject(member)), muted)
		rows = append(rows, subjectRow(key+"\x00"+answer.Subject(member), member, own))
	}
	return rows
}

// subjectRow is a row that is about a subject.
func subjectRow(key string, s access.Subject, cells []cell) row {
	return row{
		key: key, cells: cells, about: about{subject: s, named: true},
		open: subjectAddress(s), paths: screen.PathsFrom(s),
	}
}

func subjectAddress(s access.Subject) nav.Address {
	return nav.Address{Screen: "rbac", Target: subjectTarget + answer.Subject(s)}
}

// summary says to how many subjects something is granted.
func summary(in inputs, subjects []access.Subject) string {
	distinct, groups, accounts := map[access.Subject]bool{}, 0, map[access.Subject]bool{}
	for _, s := range subjects {
		if distinct[s] {
			continue
		}
		distinct[s] = true
		if s.Kind != "Group" {
			continue
		}
		groups++
		for _, member := range access.Members(in.view, s) {
			accounts[member] = true
		}
	}
	parts := []string{screen.Plural(len(distinct), "subject")}
	if groups > 0 {
		parts = append(parts, screen.Plural(groups, "group")+" among them")
	}
	if len(accounts) > 0 {
		parts = append(parts, screen.Plural(len(accounts), "ServiceAccount")+" through groups")
	}
	return strings.Join(parts, ", ")
}

// unique tells keys apart that would be the same, such as those of a subject that a
// binding lists twice.
type unique map[string]int

func (u unique) of(key string) string {
	u[key]++
	if n := u[key]; n > 1 {
		return fmt.Sprintf("%s\x00%d", key, n)
	}
	return key
}
