package briefing

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
)

// Episode is an incident from its beginning to its end, as the reports of a time tell it.
type Episode struct {
	ID       string
	Severity triage.Severity // the worst that it had
	Title    string          // as it was last; whoever shows it cleans it
	Began    time.Time       // when the first of its signals began, which may be before it was seen
	Ended    time.Time       // zero while it is not over
}

// Chronicle keeps the incidents that reports have told of. The zero value has none. It is
// for one goroutine.
type Chronicle struct {
	episodes map[string]*Episode
}

// Add takes in the next report, and reports whether anything is other than before.
func (c *Chronicle) Add(r *Report) (changed bool) {
	if c.episodes == nil {
		c.episodes = map[string]*Episode{}
	}
	for _, i := range r.Incidents {
		for _, alias := range i.Aliases {
			if _, known := c.episodes[alias]; known {
				delete(c.episodes, alias)
				changed = true
			}
		}
		next := Episode{ID: i.ID, Severity: i.Severity, Title: i.Title, Began: i.Since}
		if i.State == incident.Resolved {
			next.Ended = i.Ended
		}
		if before := c.episodes[i.ID]; before != nil {
			next.Severity = triage.Worse(next.Severity, before.Severity)
			if before.Began.Before(next.Began) {
				next.Began = before.Began
			}
			if *before == next {
				continue
			}
		}
		c.episodes[i.ID] = &next
		changed = true
	}
	return changed
}

// Episodes returns the incidents in the order in which they began.
func (c *Chronicle) Episodes() []Episode {
	all := make([]Episode, 0, len(c.episodes))
	for _, e := range c.episodes {
		all = append(all, *e)
	}
	slices.SortFunc(all, func(a, b Episode) int { return cmp.Or(a.Began.Compare(b.Began), strings.Compare(a.ID, b.ID)) })
	return all
}
