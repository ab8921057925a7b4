package exposition_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/report/exposition"
)

func TestWriter(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	w := exposition.NewWriter(&text)
	w.Gauge("tide", "How high.", []string{"port", "by"}, exposition.At(1.5, `a"\`+"\n\x1b", "x"), exposition.At(-2, "b", ""))
	w.Gauge("nothing", "It has no series.", nil)
	w.Counter("waves_total", "How many.", 1e9)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	want := `# HELP seaworthy_tide How high.
# TYPE seaworthy_tide gauge
seaworthy_tide{port="a\"\\ ␛",by="x"} 1.5
seaworthy_tide{port="b",by=""} -2
# HELP seaworthy_waves_total How many.
# TYPE seaworthy_waves_total counter
seaworthy_waves_total 1000000000
`
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
}

type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriterTellsItsFirstError(t *testing.T) {
	t.Parallel()
	w := exposition.NewWriter(full{})
	w.Counter("waves_total", "How many.", 1)
	if err := w.Flush(); !errors.Is(err, errFull) {
		t.Errorf("flushing: %v", err)
	}
}
