package signals_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals"
)

func TestEveryDetectorIsListed(t *testing.T) {
	t.Parallel()
	all := signals.All()
	if err := triage.Validate(all); err != nil {
		t.Error(err)
	}
	examples, err := filepath.Glob("*/testdata/*")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, folder := range examples {
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			continue
		}
		id := filepath.Base(folder)
		if !slices.ContainsFunc(all, func(d *triage.Detector) bool { return d.ID == id }) {
			t.Errorf("%s: All does not list a detector of this name", folder)
		}
	}
}

func TestTitlesAreHeadlines(t *testing.T) {
	t.Parallel()
	for _, d := range signals.All() {
		if strings.HasSuffix(d.Title, ".") || len(d.Title) > 80 || !strings.HasSuffix(d.About, ".") {
			t.Errorf("%s: the title %q is no headline, or what it is about ends in the middle", d.ID, d.Title)
		}
	}
}
