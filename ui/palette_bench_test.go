package ui_test

import (
	"fmt"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// BenchmarkPalette measures the letters of a name that is looked for among 150,000
// objects, and how long each takes until its hits are seen, which is to be less than
// 50 ms. The first key gathers the objects; most of its time is beside the screen.
func BenchmarkPalette(b *testing.B) {
	cluster := screentest.Cluster(b)
	for i := range 150_000 {
		o := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Namespace: fmt.Sprintf("team-%04d", i%1500), Name: fmt.Sprintf("checkout-settings-%05d", i)}}
		if err := cluster.Set(kube.ConfigMaps, o); err != nil {
			b.Fatal(err)
		}
	}
	h := opened(b, cluster, "overview", "Namespaces (1")
	b.Run("open", func(b *testing.B) {
		h.measure(b, func() { h.press("ctrl+p", "esc") })
	})
	for name, keys := range map[string][]string{
		"narrowing": {"c", "h", "e", "c", "k", "backspace", "backspace", "backspace", "backspace", "backspace"},
		"in order":  {"t", "k", "g", "9", "backspace", "backspace", "backspace", "backspace"},
	} {
		b.Run(name, func(b *testing.B) {
			h.press("ctrl+p")
			h.measure(b, func() { h.press(keys...) })
			h.press("esc")
		})
	}
}
