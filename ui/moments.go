package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// parts returns what screens are made of.
func (m *Model) parts() parts {
	f := m.following
	return parts{
		keys: m.keys, statistics: m.feed.Statistics, marks: m.marks.Marks, judge: m.options.judge, picker: m.picker, places: m.places, trends: m.feed.Trend(),
		snapshots: m.options.Snapshots, start: func() *score.Assessment { return f.start }, past: f.past, clusters: m.clusters,
		rules: m.options.rules(), book: m.options.Log, objects: m.options.Objects, rights: m.options.Rights, seen: f.seen,
	}
}

// keepStart keeps the first assessment of the whole cluster: what the session began with
// can be compared with what is there. It shares with the newest whatever has not changed.
func (m *Model) keepStart() {
	if a := m.news.Assessment; m.start == nil && a != nil && a.Complete && a.Cluster.Settled() {
		m.start = a
	}
}

// save keeps a view as a snapshot, in the background.
func (m *Model) save(msg screen.SaveMsg) tea.Cmd {
	store := m.options.Snapshots
	if store == nil {
		return nav.Notice("snapshots cannot be saved here: seaworthy snapshot does")
	}
	m.notice = notice{"saving a snapshot", false}
	return func() tea.Msg {
		saved, err := store.Save(m.ctx, msg.Cluster)
		if err != nil {
			return nav.FailMsg{Err: err}
		}
		return nav.NoticeMsg{Text: "saved " + saved.Name + " in " + saved.Folder}
	}
}

// report writes a comparison down in the background.
func (m *Model) report(msg screen.ReportMsg) tea.Cmd {
	store := m.options.Snapshots
	if store == nil {
		return nav.Notice("comparisons cannot be written here")
	}
	m.notice = notice{"writing what changed", false}
	return func() tea.Msg {
		path, err := store.Report(m.ctx, msg.Comparison)
		if err != nil {
			return nav.FailMsg{Err: err}
		}
		return nav.NoticeMsg{Text: "written to " + path}
	}
}
