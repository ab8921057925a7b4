package ui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/palette"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/rbac"
)

// findable is what the palette finds things in. It is put together where the root
// lives, and read in the background: nothing in it changes.
type findable struct {
	bindings   []keymap.Binding // that mean something on the shown screen
	categories []audit.Category
	assessed   *score.Assessment // nil before there is one
	contexts   Contexts          // nil where there is nothing else to look at
}

// source is where the palette has things of one kind from.
type source struct {
	kind palette.Kind
	// items returns them in the order in which they stand before anything is typed; less
	// than all if the context has ended.
	items func(ctx context.Context, in findable) []palette.Item
	// choose does what choosing one means.
	choose func(m *Model, chosen palette.Item) tea.Cmd
}

// sources are what the palette finds. To have it find things of another kind, add a
// line, and the kind to package palette.
func sources() []source {
	return []source{
		{palette.Command, commandItems, (*Model).runItem},
		{palette.Screen, screenItems, opens(func(i palette.Item) string { return i.Target })},
		{palette.Context, contextItems, (*Model).lookAtItem},
		{palette.Namespace, namespaceItems, opens(func(i palette.Item) string { return nav.Address{Screen: "ns", Target: i.Text}.String() })},
		{palette.Rule, ruleItems, opens(func(i palette.Item) string { return nav.Address{Screen: "rule", Target: i.Text}.String() })},
		{palette.Object, objectItems, opens(openObject)},
	}
}

// opens returns what opens the address of an item.
func opens(address func(palette.Item) string) func(*Model, palette.Item) tea.Cmd {
	return func(m *Model, chosen palette.Item) tea.Cmd {
		m.open(address(chosen))
		return nil
	}
}

// commandItems are the bindings that mean something here, with their keys, so that
// the palette teaches them, and what can be typed behind a colon.
func commandItems(_ context.Context, in findable) []palette.Item {
	var items []palette.Item
	for _, b := range in.bindings {
		items = append(items, palette.Item{Kind: palette.Command, Text: b.Help, Aside: b.Labels(), Target: string(b.ID)})
	}
	for _, c := range commands() {
		items = append(items, palette.Item{Kind: palette.Command, Text: c.help, Aside: ":" + c.usage(), Target: ":" + c.name})
	}
	return items
}

// runItem does what a command means: what its key would, or it is typed as far as it
// is known.
func (m *Model) runItem(chosen palette.Item) tea.Cmd {
	if chosen.Target[0] != ':' {
		return m.do(keymap.ID(chosen.Target))
	}
	c, _ := commandOf(chosen.Target[1:])
	if !c.needs() {
		return m.runCommand(c, "")
	}
	m.startCommand()
	m.commandLine.SetValue(c.name + " ")
	return nil
}

// places are the addresses that can be named without knowing the cluster.
func places() []string {
	var all []string
	for _, r := range routes() {
		if r.target == "" {
			all = append(all, r.name)
		}
	}
	for _, view := range rbac.Views() {
		all = append(all, "rbac/"+view)
	}
	known, err := framework.All()
	if err != nil { // the screen of frameworks says so
		return all
	}
	for _, f := range known {
		all = append(all, nav.Address{Screen: "framework", Target: f.ID}.String())
	}
	return all
}

func screenItems(context.Context, findable) []palette.Item {
	var items []palette.Item
	for _, address := range places() {
		items = append(items, palette.Item{Kind: palette.Screen, Text: address, Target: address})
	}
	return items
}

// contextItems are the clusters and recordings that can be looked at. Why there are not
// more, their own screen says.
func contextItems(ctx context.Context, in findable) []palette.Item {
	if in.contexts == nil {
		return nil
	}
	list, _ := in.contexts.List(ctx)
	var items []palette.Item
	for _, d := range list {
		items = append(items, palette.Item{Kind: palette.Context, Text: d.Name, Aside: d.Kind.String(), Target: d.ID})
	}
	return items
}

func (m *Model) lookAtItem(chosen palette.Item) tea.Cmd {
	m.look(chosen.Target)
	return nil
}

func namespaceItems(_ context.Context, in findable) []palette.Item {
	if in.assessed == nil {
		return nil
	}
	var items []palette.Item
	for _, n := range in.assessed.Namespaces {
		aside := ""
		if n.Scored {
			aside = n.Grade
		}
		items = append(items, palette.Item{Kind: palette.Namespace, Text: n.Name, Aside: aside})
	}
	return items
}

func ruleItems(_ context.Context, in findable) []palette.Item {
	var items []palette.Item
	for _, c := range in.categories {
		for _, r := range c.Rules {
			items = append(items, palette.Item{Kind: palette.Rule, Text: r.ID, Aside: r.Severity.String()})
		}
	}
	return items
}

// unnamed reports whether objects of a resource are only found if they have findings:
// there are many, and others own them or people do not look for them by name.
func unnamed(r kube.Resource) bool {
	return r.Page() != "" || slices.Contains(append(kube.Records(),
		kube.Namespaces, kube.Pods, kube.ReplicaSets, kube.EndpointSlices, kube.Events, kube.PodMetrics, kube.NodeMetrics,
	), r)
}

// objectItems are the objects that have a name of their own, and whatever else has
// findings.
func objectItems(ctx context.Context, in findable) []palette.Item {
	if in.assessed == nil {
		return nil
	}
	var items []palette.Item
	for _, r := range kube.Resources() {
		if unnamed(r) || ctx.Err() != nil {
			continue
		}
		for _, o := range in.assessed.Cluster.Objects(r) {
			ref := r.Ref(o.GetNamespace(), o.GetName())
			kind := ref.Kind
			if r == kube.Constraints { // nobody else knows the kind
				kind += "." + r.Group
			}
			items = append(items, objectItem(kind, ref.Namespace, ref.Short()))
		}
	}
	seen := map[kube.Ref]bool{}
	for _, n := range in.assessed.Namespaces {
		for _, f := range n.Findings {
			r, held := kube.ResourceOf(f.Subject.Group, f.Subject.Kind)
			if held && !unnamed(r) || r == kube.Namespaces || seen[f.Subject] {
				continue
			}
			seen[f.Subject] = true
			items = append(items, objectItem(f.Subject.Kind, f.Subject.Namespace, f.Subject.Short()))
		}
	}
	return items
}

// objectItem is found by its namespace, the short name of its kind and its name.
func objectItem(kind, namespace, short string) palette.Item {
	text := short
	if namespace != "" {
		text = namespace + "/" + short
	}
	return palette.Item{Kind: palette.Object, Text: text, Aside: kind, Target: text[len(text)-len(short):]}
}

// openObject is the address of an object: a workload's own screen, or the object itself.
func openObject(i palette.Item) string {
	short, name, _ := strings.Cut(i.Target, "/")
	ref := kube.Ref{Kind: i.Aside, Name: name}
	if namespace := i.Text[:len(i.Text)-len(i.Target)]; namespace != "" {
		ref.Namespace = namespace[:len(namespace)-1]
	}
	for _, r := range kube.WorkloadResources() {
		if ref.Kind == r.Kind && short == r.Short { // Knative has Services, too
			return screen.WorkloadAddress(ref).String()
		}
	}
	address := screen.WorkloadAddress(ref) // which is KIND/[NAMESPACE/]NAME, too
	address.Screen = "object"
	return address.String()
}
