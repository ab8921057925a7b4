package score

import "sync"

// few is how many findings of a subject are compared with each other. Nearly all
// subjects have less; but whoever may write a workload may give it twenty thousand
// containers, and a third of a million findings.
const few = 64

// about is what is found of one subject.
type about struct {
	findings []*Finding
	crowd    func() *crowd // nil if they are few
}

func aboutOf(findings []*Finding) *about {
	a := &about{findings: findings}
	if len(findings) > few {
		a.crowd = sync.OnceValue(func() *crowd { return crowdOf(findings) })
	}
	return a
}

// site is where a rule fails: at a container, or "" for the subject as a whole.
type site struct{ rule, container string }

// causes counts the findings of one subject that may imply others.
type causes struct {
	anywhere map[string]int // by rule
	at       map[site]int
}

func causesOf(findings []*Finding, gone func(*Finding) bool) *causes {
	c := &causes{anywhere: map[string]int{}, at: map[site]int{}}
	for _, f := range findings {
		if !gone(f) {
			c.anywhere[f.Rule.ID]++
			c.at[site{f.Rule.ID, f.Container}]++
		}
	}
	return c
}

// of returns how many causes a finding has: its rule fails at the same container or for
// the subject as a whole, or anywhere if the finding is of the whole.
func (c *causes) of(f *Finding) int {
	if f.Container == "" {
		return c.anywhere[f.Implied]
	}
	return c.at[site{f.Implied, ""}] + c.at[site{f.Implied, f.Container}]
}

// crowd is the findings of a subject with very many, by what removing one of them asks.
type crowd struct {
	causes  *causes
	open    map[check]int
	implied map[site][]*Finding   // what is not accepted, by the rule that implies it and its own container
	all     map[string][]*Finding // the same by the rule alone
}

func crowdOf(findings []*Finding) *crowd {
	c := &crowd{
		causes: causesOf(findings, func(*Finding) bool { return false }), open: map[check]int{},
		implied: map[site][]*Finding{}, all: map[string][]*Finding{},
	}
	for _, f := range findings {
		switch {
		case f.Open():
			c.open[checkOf(f.Placed)]++
		case f.Accepted == nil:
			c.implied[site{f.Implied, f.Container}] = append(c.implied[site{f.Implied, f.Container}], f)
			c.all[f.Implied] = append(c.all[f.Implied], f)
		}
	}
	return c
}

// freed returns the findings that one finding alone implies.
func (c *crowd) freed(cause *Finding) []*Finding {
	rule, whole := cause.Rule.ID, c.causes.at[site{cause.Rule.ID, ""}]
	var freed []*Finding
	add := func(findings []*Finding) {
		for _, f := range findings {
			if f != cause && c.causes.of(f) == 1 {
				freed = append(freed, f)
			}
		}
	}
	switch {
	case cause.Container == "" && whole == 1:
		add(c.all[rule])
	case cause.Container != "":
		if whole == 0 && c.causes.at[site{rule, cause.Container}] == 1 {
			add(c.implied[site{rule, cause.Container}])
		}
		if c.causes.anywhere[rule] == 1 {
			add(c.implied[site{rule, ""}])
		}
	}
	return freed
}

// without is [ledger.without] for one finding.
func (c *crowd) without(f *Finding) map[check]int {
	own, delta := checkOf(f.Placed), map[check]int{}
	for _, other := range c.freed(f) {
		if now := checkOf(other.Placed); c.open[now] == 0 {
			delta[now] = 1
		} else if now == own {
			own = check{} // the subject fails it all the same
		}
	}
	if f.Open() && c.open[own] == 1 {
		delta[own]--
	}
	return delta
}
