package podproto_test

import (
	"runtime"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	api "k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
	"github.com/seaworthy-dev/seaworthy/kube/live/podproto"
)

// received returns an object of a fleet as it comes from an API server.
func received(tb testing.TB, d *podproto.Decoder, r kube.Resource, o fleet.Object) kube.Object {
	tb.Helper()
	sent, err := fleet.Stored(r, o)
	if err != nil {
		tb.Fatal(err)
	}
	own, err := d.Object(sent)
	if err == nil && own == nil {
		own, err = api.Decode(scheme.Codecs.UniversalDeserializer(), sent)
	}
	if err != nil {
		tb.Fatal(err)
	}
	if m, ok := own.(metav1.ObjectMetaAccessor); ok && r.MetadataOnly {
		held := m.GetObjectMeta().(*metav1.ObjectMeta)
		return &metav1.PartialObjectMetadata{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: r.Kind}, ObjectMeta: *held}
	}
	return own.(kube.Object)
}

// inUse returns how many bytes of the heap are in use.
func inUse() float64 {
	var m runtime.MemStats
	for range 2 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// BenchmarkHeld measures what a view takes of memory once a fleet is read.
func BenchmarkHeld(b *testing.B) {
	f := fleet.Of(15000)
	for b.Loop() {
		b.StopTimer()
		before := inUse()
		d, builder := podproto.NewDecoder(), kube.NewBuilder(kube.Info{})
		b.StartTimer()
		for r, o := range f.Objects() {
			if err := builder.Set(r, received(b, d, r, o)); err != nil {
				b.Fatal(err)
			}
		}
		c := builder.Build(fleet.Began())
		workloads := len(c.Workloads())
		b.StopTimer()
		held := inUse() - before
		b.ReportMetric(held/float64(f.Pods()), "B/pod")
		b.ReportMetric(held/float64(workloads), "B/workload")
		b.StartTimer()
		runtime.KeepAlive(c)
		runtime.KeepAlive(builder)
		runtime.KeepAlive(d)
	}
}
