package fix

import (
	"bytes"

	"github.com/rogpeppe/go-internal/diff"
)

// Diff returns the change of a file as a unified diff with three lines of
// context, as patch -p1 and git apply read it; nil if there is none. Name is the
// file's, with slashes.
func Diff(name string, before, after []byte) []byte {
	text := diff.Diff("a/"+name, before, "b/"+name, after)
	if _, rest, ok := bytes.Cut(text, []byte("\n")); ok {
		return rest // without the line that repeats the names
	}
	return nil
}
