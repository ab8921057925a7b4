package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/logbook"
)

// keptNotes is how many notes are kept while a screen is drawn; the oldest go.
const keptNotes = 20

// The sources of lines in the log that do not say theirs.
const (
	ownNotes      = "seaworthy"
	standardError = "stderr"
)

// notes are lines that are worth telling and no result: warnings of a server,
// complaints of client-go. They go to standard error, but not across a screen
// that is being drawn: then they go to its log, and the newest are kept until it
// is left, each once. notes may be used by several goroutines.
type notes struct {
	mu   sync.Mutex
	out  io.Writer
	held bool
	kept []string
	book *logbook.Book // of the screen that is drawn
}

// tell tells a line, now or when it can be.
func (n *notes) tell(line string) { n.say(ownNotes, line) }

// say tells a line of a source.
func (n *notes) say(source, line string) {
	line = printable.Text(line)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.held {
		n.book.Add(inLog(source, line))
	}
	if !n.held {
		_, _ = fmt.Fprintf(n.out, "note: %s\n", line)
		return
	}
	if slices.Contains(n.kept, line) {
		return
	}
	n.kept = append(n.kept, line)
	n.kept = n.kept[max(0, len(n.kept)-keptNotes):]
}

// Write tells each line, for loggers; it never fails.
func (n *notes) Write(text []byte) (int, error) {
	for line := range strings.Lines(string(text)) {
		n.tell(strings.TrimRight(line, "\n"))
	}
	return len(text), nil
}

// hold keeps what is told from now on until release is called, which tells it. All of it
// goes to the log, which may be nil.
func (n *notes) hold(book *logbook.Book) (release func()) {
	n.mu.Lock()
	n.held, n.book = true, book
	n.mu.Unlock()
	return func() {
		n.mu.Lock()
		kept := n.kept
		n.held, n.kept, n.book = false, nil, nil
		n.mu.Unlock()
		for _, line := range kept {
			n.tell(line)
		}
	}
}
