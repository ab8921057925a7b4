// Package palette finds things by a few letters of their names: commands, screens,
// namespaces, rules, objects.
//
// # Design
//
// An Index is made once of everything that can be found and never changes. A search
// goes through it in chunks, stops when its context ends, and keeps only the best
// hits: with 150,000 items it takes some milliseconds. If a text has only grown, what
// matched before is all that is looked at; that a longer text never matches more is
// a property that the tests hold.
//
// What is found is ranked in classes that never mix: the name itself, then what
// begins with the text, then what has its words in it, then what has its letters in
// order. Within a class, what was chosen before comes first. Only the last class asks
// the fuzzy matcher (github.com/sahilm/fuzzy), and only about the candidates that a
// quick look thinks best: its time grows with the square of the pattern, and its
// scores overflow from 40 adjacent letters on, which is why patterns are cut and why
// a score is only ever compared with another of the same search.
//
// The package must know nothing of what is found, draw nothing and run nothing: where
// items come from and what choosing one does is the root's.
package palette

import (
	"context"
	"strings"
)

// Kind is what an item is. The order of the constants is the order of what matches
// equally well.
type Kind uint8

// The kinds.
const (
	// Command is something that the program does.
	Command Kind = iota
	// Screen is a place of the program.
	Screen
	// Context is a cluster that could be looked at.
	Context
	// Namespace is a namespace of the cluster.
	Namespace
	// Rule is a rule that the cluster is judged by.
	Rule
	// Object is any other object of the cluster.
	Object
	kinds
)

// String returns the kind as a word.
func (k Kind) String() string {
	return [...]string{Command: "command", Screen: "screen", Context: "context", Namespace: "namespace", Rule: "rule", Object: "object", kinds: ""}[min(k, kinds)]
}

// Prefix returns the character that asks for one kind only, 0 for a kind without one.
func (k Kind) Prefix() rune {
	switch k {
	case Command:
		return '>'
	case Namespace:
		return '@'
	case Rule:
		return '#'
	case Screen, Context, Object, kinds:
	}
	return 0
}

// Item is something that can be found.
type Item struct {
	Kind Kind
	// Text is what is searched and shown. What stands behind its last slash counts as
	// its name.
	Text string
	// Aside is shown at the right, and not searched: keys, the kind of an object.
	Aside string
	// Target is for the one who shows the list: what choosing the item means.
	Target string
}

// Chosen names an item that was chosen before.
type Chosen struct {
	Kind Kind
	Text string
}

// chunk is after how many items it is looked whether a search is still wanted.
const chunk = 8192

// Index is all that can be found. It never changes, and may be searched by several
// goroutines.
type Index struct {
	items []Item
	lower []string // the texts in lower case
	masks []uint64 // which letters they have
	// recent says how long ago an item was chosen, 1 for the last time.
	recent map[int32]int
}

// NewIndex makes an index of items, in the order that they are shown in before
// anything is typed. Recent are those chosen before, the last one at the end. It
// returns nil if the context ends.
func NewIndex(ctx context.Context, items []Item, recent []Chosen) *Index {
	x := &Index{items: items, lower: make([]string, len(items)), masks: make([]uint64, len(items)), recent: map[int32]int{}}
	ago := make(map[Chosen]int, len(recent))
	for i, chosen := range recent {
		ago[chosen] = len(recent) - i
	}
	for i, item := range items {
		if i%chunk == 0 && ctx.Err() != nil {
			return nil
		}
		x.lower[i] = strings.ToLower(item.Text)
		x.masks[i] = mask(x.lower[i])
		if n := ago[Chosen{item.Kind, item.Text}]; n > 0 {
			x.recent[int32(i)] = n //nolint:gosec // far fewer
		}
	}
	return x
}

// Len returns how many items there are.
func (x *Index) Len() int { return len(x.items) }

// Item returns an item by its number.
func (x *Index) Item(i int) Item { return x.items[i] }

// mask has a bit for each byte of a text. What has the letters of a pattern has its
// bits as well, so that most of what does not match costs one comparison.
func mask(text string) uint64 {
	var bits uint64
	for i := range len(text) {
		bits |= 1 << (text[i] & 63)
	}
	return bits
}
