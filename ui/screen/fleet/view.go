package fleet

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// tabsHeight is the height of the line of views.
const tabsHeight = 1

// View draws the views' names, the table of one, and what there is to say of the row under
// the cursor.
func (s *Screen) View() []string {
	f := s.frame
	tabs := s.tabs.Render(f.Styles, s.tabNames(), s.show, widget.Rect{W: f.Width, H: tabsHeight})
	f.Height -= tabsHeight
	s.at().Table().Empty = s.empty()
	b := screen.Below{Table: s.at().Table(), Title: s.title(), BoxTitle: "This cluster"}
	switch s.show {
	case showClusters:
		if m, ok := s.table.Selected(); ok {
			b.BoxTitle, b.Lines = nameOf(m), func(width, _ int) []string { return s.about(m, width) }
		}
		if of := s.chosen(); len(of) == 2 && s.picked.Has(of[0].Place) && s.picked.Has(of[1].Place) {
			b.BoxTitle, b.Lines = nameOf(of[0])+" and "+nameOf(of[1]), func(width, _ int) []string { return s.aboutTwo(of[0], of[1], width) }
		}
	case showRules:
		b.BoxTitle = "This rule"
		if d, ok := s.rules.Selected(); ok {
			b.BoxTitle, b.Lines = d.ID, func(width, _ int) []string { return s.aboutRule(d, width) }
		}
	default:
		b.BoxTitle = "This namespace"
		if n, ok := s.namespaces.Selected(); ok {
			b.BoxTitle, b.Lines = n.Name, func(width, _ int) []string { return s.aboutNamespace(n, width) }
		}
	}
	return append(tabs, b.Draw(f)...)
}

// tabNames are the names of the views, with how much each has.
func (s *Screen) tabNames() []string {
	return []string{
		fmt.Sprintf("Clusters %d", len(s.members)),
		fmt.Sprintf("Differences %d", len(s.compared.differ)),
		fmt.Sprintf("Namespaces %d", len(s.compared.shared)),
	}
}

// title says what the table has.
func (s *Screen) title() string {
	if text := s.at().Filtered(); text != "" {
		return text
	}
	if s.show == showClusters {
		return s.summary()
	}
	if of := s.chosen(); len(of) == 2 {
		return nameOf(of[0]) + " and " + nameOf(of[1])
	}
	return fmt.Sprintf("all %d clusters; two that are marked are compared alone", len(s.members))
}

// summary says how much of the fleet is seen.
func (s *Screen) summary() string {
	f := &fleet.Fleet{}
	for _, m := range s.members {
		f.Clusters = append(f.Clusters, m.Cluster())
	}
	text := fmt.Sprintf("%d of %d seen, coverage %.1f %%", f.Seen(), len(s.members), f.Coverage())
	if oldest, newest, minors := f.Skew(); minors > 0 {
		text += fmt.Sprintf(", %s to %s", oldest, newest)
	}
	return text
}

// empty says why there is no row.
func (s *Screen) empty() string {
	switch {
	case s.clusters == nil:
		return "one cluster is looked at: --all-contexts, or --context several times, has a fleet"
	case s.FilterText() != "":
		return "nothing matches the filter"
	case s.show == showClusters:
		return "there is no cluster"
	case s.compared.fleet == nil || s.compared.fleet.Seen() < 2:
		return "two clusters have to be seen to be compared"
	}
	return "no difference is known"
}

// about says what is known of a cluster, the most important first.
func (s *Screen) about(m feed.Member, width int) []string {
	st := s.frame.Styles
	var lines []string
	say := func(look style.Style, text string) {
		if text != "" {
			lines = append(lines, look.Wrap(text, width)...)
		}
	}
	state, look := stateOf(st, m)
	if m.Err != nil {
		say(st.Error, m.Err.Error())
		if !m.Next.IsZero() {
			state = "asked again at " + m.Next.UTC().Format("15:04:05")
		}
	}
	say(look, state)
	say(st.Error, m.Why)
	if len(m.Names) > 1 {
		say(st.Warn, "the same cluster as "+strings.Join(m.Names[1:], ", "))
	}
	if m.Standing == nil {
		return lines
	}
	say(st.Muted, fmt.Sprintf("%s, %d nodes, %d pods, %.1f %% seen at %s", m.Standing.Info.Version, m.Standing.Nodes, m.Standing.Pods,
		m.Standing.Coverage, m.Standing.Seen.UTC().Format("2006-01-02 15:04:05 UTC")))
	return append(lines, screen.HeartGauges(st, m.Standing.Categories, width)...)
}

// aboutTwo says how two clusters differ.
func (s *Screen) aboutTwo(a, b feed.Member, width int) []string {
	st := s.frame.Styles
	if a.Standing == nil || b.Standing == nil {
		return st.Warn.Wrap("both have to be seen to be compared", width)
	}
	var lines []string
	row := func(what string, x, y float64, both bool) {
		if both {
			lines = append(lines, st.Text.Render(style.Fit(what, nameCells, style.Left, st.Glyphs.Ellipsis))+
				st.Score(x).Render(fmt.Sprintf("%7.1f", x))+st.Score(y).Render(fmt.Sprintf("%7.1f", y))+
				screen.ChangeStyle(st, y-x).Render(fmt.Sprintf("%8s", screen.Change(y-x))))
		}
	}
	row("Score", a.Standing.Score, b.Standing.Score, a.Standing.Scored && b.Standing.Scored)
	for i, c := range a.Standing.Categories {
		other := b.Standing.Categories[i]
		row(c.Title, c.Score, other.Score, c.Scored && other.Scored && c.Score != other.Score)
	}
	return append(lines, s.mine(a, b, width)...)
}

// nameCells is the width of the name of a category.
const nameCells = 24

// mine counts the rules that one of two clusters has findings of and the other lacks.
func (s *Screen) mine(a, b feed.Member, width int) []string {
	st := s.frame.Styles
	if len(s.compared.of) != 2 {
		return nil // it is being compared
	}
	var only [2]int
	for _, d := range s.compared.differ {
		for i, r := range d.In {
			if r.Verdict == fleet.Failed {
				only[i]++
			}
		}
	}
	return st.Muted.Wrap(fmt.Sprintf("of the rules, %d fail in %s alone and %d in %s alone; namespaces that differ: %d", only[0], nameOf(a), only[1], nameOf(b), len(s.compared.shared)), width)
}
