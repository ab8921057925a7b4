package rbac

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Role is one aggregated ClusterRole, with where each rule comes from.
type Role struct {
	frame   screen.Frame
	name    string
	shown   *score.Assessment
	reading *screen.Work
	read    *kube.Cluster // of which parts are; nil before the first
	parts   parts
	none    string // why there are none, "" if there are
	lines   widget.Lines
}

// NewRole returns the screen at "rbac/aggregated/CLUSTERROLE".
func NewRole(address nav.Address) *Role {
	s := &Role{name: strings.TrimPrefix(address.Target, roleTarget)}
	s.reading = screen.NewWork(s.prepare)
	return s
}

// Address returns where the screen is.
func (s *Role) Address() nav.Address {
	return nav.Address{Screen: "rbac", Target: roleTarget + s.name}
}

// Title returns the screen's part of the path.
func (s *Role) Title() string { return "ClusterRole " + s.name }

// Keys returns the scopes of the screen.
func (s *Role) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Role) Hints() []keymap.ID {
	return []keymap.ID{keymap.Paths, keymap.Back, keymap.Copy, keymap.Help, keymap.Quit}
}

// Resize takes the size.
func (s *Role) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment.
func (s *Role) Show(a *score.Assessment) {
	s.shown = a
	s.reading.Renew(screen.Many)
}

// Work returns the reading of the role.
func (s *Role) Work() []*screen.Work { return []*screen.Work{s.reading} }

// prepare returns the job that reads the role.
func (s *Role) prepare() screen.Job {
	view, before, name := s.shown.Cluster, s.read, s.name
	if view == before {
		return nil
	}
	return func(ctx context.Context) func() {
		if before != nil && !screen.Rest(ctx) {
			return nil
		}
		var made parts
		why := ""
		switch role, ok := view.ClusterRoles.Get("", name); {
		case !ok:
			why = strings.TrimSpace(fmt.Sprintf("There is no ClusterRole %s, or it cannot be seen. %s", name, unreadRoles(view)))
		case role.AggregationRule == nil:
			why = fmt.Sprintf("ClusterRole %s gathers no rules of others: its rules are its own.", name)
		default:
			made = partsOf(view, answer.NewRules(view), role)
		}
		return func() { s.take(view, made, why) }
	}
}

func (s *Role) take(view *kube.Cluster, made parts, why string) {
	s.read, s.parts, s.none = view, made, why
	s.lines.Update(s.draw)
}

// draw are the lines about the role.
func (s *Role) draw(st *style.Styles, width int) []string {
	var lines []string
	add := func(look style.Style, text string) {
		lines = append(lines, look.Wrap(text, width)...)
	}
	if s.none != "" {
		add(st.Muted, s.none)
		return lines
	}
	for _, text := range s.heading() {
		add(st.Title, text)
	}
	return append(append(lines, ""), s.parts.lines(st, width)...)
}

// heading says what the role gathers.
func (s *Role) heading() []string {
	lines := []string{screen.Plural(len(s.parts.rules), "rule") + ", gathered from " + screen.Plural(len(s.parts.from), "ClusterRole") + ": " + strings.Join(s.parts.from, ", ")}
	if s.parts.unchosen > 0 {
		lines = append(lines, screen.Plural(s.parts.unchosen, "rule")+" from nothing that it chooses")
	}
	return lines
}

// Act scrolls.
func (s *Role) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.Paths:
		return nav.Open(screen.PathsFromObject(kube.ClusterRoles.Ref("", s.name)).String())
	case keymap.Copy:
		if s.read == nil || s.none != "" {
			return nav.Notice("there is nothing to copy")
		}
		var b strings.Builder
		b.WriteString("ClusterRole " + s.name + ": " + strings.Join(s.heading(), "; ") + "\n")
		for i, rule := range s.parts.rules {
			fmt.Fprintf(&b, "%3d. %s [%s]\n", i+1, rule[0], rule[1])
		}
		return nav.Copy(b.String(), "the rules")
	default:
		s.lines.Handle(id)
	}
	return nil
}

// View draws the screen.
func (s *Role) View() []string {
	st, f := s.frame.Styles, s.frame
	box := widget.Box{Focus: true, Padding: 1, Title: "Aggregated ClusterRole " + s.name}
	if s.read == nil {
		return box.RenderLines(st, f.Width, f.Height, func(int, int) []string { return []string{st.Muted.Render("reading roles")} })
	}
	return box.RenderText(st, widget.Rect{W: f.Width, H: f.Height}, &s.lines)
}

// CursorLine returns the first line of the text.
func (s *Role) CursorLine() int { return 1 }
