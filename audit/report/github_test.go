package report_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/audit/report"
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

// TestFleetAnnotations holds that each annotation says its cluster, that the bounds hold for
// all clusters together, and that one which could not be looked at is an error.
func TestFleetAnnotations(t *testing.T) {
	t.Parallel()
	gone := report.Member{Cluster: &fleet.Cluster{Contexts: []string{"gone"}, Err: errors.New("connecting: no route")}}
	anything(t, func(text string) bool {
		a := crowd(t, 2, 9, "", "one")
		members := []report.Member{gone}
		for _, name := range []string{"a", "b" + text} {
			members = append(members, report.Member{Cluster: &fleet.Cluster{Contexts: []string{name}, Standing: fleet.Of(a)}, Document: report.NewDocument(a)})
		}
		lines := strings.Split(strings.TrimSuffix(string(fleetReport(t, "github", members)), "\n"), "\n")
		if lines[0] != "::error title=cluster not looked at::gone could not be looked at: connecting: no route" {
			t.Errorf("it begins with %q", lines[0])
		}
		for _, line := range lines[1 : len(lines)-1] {
			parts := command.FindStringSubmatch(line)
			if parts == nil || decoded(parts[2]) != "title=says (high)" || !strings.HasPrefix(decoded(parts[3]), "a: ns-aa") && !strings.HasPrefix(decoded(parts[3]), "b"+printable.Text(text)+": ns-aa") {
				t.Errorf("line %q is no command that says its cluster", line)
			}
		}
		if want := "Not annotated, since GitHub shows 10 of a level: 27 of level error. Other formats have all."; lines[len(lines)-1] != want {
			t.Errorf("it ends with %q, want %q", lines[len(lines)-1], want)
		}
		return len(lines) == 11 && !t.Failed()
	})
}
