package screen

import "github.com/seaworthy-dev/seaworthy/ui/widget"

// Filtering is the filter of a screen's rows and the text it was read from. The
// zero value lets every row through.
type Filtering struct {
	text   string
	filter *widget.Filter
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

// Match reports whether a row is to be shown.
func (f *Filtering) Match(row widget.Row) bool { return f.filter.Match(row) }
