package object

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/policyengine"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// tone is how a fact is drawn.
type tone int

const (
	plain tone = iota
	well
	bad
	quiet
)

func (t tone) of(st *style.Styles) style.Style {
	return [...]style.Style{st.Text, st.OK, st.Error, st.Muted}[t]
}

// fact is one line of a description.
type fact struct {
	label string // "" for one that goes on with the label before
	text  string
	tone  tone
}

// chapter is a part of a description.
type chapter struct {
	title string
	facts []fact
}

// add adds a fact, unless it says nothing.
func (p *chapter) add(label, text string) { p.say(label, text, plain) }

func (p *chapter) say(label, text string, t tone) {
	if text != "" {
		p.facts = append(p.facts, fact{label, text, t})
	}
}

// list adds a fact of many, of which the first are named.
func (p *chapter) list(label string, texts []string) {
	const most = 6
	if more := len(texts) - most; more > 0 {
		texts = append(slices.Clone(texts[:most]), fmt.Sprintf("and %d more", more))
	}
	p.add(label, strings.Join(texts, ", "))
}

// description is the tab that tells what the object is.
type description struct {
	screen  *Screen
	telling *screen.Work
	told    []chapter
	of      *kube.Cluster // nil before the first
	lines   widget.Lines
}

func newDescription(s *Screen) *description {
	d := &description{screen: s}
	d.telling = screen.NewWork(d.tell)
	return d
}

// show tells of the newest view.
func (d *description) show() {
	if d.of != d.screen.shown.Cluster {
		d.telling.Renew(screen.Many)
	}
}

// tell returns the job that describes the object.
func (d *description) tell() screen.Job {
	c, ref, again := d.screen.shown.Cluster, d.screen.ref, d.of != nil
	return func(ctx context.Context) func() {
		if again && !screen.Rest(ctx) {
			return nil
		}
		told := describe(c, ref)
		return func() {
			d.told, d.of = told, c
			d.lines.Update(d.draw)
		}
	}
}

// act scrolls, and copies.
func (d *description) act(id keymap.ID) tea.Cmd {
	if id != keymap.Copy {
		d.lines.Handle(id)
		return nil
	}
	var b strings.Builder
	for _, p := range d.told {
		b.WriteString(p.title + "\n")
		for _, f := range p.facts {
			b.WriteString("  " + style.PadRight(f.label, labelWidth) + " " + f.text + "\n")
		}
	}
	return nav.Copy(b.String(), "the description")
}

func (d *description) render(st *style.Styles, w, h int) (body widget.Block, title, footer string) {
	if d.of == nil {
		return widget.NewBlock(st, []string{st.Muted.Render("looking it up")}, w, h), "Description", ""
	}
	body = d.lines.Render(st, w, h)
	return body, "Description, of what " + d.of.Info.Name + " holds", d.lines.Footer()
}

// labelWidth is the width of the labels, in cells.
const labelWidth = 13

// inColumns is the width from which chapters stand in two columns.
const inColumns = 170

// draw draws the chapters, in two columns where there is room.
func (d *description) draw(st *style.Styles, width int) []string {
	if width < inColumns {
		return drawChapters(st, d.told, width)
	}
	const between = 3
	half := (width - between) / 2
	total, at, sum := 0, 0, 0
	heights := make([]int, len(d.told))
	for i, p := range d.told {
		heights[i] = len(drawChapters(st, []chapter{p}, half)) + 1
		total += heights[i]
	}
	for at < len(d.told) && sum < total/2 {
		sum += heights[at]
		at++
	}
	left, right := drawChapters(st, d.told[:at], half), drawChapters(st, d.told[at:], half)
	lines := make([]string, max(len(left), len(right)))
	for i := range lines {
		var l, r string
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		lines[i] = style.Fit(l, half+between, style.Left, st.Glyphs.Ellipsis) + r
	}
	return lines
}

func drawChapters(st *style.Styles, told []chapter, width int) []string {
	var lines []string
	for i, p := range told {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, st.Title.Render(p.title))
		for _, f := range p.facts {
			for j, line := range style.Wrap(f.text, max(20, width-labelWidth-3)) {
				label := ""
				if j == 0 {
					label = style.Cut(f.label, labelWidth, st.Glyphs.Ellipsis)
				}
				lines = append(lines, "  "+st.Muted.Render(style.PadRight(label, labelWidth))+" "+f.tone.of(st).Render(line))
			}
		}
	}
	return lines
}

// describe tells what a view holds of an object.
func describe(c *kube.Cluster, ref kube.Ref) []chapter {
	o, ok := c.Find(ref)
	w := workloadOf(c, ref)
	if !ok && w == nil {
		p := chapter{title: "Not there"}
		p.add("", "There is no "+ref.String()+", or it cannot be seen.")
		if r, known := kube.ResourceOf(ref.Group, ref.Kind); known {
			if state, blind := c.Blind(r, ref.Namespace); blind {
				p.say("why", state.Reason, bad)
			}
		}
		return []chapter{p}
	}
	if !ok {
		o = nil
	}
	told := []chapter{identity(c, ref, o), keyFields(c, o)}
	told = append(told, kinship(c, ref), health(o), violated(c, ref))
	if w != nil {
		told = append(told, around(c, w))
		told = append(told, containers(c, w)...)
		told = append(told, volumes(w))
	}
	return slices.DeleteFunc(told, func(p chapter) bool { return len(p.facts) == 0 })
}

