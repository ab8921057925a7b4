package capacity_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/audittest"
	"github.com/seaworthy-dev/seaworthy/audit/capacity"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestExamples adds up the cluster of each example.
func TestExamples(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no examples (%v)", err)
	}
	for _, file := range files {
		view, err := audittest.View(file)
		if err != nil {
			t.Fatal(err)
		}
		audittest.Golden(t, strings.TrimSuffix(file, ".yaml")+".golden", told(capacity.Of(view)))
	}
}

// told is a capacity as text.
func told(c *capacity.Capacity) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("nodes: allocatable %s, requested %s, limits %s", c.Allocatable, c.Requested, c.Limits)
	line("free on %d: %s, stranded %s; all would fit on %d", c.TakePods, c.Free, c.Stranded, c.Least)
	if c.Hole != nil {
		line("largest hole: %s on %s", c.Hole.Free(), c.Hole.Name)
	}
	for _, l := range c.Losses {
		line("without %s: %s", l.Node.Name, l.Lacks())
	}
	for i := range c.All {
		n := &c.All[i]
		line("node %s (pool %q, takes pods %t): %s for %d of %d pods", n.Name, n.Pool, n.TakesPods(), n.Allocatable, n.Pods, n.MaxPods)
		line("  requests %s, of DaemonSets %s, static %s; limits %s, unlimited %d", n.Requests, n.Daemons, n.Static, n.Limits, n.Unlimited)
		if s := c.Samples[n.Name]; s != nil {
			line("  uses %s at %s", s.Amount, s.At.UTC().Format("15:04:05"))
		}
	}
	for i := range c.Namespaces {
		n := &c.Namespaces[i]
		line("namespace %s: %d pods, %d pending, requests %s, limits %s, of DaemonSets %s", n.Name, n.Pods, n.Pending, n.Requests, n.Limits, n.Daemons)
		line("  %d containers, %d without CPU, %d without memory; %d pods unlimited; %d LimitRanges, %d quotas",
			n.Containers, n.WithoutCPU, n.WithoutMemory, n.Unlimited, n.LimitRanges, n.Quotas)
		line("  uses %s (%d sampled, %d measured, %d unknown), wastes %s", n.Use.Amount, n.Use.Sampled, n.Use.Measured, n.Use.Unknown, n.Use.Waste)
		if n.Advice.Pods > 0 {
			line("  %d pods request %s, and should %s", n.Advice.Pods, n.Advice.Requests, n.Advice.Target)
		}
	}
	return b.String()
}

// TestUnknown holds that what could not be read has a reason.
func TestUnknown(t *testing.T) {
	t.Parallel()
	forbidden := kube.NewBuilder(kube.Info{})
	for _, r := range kube.Resources() {
		forbidden.SetState(kube.State{Resource: r, Phase: kube.Forbidden, Reason: "may not be listed"})
	}
	for name, b := range map[string]*kube.Builder{"manifests": kube.NewBuilder(kube.Info{Offline: true}), "forbidden": forbidden} {
		c := capacity.Of(b.Build(audittest.Noon))
		for what, why := range map[string]string{
			"nodes": c.Unknown, "pods": c.PodsUnknown, "namespaces": c.NamespacesUnknown, "use": c.UseUnknown, "limits": c.LimitsUnknown, "quotas": c.QuotasUnknown,
		} {
			if why == "" {
				t.Errorf("%s: nothing says why the %s are not known", name, what)
			}
		}
	}
	scoped := capacity.Of(kube.NewBuilder(kube.Info{Scope: []string{"shop"}}).Build(audittest.Noon))
	if scoped.PodsUnknown == "" || scoped.NamespacesUnknown != "" {
		t.Errorf("in one namespace: nodes %q, namespaces %q", scoped.PodsUnknown, scoped.NamespacesUnknown)
	}
}

// TestFigure holds how numbers are written.
func TestFigure(t *testing.T) {
	t.Parallel()
	for n, want := range map[float64]string{0: "0", 0.05: "0.05", 0.0004: "0", 1: "1", 1.254: "1.25", 12.34: "12.3", 100: "100", 1234.5: "1,234", -2.5: "-2.5", 1e6: "1,000,000"} {
		if got := capacity.Figure(n); got != want {
			t.Errorf("%v is written %q, want %q", n, got, want)
		}
	}
}

// TestPrices holds what a month costs.
func TestPrices(t *testing.T) {
	t.Parallel()
	p := capacity.Prices{CPU: 0.04, Memory: 0.005}
	if got, want := p.Month(capacity.Amount{CPU: 2000, Memory: 8 << 30}), (2*0.04+8*0.005)*730; got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if (capacity.Prices{}).Known() {
		t.Error("nobody gave a price, and it is known")
	}
}
