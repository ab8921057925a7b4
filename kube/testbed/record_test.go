package main

import (
	"bytes"
	"encoding/base64"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func TestSearchedBody(t *testing.T) {
	t.Parallel()
	const text = "horse-battery-staple"
	longer := base64.StdEncoding.EncodeToString([]byte(text + "!"))
	tests := []struct {
		name, body string
		want       int // canaries recorded
	}{
		{"absent", strings.Repeat("hay", 10_000), 0},
		{"itself", "aa" + text + "bb", 1},
		{"base64 of a longer value", `{"data":{"password":"` + longer + `"}}`, 1},
		{"twice", text + strings.Repeat("hay", 5_000) + text, 2},
		{"only a part", text[:len(text)-1] + "!", 0},
	}
	for _, test := range tests {
		for how, split := range map[string]func(io.Reader) io.Reader{"whole": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader} {
			t.Run(test.name+" "+how, func(t *testing.T) {
				t.Parallel()
				log, err := os.Create(filepath.Join(t.TempDir(), "requests.log"))
				if err != nil {
					t.Fatal(err)
				}
				defer log.Close()
				r := &recorder{log: log, canaries: []canary{newCanary(text)}}
				body := &searchedBody{ReadCloser: io.NopCloser(split(strings.NewReader(test.body))), recorder: r}
				passed, err := io.ReadAll(body)
				if err != nil || string(passed) != test.body {
					t.Errorf("%d of %d bytes were passed on: %v", len(passed), len(test.body), err)
				}
				recorded, err := os.ReadFile(log.Name())
				if err != nil {
					t.Fatal(err)
				}
				if got := bytes.Count(recorded, []byte(text)); got != test.want {
					t.Errorf("%d canaries recorded, want %d:\n%s", got, test.want, recorded)
				}
			})
		}
	}
}
