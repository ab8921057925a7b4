package ui

import (
	"bytes"
	"io"
	"runtime/pprof"
	"time"
)

// released is what Bubble Tea runs with the terminal released. What it asks and says goes
// by the process's own streams.
type released func() error

// Run does it once nothing of Bubble Tea draws any more.
func (do released) Run() error {
	clock := time.NewTicker(drawerRest)
	defer clock.Stop()
	for looks := 0; looks < drawerLooks && drawing(); looks++ {
		<-clock.C
	}
	return do()
}

// SetStdin does nothing.
func (released) SetStdin(io.Reader) {}

// SetStdout does nothing.
func (released) SetStdout(io.Writer) {}

// SetStderr does nothing.
func (released) SetStderr(io.Writer) {}

// drawer is the goroutine of Bubble Tea that draws, which is told to end when the terminal
// is released, and not waited for. It ends by stopping the clock that frames are drawn by.
// If it came to that only after the terminal was taken again, as it may when the process
// is stopped in between or there was next to nothing to do, it would stop the clock of its
// successor, and no frame would be drawn any more (charmbracelet/bubbletea#1778).
const drawer = "bubbletea/v2.(*Program).startRenderer."

// What needs the terminal waits for the drawer as long as a busy machine may need to run
// it, and not for ever.
const (
	drawerRest  = time.Millisecond
	drawerLooks = 1000
)

// drawing reports whether a drawer runs, of any program in this process.
func drawing() bool {
	var stacks bytes.Buffer
	_ = pprof.Lookup("goroutine").WriteTo(&stacks, 1) // a buffer takes everything
	return bytes.Contains(stacks.Bytes(), []byte(drawer))
}
