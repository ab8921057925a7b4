package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Who may read what is written, as far as the user's umask allows.
const (
	forOthers fs.FileMode = 0o644
	forOwner  fs.FileMode = 0o600
)

// special is what is no file: a device, a pipe of the shell.
const special = os.ModeDevice | os.ModeNamedPipe | os.ModeSocket

// putFile writes a file as a whole or not at all: whoever reads it, and whoever comes after
// the program was killed, has the old one or the new one. It is written beside its name,
// flushed to the disk, and only then takes the name. A file that is there keeps who may
// read it. A link is replaced and never followed: where others may write, it could lead
// to any file of the user's.
//
// A process that is killed may leave a hidden file .seaworthy-* beside the name.
func putFile(name string, mode fs.FileMode, write func(io.Writer) error) error {
	return putBy(os.Rename, name, mode, write)
}

// putNew is putFile for a name that nothing may have yet: fs.ErrExist tells that
// something has it.
func putNew(name string, mode fs.FileMode, text []byte) error {
	return putBy(takeNew, name, mode, textOf(text))
}

// putBy is putFile with a way to take the name.
func putBy(take func(part, name string) error, name string, mode fs.FileMode, write func(io.Writer) error) (err error) {
	f, err := part(name, mode)
	if err != nil {
		return usagef("creating %s: %w", name, unwritten(err))
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
			err = fmt.Errorf("writing %s: %w", name, unwritten(err))
		}
	}()
	if info, err := os.Lstat(name); err == nil && info.Mode().IsRegular() && mode != forOwner {
		if err := f.Chmod(info.Mode().Perm()); err != nil {
			return err
		}
	}
	if err := write(f); err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return take(f.Name(), name)
}

// part creates the file that is to take a name, beside it.
func part(name string, mode fs.FileMode) (*os.File, error) {
	for {
		beside := filepath.Join(filepath.Dir(name), fmt.Sprintf("%s%016x", partPrefix, rand.Uint64())) //nolint:gosec // a name that is free, no secret
		f, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// partPrefix begins the names of files that are not whole yet.
const partPrefix = ".seaworthy-"

// takeNew gives a file a name that nothing has: a second name first, since that fails
// where a renaming replaces. What knows no second names (FAT) is asked before.
func takeNew(part, name string) error {
	err := os.Link(part, name)
	switch {
	case err == nil:
		return os.Remove(part)
	case errors.Is(err, fs.ErrExist):
		return fs.ErrExist
	}
	if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
		return fs.ErrExist
	}
	return os.Rename(part, name)
}

func textOf(text []byte) func(io.Writer) error {
	return func(w io.Writer) error { _, err := w.Write(text); return err }
}

// writeFile writes a file for others to read, see [putFile]. What is no file (/dev/null, a
// pipe of the shell) is written to where it is: a file must not take its place.
func writeFile(name string, write func(io.Writer) error) error {
	info, err := os.Stat(name)
	if err == nil && (info.Mode()&special != 0 || ofTheSystem(name)) {
		return writeThrough(name, write)
	}
	return putFile(name, forOthers, write)
}

// ofTheSystem reports whether a name is one of /dev or /proc, such as /dev/stdout when
// that goes to a file: the name must stay, and what the file has already.
func ofTheSystem(name string) bool {
	folder, err := filepath.Abs(filepath.Dir(name))
	if err == nil {
		folder, err = filepath.EvalSymlinks(folder)
	}
	return err == nil && (folder == "/dev" || strings.HasPrefix(folder, "/proc/"))
}

// writeThrough writes to a device or pipe.
func writeThrough(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return usagef("opening %s: %w", name, err)
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", name, unwritten(err))
	}
	return nil
}

// writePrivate writes a file that nobody else can read, in a folder that it makes.
func writePrivate(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return fmt.Errorf("creating %s: %w", name, unwritten(err))
	}
	return putFile(name, forOwner, textOf(text))
}

// unwritten is why a file could not be written, with what cures it. The names of files
// that were to take another name are left out.
func unwritten(err error) error {
	if path := new(fs.PathError); errors.As(err, &path) && isPart(path.Path) {
		err = path.Err
	}
	if link := new(os.LinkError); errors.As(err, &link) && isPart(link.Old) {
		err = link.Err
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w; make room there, or name a place on another disk", err)
	case errors.Is(err, syscall.EFBIG):
		return fmt.Errorf("%w; allow larger files (ulimit -f), or name a place on another disk", err)
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w; name a place that you may write to", err)
	}
	return err
}

func isPart(name string) bool { return strings.HasPrefix(filepath.Base(name), partPrefix) }
