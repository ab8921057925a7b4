package report

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/seaworthy-dev/seaworthy/audit/ownership"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// Ownership is what a report says of who the objects of a cluster belong to.
type Ownership struct {
	// Groups are the tools and clients, the one with most objects first.
	Groups []OwnershipGroup `json:"groups"`
	// Objects are those that people changed by hand first, then by how much there is to do.
	Objects []OwnedObject `json:"objects"`
}

// OwnershipGroup is what one tool or client has.
type OwnershipGroup struct {
	By       string `json:"by,omitempty"` // absent where nobody knows
	Standing string `json:"standing"`     // "delivered", "managed", "program", "by hand", "kubernetes" or "unknown"
	Objects  int    `json:"objects"`
	Changed  int    `json:"changed"` // of them, by hand, since they were delivered
}

// OwnedObject is an object and who it belongs to.
type OwnedObject struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
	Standing  string `json:"standing"`
	By        string `json:"by,omitempty"`
	Owner     string `json:"owner,omitempty"`     // "Helm release web in shop"; absent if nothing would write it again
	WrittenAt string `json:"writtenAt,omitempty"` // when it was written last, absent if that is not known
	// Changes are what people changed by hand of what is delivered from Git.
	Changes []OwnedChange `json:"changes,omitempty"`
}

// OwnedChange is what somebody changed by hand.
type OwnedChange struct {
	Manager string   `json:"manager"`
	At      string   `json:"at,omitempty"`     // absent where the server does not say
	Fields  []string `json:"fields,omitempty"` // absent where they are not known
}

func ownershipOf(a *score.Assessment) *Ownership {
	items := ownership.Inventory(a.Cluster)
	o := &Ownership{Groups: []OwnershipGroup{}, Objects: make([]OwnedObject, len(items))}
	for _, g := range ownership.Groups(items) {
		o.Groups = append(o.Groups, OwnershipGroup{g.By, g.Standing.String(), g.Objects, g.Changed})
	}
	for i := range items {
		o.Objects[i] = ownedObject(&items[i])
	}
	return o
}

func ownedObject(i *ownership.Item) OwnedObject {
	o := OwnedObject{
		Kind: i.Ref.Kind, Namespace: i.Ref.Namespace, Name: i.Ref.Name,
		Standing: i.Standing.String(), By: i.By, Owner: i.Owner.Title(),
	}
	if len(i.Writers) > 0 && !i.Writers[0].At.IsZero() {
		o.WrittenAt = kube.Moment(i.Writers[0].At)
	}
	for _, c := range i.Changes {
		change := OwnedChange{Manager: c.Manager, Fields: c.Fields}
		if !c.At.IsZero() {
			change.At = kube.Moment(c.At)
		}
		o.Changes = append(o.Changes, change)
	}
	return o
}

// title names the group: a tool, a client, or that nobody knows.
func (g OwnershipGroup) title() string {
	if g.By == "" {
		return "nobody knows"
	}
	return g.By
}

func (g OwnershipGroup) said() string {
	text := plural(g.Objects, "object")
	if g.Changed > 0 {
		text += fmt.Sprintf(", %d changed by hand", g.Changed)
	}
	return text
}

// changed are the objects that people changed by hand of what is delivered.
func (o *Ownership) changed() []OwnedObject {
	for i := range o.Objects {
		if len(o.Objects[i].Changes) == 0 {
			return o.Objects[:i]
		}
	}
	return o.Objects
}

func (o OwnedObject) title() string {
	return kube.Ref{Kind: o.Kind, Namespace: o.Namespace, Name: o.Name}.String()
}

// said is a sentence for each change.
func (o OwnedObject) said() []string {
	var all []string
	for _, c := range o.Changes {
		what := "it"
		if len(c.Fields) > 0 {
			what = strings.Join(c.Fields, ", ")
		}
		text := c.Manager + " changed " + what
		if c.At != "" {
			text += " at " + c.At
		}
		all = append(all, text)
	}
	return all
}

// ownership writes the groups, and below them what was changed by hand; a wide report has
// each object.
func (p *printer) ownership(title string, o *Ownership, wide bool) {
	if o == nil {
		return
	}
	p.line("")
	p.line("%s: %s", title, plural(len(o.Objects), "object"))
	width := 0
	for _, g := range o.Groups {
		width = max(width, ansi.StringWidth(printable.Text(g.title())))
	}
	for _, g := range o.Groups {
		p.line("  %s  %s  %s", pad(printable.Text(g.title()), width), pad(g.Standing, len("kubernetes")), g.said())
	}
	for _, object := range o.changed() {
		p.line("    %s, of %s", printable.Text(object.title()), printable.Text(object.Owner))
		for _, text := range object.said() {
			p.line("      %s", printable.Text(text))
		}
	}
	if !wide {
		return
	}
	for _, object := range o.Objects {
		of := object.Owner
		if of == "" {
			of = object.By
		}
		p.line("    %s  %s  %s", pad(object.Standing, len("kubernetes")), printable.Text(object.title()), printable.Text(of))
	}
}

// markdownOwnership is a table of the groups, and one of what was changed by hand.
func (p *printer) markdownOwnership(heading string, o *Ownership) {
	if o == nil {
		return
	}
	p.line("")
	p.line("## %s", heading)
	p.line("")
	p.line("| Written by | Standing | Objects | Changed by hand |")
	p.line("|---|---|--:|--:|")
	for _, g := range o.Groups {
		p.line("| %s | %s | %d | %d |", cell(g.title()), g.Standing, g.Objects, g.Changed)
	}
	if len(o.changed()) == 0 {
		return
	}
	p.line("")
	p.line("| Object | Belongs to | Changed by hand |")
	p.line("|---|---|---|")
	for _, object := range o.changed() {
		p.line("| %s | %s | %s |", cell(object.title()), cell(object.Owner), cell(strings.Join(object.said(), "; ")))
	}
}
