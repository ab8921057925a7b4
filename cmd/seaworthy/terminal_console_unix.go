//go:build unix

package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

// console keeps the terminal to the screen while one is drawn. Credential plugins are
// started by client-go with the standard input and error of the process, whatever they
// are then: so files are exchanged below it. Meanwhile standard input is empty, for a
// plugin must not take the user's keys, and what is written to standard error goes to
// the log. The screen reads keys by a descriptor of its own.
type console struct {
	terminal, stderr int // what standard input and error were
	nothing, pipe    int // what they are
	in               *os.File
	reading          chan struct{} // closed when nothing more is read
	from             *os.File
}

// newConsole does nothing yet.
func newConsole() *console { return &console{} }

// take exchanges standard input and error. Each line that is written to the latter from
// then on is told. The file is that of the keys.
func (c *console) take(tell func(line string)) (in *os.File, err error) {
	opened := []int{}
	defer func() {
		if err != nil {
			for _, fd := range opened {
				_ = unix.Close(fd)
			}
			err = fmt.Errorf("taking the terminal: %w", err)
		}
	}()
	for to, open := range map[*int]func() (int, error){
		&c.terminal: func() (int, error) { return unix.FcntlInt(uintptr(unix.Stdin), unix.F_DUPFD_CLOEXEC, 3) },
		&c.stderr:   func() (int, error) { return unix.FcntlInt(uintptr(unix.Stderr), unix.F_DUPFD_CLOEXEC, 3) },
		&c.nothing:  func() (int, error) { return unix.Open(os.DevNull, unix.O_RDONLY|unix.O_CLOEXEC, 0) },
	} {
		if *to, err = open(); err != nil {
			return nil, err
		}
		opened = append(opened, *to)
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.pipe, err = unix.FcntlInt(w.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	opened = append(opened, c.pipe)
	if err = errors.Join(unix.SetNonblock(c.pipe, false), c.again()); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	c.from, c.reading = r, make(chan struct{})
	go func() {
		defer close(c.reading)
		tellLines(bufio.NewReader(r), tell)
	}()
	c.in = os.NewFile(uintptr(c.terminal), os.Stdin.Name()) //nolint:gosec // a descriptor is not negative
	return c.in, nil
}

// lend gives standard input and error back for a while.
func (c *console) lend() error {
	return errors.Join(unix.Dup2(c.terminal, unix.Stdin), unix.Dup2(c.stderr, unix.Stderr))
}

// again takes what was lent.
func (c *console) again() error {
	return errors.Join(unix.Dup2(c.nothing, unix.Stdin), unix.Dup2(c.pipe, unix.Stderr))
}

// drained is how long a program that outlives the screen may keep its end of the pipe
// before it is not heard any more.
const drained = 100 * time.Millisecond

// release gives everything back for good.
func (c *console) release() error {
	err := errors.Join(c.lend(), c.in.Close(), unix.Close(c.stderr), unix.Close(c.nothing), unix.Close(c.pipe))
	timer := time.NewTimer(drained)
	defer timer.Stop()
	select {
	case <-c.reading:
	case <-timer.C:
	}
	err = errors.Join(err, c.from.Close())
	<-c.reading
	return err
}

// prompts reports whether a plugin can ask its questions while the terminal is lent.
func (c *console) prompts() bool { return true }

// suspendable reports whether a shell waits that can resume a program which is stopped.
// The process group of one that was started by none, as in a container, is orphaned: the
// signal would be ignored there (POSIX, General Terminal Interface), and the program
// would wait for ever.
func suspendable() bool {
	parent := os.Getppid()
	group, err := unix.Getpgid(parent)
	if err != nil || group == unix.Getpgrp() {
		return false
	}
	session, err := unix.Getsid(parent)
	own, ownErr := unix.Getsid(0)
	return err == nil && ownErr == nil && session == own
}

// suspend stops the job that this process is of, as the terminal's own key would, and
// returns when it goes on.
func suspend() error {
	resumed := make(chan os.Signal, 1)
	signal.Notify(resumed, unix.SIGCONT)
	defer signal.Stop(resumed)
	if err := unix.Kill(0, unix.SIGTSTP); err != nil {
		return fmt.Errorf("stopping the program: %w", err)
	}
	<-resumed
	return nil
}
