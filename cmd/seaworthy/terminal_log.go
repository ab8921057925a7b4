package main

import (
	"bufio"
	"regexp"
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/logbook"
)

// klogLine is how klog begins a line: level, date, time, thread, file and line
// (k8s.io/klog/v2, header).
var klogLine = regexp.MustCompile(`^([IWEF])\d{4} \d{2}:\d{2}:\d{2}\.\d+ +\d+ ([^\s:]+:\d+)\] ?(.*)$`)

// serverWarns begins the notes in which kube/live passes a server's warnings on.
const serverWarns = "the server warns: "

// inLog says where in the log a line belongs. What has no level of its own is a warning:
// who says something without being asked has a reason.
func inLog(source, line string) (logbook.Level, string, string) {
	if text, ok := strings.CutPrefix(line, serverWarns); ok {
		return logbook.Warning, "server", text
	}
	parts := klogLine.FindStringSubmatch(line)
	if parts == nil {
		return logbook.Warning, source, line
	}
	level := map[string]logbook.Level{"I": logbook.Info, "W": logbook.Warning, "E": logbook.Error, "F": logbook.Error}[parts[1]]
	if source == ownNotes {
		source = parts[2]
	}
	return level, source, parts[3]
}

// tellLines tells each line that is read, until the end. One that is too long for the
// reader is told in pieces, a blank one not at all.
func tellLines(r *bufio.Reader, tell func(line string)) {
	for {
		line, _, err := r.ReadLine()
		if len(line) > 0 {
			tell(string(line))
		}
		if err != nil {
			return
		}
	}
}
