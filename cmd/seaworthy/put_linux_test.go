package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// putterName is the program that writes files until it is killed.
const putterName = "seaworthy-putter"

// versionSize is how long a version is, in bytes: many writes, so that half of one is
// likely to be caught.
const versionSize = 256 << 10

// versionText is a version of a file: a line that says which, again and again.
func versionText(number int) []byte {
	line := fmt.Sprintf("version %d\n", number)
	return bytes.Repeat([]byte(line), versionSize/len(line))
}

// putter is: seaworthy-putter WAY FILE. It writes versions of a file in one of the ways
// of the program, says when it has written one, and never ends.
func putter() {
	way, name := os.Args[1], os.Args[2]
	inPieces := func(text []byte) func(io.Writer) error {
		return func(w io.Writer) error {
			for len(text) > 0 {
				n := min(len(text), 1<<12)
				if _, err := w.Write(text[:n]); err != nil {
					return err
				}
				text = text[n:]
			}
			return nil
		}
	}
	for number := 1; ; number++ {
		text := versionText(number)
		err := map[string]func() error{
			"report":  func() error { return writeFile(name, inPieces(text)) },
			"state":   func() error { return writePrivate(name, text) },
			"replace": func() error { return replaceFile(name, text) },
			"new": func() error {
				_ = os.Remove(name)
				return writeNew(name, text)
			},
		}[way]()
		if err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(1) //nolint:revive // it is the main function of a process
		}
		if number == 1 {
			_ = os.Stdout.Close()
		}
	}
}

// wholeVersion reports what is wrong with a file that must be one whole version.
func wholeVersion(text []byte) error {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	number, err := strconv.Atoi(strings.TrimPrefix(string(line), "version "))
	if err != nil {
		return fmt.Errorf("%d bytes begin with %.40q", len(text), line)
	}
	if !bytes.Equal(text, versionText(number)) {
		return fmt.Errorf("%d bytes of version %d are not all of it", len(text), number)
	}
	return nil
}

// TestWritersThatAreKilled kills what writes a file again and again, at any moment: the
// file is then one of the versions, and all of it.
func TestWritersThatAreKilled(t *testing.T) {
	t.Parallel()
	const kills = 12
	for _, way := range []string{"report", "state", "replace", "new"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			name := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(name, versionText(0), 0o600); err != nil {
				t.Fatal(err)
			}
			last := versionText(0)
			changed := 0
			for range kills {
				killWriter(t, way, name, time.Duration(rand.IntN(30_000))*time.Microsecond)
				text, err := os.ReadFile(name)
				if errors.Is(err, fs.ErrNotExist) && way == "new" {
					continue // it was killed before it made a new one
				}
				if err == nil {
					err = wholeVersion(text)
				}
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(text, last) {
					changed++
				}
				last = text
			}
			if changed == 0 {
				t.Errorf("none of %d writers came to write: this test could not have failed", kills)
			}
		})
	}
}

// killWriter starts a writer and kills it a while after it has begun to write.
func killWriter(t *testing.T, way, name string, after time.Duration) {
	t.Helper()
	var complaint bytes.Buffer
	writer := exec.CommandContext(t.Context(), putterName, way, name)
	writer.Stderr = &complaint
	writes, err := writer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, writes) // until it has written
	timer := time.AfterFunc(after, func() { _ = writer.Process.Kill() })
	defer timer.Stop()
	_ = writer.Wait()
	if complaint.Len() > 0 {
		t.Fatalf("the writer says: %s", complaint.String())
	}
}

