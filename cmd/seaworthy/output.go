package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// output is one -o FORMAT or -o FORMAT=FILE.
type output struct {
	format report.Format
	file   string // "" for standard output
}

// parseOutputs reads the values of -o. At most one may go to standard output.
func parseOutputs(values []string) ([]output, error) {
	var outputs []output
	printed := 0
	for _, value := range values {
		name, file, toFile := strings.Cut(value, "=")
		format, err := report.FormatNamed(name)
		if err != nil {
			return nil, usagef("reading -o %s: %w", value, err)
		}
		if toFile && file == "" {
			return nil, usagef("reading -o %s: the file has no name", value)
		}
		if !toFile {
			printed++
		}
		outputs = append(outputs, output{format, file})
	}
	if printed > 1 {
		return nil, usagef("only one report can go to standard output: give the others a file, as in -o html=report.html")
	}
	return outputs, nil
}

// write writes a report to its place.
func (o output) write(s *streams, a *score.Assessment, frameworks []framework.Framework) error {
	if o.file == "" {
		return o.format.Write(s.out, a, frameworks...)
	}
	return writeFile(o.file, func(w io.Writer) error { return o.format.Write(w, a, frameworks...) })
}

// writeFile writes a file as a whole or not at all: a reader never sees half of
// a report, and a failure leaves the file of before. What is no file (/dev/null, a
// pipe of the shell) is written to where it is: a file must not take its place.
func writeFile(name string, write func(io.Writer) error) (err error) {
	const special = os.ModeDevice | os.ModeNamedPipe | os.ModeSocket
	if info, err := os.Stat(name); err == nil && info.Mode()&special != 0 {
		return writeThrough(name, write)
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return usagef("creating %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// writeThrough writes to a device or pipe.
func writeThrough(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return usagef("opening %s: %w", name, err)
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// completeFormats completes -o.
func completeFormats(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, f.Name+"\t"+f.About)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
