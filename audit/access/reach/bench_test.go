package reach_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/access/reach"
)

// fullSize is the number of pods of the cluster that the package comment tells of.
const fullSize = 150_000

func measured(b *testing.B) (*fleet, *reach.Distances) {
	b.Helper()
	f := newFleet(b, fullSize)
	d, err := f.graph.Towards(b.Context(), f.sinks)
	if err != nil {
		b.Fatal(err)
	}
	return f, d
}

func BenchmarkBuild(b *testing.B) {
	f := newFleet(b, fullSize)
	for b.Loop() {
		b.StopTimer()
		builder := f.collect()
		b.StartTimer()
		if _, err := builder.Build(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(f.graph.Vertices()), "vertices")
	b.ReportMetric(float64(f.graph.Edges()), "edges")
}

// BenchmarkCollect has the part of the builder before Build, and what the test
// itself takes to make up a cluster.
func BenchmarkCollect(b *testing.B) {
	f := newFleet(b, fullSize)
	for b.Loop() {
		f.collect()
	}
}

// BenchmarkMemory reports what a graph keeps.
func BenchmarkMemory(b *testing.B) {
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		f := newFleet(b, fullSize)
		f.accounts, f.namespaces, f.exposed = nil, nil, nil
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB")
		runtime.KeepAlive(f)
	}
}

func BenchmarkDistances(b *testing.B) {
	f, d := measured(b)
	for b.Loop() {
		if _, err := f.graph.Towards(b.Context(), f.sinks); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(d.Count(f.accounts)), "accounts")
	b.ReportMetric(float64(d.Count(f.exposed)), "exposed")
}

// BenchmarkPaths asks for five ways of a source at a time.
func BenchmarkPaths(b *testing.B) {
	f, d := measured(b)
	for i := 0; b.Loop(); i++ {
		if _, err := d.Paths(b.Context(), f.exposed[i%len(f.exposed)], 5); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAlternates(b *testing.B) {
	f, d := measured(b)
	for i := 0; b.Loop(); i++ {
		if _, err := d.Alternates(b.Context(), f.exposed[i%len(f.exposed)], 3); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWhatIf takes each grant away in turn, and all that are on a cheapest
// path of a source together.
func BenchmarkWhatIf(b *testing.B) {
	f, d := measured(b)
	w := d.WhatIf(f.accounts)
	ranking, err := d.Ranking(b.Context(), f.accounts)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("each", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			w.Gain(reach.Label(i % f.bindings))
		}
	})
	b.Run("most used", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			w.Gain(ranking[i%20].Label)
		}
	})
	var all []reach.Label
	for _, r := range ranking {
		all = append(all, r.Label)
	}
	b.Run("all used", func(b *testing.B) {
		for b.Loop() {
			w.Gain(all...)
		}
	})
	b.Run("prepare", func(b *testing.B) {
		for b.Loop() {
			d.WhatIf(f.accounts)
		}
	})
}

func BenchmarkGains(b *testing.B) {
	f, d := measured(b)
	for b.Loop() {
		gains, err := d.WhatIf(f.accounts).Gains(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(gains)), "gains")
	}
}

func BenchmarkRanking(b *testing.B) {
	f, d := measured(b)
	for b.Loop() {
		if _, err := d.Ranking(b.Context(), f.accounts); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGreedy(b *testing.B) {
	f, d := measured(b)
	for _, limit := range []int{3, 10} {
		b.Run(fmt.Sprint(limit), func(b *testing.B) {
			for b.Loop() {
				p, err := d.Greedy(b.Context(), f.exposed, limit, nil)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(p.Open), "open")
				b.ReportMetric(float64(p.Closed), "closed")
			}
		})
	}
}

// BenchmarkMinCut has two sets of sources, and then prices that make the cheapest
// cut, of few labels, too dear, so that many others must do.
func BenchmarkMinCut(b *testing.B) {
	f, d := measured(b)
	few, err := d.MinCut(b.Context(), f.exposed, nil)
	if err != nil {
		b.Fatal(err)
	}
	dear := func(l reach.Label) int {
		if slices.Contains(few.Labels, l) {
			return 1000
		}
		return 1 + int(l)%5
	}
	for _, test := range []struct {
		name    string
		sources []reach.Vertex
		price   reach.Price
	}{{"exposed", f.exposed, nil}, {"accounts", f.accounts, nil}, {"many", f.exposed, dear}} {
		b.Run(test.name, func(b *testing.B) {
			for b.Loop() {
				c, err := d.MinCut(b.Context(), test.sources, test.price)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(c.Closed), "closed")
				b.ReportMetric(float64(len(c.Labels)), "labels")
				b.ReportMetric(float64(c.Cost), "cost")
				b.ReportMetric(float64(c.Bound), "bound")
			}
		})
	}
}

func BenchmarkDominators(b *testing.B) {
	_, d := measured(b)
	for b.Loop() {
		if _, err := d.Dominators(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRadius has every namespace as a target.
func BenchmarkRadius(b *testing.B) {
	f, _ := measured(b)
	for b.Loop() {
		if _, err := f.graph.Radius(b.Context(), f.namespaces); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(f.namespaces)), "targets")
}
