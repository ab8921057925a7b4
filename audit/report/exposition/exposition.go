// Package exposition writes metrics in the text format of Prometheus, version 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/), which a scraper takes
// from a report as well as from a server. Every name begins with seaworthy_.
//
// It knows no metric: who has figures names them.
package exposition

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// ContentType is the media type of the format.
const ContentType = "text/plain; version=0.0.4; charset=utf-8"

// Series is one line of a metric: a value, and the values of the metric's labels.
type Series struct {
	Labels []string
	Value  float64
}

// At returns a series: a value at the values of labels.
func At(value float64, labels ...string) Series { return Series{labels, value} }

// Writer writes metrics, each with all its series at once. The first error is that of
// Flush.
type Writer struct{ out *bufio.Writer }

// NewWriter returns a Writer into w.
func NewWriter(w io.Writer) *Writer { return &Writer{bufio.NewWriterSize(w, 64<<10)} }

// Gauge writes a metric that goes up and down, and nothing if it has no series.
func (w *Writer) Gauge(name, help string, labels []string, all ...Series) {
	w.metric("gauge", name, help, labels, all)
}

// Counter writes a metric that only grows while a process lives; its name ends in _total.
func (w *Writer) Counter(name, help string, value float64) {
	w.metric("counter", name, help, nil, []Series{{Value: value}})
}

// Flush writes what is left.
func (w *Writer) Flush() error { return w.out.Flush() }

func (w *Writer) metric(kind, name, help string, labels []string, all []Series) {
	if len(all) == 0 {
		return
	}
	name = "seaworthy_" + name
	w.line("# HELP %s %s", name, help)
	w.line("# TYPE %s %s", name, kind)
	for _, s := range all {
		pairs := make([]string, len(labels))
		for i, label := range labels {
			pairs[i] = label + `="` + labelValue(s.Labels[i]) + `"`
		}
		text := name
		if len(pairs) > 0 {
			text += "{" + strings.Join(pairs, ",") + "}"
		}
		w.line("%s %s", text, strconv.FormatFloat(s.Value, 'f', -1, 64))
	}
}

// line writes a line. A bufio.Writer remembers its first error.
func (w *Writer) line(format string, args ...any) { _, _ = fmt.Fprintf(w.out, format+"\n", args...) }

// labelValue escapes what the format reads; a line break is a blank by then.
func labelValue(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(printable.Text(text))
}
