package snapshots

import (
	"errors"
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// The moments that are no recordings, as addresses call them. A file of such a name is
// reached by its path: ./now.
const (
	start = "start"
	now   = "now"
)

// between stands between the two moments of an address.
const between = ".."

// historyTab is what the tab of an address is called that shows the history.
const historyTab = "history"

// parse returns the two moments of the target of an address.
func parse(target string) (before, after string) {
	if target == "" {
		return start, now
	}
	for at := 1; at+len(between) < len(target); at++ {
		rest, found := strings.CutPrefix(target[at:], between)
		if found && !strings.HasPrefix(rest, "/") {
			return target[:at], rest
		}
	}
	return target, now
}

// Check says what is wrong with the target of an address; nothing may stand there.
func Check(target string) error {
	if before, after := parse(target); strings.TrimSpace(before) == "" || strings.TrimSpace(after) == "" {
		return errors.New("two moments are named as in start..now or monday.seaworthy..now")
	}
	return nil
}

// Address returns where the screen is, with what is asked for.
func (s *Screen) Address() nav.Address {
	a := nav.Address{Screen: "snapshots", Target: s.sides[0].name + between + s.sides[1].name, Query: map[string]string{}}
	if s.history.open {
		a.Query["tab"] = historyTab
	}
	if text := s.FilterText(); text != "" {
		a.Query["filter"] = text
	}
	if s.show != 0 {
		a.Query["show"] = views[s.show].name
	}
	return a
}

// ask takes what the query of an address asks for.
func (s *Screen) ask(address nav.Address) {
	query := nav.Address{Query: map[string]string{}}
	for key, value := range address.Query {
		if key != "show" && key != "tab" {
			query.Query[key] = value
		}
	}
	if address.Query["tab"] == historyTab {
		h := &s.history
		h.open, h.refused = true, h.filter.Set(screen.FilterOf(query), historyFields())
	} else {
		s.refused = s.filter.Set(screen.FilterOf(query), fields())
	}
	for i, v := range views {
		if v.name == address.Query["show"] {
			s.show = i
		}
	}
}
