package ui_test

import "testing"

// BenchmarkPlan measures how long planning holds up the keys on a cluster with 150,000
// findings, and how long a plan takes by itself: of the worst of them, and of the fastest
// way to a score.
func BenchmarkPlan(b *testing.B) {
	h := opened(b, fleet(b, 400, 34), "plan", "pods are made again")
	for _, kind := range []struct {
		name string
		keys []string
	}{
		{"row", []string{"j", "j", "k"}},
		{"with what is held", []string{"i", "i"}},
		{"fastest way and back", []string{"t", "t"}},
	} {
		b.Run(kind.name, func(b *testing.B) {
			h.measure(b, func() { h.press(kind.keys...) })
		})
	}
}

// BenchmarkMarks measures how long a mark holds up the keys, with what it brings, on a
// cluster with 150,000 findings.
func BenchmarkMarks(b *testing.B) {
	h := opened(b, fleet(b, 400, 34), "findings", "Findings (1")
	for _, kind := range []struct {
		name string
		keys []string
	}{
		{"one", []string{"space", "k", "space", "k"}},
		{"all", []string{"A", "u"}},
	} {
		b.Run(kind.name, func(b *testing.B) {
			h.measure(b, func() { h.press(kind.keys...) })
		})
	}
}
