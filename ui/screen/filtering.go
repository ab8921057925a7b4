package screen

import (
	"fmt"
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

// WithFilter returns an address whose query asks for a filter too, the address as it is
// for "".
func WithFilter(address nav.Address, filter string) nav.Address {
	if filter == "" {
		return address
	}
	query := maps.Clone(address.Query)
	if query == nil {
		query = map[string]string{}
	}
	query["filter"] = filter
	address.Query = query
	return address
}

// FilterTitle is the title of rows of which there are so many, and of which a filter
// lets some through: "Namespaces (6)", "Namespaces (2 of 6) filtered by score<60".
func FilterTitle(of string, kept, all int, filter string) string {
	if filter == "" {
		return fmt.Sprintf("%s (%d)", of, all)
	}
	return fmt.Sprintf("%s (%d of %d) filtered by %s", of, kept, all, filter)
}

// Unfiltered says, behind a title, what is wrong with the filter that an address asks
// for; "" if nothing is.
func Unfiltered(refused error) string {
	if refused == nil {
		return ""
	}
	return fmt.Sprintf(" not filtered: %v", refused)
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
	o, found := c.Find(ref)
	if !found {
		return nil
	}
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
