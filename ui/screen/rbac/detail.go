package rbac

import (
	"context"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// about is what stands beside a row while it is under the cursor: one of the way of
// a subject, that of another start, a finding, and the rules of a role.
type about struct {
	subject  access.Subject
	named    bool // subject is set
	start    int32
	begins   bool // start is set, in the attack that the row was made with
	finding  *score.Finding
	role     parts
	gathered bool // role is set
	lines    []string
}

// asking is what a detail is about.
type asking struct {
	key    string
	about  about
	attack *attack
	view   *kube.Cluster
}

// same reports whether a detail of another question still holds: the graph and who
// it is about are the same.
func (a asking) same(other asking) bool {
	return a.key == other.key && a.attack == other.attack && a.about.start == other.about.start
}

// detail is what stands beside the rows. It never changes, but for what is kept of
// how it was drawn.
type detail struct {
	of     asking
	title  string
	told   screen.Told
	leads  bool // told is set
	none   string
	falls  []string // what falls with it
	into   []string // what leads to it
	matrix matrix
	who    string // whose matrix it is, "" for nobody's
	lines  widget.Lines
}

// look looks up what stands beside a row.
func (a asking) look(ctx context.Context) *detail {
	d := &detail{of: a}
	switch about := a.about; {
	case about.finding != nil:
		d.title = "This finding"
		d.lines.SetContent(func(st *style.Styles, width int) []string { return findingLines(about.finding, st, width) })
	case about.gathered:
		d.title = "Rules of " + about.role.role
		d.lines.SetContent(about.role.lines)
	default:
		d.way(ctx, a)
		d.lines.SetContent(d.wayLines)
	}
	return d
}

// way looks up the easiest way of a subject, or of another start, and what the
// subject can do.
func (d *detail) way(ctx context.Context, a asking) {
	d.title = "Way to cluster-admin"
	start, known := a.about.start, a.about.begins
	if a.about.named {
		d.who = printable.Text(a.about.subject.String())
		d.title = "From " + d.who + " to cluster-admin"
		d.matrix = matrixOf(access.Rights(a.view, access.IdentityOf(a.about.subject)))
		if a.attack != nil {
			start, known = a.attack.of.Subject(a.about.subject)
		}
	}
	switch {
	case a.attack == nil:
		d.none = "looking for the ways to cluster-admin"
	case !known:
		d.none = "No binding names it, and there is no such ServiceAccount: it has what everybody has."
	default:
		if blast, err := a.attack.of.Blast(ctx, []int32{start}); err == nil {
			d.falls = screen.Falls(blast)
		}
		d.into = screen.Leading(a.attack.of, start, leadingMost)
		if d.told, d.leads = a.attack.told(start); !d.leads {
			d.none = "No way was found from it to cluster-admin."
		} else if !a.about.named {
			d.title = "From " + d.told.Start
		}
	}
}

// wayLines draws the way.
func (d *detail) wayLines(st *style.Styles, width int) []string {
	var lines []string
	add := func(look style.Style, text string) {
		lines = append(lines, look.Wrap(text, width)...)
	}
	if d.leads {
		add(st.Accent, d.told.Measure())
		lines = append(lines, d.told.Lines(st, width)...)
	} else {
		add(st.Muted, d.none)
	}
	for _, section := range []struct {
		title string
		texts []string
	}{{"What falls with it", d.falls}, {"What leads to it", d.into}} {
		if len(section.texts) == 0 {
			continue
		}
		lines = append(lines, "", st.Title.Render(section.title))
		for _, text := range section.texts {
			lines = append(lines, screen.Point(st, text, width)...)
		}
	}
	return lines
}

// leadingMost is how much of what leads to a subject is told.
const leadingMost = 5

// box draws the detail into a box.
func (d *detail) box(st *style.Styles, r widget.Rect) widget.Block {
	box := widget.Box{Padding: 1}
	if d == nil {
		return box.Render(st, r.W, r.H, nil)
	}
	box.Title = d.title
	return box.RenderText(st, r, &d.lines)
}

// matrixBox draws what the subject can do.
func (d *detail) matrixBox(st *style.Styles, r widget.Rect) widget.Block {
	box := widget.Box{Padding: 1, Title: "What it can do"}
	w, h := box.Inner(r.W, r.H)
	var lines []string
	if d != nil && d.who != "" {
		box.Title = "What " + d.who + " can do"
		lines = d.matrix.lines(st, w, h)
	}
	return box.Render(st, r.W, r.H, widget.NewBlock(st, lines, w, h))
}
