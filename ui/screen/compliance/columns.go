package compliance

import (
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// words is a column of words.
func words[T any](id, title string, least, ideal, most, priority int, text func(T) string) screen.ListingColumn[T] {
	return screen.Words(widget.Column{ID: id, Title: title, Min: least, Ideal: ideal, Max: most, Priority: priority}, text)
}

// numbers is a column of numbers, NaN for none.
func numbers[T any](id, title string, width, most, priority int, value func(T) float64) screen.ListingColumn[T] {
	return screen.Numbers(widget.Column{ID: id, Title: title, Min: width, Ideal: width, Max: most, Priority: priority}, value)
}
