package recording_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

// TestBomb looks through a small file that stands for gigabytes of text: it is given up, and told.
func TestBomb(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	w, err := zstd.NewWriter(&file)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(w, `{"format":"seaworthy/recording/v1"}`+"\n")
	blank := strings.Repeat(" ", 1<<20) + "{}\n"
	for range 400 {
		_, _ = io.WriteString(w, blank)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if file.Len() > 1<<20 {
		t.Fatalf("the file has %d bytes", file.Len())
	}
	data := file.Bytes()
	x, err := recording.NewIndex(t.Context(), "bomb", func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil })
	if err != nil {
		t.Fatal(err)
	}
	if problems := x.Problems(); len(problems) != 1 || !strings.Contains(problems[0].Error(), "it stands for more than 500 times its size") || len(x.Moments()) != 0 {
		t.Errorf("problems %v, moments %v", problems, x.Moments())
	}
}
