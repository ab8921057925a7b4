package ui_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/uitest"
)

// hand presses keys on a model as a Bubble Tea program would, and measures every
// message until its frame is there: keys, and the answers of the work that keys
// lead to, for an answer holds up the key behind it.
type hand struct {
	model   tea.Model
	answers chan tea.Msg
	running int
	took    []time.Duration
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

// settle takes in the answers until nothing is under way but what the model
// waited for before.
func (h *hand) settle() {
	for h.running > 0 {
		msg := <-h.answers
		h.running--
		if batch, ok := msg.(tea.BatchMsg); ok {
			for _, cmd := range batch {
				h.start(cmd)
			}
			continue
		}
		if msg != nil && reflect.TypeOf(msg) != reflect.TypeFor[tea.QuitMsg]() {
			h.send(msg)
		}
	}
}

// report gives the median and the 99th percentile of what was measured.
func (h *hand) report(b *testing.B) {
	b.Helper()
	slices.Sort(h.took)
	of := func(share int) float64 {
		return float64(h.took[min(len(h.took)-1, len(h.took)*share/100)].Microseconds()) / 1000
	}
	b.ReportMetric(of(50), "p50-ms")
	b.ReportMetric(of(99), "p99-ms")
	b.ReportMetric(float64(h.took[len(h.took)-1].Microseconds())/1000, "max-ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkKeyToFrame holds what a person feels: how long a key of each kind takes
// to its frame with 150,000 rows. The goal is under 16 ms at the 99th percentile.
func BenchmarkKeyToFrame(b *testing.B) {
	for _, bench := range []struct {
		name, at, first         string
		namespaces, deployments int
	}{
		{"findings of 150000", "findings", "Findings (1", 400, 34},
		{"namespace of 150000", "ns/team-000", "Findings (1", 1, 13640},
		{"overview of 5000", "overview", "Namespaces (5", 5000, 1},
	} {
		cluster := fleet(b, bench.namespaces, bench.deployments)
		model, robot := opened(b, cluster, bench.at)
		robot.WaitFor(bench.first, patience)
		for _, keys := range []struct {
			name string
			keys []string
		}{
			{"row", []string{"j", "j", "k"}},
			{"page", []string{"pgdown", "pgdown", "pgup"}},
			{"ends", []string{"G", "g"}},
			{"sort", []string{"s"}},
			{"reverse", []string{"S"}},
			{"filter", []string{"/", "e", "n", "v", "backspace", "backspace", "backspace", "enter"}},
			{"wide", []string{"w"}},
			{"open and back", []string{"enter", "esc"}},
			{"palette", []string{":", "t", "e", "a", "esc"}},
		} {
			b.Run(fmt.Sprintf("%s/%s", bench.name, keys.name), func(b *testing.B) {
				h := &hand{model: model, answers: make(chan tea.Msg, 1000)}
				for b.Loop() {
					for _, name := range keys.keys {
						key, ok := uitest.Key(name)
						if !ok {
							b.Fatalf("there is no key %q", name)
						}
						h.send(key)
						h.settle()
					}
				}
				h.report(b)
			})
		}
	}
}
