package ui_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// patience is far more than a feed takes to judge the largest cluster.
const patience = time.Minute

// hand presses keys on the program's model as a Bubble Tea program would, and
// measures every message until its frame is there: keys, and the answers of the
// work that keys lead to, for an answer holds up the key behind it.
type hand struct {
	b       *testing.B
	model   tea.Model
	source  source
	answers chan tea.Msg
	running int
	took    []time.Duration // by each message until its frame
	whole   []time.Duration // by each key until its work is done
}

// opened starts the program on a cluster at 200x50, and waits until a text is to
// be seen.
func opened(b *testing.B, cluster *kube.Builder, at, text string) *hand {
	b.Helper()
	h := &hand{b: b, source: newSource(), answers: make(chan tea.Msg, 1000)}
	o := ui.Options{Sighting: ui.Sighting{Source: h.source}, Categories: screentest.Categories(), At: at, Theme: themes.Default}
	ctx, cancel := context.WithCancel(b.Context())
	model, err := ui.New(ctx, o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { cancel(); model.Close() })
	h.model = model
	h.start(model.Init())
	h.send(tea.WindowSizeMsg{Width: 200, Height: 50})
	h.publish(cluster)
	for deadline := time.After(patience); !strings.Contains(h.model.View().Content, text); {
		select {
		case msg := <-h.answers:
			h.take(msg)
		case <-deadline:
			b.Fatalf("after %v there is no %q", patience, text)
		}
	}
	h.settle()
	return h
}

// publish shows the program a cluster as it is now, and returns when the news are
// on the screen.
func (h *hand) publish(cluster *kube.Builder) {
	h.source.views <- cluster.Build(screentest.Noon)
	h.take(<-h.answers)
	h.settle()
}

func (h *hand) press(names ...string) {
	for _, name := range names {
		key, ok := uitest.Key(name)
		if !ok {
			h.b.Fatalf("there is no key %q", name)
		}
		start := time.Now()
		h.send(key)
		h.settle()
		h.whole = append(h.whole, time.Since(start))
	}
}

func (h *hand) send(msg tea.Msg) {
	start := time.Now()
	model, cmd := h.model.Update(msg)
	model.View()
	h.took = append(h.took, time.Since(start))
	h.model = model
	h.start(cmd)
}

func (h *hand) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	h.running++
	go func() { h.answers <- cmd() }()
}

// take takes in an answer.
func (h *hand) take(msg tea.Msg) {
	h.running--
	switch msg := msg.(type) {
	case nil:
	case tea.BatchMsg:
		for _, cmd := range msg {
			h.start(cmd)
		}
	default:
		h.send(msg)
	}
}

// settle takes in answers until only the wait for news is under way.
func (h *hand) settle() {
	for h.running > 1 {
		h.take(<-h.answers)
	}
}

// measure reports how long the messages of a loop took, and not the loop.
func (h *hand) measure(b *testing.B, loop func()) {
	b.Helper()
	h.took, h.whole = h.took[:0], h.whole[:0]
	for b.Loop() {
		loop()
	}
	b.ReportMetric(percentile(h.took, 50), "p50-ms")
	b.ReportMetric(percentile(h.took, 99), "p99-ms")
	if len(h.whole) > 0 {
		b.ReportMetric(percentile(h.whole, 99), "p99-ms-till-done")
	}
	b.ReportMetric(0, "ns/op")
}

// percentile returns what so many hundredths of the durations do not exceed, in
// milliseconds.
func percentile(durations []time.Duration, hundredths int) float64 {
	sorted := slices.Sorted(slices.Values(durations))
	return float64(sorted[min(len(sorted)-1, len(sorted)*hundredths/100)].Microseconds()) / 1000
}
