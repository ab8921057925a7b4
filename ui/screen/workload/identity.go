package workload

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// rulesMost is how many rules of a role are told.
const rulesMost = 4

// account returns who the pods run as.
func (f *facts) account() access.Subject {
	return access.ServiceAccount(f.workload.Ref.Namespace, f.workload.ServiceAccount()).Subject
}

// tellIdentity tells who the pods run as, and what that may do.
func (f *facts) tellIdentity() []entry {
	c, w := f.in.shown.Cluster, f.workload
	namespace, account := w.Ref.Namespace, w.ServiceAccount()
	entries := []entry{{text: "ServiceAccount " + account, tone: heading}}
	held, exists := c.ServiceAccounts.Get(namespace, account)
	if _, blind := c.Blind(kube.ServiceAccounts, namespace); !exists && !blind && account != "default" {
		entries = append(entries, entry{text: "there is no such ServiceAccount: no pod can be made", tone: doubtful})
	}
	mounted := w.Pod.Spec.AutomountServiceAccountToken
	if exists {
		mounted = first(mounted, held.AutomountServiceAccountToken)
	}
	token := entry{label: "token", text: "mounted into every container", tone: doubtful}
	if mounted != nil && !*mounted {
		token.text, token.tone = "not mounted", well
	}
	entries = append(entries, token)
	if others := len(c.WorkloadsRunningAs(namespace, account)) - 1; others > 0 {
		entries = append(entries, entry{label: "shared", text: "with " + screen.Plural(others, "other workload"), tone: doubtful})
	}
	entries = append(append(entries, blank()), f.grants()...)
	if found := screen.EnginesFound(f.in.shown, f.home, w.Ref); len(found) > 0 {
		entries = append(entries, blank(), entry{text: "What policy engines found", tone: heading})
		for _, text := range found {
			entries = append(entries, entry{text: text, tone: doubtful})
		}
	}
	return entries
}

// grants tells which bindings reach the account: its own one by one, and how many it has
// as everybody has them.
func (f *facts) grants() []entry {
	c := f.in.shown.Cluster
	id := access.ServiceAccount(f.workload.Ref.Namespace, f.workload.ServiceAccount())
	var entries []entry
	own, common := 0, 0
	seen := map[*access.Binding]bool{}
	for s, b := range access.Of(c).GrantsOf(id) {
		switch {
		case seen[b]:
			continue
		case s.Everybody():
			common++
		default:
			if own++; own <= most {
				entries = append(entries, grant(s, b, id.Subject)...)
			}
		}
		seen[b] = true
	}
	title := entry{text: fmt.Sprintf("Grants (%d)", own), tone: heading}
	if own == 0 {
		entries = append(entries, entry{text: "none of its own", tone: well})
	}
	entries = append(append([]entry{title}, entries...), rest(own)...)
	if common > 0 {
		entries = append(entries, entry{text: fmt.Sprintf("and %d that everybody has", common), tone: faint})
	}
	if text := answer.Unreadable(c); text != "" {
		entries = append(entries, entry{text: "Not known: " + text, tone: doubtful})
	}
	return entries
}

// grant tells of one binding, and the first rules of its role.
func grant(by access.Subject, b *access.Binding, account access.Subject) []entry {
	where := "everywhere"
	if !b.Wide() {
		where = "in " + b.Ref.Namespace
	}
	text := fmt.Sprintf("%s  by %s, %s", b.Role.Short(), b.Ref.Short(), where)
	if by != account {
		text += ", as one of " + by.String()
	}
	entries := []entry{{label: "has", text: text}}
	switch b.Resolution {
	case access.Missing:
		return append(entries, entry{text: "there is no such role: it grants nothing until somebody makes one", tone: doubtful})
	case access.Unread:
		return append(entries, entry{text: "the role could not be read", tone: doubtful})
	case access.Resolved:
	}
	for i := range b.Rules[:min(rulesMost, len(b.Rules))] {
		entries = append(entries, entry{text: "  " + answer.Rule(&b.Rules[i]), tone: faint})
	}
	if more := len(b.Rules) - rulesMost; more > 0 {
		entries = append(entries, entry{text: fmt.Sprintf("  and %d more rules", more), tone: faint})
	}
	return entries
}