// violated says what policy engines found of an object, or of the workload that it is of.
func violated(c *kube.Cluster, ref kube.Ref) chapter {
	p := chapter{title: "Policies that it violates"}
	if w := workloadOf(c, ref); w != nil {
		ref = w.Ref
	}
	for _, v := range policyengine.Violations(c, ref) {
		p.say(v.Severity.String(), v.String(), bad)
		if len(v.Known) > 0 {
			p.say("", "judged by "+strings.Join(v.Known, ", ")+" as well", quiet)
		}
	}
	return p
}

// workloadOf returns the workload that an object is or belongs to, nil if it is of none.
func workloadOf(c *kube.Cluster, ref kube.Ref) *kube.Workload {
	if w := c.Workload(ref); w != nil {
		return w
	}
	if b := bearerOf(c, ref); b.ref != ref {
		return c.Workload(b.ref)
	}
	return nil
}

// identity says what the object is called, how old it is and what is attached to it.
func identity(c *kube.Cluster, ref kube.Ref, o kube.Object) chapter {
	p := chapter{title: ref.String()}
	if o == nil {
		p.say("", "It itself is not held: it is known by what it owns.", quiet)
		return p
	}
	if origin, ok := c.Origin(ref); ok {
		p.add("written", fmt.Sprintf("%s:%d", origin.File, origin.Line))
	}
	m := metaOf(o)
	if !m.CreationTimestamp.IsZero() {
		p.add("created", fmt.Sprintf("%s, %s ago", m.CreationTimestamp.UTC().Format("2006-01-02 15:04:05 MST"), screen.Since(c.Time, m.CreationTimestamp.Time)))
	}
	if m.DeletionTimestamp != nil {
		p.say("deleted", "it is to be gone by "+m.DeletionTimestamp.UTC().Format("2006-01-02 15:04:05 MST"), bad)
	}
	if r, ok := kube.ResourceOf(ref.Group, ref.Kind); ok {
		if written, ok := c.WrittenAs(r, o); ok && written.Manager != "" {
			p.add("last sent by", written.Manager+" as "+written.APIVersion)
		}
	}
	p.list("labels", pairs(m.Labels))
	p.list("annotations", pairs(m.Annotations))
	p.list("finalizers", m.Finalizers)
	return p
}

// metaOf returns the metadata of an object of a view.
func metaOf(o kube.Object) metav1.ObjectMeta {
	switch held := kube.APIOf(o).(type) {
	case metav1.Object:
		return metav1.ObjectMeta{
			CreationTimestamp: held.GetCreationTimestamp(), DeletionTimestamp: held.GetDeletionTimestamp(),
			Labels: held.GetLabels(), Annotations: held.GetAnnotations(), Finalizers: held.GetFinalizers(),
		}
	default:
		return metav1.ObjectMeta{}
	}
}

// longest is how much of a value is told, in bytes: an annotation may hold a whole object.
const longest = 80

func pairs(m map[string]string) []string {
	var all []string
	for key, value := range m {
		if len(value) > longest {
			value = clip(value, longest/mostDrawn) + "..."
		}
		all = append(all, key+"="+value)
	}
	slices.Sort(all)
	return all
}

// health are the conditions of an object, whatever its kind: what most kinds of Kubernetes
// and of others have in status.conditions.
func health(o kube.Object) chapter {
	p := chapter{title: "Conditions"}
	if o == nil {
		return p
	}
	var status struct {
		Status struct {
			Conditions []struct {
				Type, Status, Reason, Message string
			} `json:"conditions"`
		} `json:"status"`
	}
	encoded, err := json.Marshal(kube.APIOf(o))
	if err != nil || json.Unmarshal(encoded, &status) != nil {
		return p // conditions of another shape are nobody's convention
	}
	for _, condition := range status.Status.Conditions {
		text := condition.Status
		if said := strings.TrimSpace(condition.Reason + ": " + condition.Message); said != ":" {
			text += "  " + strings.Trim(said, ": ")
		}
		p.say(condition.Type, text, toneOf(condition.Type, condition.Status))
	}
	return p
}

// toneOf tells whether a condition is good news. By convention a type says what is well
// when it is true, but for those that say what is wrong.
func toneOf(kind, status string) tone {
	for _, wrong := range []string{"Pressure", "Failure", "Failed", "Unavailable", "Disruption", "Degraded"} {
		if strings.Contains(kind, wrong) {
			status = map[string]string{"True": "False", "False": "True"}[status]
		}
	}
	switch cmp.Or(status, "Unknown") {
	case "True":
		return well
	case "False":
		return bad
	}
	return quiet
}
