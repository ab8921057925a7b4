package ui

import (
	"github.com/seaworthy-dev/seaworthy/ui/screen/overview"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// waiting is the screen before the first view, and where none will come.
func (m *Model) waiting() []string {
	st := m.styles
	if lines := m.unopened(); lines != nil {
		return lines
	}
	if m.news.Err == nil {
		return m.message("Connecting", []string{st.Muted.Render("waiting for the first answer"), "", m.ways()})
	}
	return m.message("Could not look", append(st.Error.Wrap(m.news.Err.Error(), m.width-6), "",
		st.Muted.Render("without a server it looks at files (-f) and recordings (--from), and at the demo"), "", m.ways()))
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
	lines := st.Error.Wrap(who+" may read nothing of "+c.Info.Name+". For one: "+reason, m.width-6)
	lines = append(lines, "",
		st.Muted.Render("It is asked for again by itself: what is granted appears here."), "",
		st.Key.Render(":coverage")+st.Muted.Render("     names each right that is missing"),
		st.Key.Render(":diagnostics")+st.Muted.Render("  says what was asked of the server, and when"))
	return m.boxed("Nothing may be read", lines, m.height-m.chrome())
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

// asOf says how old what is shown is, where the server does not answer; "" elsewhere.
func (m *Model) asOf() string {
	if _, stale, all := m.cluster().Outage(); stale == 0 || m.news.Ended {
		return ""
	} else if !all {
		return thousands(stale) + " of the kinds are not followed; they are asked for again by themselves"
	}
	return "everything here is as it was then; the server is asked again by itself"
}
