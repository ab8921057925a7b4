package change_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

var update = flag.Bool("update", false, "write the expected timelines of the examples")

// example reads a view from YAML as a cluster would give it.
func example(t testing.TB, text []byte, at time.Time) *kube.Cluster {
	t.Helper()
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{
		Stdin: bytes.NewReader(text), Info: &kube.Info{Name: "example"}, Now: func() time.Time { return at },
	})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range source.Problems() {
		t.Fatal(problem)
	}
	for _, skipped := range source.Skipped() {
		t.Fatalf("%s %s is not held", skipped.APIVersion, skipped.Kind)
	}
	return c
}

// timeline writes changes as a person would read them.
func timeline(changes []change.Change) string {
	var b strings.Builder
	for _, ch := range changes {
		fmt.Fprintf(&b, "%s %s %s %s %s", ch.Time.UTC().Format(time.DateTime), ch.Certainty, ch.Kind, ch.Action, ch.Object)
		for _, part := range []struct{ name, value string }{
			{"bound", ch.Bound.String()},
			{"aspect", ch.Aspect},
			{"by", ch.By},
			{"revision", ch.Revision},
			{"from", ch.From},
			{"cause", ch.Cause},
			{"releases", strings.Join(ch.Releases, ", ")},
		} {
			if part.value != "" {
				fmt.Fprintf(&b, " %s=%q", part.name, part.value)
			}
		}
		if ch.Founding {
			b.WriteString(" founding")
		}
		if !ch.Owner.IsZero() && ch.Owner != ch.Object {
			fmt.Fprintf(&b, " owner=%q", ch.Owner)
		}
		fmt.Fprintf(&b, "\n    %s\n", ch.Title)
		for _, d := range ch.Differences {
			fmt.Fprintf(&b, "        %s: %s: %q → %q: %s\n", d.Field, d.Path, d.Before, d.After, d)
		}
	}
	return b.String()
}

func TestExamples(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c := example(t, text, noon())
			got := timeline(change.Reconstruct(c, noon().Add(-2*time.Hour)))
			if again := timeline(change.Reconstruct(example(t, text, noon()), noon().Add(-2*time.Hour))); again != got {
				t.Errorf("the same objects give another timeline (-first +second):\n%s", cmp.Diff(got, again))
			}
			if strings.Contains(got, "hunter2") {
				t.Errorf("the timeline has a secret:\n%s", got)
			}
			golden := strings.TrimSuffix(file, ".yaml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("timeline (-want +got):\n%s", diff)
			}
		})
	}
}

// noon is when the examples are looked at.
func noon() time.Time { return time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC) }
