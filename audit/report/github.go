package report

import (
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// mostAnnotations is how many annotations of a level GitHub shows of one step.
const mostAnnotations = 10

// writeGitHub writes the worst open findings as workflow commands, which the runner
// of GitHub Actions turns into annotations of the files and of the run. A last line
// says what is left out.
func writeGitHub(w io.Writer, d *draft) error {
	a := &annotator{printer: printer{w: w}, all: map[string]int{}}
	found := open(d.found)
	for _, one := range worstOf(found, len(found)) {
		if level := annotationLevel(one.Severity.String()); one.Implied == "" && a.room(level) {
			a.line("%s", annotation(level, "", d.row(one)))
		}
	}
	return a.end()
}

// writeFleetGitHub does so for the worst of all clusters, each with the name of its cluster,
// after an error for each cluster that could not be looked at.
func writeFleetGitHub(w io.Writer, d *fleetDraft) error {
	a := &annotator{printer: printer{w: w}, all: map[string]int{}}
	for _, m := range d.members {
		if m.Document == nil && a.room("error") {
			a.line("::error title=cluster not looked at::%s", escapeCommand(m.Name()+" could not be looked at: "+reasonOf(m)))
		}
	}
	found, _ := d.worst(1 << 30)
	for _, f := range found {
		if level := annotationLevel(f.Severity); f.Implied == "" && a.room(level) {
			a.line("%s", annotation(level, d.members[f.cluster].Name(), f.Finding))
		}
	}
	return a.end()
}

// annotator writes annotations as long as GitHub shows them.
type annotator struct {
	printer
	all map[string]int // by level, also those for which there is no room
}

// room counts an annotation, and reports whether there is room for it.
func (a *annotator) room(level string) bool {
	a.all[level]++
	return a.all[level] <= mostAnnotations
}

// end says what is left out.
func (a *annotator) end() error {
	var rest []string
	for _, level := range []string{"error", "warning", "notice"} {
		if left := a.all[level] - mostAnnotations; left > 0 {
			rest = append(rest, strconv.Itoa(left)+" of level "+level)
		}
	}
	if len(rest) > 0 {
		a.line("Not annotated, since GitHub shows %d of a level: %s. Other formats have all.", mostAnnotations, strings.Join(rest, ", "))
	}
	return a.err
}

// annotation is a finding as a workflow command. Without a file it belongs to the run.
// The cluster is "" where there is only one.
func annotation(level, cluster string, f Finding) string {
	var properties []string
	if f.Source != nil && f.Source.File != standardInput {
		properties = append(properties,
			"file="+escapeProperty(filepath.ToSlash(f.Source.File)), "line="+strconv.Itoa(max(1, f.Source.Line)))
	}
	properties = append(properties, "title="+escapeProperty(f.Rule+" ("+f.Severity+")"))
	said := []string{where(f) + ": " + f.Message, f.Detail}
	if cluster != "" {
		said[0] = cluster + ": " + said[0]
	}
	if f.Fix != nil {
		said = append(said, "Fix: "+f.Fix.Title)
	}
	said = slices.DeleteFunc(said, func(sentence string) bool { return sentence == "" })
	for i := range said {
		said[i] = strings.TrimSuffix(said[i], ".") + "."
	}
	return "::" + level + " " + strings.Join(properties, ",") + "::" + escapeCommand(strings.Join(said, " "))
}

func annotationLevel(severity string) string {
	if level := sarifLevel(severity); level != "note" {
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
