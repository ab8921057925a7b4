package incident

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// cluster is where something is that is in no one place.
const cluster = "cluster"

// cast is who takes part in a group.
type cast struct {
	v         *view
	g         *group
	workloads []*owner // the worst first
	objects   []kube.Ref
}

func newCast(v *view, g *group) *cast {
	c := &cast{v: v, g: g}
	objects, sweep := map[kube.Ref]bool{}, v.begin()
	for _, f := range g.facts {
		if !f.Workload.IsZero() && f.of.first(sweep) {
			c.workloads = append(c.workloads, f.of)
		}
		if !f.ofPod() && f.Object.Kind != kube.ReplicaSets.Kind || f.Workload.IsZero() {
			objects[f.Object] = true
		}
	}
	if len(objects) > 0 {
		for _, o := range c.workloads {
			delete(objects, o.ref)
		}
	}
	c.sort()
	c.objects = slices.SortedFunc(maps.Keys(objects), kube.CompareRefs)
	return c
}

// sort puts those workloads first of which nothing is left, or a smaller share.
func (c *cast) sort() {
	c.v.all() // gives them their places
	slices.SortFunc(c.workloads, func(x, y *owner) int {
		a, b := c.v.impact(x), c.v.impact(y)
		return cmp.Or(
			cmp.Compare(a.Severity(), b.Severity()),
			cmp.Compare(a.Available*max(b.Desired, 1), b.Available*max(a.Desired, 1)),
			cmp.Compare(b.Desired, a.Desired),
			cmp.Compare(x.place, y.place),
		)
	})
}

// members are all who are hit, with the Services that depend on them and that
// somebody found idle.
func (c *cast) members(idle map[kube.Ref]bool) []kube.Ref {
	all, objects := make([]kube.Ref, 0, len(c.workloads)+len(c.objects)), slices.Clone(c.objects)
	for _, o := range c.workloads {
		all = append(all, o.ref)
		if w := c.v.impact(o).of; w != nil && len(idle) > 0 {
			for _, s := range c.v.ServicesSelecting(w) {
				if service := kube.Services.Ref(s.Namespace, s.Name); idle[service] && !slices.Contains(objects, service) {
					objects = append(objects, service)
				}
			}
		}
	}
	slices.SortFunc(objects, kube.CompareRefs)
	return append(all, objects...)
}

func (c *cast) where(root triage.Key) string {
	if root.Kind == triage.ByNode {
		return root.Name
	}
	where := ""
	switch {
	case len(c.workloads) > 0:
		where = c.workloads[0].ref.Namespace
	case len(c.objects) > 0:
		where = c.objects[0].Namespace
	}
	if slices.ContainsFunc(c.workloads, func(o *owner) bool { return o.ref.Namespace != where }) ||
		slices.ContainsFunc(c.objects, func(ref kube.Ref) bool { return ref.Namespace != where }) {
		return cluster
	}
	return cmp.Or(where, cluster)
}

// title says who is hit, then why.
func (c *cast) title(r *record) string {
	root := c.headline()
	hit := c.hit()
	cause := cmp.Or(root.Message, root.Detector.Title)
	if number := c.revision(root); number != "" {
		cause += " (rev " + number + ")"
	}
	switch subject := c.subject(r, root); {
	case hit == "" && subject == "":
		return root.owner().Short() + ": " + cause
	case hit == "":
		return subject + ": " + cause
	case subject == "" && strings.HasSuffix(hit, " available") && strings.HasSuffix(root.Message, " available"):
		return c.workloads[0].ref.Name + " " + cause // the cause counts them
	case subject == "":
		return hit + ": " + cause
	default:
		return hit + ": " + subject + ": " + cause
	}
}

// headline is the signal that says why: the root, unless that is of no consequence by
// itself, such as a quota that is nearly used up, beside what it breaks.
func (c *cast) headline() *fact {
	root := c.g.root()
	if root.severity != triage.S4 {
		return root
	}
	for _, f := range c.g.facts {
		if f.State == triage.Firing && f.severity < triage.S4 {
			return f
		}
	}
	return root
}

// hit says what is left of the workload that is worst off, and how many others there
// are; "" if none of them lacks anything.
func (c *cast) hit() string {
	if len(c.workloads) == 0 {
		return ""
	}
	worst := c.workloads[0]
	i := c.v.impact(worst)
	if i.of == nil || i.Available >= i.Desired {
		return ""
	}
	text := fmt.Sprintf("%s %d/%d available", worst.ref.Name, i.Available, i.Desired)
	if more := len(c.workloads) - 1; more > 0 {
		text += " and " + plural(more, "other workload")
	}
	return text
}

// subject says what the cause is about where that is not the workload told of
// already, "" where it is.
func (c *cast) subject(r *record, root *fact) string {
	switch {
	case r.shared && r.key.Kind == triage.ByMessage:
		return c.kind()
	case r.shared && strings.Contains(root.Message, r.key.Name[strings.LastIndexByte(r.key.Name, '/')+1:]):
		return "" // the cause names it
	case r.shared:
		return string(r.key.Kind) + " " + r.key.Name
	case root.Object.Kind == kube.Nodes.Kind:
		return "node " + root.Object.Name
	case !root.Workload.IsZero() && root.ofPod() && (len(c.workloads) == 0 || root.Workload == c.workloads[0].ref):
		return ""
	case root.Workload.IsZero() || len(c.workloads) == 0 || beside(root):
		return root.Object.Short()
	case root.Workload == c.workloads[0].ref:
		return ""
	}
	return root.Workload.Short()
}

// beside reports whether a signal is about an object that belongs to a workload and is
// no part of it: a Service, an autoscaler.
func beside(f *fact) bool {
	return !f.ofPod() && f.Object != f.Workload && f.Object.Kind != kube.ReplicaSets.Kind && f.Object.Kind != kube.Jobs.Kind
}

// kind says how many objects of which kind fail together.
func (c *cast) kind() string {
	kind := c.g.units[0].owner.Kind
	for _, u := range c.g.units {
		if u.owner.Kind != kind {
			return plural(len(c.g.units), "object")
		}
	}
	return plural(len(c.g.units), strings.ToLower(kind))
}

// revision returns the number of the revision that all pods with the same signal as
// the root are of, "" if they are of several, of several workloads, or nobody counts.
func (c *cast) revision(root *fact) string {
	number := ""
	for _, f := range c.g.facts {
		if f.Detector != root.Detector || !f.counts() {
			continue
		}
		is := c.v.revision(f.pod)
		if is == "" || number != "" && is != number || f.Workload != root.Workload {
			return ""
		}
		number = is
	}
	return number
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, strings.TrimSuffix(what, "s"))
}
