package ui_test

import (
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// fleet is a cluster of so many namespaces with so many bare Deployments each, of
// which each has eleven findings.
func fleet(tb testing.TB, namespaces, deployments int) *kube.Builder {
	tb.Helper()
	b := screentest.Cluster(tb)
	for n := range namespaces {
		for d := range deployments {
			deploy(tb, b, n, d)
		}
	}
	return b
}

// deploy adds one Deployment of a fleet.
func deploy(tb testing.TB, b *kube.Builder, n, d int) {
	tb.Helper()
	o := screentest.Deployment(fmt.Sprintf("team-%03d", n), fmt.Sprintf("service-%04d", d))
	o.Spec.Template.Spec.Containers = []corev1.Container{{Name: "main", Image: fmt.Sprintf("registry.example.com/service:%d.%d", n, d)}}
	if err := b.Set(kube.Deployments, o); err != nil {
		tb.Fatal(err)
	}
}

// large are the screens with the most rows: where, what to wait for, and what is
// in the cluster.
func large() []struct {
	name, at, text          string
	namespaces, deployments int
} {
	return []struct {
		name, at, text          string
		namespaces, deployments int
	}{
		{"findings of 150000", "findings", "Findings (1", 400, 34},
		{"namespace of 150000", "ns/team-000", "Findings (1", 1, 13640},
		{"overview of 5000", "overview", "Namespaces (5", 5000, 1},
	}
}

// BenchmarkFrame measures the drawing of a frame in which nothing has changed. It
// must not depend on how many rows there are.
func BenchmarkFrame(b *testing.B) {
	for _, bench := range []struct {
		name, at, text          string
		namespaces, deployments int
	}{
		{"namespace of 26", "ns/payments", "Findings (26)", 0, 0},
		{"namespace of 5500", "ns/team-000", "Findings (5", 1, 500},
		{"overview of 400", "overview", "Namespaces (4", 400, 2},
		{"findings of 8800", "findings", "Findings (8", 400, 2},
		{"finding of 26", privileged, "EVIDENCE", 0, 0},
	} {
		b.Run(bench.name, func(b *testing.B) {
			h := opened(b, fleet(b, bench.namespaces, bench.deployments), bench.at, bench.text)
			b.ReportAllocs()
			for b.Loop() {
				h.model.View()
			}
		})
	}
}

// BenchmarkWall measures a frame of the overview on a wall, with all its boxes and 2,000
// namespaces whose scores went. The goal is under a millisecond.
func BenchmarkWall(b *testing.B) {
	for _, at := range []string{"overview", "heatmap"} {
		b.Run(at, func(b *testing.B) {
			cluster := fleet(b, 2000, 1)
			h := opened(b, cluster, at, "(2")
			h.send(tea.WindowSizeMsg{Width: 300, Height: 80})
			deploy(b, cluster, 0, 1)
			h.source.views <- cluster.Build(screentest.Noon.Add(time.Minute))
			h.take(<-h.answers)
			h.settle()
			b.ReportAllocs()
			for b.Loop() {
				h.model.View()
			}
		})
	}
}

// BenchmarkKeyToFrame measures what a person feels: how long a key of each kind
// takes to its frame with 150,000 rows. The goal is under 16 ms at the 99th
// percentile.
func BenchmarkKeyToFrame(b *testing.B) {
	for _, bench := range large() {
		h := opened(b, fleet(b, bench.namespaces, bench.deployments), bench.at, bench.text)
		for _, kind := range []struct {
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
			{"preview", []string{"v"}},
			{"group", []string{"b"}},
			{"open and back", []string{"enter", "esc"}},
			{"command", []string{":", "t", "e", "a", "esc"}},
			{"palette", []string{"ctrl+p", "t", "e", "a", "backspace", "esc"}},
		} {
			b.Run(bench.name+"/"+kind.name, func(b *testing.B) {
				h.measure(b, func() { h.press(kind.keys...) })
			})
		}
	}
}

// BenchmarkNews measures how long a new assessment holds up the keys, with all
// that it leads to. It comes ten times a second at the most.
func BenchmarkNews(b *testing.B) {
	for _, bench := range large() {
		b.Run(bench.name, func(b *testing.B) {
			cluster := fleet(b, bench.namespaces, bench.deployments)
			h := opened(b, cluster, bench.at, bench.text)
			h.press("j")
			turn := 0
			h.measure(b, func() {
				if turn++; turn%2 == 1 {
					cluster.Delete(kube.Deployments, "team-000", "service-0000")
				} else {
					deploy(b, cluster, 0, 0)
				}
				h.publish(cluster)
			})
		})
	}
}
