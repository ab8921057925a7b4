// Command document writes down the keys of the registry: all of them into the README of
// package keymap, the words of each into the README of the project, between two marks.
// It is run by go generate in ui/keymap.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
)

// The marks around the keys in the README of the project.
const (
	begin = "<!-- keys:begin, written by make generate -->\n"
	end   = "<!-- keys:end -->"
)

// preface stands above all keys.
const preface = `# Keys

The keys of the terminal program as they come, by the name that a configuration binds them by; ` + "`seaworthy config keys`" + ` tells those in force, ` + "`?`" + ` in the program those that mean something on the shown screen. This page is written by ` + "`make generate`" + ` from [bindings.go](bindings.go).

`

func main() {
	if err := document("README.md", "../../README.md"); err != nil {
		fmt.Fprintln(os.Stderr, "document:", err)
		os.Exit(1)
	}
}

func document(whole, short string) error {
	keys := keymap.Default()
	page := preface + strings.TrimRight(keys.Markdown(), "\n") + "\n"
	if err := os.WriteFile(whole, []byte(page), 0o644); err != nil { //nolint:gosec // it is for others to read
		return fmt.Errorf("writing all keys: %w", err)
	}
	text, err := os.ReadFile(short) //nolint:gosec // the README of the project
	if err != nil {
		return fmt.Errorf("reading the README: %w", err)
	}
	before, rest, opened := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !opened || !closed {
		return fmt.Errorf("writing the keys into %s: it has no %s", short, strings.TrimSpace(begin))
	}
	if err := os.WriteFile(short, []byte(before+begin+keys.Summary()+end+after), 0o644); err != nil { //nolint:gosec // it is for others to read
		return fmt.Errorf("writing the keys into the README: %w", err)
	}
	return nil
}
