package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// keptNotes is how many notes are kept while a screen is drawn; the oldest go.
const keptNotes = 20

// notes are lines that are worth telling and no result: warnings of a server,
// complaints of client-go. They go to standard error, but not across a screen
// that is being drawn: then they are kept until it is left, each once.
// notes may be used by several goroutines.
type notes struct {
	mu   sync.Mutex
	out  io.Writer
	held bool
	kept []string
}

// tell tells a line, now or when it can be.
func (n *notes) tell(line string) {
	line = printable.Text(line)
	n.mu.Lock()
	defer n.mu.Unlock()
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

// hold keeps what is told from now on until release is called, which tells it.
func (n *notes) hold() (release func()) {
	n.mu.Lock()
	n.held = true
	n.mu.Unlock()
	return func() {
		n.mu.Lock()
		kept := n.kept
		n.held, n.kept = false, nil
		n.mu.Unlock()
		for _, line := range kept {
			n.tell(line)
		}
	}
}
