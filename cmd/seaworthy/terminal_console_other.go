//go:build !unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"sync"
)

// console keeps the terminal to the screen while one is drawn. Where a standard file
// cannot be exchanged below client-go, it gets another one from the start: credential
// plugins write into a pipe, and what comes out goes on to standard error until a screen
// is drawn. While it is, standard input is empty.
type console struct {
	mu    sync.Mutex
	told  *io.PipeWriter // nil unless a screen is drawn
	stdin *os.File
}

// newConsole exchanges standard error. It is called before a cluster is connected to.
func newConsole() *console {
	c := &console{stdin: os.Stdin}
	r, w, err := os.Pipe()
	if err != nil {
		return c // plugins write as they would have
	}
	stderr := os.Stderr
	os.Stderr = w
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := r.Read(buffer)
			c.pass(buffer[:n], stderr)
			if err != nil {
				return
			}
		}
	}()
	return c
}

// pass passes on what was written.
func (c *console) pass(text []byte, stderr io.Writer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.told != nil {
		_, _ = c.told.Write(text)
		return
	}
	_, _ = stderr.Write(text)
}

// take empties standard input, and has each line that is written to standard error told.
// The file is that of the keys.
func (c *console) take(tell func(line string)) (*os.File, error) {
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		return nil, fmt.Errorf("taking the terminal: %w", err)
	}
	r, w := io.Pipe()
	go tellLines(bufio.NewReader(r), tell)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told, os.Stdin = w, nothing
	return c.stdin, nil
}

// lend does nothing: see prompts.
func (c *console) lend() error { return nil }

// again does nothing.
func (c *console) again() error { return nil }

// release gives everything back.
func (c *console) release() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, told := os.Stdin.Close(), c.told
	c.told, os.Stdin = nil, c.stdin
	return told.Close()
}

// prompts reports whether a plugin can ask its questions while a screen was drawn: its
// input cannot be exchanged while goroutines of client-go may look at it.
func (c *console) prompts() bool { return false }

// suspendable reports that no program is stopped and resumed here.
func suspendable() bool { return false }

// suspend does nothing.
func suspend() error { return nil }
