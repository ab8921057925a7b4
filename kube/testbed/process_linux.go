package main

import "syscall"

// childAttributes gives each child a process group of its own, so that Ctrl-C in a
// terminal reaches this program alone and the order of shutdown is its own; and
// has the kernel kill the child should this program be killed.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

func signalGroup(pid int, signal syscall.Signal) error { return syscall.Kill(-pid, signal) }