// TestTwoWriters write one file at once, and who reads it meanwhile sees the one or the
// other.
func TestTwoWriters(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	name := filepath.Join(folder, "file")
	var writers sync.WaitGroup
	for writer := range 2 {
		writers.Go(func() {
			for i := range 20 {
				if err := writePrivate(name, versionText(2*i+writer)); err != nil {
					t.Error(err)
				}
				if text, err := os.ReadFile(name); err != nil {
					t.Error(err)
				} else if err := wholeVersion(text); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("they left %v, %v", entries, err)
	}
}

// TestNewFilesOfTwo has two make the same new file: one of them is told that it is there.
func TestNewFilesOfTwo(t *testing.T) {
	t.Parallel()
	for range 20 {
		name := filepath.Join(t.TempDir(), "file")
		told := make(chan error, 2)
		for writer := range 2 {
			go func() { told <- writeNew(name, versionText(writer)) }()
		}
		first, second := <-told, <-told
		if (first == nil) == (second == nil) {
			t.Fatalf("they were told %v and %v", first, second)
		}
	}
}

// TestPermissionsAndLinks holds what a file keeps and what a link means.
func TestPermissionsAndLinks(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	shared, target, link := filepath.Join(folder, "shared"), filepath.Join(folder, "target"), filepath.Join(folder, "link")
	for _, name := range []string{shared, target} {
		if err := errors.Join(os.WriteFile(name, []byte("old"), 0o600), os.Chmod(name, 0o664)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(writeFile(shared, textOf([]byte("new"))), writeFile(link, textOf([]byte("new")))); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(shared); err != nil || info.Mode().Perm() != 0o664 {
		t.Errorf("a shared file is %v, %v", info.Mode(), err)
	}
	if info, err := os.Lstat(link); err != nil || !info.Mode().IsRegular() {
		t.Errorf("the link is %v, %v", info.Mode(), err)
	}
	if text, err := os.ReadFile(target); err != nil || string(text) != "old" {
		t.Errorf("behind the link is %q, %v", text, err)
	}
	if err := writePrivate(shared, []byte("own")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(shared); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("a private file is %v, %v", info.Mode(), err)
	}
}

// limitedName is the program that writes a file when no file may be larger than a few
// kilobytes, as on a disk that is full.
const limitedName = "seaworthy-limited"

// limited is: seaworthy-limited [ARGUMENT]..., with those of the program.
func limited() {
	limit := syscall.Rlimit{Cur: 4 << 10, Max: 4 << 10}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:revive // it is the main function of a process
	}
	os.Args[0] = programName
	main()
}

// TestFullDisk has the system refuse what is written: one sentence tells the file, why
// and what cures it, and the file of before is there, alone.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"scan", "--from", demoRecording, "-o", "html=FILE"},
		{"snapshot", "FILE", "--from", demoRecording},
	} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			name := filepath.Join(folder, "file")
			if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
				t.Fatal(err)
			}
			var told bytes.Buffer
			command := exec.CommandContext(t.Context(), limitedName, strings.Split(strings.ReplaceAll(strings.Join(args, "\x00"), "FILE", name), "\x00")...)
			command.Stderr = &told
			_ = command.Run()
			want := "writing " + name + ": file too large; allow larger files (ulimit -f), or name a place on another disk\n"
			if got := told.String(); command.ProcessState.ExitCode() != exitBlind || !strings.HasSuffix(got, want) || strings.Count(got, "\n") != 1 {
				t.Errorf("it exits with %d and says %q, want %d and …%q", command.ProcessState.ExitCode(), got, exitBlind, want)
			}
			if text, err := os.ReadFile(name); err != nil || string(text) != "old" {
				t.Errorf("the file has %q, %v", text, err)
			}
			if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
				t.Errorf("it left %v, %v", entries, err)
			}
		})
	}
}

// TestFullDevice has standard output refuse a report.
func TestFullDevice(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full")
	}
	defer func() { _ = full.Close() }()
	var told bytes.Buffer
	command := exec.CommandContext(t.Context(), programName, "scan", "--from", demoRecording, "-o", "json")
	command.Stdout, command.Stderr = full, &told
	_ = command.Run()
	if command.ProcessState.ExitCode() != exitBlind || !strings.Contains(told.String(), syscall.ENOSPC.Error()) {
		t.Errorf("it exits with %d and says %q", command.ProcessState.ExitCode(), told.String())
	}
}

// TestFolderThatRefuses is one in which nothing can be made, also not by root.
func TestFolderThatRefuses(t *testing.T) {
	t.Parallel()
	const name = "/proc/self/task/report"
	if _, err := os.Stat(filepath.Dir(name)); err != nil {
		t.Skip("this system has no /proc")
	}
	err := writeFile(name, textOf([]byte("text")))
	if err == nil || codeOf(err) != exitUsage || !strings.HasPrefix(err.Error(), "creating "+name+": ") || strings.Contains(err.Error(), partPrefix) {
		t.Errorf("it was told %v", err)
	}
}

// demoRecording is that of the demo, as tests see it.
const demoRecording = "../../kube/recording/demo/shop.seaworthy"
