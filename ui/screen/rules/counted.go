package rules

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// counted is what a rule did.
type counted struct {
	open, accepted, implied int // findings
	judged, failing         int // subjects
	unknown                 int // namespaces in which it could not judge everything
	why                     []blindness
	took                    time.Duration // in all
}

// blindness is why a rule could not judge, and in how many namespaces.
type blindness struct {
	why        string
	namespaces int
}

// counting counts in the background what all rules did in the newest assessment, of which
// each screen here shows a part.
type counting struct {
	ask   func() feed.Statistics // never waits
	taken func()                 // is called when there are other figures
	shown *score.Assessment
	did   map[string]*counted // by the ID of the rule; nil before it is counted
	work  *screen.Work
}

func newCounting(ask func() feed.Statistics, taken func()) *counting {
	c := &counting{ask: ask, taken: taken}
	c.work = screen.NewWork(c.prepare)
	return c
}

// show takes the newest assessment, and has it counted if it is another one.
func (c *counting) show(a *score.Assessment) {
	if c.shown != a || c.did == nil {
		c.shown = a
		c.work.Renew(screen.Many)
	}
}

func (c *counting) prepare() screen.Job {
	shown, ask, again := c.shown, c.ask, c.did != nil
	return func(ctx context.Context) func() {
		if again && !screen.Rest(ctx) {
			return nil
		}
		did := count(ctx, shown, ask())
		if did == nil {
			return nil
		}
		return func() {
			c.did = did
			c.taken()
		}
	}
}

// count goes through an assessment once, and returns what each rule did, by its ID; nil
// if the context ended.
func count(ctx context.Context, a *score.Assessment, figures feed.Statistics) map[string]*counted {
	all := map[string]*counted{}
	of := func(id string) *counted {
		if all[id] == nil {
			all[id] = &counted{}
		}
		return all[id]
	}
	for _, n := range a.Result.Namespaces {
		if ctx.Err() != nil {
			return nil
		}
		for _, t := range n.Tallies {
			c := of(t.Rule.ID)
			c.judged, c.failing = c.judged+t.Applicable, c.failing+t.Failing
			if t.Coverage < 1 {
				c.blind(t.Why)
			}
		}
		for _, f := range n.Findings {
			c := of(f.Rule.ID)
			switch {
			case f.Accepted != nil:
				c.accepted++
			case f.Implied != "":
				c.implied++
			default:
				c.open++
			}
		}
	}
	for _, t := range figures.Rules {
		of(t.Rule).took = t.Duration
	}
	for _, c := range all {
		slices.SortStableFunc(c.why, func(x, y blindness) int {
			return cmp.Or(cmp.Compare(y.namespaces, x.namespaces), strings.Compare(x.why, y.why))
		})
	}
	return all
}

// blind notes why the rule could not judge everything in a namespace.
func (c *counted) blind(why string) {
	c.unknown++
	i := slices.IndexFunc(c.why, func(b blindness) bool { return b.why == why })
	if i < 0 {
		c.why = append(c.why, blindness{why: why})
		i = len(c.why) - 1
	}
	c.why[i].namespaces++
}

// absent names those of some resources that the server has no API for. Of kinds that make
// pods only the built-in ones are in every cluster: where a rule judges those as well, it is
// no news that nobody installed another.
func absent(c *kube.Cluster, resources ...[]kube.Resource) []string {
	named := slices.Concat(resources...)
	var made []kube.Resource
	if slices.Contains(named, kube.Deployments) {
		made = kube.WorkloadResources()
	}
	var names []string
	for _, s := range c.States() {
		if s.Phase == kube.Absent && s.Namespace == "" && slices.Contains(named, s.Resource) && !slices.Contains(made, s.Resource) {
			names = append(names, s.Resource.String())
		}
	}
	return names
}
