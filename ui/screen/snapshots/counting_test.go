package snapshots_test

import (
	"context"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// counting writes down what is read of the recordings.
type counting struct {
	*screentest.Snapshots
	loaded []string
}

// Load reads a recording. One at a time is read.
func (c *counting) Load(ctx context.Context, name string, read func(float64)) (*kube.Cluster, error) {
	c.loaded = append(c.loaded, name)
	return c.Snapshots.Load(ctx, name, read)
}
