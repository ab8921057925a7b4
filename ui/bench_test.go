package ui_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// patience is far more than a feed takes to judge the largest cluster.
const patience = time.Minute

// fleet is a cluster of so many namespaces with so many bare Deployments each.
func fleet(tb testing.TB, namespaces, deployments int) *kube.Builder {
	tb.Helper()
	b := screentest.Cluster(tb)
	for n := range namespaces {
		for d := range deployments {
			o := screentest.Deployment(fmt.Sprintf("team-%03d", n), fmt.Sprintf("service-%04d", d))
			o.Spec.Template.Spec.Containers = []corev1.Container{{Name: "main", Image: fmt.Sprintf("registry.example.com/service:%d.%d", n, d)}}
			if err := b.Set(kube.Deployments, o); err != nil {
				tb.Fatal(err)
			}
		}
	}
	return b
}

// opened starts the program on a cluster at 200x50 and returns its model.
func opened(b *testing.B, cluster *kube.Builder, at string) (tea.Model, *uitest.Robot) {
	b.Helper()
	o := ui.Options{Source: newSource(), Categories: screentest.Categories(), At: at, Theme: themes.Default}
	ctx, cancel := context.WithCancel(b.Context())
	follow := feed.New(o.Source, o.Categories)
	done := make(chan struct{})
	go func() { follow.Run(ctx); close(done) }()
	b.Cleanup(func() { cancel(); <-done })
	model, err := ui.New(ctx, follow, o)
	if err != nil {
		b.Fatal(err)
	}
	robot := uitest.New(b, model, 200, 50)
	o.Source.(source).views <- cluster.Build(screentest.Noon)
	robot.WaitFor("prod-eu-1", patience)
	return model, robot
}

// BenchmarkScreen measures what a message costs on the largest screens: a frame
// that changes nothing, a key with the frame after it, the letters of a filter.
// A frame must not depend on how many rows there are.
func BenchmarkScreen(b *testing.B) {
	const inOne = "ns/team-000"
	for _, bench := range []struct {
		name, at                string
		namespaces, deployments int
	}{
		{"overview/400 namespaces", "overview", 400, 2},
		{"namespace/26 findings", "ns/payments", 0, 0},
		{"namespace/5500 findings", inOne, 1, 500},
		{"findings/8800", "findings", 400, 2},
		{"finding/of 26", privileged, 0, 0},
	} {
		cluster := fleet(b, bench.namespaces, bench.deployments)
		b.Run(bench.name+"/view", func(b *testing.B) {
			model, _ := opened(b, cluster, bench.at)
			b.ReportAllocs()
			for b.Loop() {
				model.View()
			}
		})
		b.Run(bench.name+"/key", func(b *testing.B) {
			model, _ := opened(b, cluster, bench.at)
			down, _ := uitest.Key("j")
			up, _ := uitest.Key("k")
			b.ReportAllocs()
			for b.Loop() {
				model.Update(down)
				model.View()
				model.Update(up)
				model.View()
			}
		})
		if bench.at == privileged {
			continue
		}
		b.Run(bench.name+"/letter of a filter", func(b *testing.B) {
			model, robot := opened(b, cluster, bench.at)
			robot.Press("/")
			letter, _ := uitest.Key("e")
			erase, _ := uitest.Key("backspace")
			b.ReportAllocs()
			for b.Loop() {
				model.Update(letter)
				model.View()
				model.Update(erase)
				model.View()
			}
		})
	}
}

// BenchmarkNews measures what a new assessment costs a screen, ten times a second
// at the most.
func BenchmarkNews(b *testing.B) {
	for _, bench := range []struct {
		name, at                string
		namespaces, deployments int
	}{
		{"overview/400 namespaces", "overview", 400, 2},
		{"overview/5500 findings in one", "overview", 1, 500},
		{"overview/55000 findings in one", "overview", 1, 5000},
		{"namespace/5500 findings", "ns/team-000", 1, 500},
		{"finding/of 5500", "", 1, 500},
	} {
		b.Run(bench.name, func(b *testing.B) {
			cluster := fleet(b, bench.namespaces, bench.deployments)
			at := bench.at
			if at == "" {
				at = lastFinding(screentest.Assess(cluster), "team-000")
			}
			model, robot := opened(b, cluster, at)
			size := tea.WindowSizeMsg{Width: 200, Height: 50} // shows the assessment anew, as news do
			robot.Send(size)
			b.ReportAllocs()
			for b.Loop() {
				model.Update(size)
				model.View()
			}
		})
	}
}

// lastFinding is the address of the last finding of a namespace, the one that is
// found last.
func lastFinding(a *score.Assessment, namespace string) string {
	for _, n := range a.Namespaces {
		if n.Name == namespace {
			return nav.Address{Screen: "finding", Target: n.Findings[len(n.Findings)-1].ID()}.String()
		}
	}
	return ""
}
