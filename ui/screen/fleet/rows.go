package fleet

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// known makes a column out of what was judged, NaN where nothing was.
func known(value func(*fleet.Standing) float64) func(feed.Member) float64 {
	return func(m feed.Member) float64 {
		if m.Standing == nil {
			return math.NaN()
		}
		return value(m.Standing)
	}
}

func scoreOf(s *fleet.Standing) float64 {
	if !s.Scored {
		return math.NaN()
	}
	return s.Score
}

func clusterColumns() []screen.ListingColumn[feed.Member] {
	score := screen.Numbers(widget.Column{ID: "score", Title: "SCORE", Min: 6, Ideal: 6, Max: 6, Priority: 10}, known(scoreOf))
	score.Falling = false
	columns := []screen.ListingColumn[feed.Member]{
		score,
		screen.Words(widget.Column{ID: "grade", Min: 4, Ideal: 4, Max: 4, Priority: 9, Unsorted: true}, func(m feed.Member) string {
			if m.Standing == nil {
				return ""
			}
			return m.Standing.Grade
		}),
		screen.Words(widget.Column{ID: "cluster", Title: "CLUSTER", Min: 14, Ideal: 20, Max: 40, Priority: 10}, nameOf),
		screen.Words(widget.Column{ID: "state", Title: "STATE", Min: 22, Ideal: 22, Max: 36, Priority: 9}, func(m feed.Member) string { return m.Connection.String() }),
	}
	for i, severity := range audit.Severities()[:4] {
		columns = append(columns, screen.Numbers(widget.Column{
			ID: severity.String(), Title: strings.ToUpper(severity.String()[:1]), Min: 4, Ideal: 4, Max: 6, Priority: 8 - i,
		}, known(func(s *fleet.Standing) float64 { return float64(s.Counts[severity]) })))
	}
	change := screen.Numbers(widget.Column{ID: "change", Title: "+/-", Min: 5, Ideal: 5, Max: 6, Priority: 4}, func(m feed.Member) float64 {
		if !m.Changed {
			return math.NaN()
		}
		return m.Change
	})
	return append(columns,
		screen.Words(widget.Column{ID: "version", Title: "VERSION", Min: 8, Ideal: 9, Max: 20, Priority: 6}, versionOf),
		screen.Numbers(widget.Column{ID: "coverage", Title: "SEEN", Min: 5, Ideal: 5, Max: 6, Priority: 6}, known(func(s *fleet.Standing) float64 { return s.Coverage })),
		change,
		screen.Words(widget.Column{ID: "trend", Title: "TREND", Min: courseWidth, Ideal: courseWidth, Max: courseWidth, Priority: 3, Unsorted: true}, func(feed.Member) string { return "" }),
		screen.Words(widget.Column{ID: "worst", Title: "WORST CATEGORY", Min: 22, Ideal: 24, Max: 32, Priority: 5}, worstOf),
		screen.Numbers(widget.Column{ID: "nodes", Title: "NODES", Min: 5, Ideal: 5, Max: 7, Priority: 2}, known(func(s *fleet.Standing) float64 { return float64(s.Nodes) })),
		screen.Numbers(widget.Column{ID: "pods", Title: "PODS", Min: 5, Ideal: 6, Max: 8, Priority: 2}, known(func(s *fleet.Standing) float64 { return float64(s.Pods) })),
	)
}

// courseWidth is how wide the way of a score is, in cells.
const courseWidth = 10

func nameOf(m feed.Member) string { return m.Names[0] }

func versionOf(m feed.Member) string {
	if m.Standing == nil {
		return ""
	}
	return m.Standing.Info.Version
}

func worstOf(m feed.Member) string {
	if m.Standing == nil {
		return ""
	}
	worst, ok := m.Standing.Worst()
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s %.1f", worst.Title, worst.Score)
}

// clusterRows are the clusters in the order to show.
type clusterRows struct {
	*Screen
	kept []feed.Member
}

// Len returns the number of clusters.
func (r clusterRows) Len() int { return len(r.kept) }

// Key returns the place of a cluster.
func (r clusterRows) Key(i int) string { return r.kept[i].Place }

// Cells appends the cells of a cluster.
func (r clusterRows) Cells(i int, dst []widget.Cell) []widget.Cell {
	m, st := r.kept[i], r.frame.Styles
	muted := func(text string) widget.Cell { return widget.Cell{Text: text, Style: st.Muted} }
	state, look := stateOf(st, m)
	name := st.Text
	if r.places != nil && m.Place == r.places.Looked {
		name = st.Accent
	}
	s := m.Standing
	if s == nil {
		dst = append(dst, muted(""), muted(""), widget.Cell{Text: nameOf(m), Style: name}, widget.Cell{Text: state, Style: look})
		for range len(clusterColumns()) - 4 {
			dst = append(dst, muted(""))
		}
		return dst
	}
	if s.Scored {
		dst = append(dst, widget.Cell{Text: fmt.Sprintf("%.1f", s.Score), Style: st.Score(s.Score)},
			widget.Cell{Text: s.Grade + " " + st.GradeMark(s.Grade), Style: st.Score(s.Score)})
	} else {
		dst = append(dst, muted("n/a"), muted(""))
	}
	dst = append(dst, widget.Cell{Text: nameOf(m), Style: name}, widget.Cell{Text: state, Style: look})
	for _, severity := range audit.Severities()[:4] {
		if count := s.Counts[severity]; count > 0 {
			dst = append(dst, widget.Cell{Text: strconv.Itoa(count), Style: st.Severity(screen.Severity(severity))})
		} else {
			dst = append(dst, muted("."))
		}
	}
	change := widget.Cell{}
	if m.Changed {
		change = widget.Cell{Text: screen.Change(m.Change), Style: screen.ChangeStyle(st, m.Change)}
	}
	course, drawn := widget.ScoreTrend(st, m.Course[max(0, len(m.Course)-courseWidth):])
	return append(dst, muted(s.Info.Version), muted(fmt.Sprintf("%.0f%%", math.Floor(s.Coverage))), change,
		widget.Cell{Text: course, Style: drawn}, muted(worstOf(m)), muted(strconv.Itoa(s.Nodes)), muted(strconv.Itoa(s.Pods)))
}

// stateOf says in a few words how a cluster is connected.
func stateOf(st *style.Styles, m feed.Member) (string, style.Style) {
	at := func(what string) string { return what + " " + m.Since.UTC().Format("15:04:05") }
	switch m.Connection {
	case feed.Live:
		return st.Glyphs.Live + " live", st.OK
	case feed.Still:
		return st.Glyphs.Still + " seen " + m.Since.UTC().Format("01-02 15:04 UTC"), st.Muted
	case feed.Failed:
		return st.Glyphs.Severity[style.Critical] + " " + brief(m.Err), st.Error
	case feed.Refused:
		return st.Glyphs.Severity[style.Critical] + " nothing may be read", st.Error
	case feed.Offline:
		return st.Glyphs.Severity[style.Critical] + at(" offline since"), st.Error
	case feed.Stale:
		return st.Glyphs.Still + at(" stale since"), st.Warn
	case feed.Connecting:
		return st.Glyphs.Still + " connecting", st.Notice
	case feed.Reading:
		return st.Glyphs.Still + " reading", st.Notice
	default:
		return st.Glyphs.Still + " waiting", st.Muted
	}
}

// brief says in a few words why a cluster does not answer.
func brief(err error) string {
	if known := (*screen.Unreached)(nil); errors.As(err, &known) && known.Reach.Brief != "" {
		return known.Reach.Brief
	}
	return "failed"
}
