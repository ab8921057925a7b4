package uitest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// update is the flag that makes Golden write instead of compare.
var update = flag.Bool("update", false, "write golden files instead of comparing with them")

// Golden compares text with testdata/<name>.golden of the package under test,
// or writes that file if the test runs with -update. Escape characters are
// stored as \e, so that a golden file can be read and never acts on the
// terminal that shows it. Blanks at the ends of lines count.
func Golden(t testing.TB, name, text string) {
	t.Helper()
	file := filepath.Join("testdata", filepath.FromSlash(name)+".golden")
	got := strings.ReplaceAll(text, "\x1b", `\e`) + "\n"
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatalf("writing golden file: %v", err)
		}
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatalf("writing golden file: %v", err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("reading golden file (write it with -update): %v", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s differs (-want +got), write it with -update:\n%s\nthe whole of it:\n%s", file, diff, got)
	}
}
