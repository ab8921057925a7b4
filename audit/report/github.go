package report

import (
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// mostAnnotations is how many annotations of a level GitHub shows of one step.
const mostAnnotations = 10

// writeGitHub writes the worst open findings as workflow commands, which the runner
// of GitHub Actions turns into annotations of the files and of the run. A last line
// says what is left out.
func writeGitHub(w io.Writer, d *draft) error {
	p := &printer{w: w}
	shown, all := map[string]int{}, map[string]int{}
	levels := []string{"error", "warning", "notice"}
	found := open(d.found)
	for _, one := range worstOf(found, len(found)) {
		level := annotationLevel(one.Severity)
		if one.Implied != "" {
			continue
		}
		if all[level]++; all[level] <= mostAnnotations {
			shown[level]++
			p.line("%s", annotation(level, d.row(one)))
		}
	}
	var rest []string
	for _, level := range levels {
		if left := all[level] - shown[level]; left > 0 {
			rest = append(rest, strconv.Itoa(left)+" of level "+level)
		}
	}
	if len(rest) > 0 {
		p.line("Not annotated, since GitHub shows %d of a level: %s. Other formats have all.", mostAnnotations, strings.Join(rest, ", "))
	}
	return p.err
}

// annotation is a finding as a workflow command. Without a file it belongs to the run.
func annotation(level string, f Finding) string {
	var properties []string
	if f.Source != nil && f.Source.File != standardInput {
		properties = append(properties,
			"file="+escapeProperty(filepath.ToSlash(f.Source.File)), "line="+strconv.Itoa(max(1, f.Source.Line)))
	}
	properties = append(properties, "title="+escapeProperty(f.Rule+" ("+f.Severity+")"))
	said := []string{where(f) + ": " + f.Message, f.Detail}
	if f.Fix != nil {
		said = append(said, "Fix: "+f.Fix.Title)
	}
	said = slices.DeleteFunc(said, func(sentence string) bool { return sentence == "" })
	for i := range said {
		said[i] = strings.TrimSuffix(said[i], ".") + "."
	}
	return "::" + level + " " + strings.Join(properties, ",") + "::" + escapeCommand(strings.Join(said, " "))
}

func annotationLevel(s audit.Severity) string {
	if level := sarifLevel(s.String()); level != "note" {
		return level
	}
	return "notice"
}

// escapeCommand makes text harmless as the message of a workflow command. What the
// runner decodes is escaped as its own toolkit does it (actions/toolkit, command.ts);
// line breaks, which would begin another command, are blanks by then.
func escapeCommand(text string) string {
	return strings.ReplaceAll(printable.Text(text), "%", "%25")
}

// escapeProperty is the same for a property, which ends at a comma or colon.
func escapeProperty(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escapeCommand(text))
}
