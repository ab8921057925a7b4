package report

import (
	"fmt"
	"io"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// Baseline says that a report lists only what got worse since another one. Scores, counts
// and frameworks are of everything all the same.
type Baseline struct {
	Name  string `json:"name"`  // of the cluster or file that is compared with
	Known int    `json:"known"` // findings that are not listed: they were there
}

// WriteSince writes a report of the newer assessment. SARIF says of each finding what became
// of it since the older one; what other formats write is what [Format.Write] does.
func (f Format) WriteSince(w io.Writer, c *compare.Comparison, sections ...Section) error {
	d := newDraft(c.After, sections)
	d.since = c
	return f.written(w, d)
}

// OfNew reports whether the format can be confined to what is new; see [Format.WriteNew].
func (f Format) OfNew() bool { return f.lists }

// WriteNew writes a report of the newer assessment that lists what got worse
// ([compare.Kind.Regression]), of a format that is [Format.OfNew].
func (f Format) WriteNew(w io.Writer, c *compare.Comparison, sections ...Section) error {
	d := newDraft(c.After, sections)
	worse := map[*score.Finding]bool{}
	for i := range c.Changes {
		if c.Changes[i].Kind.Regression() {
			worse[c.Changes[i].After] = true
		}
	}
	all := len(d.found)
	d.found = slices.DeleteFunc(d.found, func(f *score.Finding) bool { return !worse[f] })
	d.worse = worse
	d.Baseline = &Baseline{Name: c.Before.Cluster.Info.Name, Known: all - len(d.found)}
	return f.written(w, d)
}

// listed returns those of some findings that the report lists.
func (d *draft) listed(found []*score.Finding) []*score.Finding {
	if d.worse == nil {
		return found
	}
	return slices.DeleteFunc(slices.Clone(found), func(f *score.Finding) bool { return !d.worse[f] })
}

// String says what is left out, in a sentence.
func (b *Baseline) String() string {
	return fmt.Sprintf("Listed is only what got worse since %s; %s that %s there then %s not. Scores and counts are of all.",
		printable.Text(b.Name), plural(b.Known, "finding"), verb(b.Known, "was", "were"), verb(b.Known, "is", "are"))
}

func verb(n int, one, several string) string {
	if n == 1 {
		return one
	}
	return several
}
