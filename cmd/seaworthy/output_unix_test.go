//go:build unix

package main

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A report for a pipe goes through it: a file in its place would leave the reader
// waiting, and one in the place of /dev/null would break the machine.
func TestWriteFileLeavesPipesInPlace(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan string, 1)
	go func() {
		text, err := os.ReadFile(pipe)
		if err != nil {
			text = []byte(err.Error())
		}
		read <- string(text)
	}()
	err := writeFile(pipe, func(w io.Writer) error { _, err := io.WriteString(w, "a report"); return err })
	if err != nil {
		t.Fatal(err)
	}
	if got := <-read; got != "a report" {
		t.Errorf("the pipe had %q", got)
	}
	if info, err := os.Stat(pipe); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe is %v now: %v", info.Mode(), err)
	}
}
