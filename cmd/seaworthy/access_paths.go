package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

type pathsOptions struct {
	target  target
	format  string
	to      string
	taken   []string // bindings to do without
	exposed bool
	most    int
	ways    int
}

func newAccessPaths(s *streams) *cobra.Command {
	o := &pathsOptions{}
	c := &cobra.Command{
		Use:   "paths [SUBJECT]",
		Short: "Say how an attacker would get from a subject to the cluster",
		Long: `Say how an attacker would get from a subject to the cluster: step by step, with
the grant or the field that makes each step possible, and the few of them that
would have to go.

SUBJECT is jane, user:jane, group:devs or sa:NAMESPACE/NAME. Without one, the ways
begin at whatever is open to strangers, at any pod, and at every ServiceAccount,
user and group, but for those of the platform itself. A step is proven if it
follows from what the API server does, conditional if it takes a fact about
admission, a node or a cloud, and inferred if it is merely likely.

What would close the ways is told twice: the few changes that close most of them,
and the cheapest that close all. What a change costs is a judgement: 1 for a grant
to people, 3 for one to a workload, 5 for a Pod Security label, 8 for a change of a
workload. With --without it is told what taking bindings away would close, and
which way would be left.`,
		Example: `  seaworthy access paths
  seaworthy access paths sa:ci/runner --to secrets:payments
  seaworthy access paths --exposed --to node -o mermaid
  seaworthy access paths --without clusterrolebinding/ops --without rolebinding/ci/runner`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), s, args) },
	}
	o.target.addFlags(c)
	o.target.only = graph.Resources() // those of package access are among them
	f := c.Flags()
	f.StringVarP(&o.format, "output", "o", "text", "text, json, dot (Graphviz) or mermaid")
	f.StringVar(&o.to, "to", "cluster-admin", "cluster-admin, node, secrets:NAMESPACE or admin:NAMESPACE")
	f.StringArrayVar(&o.taken, "without", nil, "as if a binding were gone: clusterrolebinding/NAME or rolebinding/NAMESPACE/NAME; repeatable")
	f.BoolVar(&o.exposed, "exposed", false, "begin only where strangers and any pod do")
	f.IntVar(&o.most, "limit", 10, "how many starts to tell of, and how many changes that close all")
	f.IntVar(&o.ways, "ways", 1, "how many ways of each to tell, none of which shares a grant with another")
	completeValues(c, map[string][]string{
		"output": {"text", "json", "dot", "mermaid"}, "to": {"cluster-admin", "node", "secrets:", "admin:"},
	})
	return c
}

func (o *pathsOptions) run(ctx context.Context, s *streams, args []string) error {
	write, known := map[string]func(*streams, *attack) error{
		"text": writePathsText, "json": writePathsJSON, "dot": writePathsDot, "mermaid": writePathsMermaid,
	}[o.format]
	switch {
	case !known:
		return usagef("reading -o %s: paths are written as text, json, dot or mermaid", o.format)
	case o.most < 1 || o.ways < 1:
		return usagef("--limit and --ways are at least 1")
	case o.exposed && len(args) > 0:
		return usagef("%s and --exposed are two starts: name one", args[0])
	}
	var subject access.Subject
	if len(args) > 0 {
		var err error
		if subject, err = access.ParseSubject(args[0]); err != nil {
			return usagef("%w", err)
		}
	}
	view, err := loadBindings(ctx, s, &o.target)
	if err != nil {
		return err
	}
	m := paths.Of(view)
	targets, err := m.Target(o.to)
	if err != nil {
		return usagef("reading --to: %w", err)
	}
	starts := m.Starts()
	switch {
	case o.exposed:
		starts = m.Entries()
	case len(args) > 0:
		start, err := m.Start(subject)
		if err != nil {
			return usagef("%w", err)
		}
		starts = []int32{start}
	}
	a, err := o.attack(ctx, view, m, starts, targets)
	if err != nil {
		return err
	}
	return write(s, a)
}

// attack is what there is to tell of the ways from some starts to a target.
type attack struct {
	view   *kube.Cluster
	paths  *paths.Map
	to     string
	starts []int32
	open   int           // of which a way leads to the target
	told   [][]paths.Way // of some of these, easiest first, each with its further ways
	plan   []paths.Change
	cut    paths.Cut
	gone   *removal // nil where nothing is taken away
	limits limits
	most   int // how many of a list to tell of
}

// changes is how many choke points are looked for.
const changes = 5

func (o *pathsOptions) attack(ctx context.Context, view *kube.Cluster, m *paths.Map, starts, targets []int32) (*attack, error) {
	ways, gone, err := o.without(ctx, view, m, starts, targets)
	if err != nil {
		return nil, err
	}
	limits := limitsOf(view, func(*access.Binding) bool { return true }).alsoOf(view, graph.Resources())
	a := &attack{view: view, paths: m, to: o.to, starts: starts, gone: gone, limits: limits, most: o.most}
	easiest := ways.Easiest(starts)
	a.open = len(easiest)
	for _, start := range easiest[:min(len(easiest), o.most)] {
		best, _ := ways.Best(start)
		all := []paths.Way{best}
		if o.ways > 1 {
			if all, err = ways.Alternates(ctx, start, o.ways); err != nil {
				return nil, err
			}
		}
		a.told = append(a.told, all)
	}
	if a.plan, _, err = ways.Plan(ctx, view, starts, changes); err != nil {
		return nil, err
	}
	a.cut, err = ways.Cut(ctx, view, starts)
	return a, err
}

// hops yields every hop that is told of, each once, in order.
func (a *attack) hops() []graph.Edge {
	var all []graph.Edge
	seen := map[graph.Edge]bool{}
	for _, ways := range a.told {
		for _, way := range ways {
			for _, h := range way.Hops {
				if !seen[h.Edge] {
					seen[h.Edge] = true
					all = append(all, h.Edge)
				}
			}
		}
	}
	return all
}

// name is what a vertex is called, safe to print.
func (a *attack) name(v int32) string { return printable.Text(a.paths.Vertex(v).String()) }

// story tells a hop in one sentence, safe to print.
func (a *attack) story(h paths.Hop) string { return printable.Text(a.paths.Describe(h.Edge)) }

// heading says how many starts reach the target. What was not seen may hold more
// ways, so without it nothing sounds like a proof.
func (a *attack) heading() string {
	limited := ""
	if !a.limits.Complete {
		limited = " by what could be read"
	}
	from := fmt.Sprintf("%d starts", len(a.starts))
	if len(a.starts) == 1 {
		from = a.name(a.starts[0])
	}
	switch {
	case a.open == 0 && limited != "":
		return fmt.Sprintf("No way was found to %s from %s%s, which is no proof that there is none.", a.to, from, limited)
	case a.open == 0:
		return fmt.Sprintf("No way was found to %s from %s.", a.to, from)
	case len(a.starts) == 1:
		return fmt.Sprintf("%s reaches %s%s.", from, a.to, limited)
	case a.open == 1:
		return fmt.Sprintf("1 of %s reaches %s%s.", from, a.to, limited)
	}
	return fmt.Sprintf("%d of %s reach %s%s.", a.open, from, a.to, limited)
}
