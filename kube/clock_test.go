package kube_test

import (
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestNow(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	b := kube.NewBuilder(kube.Info{})
	still := b.Build(noon)
	b.SetClock(kube.Clock{Ticks: true, Offset: -time.Hour})
	ticks := b.Build(noon)
	overlaid, err := ticks.With()
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		view        *kube.Cluster
		local, want time.Time
	}{
		"of a recording, time stands still": {still, noon.Add(time.Hour), noon},
		"of a cluster, it goes on":          {ticks, noon.Add(time.Hour + time.Minute), noon.Add(time.Minute)},
		"and never back":                    {ticks, noon, noon},
		"as it does in a view made of it":   {overlaid, noon.Add(2 * time.Hour), noon.Add(time.Hour)},
	} {
		if got := test.view.Now(test.local); !got.Equal(test.want) {
			t.Errorf("%s: now is %v, want %v", name, got, test.want)
		}
	}
}
