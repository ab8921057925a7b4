package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// streams is what a command knows of the world around it.
type streams struct {
	in       io.Reader
	out, err io.Writer
	notes    *notes // on err
	now      func() time.Time
	env      func(string) string
	// terminal reports whether standard input and output are a terminal, so
	// that a screen can be drawn.
	terminal bool
	// display reports whether standard output is a terminal: text that must be exact
	// elsewhere, such as a patch, is made harmless there.
	display bool
	// progress reports whether standard error is a terminal, where a line can
	// be drawn over.
	progress bool
}

// system is the world as it is.
func system() *streams {
	isTerminal := func(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
	return &streams{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, notes: &notes{out: os.Stderr}, now: time.Now, env: os.Getenv,
		terminal: isTerminal(os.Stdin) && isTerminal(os.Stdout), display: isTerminal(os.Stdout), progress: isTerminal(os.Stderr),
	}
}

// show writes a text that must be exact to standard output; on a terminal each of its
// lines is made harmless, since a cluster chose some of it.
func (s *streams) show(write func(io.Writer) error) error {
	if !s.display {
		return write(s.out)
	}
	var text bytes.Buffer
	if err := write(&text); err != nil || text.Len() == 0 {
		return err
	}
	_, err := fmt.Fprintln(s.out, strings.Join(printable.Lines(text.String()), "\n"))
	return err
}
