package pty

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/sys/unix"
)

// patience is far longer than a program takes to write what is waited for.
const patience = 30 * time.Second

// Terminal is a terminal with somebody before it.
type Terminal struct {
	// Line is the end that a program has as its input and output.
	Line *os.File

	t    testing.TB
	hand *os.File // the other end

	mu      sync.Mutex
	written []byte
	known   int           // how much of it Forget was told to forget
	more    chan struct{} // closed when more is written
}

// Open opens a terminal of that many columns and rows, until the end of the test. What
// is written to it is read at once; see OpenUnread.
func Open(t testing.TB, width, height int) *Terminal {
	t.Helper()
	p := OpenUnread(t, width, height)
	p.Read()
	return p
}

// OpenUnread opens a terminal that nobody reads from until Read is called: whoever writes
// waits when its buffer, of some kilobytes, is full.
func OpenUnread(t testing.TB, width, height int) *Terminal {
	t.Helper()
	hand, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Skipf("no pseudo-terminal can be had: %v", err)
	}
	var number int
	control(t, hand, func(fd int) error {
		if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
			return err
		}
		number, err = unix.IoctlGetInt(fd, unix.TIOCGPTN)
		return err
	})
	line, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatalf("opening the line of the terminal: %v", err)
	}
	p := &Terminal{Line: line, t: t, hand: hand, more: make(chan struct{})}
	p.Resize(width, height)
	t.Cleanup(func() { _, _ = line.Close(), hand.Close() })
	return p
}

// Fill writes blanks until nothing more goes into the terminal, whose reader is then as
// slow as one can be, and returns how many bytes that were. It is for OpenUnread.
func (p *Terminal) Fill() int {
	p.t.Helper()
	fd, err := unix.Open(p.Line.Name(), unix.O_WRONLY|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		p.t.Fatalf("opening the line of the terminal again: %v", err)
	}
	defer func() { _ = unix.Close(fd) }()
	blanks, filled := bytes.Repeat([]byte(" "), 1024), 0
	for {
		n, err := unix.Write(fd, blanks)
		if err != nil || n <= 0 {
			return filled
		}
		filled += n
	}
}

// control calls a function with the descriptor of a file.
func control(t testing.TB, f *os.File, do func(fd int) error) {
	t.Helper()
	conn, err := f.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var failed error
	if err := conn.Control(func(fd uintptr) { failed = do(int(fd)) }); err != nil || failed != nil {
		t.Fatalf("asking the terminal: %v, %v", err, failed)
	}
}

// Read begins to read what is written, until the terminal is closed.
func (p *Terminal) Read() {
	go func() {
		buffer := make([]byte, 1<<16)
		for {
			n, err := p.hand.Read(buffer)
			p.mu.Lock()
			p.written = append(p.written, buffer[:n]...)
			close(p.more)
			p.more = make(chan struct{})
			p.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
}

// Resize gives the terminal another size.
func (p *Terminal) Resize(width, height int) {
	p.t.Helper()
	size := &unix.Winsize{Col: uint16(width), Row: uint16(height)} //nolint:gosec // sizes of tests
	control(p.t, p.hand, func(fd int) error { return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, size) })
}

// Press sends the bytes of keys.
func (p *Terminal) Press(keys string) {
	p.t.Helper()
	if _, err := p.hand.WriteString(keys); err != nil {
		p.t.Errorf("pressing %q: %v", keys, err)
	}
}

// Written returns all that was written so far, with its escape sequences.
func (p *Terminal) Written() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return string(p.written)
}

// Forget has the next Await look only at what is written from now on.
func (p *Terminal) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known = len(p.written)
}

// Await waits until each of the texts was written since Forget, escape sequences aside,
// and returns what was written. A program draws only what differs from what is there, so
// that only text which is new as a whole can be awaited.
func (p *Terminal) Await(texts ...string) string {
	p.t.Helper()
	return p.AwaitThat(fmt.Sprintf("%q", texts), func(written string) bool {
		plain := ansi.Strip(written)
		for _, text := range texts {
			if !strings.Contains(plain, text) {
				return false
			}
		}
		return true
	})
}

// AwaitThat waits until what was written since Forget is as wanted.
func (p *Terminal) AwaitThat(what string, wanted func(written string) bool) string {
	p.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		p.mu.Lock()
		written, more := bytes.Clone(p.written[p.known:]), p.more
		p.mu.Unlock()
		if wanted(string(written)) {
			return string(written)
		}
		select {
		case <-more:
		case <-deadline.C:
			p.t.Fatalf("after %s there is no %s in %q", patience, what, written)
		}
	}
}

// Settings returns the settings of the line, to be compared.
func (p *Terminal) Settings() string {
	p.t.Helper()
	var settings *unix.Termios
	control(p.t, p.Line, func(fd int) (err error) {
		settings, err = unix.IoctlGetTermios(fd, unix.TCGETS)
		return err
	})
	return fmt.Sprintf("%+v", *settings)
}
