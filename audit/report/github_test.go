package report_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// command is how the runner reads a workflow command (ActionCommand.TryParseV2).
var command = regexp.MustCompile(`^::(error|warning|notice) ([^:]*)::(.*)$`)

// decoded undoes the escapes of the runner, % last.
func decoded(text string) string {
	return strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%").Replace(text)
}

// TestAnnotationsAreOneCommandEach holds that what a cluster or a path says stays in
// its place: no line but ours begins a command, and no property ends early.
func TestAnnotationsAreOneCommandEach(t *testing.T) {
	t.Parallel()
	anything(t, func(text string) bool {
		lines := strings.Split(strings.TrimSuffix(string(written(t, "github", crowd(t, 1, 2, "dir/"+text, text))), "\n"), "\n")
		for _, line := range lines {
			parts := command.FindStringSubmatch(line)
			if parts == nil {
				t.Errorf("line %q is no command", line)
				return false
			}
			properties := strings.Split(parts[2], ",")
			if len(properties) != 3 || decoded(properties[0]) != "file=dir/"+printable.Text(text) ||
				!strings.HasPrefix(properties[1], "line=") || decoded(properties[2]) != "title=says (high)" {
				t.Errorf("properties %q", properties)
				return false
			}
			if !strings.Contains(decoded(parts[3]), strings.TrimSuffix(printable.Text(text), ".")) {
				t.Errorf("message %q does not say %q", parts[3], text)
				return false
			}
		}
		return len(lines) == 2
	})
}

func TestAnnotationsAreBounded(t *testing.T) {
	t.Parallel()
	out := string(written(t, "github", crowd(t, 2, 9, "-", "one")))
	if got := strings.Count(out, "::error title="); got != 10 {
		t.Errorf("%d errors of standard input, want 10 without a file", got)
	}
	if want := fmt.Sprintf("\nNot annotated, since GitHub shows 10 of a level: %d of level error. Other formats have all.\n", 8); !strings.HasSuffix(out, want) {
		t.Errorf("it ends with %q, want %q", out[max(0, len(out)-len(want)):], want)
	}
}
