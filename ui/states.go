package ui

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/screen/coverage"
	"github.com/seaworthy-dev/seaworthy/ui/screen/diagnostics"
	"github.com/seaworthy-dev/seaworthy/ui/screen/help"
	"github.com/seaworthy-dev/seaworthy/ui/screen/log"
	"github.com/seaworthy-dev/seaworthy/ui/screen/overview"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// compact is the screen of a terminal that is too small for any other.
func (m *Model) compact() []string {
	text := "seaworthy: reading"
	if a := m.news.Assessment; a != nil && a.Scored {
		text = fmt.Sprintf("seaworthy %s: %.1f %s", a.Cluster.Info.Name, a.Score, a.Grade)
	}
	lines := []string{m.styles.Text.Render(style.Fit(style.Clean(text), m.width, style.Left, m.styles.Glyphs.Ellipsis))}
	if m.height > 1 {
		hint := fmt.Sprintf("needs %dx%d, has %dx%d; %s quits", leastWidth, leastHeight, m.width, m.height, m.keyOf(keymap.Quit))
		lines = append(lines, m.styles.Muted.Render(style.Fit(hint, m.width, style.Left, m.styles.Glyphs.Ellipsis)))
	}
	return lines
}

// waiting is the screen before the first view, and where none will come.
func (m *Model) waiting() []string {
	st := m.styles
	if m.news.Err == nil {
		return m.message("Connecting", []string{st.Muted.Render("waiting for the first answer")})
	}
	var lines []string
	for _, line := range style.Wrap(m.news.Err.Error(), m.width-6) {
		lines = append(lines, st.Error.Render(line))
	}
	return m.message("Could not look", append(lines, "", st.Muted.Render(m.keyOf(keymap.Quit)+" quits")))
}

// reading takes the place of a screen while there is nothing to show on it: a
// line for each resource that is asked for. It is nil elsewhere; what tells of
// the reading itself and of the program can be seen at any time.
func (m *Model) reading() []string {
	if len(m.news.Assessment.Namespaces) > 0 || m.news.Cluster.Settled() {
		return nil
	}
	switch m.top().(type) {
	case *coverage.Screen, *diagnostics.Screen, *help.Screen, *log.Screen:
		return nil
	}
	st := m.styles
	var lines []string
	for _, s := range m.news.Cluster.States() {
		if s.Phase == kube.Waiting || s.Moot() || len(lines) >= m.height-chrome-2 {
			continue
		}
		count := fmt.Sprint(s.Count)
		if s.Total > s.Count {
			count = fmt.Sprintf("%d of about %d", s.Count, s.Total)
		}
		look := st.Text
		if s.Settled() {
			look = st.Muted
		}
		lines = append(lines, look.Render(fmt.Sprintf("%-40s %-10s %s", s.Resource, s.Phase, count)))
	}
	if len(lines) == 0 {
		lines = []string{st.Muted.Render("asking the server what there is")}
	}
	return m.boxed("Reading the cluster", lines, m.height-chrome)
}

// refused takes the place of the first screen where the server lets nothing be
// read: an empty table would look as if nothing were wrong. It is nil elsewhere,
// so that the coverage can still be opened.
func (m *Model) refused() []string {
	c := m.news.Cluster
	if len(m.stack) > 1 || !c.Settled() {
		return nil
	}
	if _, home := m.top().(*overview.Screen); !home {
		return nil
	}
	reason, refused := c.Refused()
	if !refused {
		return nil
	}
	who := c.Info.User
	if who == "" {
		who = "this user"
	}
	st := m.styles
	var lines []string
	for _, line := range style.Wrap(who+" may read nothing of "+c.Info.Name+". For one: "+reason, m.width-6) {
		lines = append(lines, st.Error.Render(line))
	}
	lines = append(lines, "", st.Muted.Render(":coverage names what is missing; it is asked for again by itself"))
	return m.boxed("Nothing may be read", lines, m.height-chrome)
}

// message fills the screen with a box.
func (m *Model) message(title string, lines []string) []string {
	return m.boxed(title, lines, m.height)
}

func (m *Model) boxed(title string, lines []string, height int) []string {
	box := widget.Box{Title: title, Padding: 2}
	w, h := box.Inner(m.width, height)
	return box.Render(m.styles, m.width, height, widget.NewBlock(m.styles, lines, w, h))
}
