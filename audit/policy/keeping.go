package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// judge returns, by namespace, the findings about exemptions themselves.
func (r *Reviewer) judge(c *kube.Cluster, all []*Exemption, now time.Time, chapters map[string]*chapter) map[string][]*audit.Placed {
	used := map[*Exemption]bool{}
	for _, chapter := range chapters {
		for _, e := range chapter.used {
			used[e] = true
		}
	}
	added := map[string][]*audit.Placed{}
	for _, e := range all {
		rule, message := r.fault(c, e, used[e], now, chapters)
		if rule == nil {
			continue
		}
		f := &audit.Placed{Place: &audit.Place{Subject: e.subject()}, Finding: &audit.Finding{
			Rule: rule, Category: hygiene, Severity: rule.Severity, Message: message, Detail: e.describe(),
		}}
		if !e.object.IsZero() {
			f.Path = fmt.Sprintf("metadata.annotations[%q]", Annotation)
		}
		if _, known := chapters[e.place()]; known {
			f.Namespace = e.place()
		}
		added[f.Namespace] = append(added[f.Namespace], f)
	}
	return added
}

// fault says what is wrong with an exemption; the rule is nil if nothing is.
func (r *Reviewer) fault(c *kube.Cluster, e *Exemption, used bool, now time.Time, chapters map[string]*chapter) (*audit.Rule, string) {
	switch {
	case e.outside(c):
		return nil, ""
	case e.expired(now):
		return r.expired, fmt.Sprintf("the exemption from %s ran out on %s", e.Rule, e.Expires.Format(time.DateOnly))
	case used:
		return nil, ""
	case e.wrong != "":
		return r.stale, "the exemption cannot be read"
	case literal(e.Rule) && !r.known[e.Rule]:
		return r.stale, fmt.Sprintf("the exemption is from %s, which is no rule", e.Rule)
	case r.unseen(c, e, chapters):
		return nil, ""
	}
	return r.stale, fmt.Sprintf("the exemption from %s matches nothing", e.Rule)
}

// outside reports whether an exemption is for namespaces that are not looked at.
func (e *Exemption) outside(c *kube.Cluster) bool {
	return c.Info.Scope != nil && literal(e.Namespace) && !slices.Contains(c.Info.Scope, e.Namespace)
}

// unseen reports whether an exemption that matches nothing might match what could
// not be seen, or was not judged.
func (r *Reviewer) unseen(c *kube.Cluster, e *Exemption, chapters map[string]*chapter) bool {
	if !slices.ContainsFunc(r.on, func(id string) bool { return matches(e.Rule, id) }) {
		return true // what it is for is not judged
	}
	if e.object.IsZero() {
		if c.Info.Offline || c.Info.Scope != nil && !literal(e.Namespace) {
			return true // there is more of the cluster than what was looked at
		}
		if _, known := chapters[e.Namespace]; literal(e.Namespace) && !known {
			_, blind := c.Blind(kube.Namespaces, "")
			return blind
		}
	}
	for namespace, chapter := range chapters {
		if len(chapter.blind) == 0 || !e.reaches(namespace) {
			continue
		}
		if slices.ContainsFunc(chapter.blind, func(id string) bool { return matches(e.Rule, id) }) {
			return true
		}
	}
	return false
}

// place returns the namespace in which an exemption itself is judged, "" for the
// cluster as a whole.
func (e *Exemption) place() string {
	if !e.object.IsZero() {
		return home(e.object)
	}
	if literal(e.Namespace) {
		return e.Namespace
	}
	return ""
}

// subject returns the object that bears the exemption. One of a file is called
// after where it is written.
func (e *Exemption) subject() kube.Ref {
	if !e.object.IsZero() {
		return e.object
	}
	return kube.Ref{Kind: "Exemption", Name: e.Origin}
}

// describe tells the exemption in full sentences.
func (e *Exemption) describe() string {
	if e.wrong != "" {
		return fmt.Sprintf("It is the %s, and exempts nothing: %s.", e.Origin, e.wrong)
	}
	text := fmt.Sprintf("It is written in %s. Its reason: %s.", e.Origin, strings.TrimSuffix(e.Reason, "."))
	if !e.object.IsZero() {
		text = fmt.Sprintf("It is an %s. Its reason: %s.", e.Origin, strings.TrimSuffix(e.Reason, "."))
	}
	if e.Owner != "" {
		text += fmt.Sprintf(" %s answers for it.", e.Owner)
	}
	return text
}

// tallied returns tallies with those of the rules about exemptions, of which
// there are a number, where hygiene is judged at all: a namespace does not
// become better because there is something to say about its exemptions.
func tallied(tallies []*audit.Tally, added []*audit.Placed, exemptions int) []*audit.Tally {
	if !slices.ContainsFunc(tallies, func(t *audit.Tally) bool { return t.Category == hygiene && t.Applicable > 0 }) {
		return tallies
	}
	tallies = slices.Clone(tallies)
	for _, f := range added {
		at := slices.IndexFunc(tallies, func(t *audit.Tally) bool { return t.Rule == f.Rule })
		if at < 0 {
			at = len(tallies)
			tallies = append(tallies, &audit.Tally{Rule: f.Rule, Category: hygiene, Applicable: exemptions, Coverage: 1})
		}
		t := *tallies[at] // which other namespaces may share
		t.Failing++
		tallies[at] = &t
	}
	slices.SortStableFunc(tallies, func(a, b *audit.Tally) int {
		return cmp.Or(strings.Compare(a.Category, b.Category), strings.Compare(a.Rule.ID, b.Rule.ID))
	})
	return tallies
}
