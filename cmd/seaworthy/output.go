package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/report"
)

// output is one -o FORMAT or -o FORMAT=FILE.
type output struct {
	format   report.Format
	file     string // "" for standard output
	checksum bool   // writes FILE.sha256 beside the file
}

// parseOutputs reads the values of -o. At most one may go to standard output, and one
// to each file.
func parseOutputs(values []string, checksum bool) ([]output, error) {
	var outputs []output
	printed, files := 0, map[string]bool{}
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
		} else if file = filepath.Clean(file); files[file] {
			return nil, usagef("reading -o %s: another report goes to that file", value)
		}
		files[file] = true
		outputs = append(outputs, output{format, file, checksum && toFile})
	}
	if printed > 1 {
		return nil, usagef("only one report can go to standard output: give the others a file, as in -o html=report.html")
	}
	if checksum && printed == len(outputs) {
		return nil, usagef("reading --checksum: no report goes to a file, as in -o html=report.html")
	}
	return outputs, nil
}

// check says before a cluster is read, which may take minutes, whether the file could
// be written to.
func (o output) check() error {
	if o.file == "" {
		return nil
	}
	info, err := os.Stat(o.file)
	switch {
	case err == nil && info.IsDir():
		return usagef("writing %s: it is a folder", o.file)
	case err == nil && o.checksum && info.Mode()&special != 0:
		return usagef("reading --checksum: %s is a device or pipe, beside which there is no place for one", o.file)
	}
	if info, err = os.Stat(filepath.Dir(o.file)); err != nil {
		return usagef("creating %s: %w", o.file, err)
	}
	if !info.IsDir() {
		return usagef("creating %s: %s is no folder", o.file, filepath.Dir(o.file))
	}
	return nil
}

// write writes a report to its place, and its checksum after it: a reader that sees
// the one with an old other is told by sha256sum.
func (o output) write(s *streams, write func(io.Writer) error) error {
	if o.file == "" {
		return write(s.out)
	}
	sum := sha256.New()
	err := writeFile(o.file, func(w io.Writer) error { return write(io.MultiWriter(w, sum)) })
	if err != nil || !o.checksum {
		return err
	}
	return writeFile(o.file+".sha256", func(w io.Writer) error {
		_, err := io.WriteString(w, checksumLine(sum.Sum(nil), filepath.Base(o.file)))
		return err
	})
}

// checksumLine is what sha256sum -c reads. A name with a backslash or line break is
// escaped, which a backslash before the line says (GNU coreutils, "cksum output modes").
func checksumLine(sum []byte, name string) string {
	escaped := strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`).Replace(name)
	if escaped != name {
		return fmt.Sprintf("\\%x  %s\n", sum, escaped)
	}
	return fmt.Sprintf("%x  %s\n", sum, name)
}

// formatsHelp lists the formats for people, a line each.
func formatsHelp() string {
	var b strings.Builder
	for _, f := range report.Formats() {
		fmt.Fprintf(&b, "  %-12s  %s\n", f.Name, f.About)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// formatsThat names the formats that can do something, for people.
func formatsThat(can func(report.Format) bool) string {
	var names []string
	for _, f := range report.Formats() {
		if can(f) {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, ", ")
}

// describedFormats are the values of -o, as shells complete them.
func describedFormats() []string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, f.Name+"\t"+f.About)
	}
	return names
}
