package contexts

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// aboutHeight is the height of the box about the selected place, in lines.
const aboutHeight = 9

// View draws the table, and all that is known of the selected place.
func (s *Screen) View() []string {
	s.table.Empty = s.empty()
	b := screen.Below{Table: s.table, Title: s.tableTitle(), BoxTitle: "This context", BoxHeight: aboutHeight}
	if _, i, ok := s.table.Selected(); ok {
		place := s.rows.places[i]
		b.BoxTitle, b.Lines = place.Name, func(width, _ int) []string { return s.about(place, width) }
	}
	return b.Draw(s.frame)
}

// empty says why there is no row.
func (s *Screen) empty() string {
	_, err := s.places.List()
	switch {
	case s.places.Finder == nil:
		return "there is nothing else to look at here"
	case err != nil:
		return err.Error()
	case !s.listed:
		return "reading the kubeconfig"
	case s.filter.Text() != "":
		return "no context matches the filter"
	}
	return "the kubeconfig has no context"
}

func (s *Screen) tableTitle() string {
	all, err := s.places.List()
	title := screen.FilterTitle("Contexts and recordings", s.rows.Len(), len(all), s.filter.Text()) + screen.Unfiltered(s.refused)
	if err != nil {
		title += ": " + err.Error()
	}
	return title
}

// about says what is known of a place, the most important first.
func (s *Screen) about(p screen.Destination, width int) []string {
	st, reach := s.frame.Styles, s.places.Reach(p.ID)
	var lines []string
	say := func(look style.Style, parts ...string) {
		text := joined(parts...)
		if text == "" {
			return
		}
		lines = append(lines, look.Wrap(text, width)...)
	}
	say(st.Accent, s.role(p))
	state, look := s.rows.state(p)
	if reach.Why != "" && reach.State != screen.Reachable {
		state = reach.State.String() + ": " + reach.Why
	}
	as := ""
	if reach.User != "" {
		as = "as " + reach.User
	}
	say(look, state, as, reach.Version)
	if p.Login != "" && reach.State != screen.Reachable && !s.asked[p.ID] {
		say(st.Warn, "refreshing runs "+p.Login+" for its credentials, which may ask for something")
	}
	if twins := s.places.Twins(p.ID); len(twins) > 0 {
		say(st.Warn, "the same cluster as "+strings.Join(twins, ", "))
	}
	say(st.Text, named("server", p.Server), named("namespace", p.Namespace))
	say(st.Muted, named("cluster", p.Cluster), named("user", p.User))
	return lines
}

// role says what a place is to the user.
func (s *Screen) role(p screen.Destination) string {
	var parts []string
	if p.ID == s.places.Looked {
		parts = append(parts, "looked at now")
	}
	if p.ID == s.places.Former {
		parts = append(parts, "looked at before")
	}
	if p.Current {
		parts = append(parts, "the kubeconfig's current context")
	}
	switch p.Kind {
	case screen.RecordingPlace:
		parts = append(parts, "a recording in the working folder")
	case screen.DemoPlace:
		parts = append(parts, "a recorded shop with flaws, which needs no cluster")
	case screen.GivenPlace:
		parts = append(parts, "what the program was started with")
	default:
	}
	return joined(parts...)
}

// named puts a word before a text, "" if there is none.
func named(word, text string) string {
	if text == "" {
		return ""
	}
	return word + " " + text
}

// joined puts the texts that are there in one line.
func joined(parts ...string) string {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ", ")
}

// Click returns the table.
func (s *Screen) Click(_, _ int) *widget.Table { return s.table }
