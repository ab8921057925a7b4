// Package logbook keeps what was said while the program draws on the terminal, where a
// line on standard error would be torn across the picture: the log of client-go,
// warnings of servers, what credential plugins say, and notes of the program itself.
//
// A line that is said again is counted, not kept again: a server that warns with every
// answer fills no list. The newest thousand are kept. A Book may be written and read by
// several goroutines; it starts none and touches no disk.
package logbook

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
	"unicode/utf8"
)

// Capacity is how many different lines a Book keeps; the one that was said least
// recently goes first.
const Capacity = 1000

// longest is how much of a line is kept, in bytes.
const longest = 4096

// Level says how bad it is.
type Level int

// The levels.
const (
	Info Level = iota
	Warning
	Error
)

// String returns the level in a word.
func (l Level) String() string {
	switch l {
	case Info:
		return "info"
	case Warning:
		return "warning"
	default:
		return "error"
	}
}

// Levels returns the names of the levels, the mildest first.
func Levels() []string { return []string{Info.String(), Warning.String(), Error.String()} }

// Entry is a line, and how often it was said.
type Entry struct {
	// Level says how bad it is.
	Level Level
	// Source is who said it, in a word or two.
	Source string
	// Text is the line, which may hold anything: whoever shows it cleans it.
	Text string
	// First and Last are when it was said.
	First, Last time.Time
	// Count is how often, at least 1.
	Count int

	number uint64 // of the newest time it was said
}

// Book keeps entries. Make one with New. A nil Book takes and has nothing.
type Book struct {
	now     func() time.Time
	changed chan struct{} // something was said that Next has not told

	mu      sync.Mutex
	entries map[line]*Entry
	number  uint64 // of the newest line
	seen    uint64 // of the newest line that was looked at
}

// line is what makes two lines the same.
type line struct {
	level        Level
	source, text string
}

// New returns a Book that reads the time from a clock.
func New(now func() time.Time) *Book {
	return &Book{now: now, changed: make(chan struct{}, 1), entries: map[line]*Entry{}}
}

// Add writes a line down, or counts one that is known.
func (b *Book) Add(level Level, source, text string) {
	if b == nil {
		return
	}
	b.write(line{level, source, cut(text)})
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

func (b *Book) write(key line) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now() // in the order in which lines are counted
	b.number++
	if known := b.entries[key]; known != nil {
		known.Count++
		known.Last, known.number = now, b.number
		return
	}
	if len(b.entries) == Capacity {
		b.forget()
	}
	b.entries[key] = &Entry{Level: key.level, Source: key.source, Text: key.text, First: now, Last: now, Count: 1, number: b.number}
}

// forget drops the line that was said least recently.
func (b *Book) forget() {
	oldest, number := line{}, b.number
	for key, e := range b.entries {
		if e.number < number {
			oldest, number = key, e.number
		}
	}
	delete(b.entries, oldest)
}

// cut bounds a text, between two characters.
func cut(text string) string {
	if len(text) <= longest {
		return text
	}
	end := longest
	for end > longest-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// Entries returns what is kept, the newest first.
func (b *Book) Entries() []Entry {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	entries := make([]Entry, 0, len(b.entries))
	for _, e := range b.entries {
		entries = append(entries, *e)
	}
	b.mu.Unlock()
	slices.SortFunc(entries, func(x, y Entry) int { return cmp.Compare(y.number, x.number) })
	return entries
}

// Unseen returns how many entries of level Warning or worse were said since Seen.
func (b *Book) Unseen() int {
	if b == nil {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	unseen := 0
	for _, e := range b.entries {
		if e.Level >= Warning && e.number > b.seen {
			unseen++
		}
	}
	return unseen
}

// Seen takes note that somebody has looked.
func (b *Book) Seen() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen = b.number
}

// Next waits until something is said, or was since it last returned; false if the
// context ended before. Only one goroutine at a time may wait.
func (b *Book) Next(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-b.changed:
		return true
	}
}
