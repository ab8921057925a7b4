package screen

import (
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Filtering is the filter of a screen's rows and the text it was read from. The
// zero value lets every row through.
type Filtering struct {
	text   string
	filter *widget.Filter
}

// FilterOf returns the filter that an address asks for: its key "filter" as it
// is, every other key as a term, so that findings?sev=critical is short for
// findings?filter=sev=critical.
func FilterOf(address nav.Address) string {
	terms := []string{}
	for _, key := range slices.Sorted(maps.Keys(address.Query)) {
		if key != "filter" {
			terms = append(terms, key+"="+address.Query[key])
		}
	}
	if text := address.Query["filter"]; text != "" {
		terms = append(terms, text)
	}
	return strings.Join(terms, " ")
}

// LabelsOf returns the labels of an object, nil where the view does not hold it. Those
// of a workload without any are the labels of its pods: that is what it is known by.
func LabelsOf(c *kube.Cluster, ref kube.Ref) map[string]string {
	if w := c.Workload(ref); w != nil {
		if len(w.Labels) > 0 {
			return w.Labels
		}
		return w.Pod.Labels
	}
	o, _ := c.Find(ref)
	if labeled, ok := o.(interface{ GetLabels() map[string]string }); ok {
		return labeled.GetLabels()
	}
	return nil
}

// Set reads a filter over rows with these fields. On an error the filter stays
// as it was.
func (f *Filtering) Set(text string, fields []widget.Field) error {
	filter, err := widget.ParseFilter(text, fields)
	if err != nil {
		return err
	}
	f.text, f.filter = text, filter
	if filter == nil {
		f.text = ""
	}
	return nil
}

// Text returns the filter as it was typed, "" for none.
func (f *Filtering) Text() string { return f.text }

// Filter returns the filter itself, nil for one that lets every row through. It
// never changes.
func (f *Filtering) Filter() *widget.Filter { return f.filter }

// Match reports whether a row is to be shown.
func (f *Filtering) Match(row widget.Row) bool { return f.filter.Match(row) }
