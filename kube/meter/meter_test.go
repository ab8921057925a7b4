package meter_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/meter"
)

var (
	start = time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	web   = kube.Deployments.Ref("shop", "web")
)

// sample is one of a container at so many seconds after the start.
func sample(container string, second int, cpu, memory int64) meter.Sample {
	return meter.Sample{Container: container, Time: start.Add(time.Duration(second) * time.Second), CPU: cpu, Memory: memory}
}

// said lists what measurements say.
func said(all []*kube.Measurement) []string {
	var lines []string
	for _, m := range all {
		for _, f := range m.Containers {
			lines = append(lines, fmt.Sprintf("%s %s: %s by %s, CPU %s, memory %s", m.Of(), f.Container, f.Evidence(), m.By, f.CPU, f.Memory))
		}
	}
	return lines
}

func TestPodsOfAWorkloadAreOne(t *testing.T) {
	t.Parallel()
	m := meter.New(kube.ByMetricsServer)
	m.Add(web, "web-2", []meter.Sample{sample("web", 7200, 10, 64<<20), sample("proxy", 7200, 0, 1<<20)})
	for i := range 95 {
		m.Add(web, "web-1", []meter.Sample{sample("web", 15*i, 100, 32<<20)})
	}
	for i := range 4 {
		m.Add(web, "web-3", []meter.Sample{sample("web", 60*i, 5000, 16<<20)})
	}
	m.Add(kube.StatefulSets.Ref("shop", "web"), "web-0", []meter.Sample{sample("web", 0, 1000, 1<<30)})
	m.Add(web, "web-4", nil)
	got := said(m.Measurements())
	want := []string{
		"Deployment shop/web proxy: 1 sample of 3 pods over 0 s by metrics-server, CPU 1m, memory 1Mi",
		"Deployment shop/web web: 100 samples of 3 pods over 2 h by metrics-server, CPU 104m, memory 64Mi",
		"StatefulSet shop/web web: 1 sample of 1 pod over 0 s by metrics-server, CPU 1021m, memory 1Gi",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func TestWhatDidNotChangeIsTheSame(t *testing.T) {
	t.Parallel()
	m, api := meter.New(kube.ByMetricsServer), kube.Deployments.Ref("shop", "api")
	m.Add(web, "web-1", []meter.Sample{sample("web", 0, 100, 1)})
	m.Add(api, "api-1", []meter.Sample{sample("api", 0, 100, 1)})
	before := m.Measurements()
	m.Add(web, "web-1", []meter.Sample{sample("web", 15, 100, 1)})
	after := m.Measurements()
	if before[0] != after[0] || before[1] == after[1] || before[1].Containers[0].Samples != 1 {
		t.Errorf("api is the same %t, want true; web is the same %t, want false and the old value as it was", before[0] == after[0], before[1] == after[1])
	}
	m.Retain(func(of kube.Ref) bool { return of == web })
	if left := m.Measurements(); len(left) != 1 || left[0] != after[1] {
		t.Errorf("left is %q", said(left))
	}
}

func TestPodsWithoutEnd(t *testing.T) {
	t.Parallel()
	m := meter.New(kube.ByMetricsServer)
	for i := range 10000 {
		m.Add(web, fmt.Sprintf("web-%d", i), []meter.Sample{sample("web", i, 100, 1)})
	}
	f := m.Measurements()[0].Containers[0]
	if f.Pods != 4096 || f.Samples != 10000 {
		t.Errorf("%s, want all samples and no more pods than the bound", f.Evidence())
	}
}

// BenchmarkAdd is one poll of 150,000 pods of 15,000 workloads, two containers each.
func BenchmarkAdd(b *testing.B) {
	const workloads, replicas = 15000, 10
	refs := make([]kube.Ref, workloads)
	names := make([]string, workloads*replicas)
	for i := range refs {
		refs[i] = kube.Deployments.Ref(fmt.Sprintf("team-%d", i%300), fmt.Sprintf("web-%d", i))
	}
	for i := range names {
		names[i] = fmt.Sprintf("web-%d-5d4f8c7b9d-%05d", i/replicas, i)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC() // what the first one swept
	runtime.ReadMemStats(&before)
	m := meter.New(kube.ByMetricsServer)
	second := 0
	for b.Loop() {
		second += 15
		for i, name := range names {
			use := int64(i%997 + second%211)
			m.Add(refs[i/replicas], name, []meter.Sample{sample("web", second, use, use<<20), sample("proxy", second, use/10, use<<18)})
		}
	}
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB-held")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(names)), "ns/pod")
	runtime.KeepAlive(m)
	runtime.KeepAlive(names)
	runtime.KeepAlive(refs)
}
