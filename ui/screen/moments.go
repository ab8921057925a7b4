package screen

import (
	"context"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Snapshot is a recording that can be looked at again.
type Snapshot struct {
	Name   string    // what it is loaded by, unique in a list: the name or path of a file
	Folder string    // where it is, for people
	Time   time.Time // when it was written
	Size   int64     // bytes
}

// Snapshots are the recordings that can be reached, with the disk of who started the
// program. What they are asked takes its time, so that screens ask in a [Work].
type Snapshots interface {
	// List returns what there is, newest first.
	List(ctx context.Context) ([]Snapshot, error)
	// Load returns the last moment of a recording. It tells on the way which part of
	// the file is read, from 0 to 1.
	Load(ctx context.Context, name string, read func(part float64)) (*kube.Cluster, error)
	// Save writes a view as a new recording.
	Save(ctx context.Context, c *kube.Cluster) (Snapshot, error)
	// Report writes a comparison for people, and returns the path of the new file.
	Report(ctx context.Context, c *compare.Comparison) (string, error)
}

// SaveMsg asks for a view to be kept as a snapshot, by who started the program.
type SaveMsg struct{ Cluster *kube.Cluster }

// ReportMsg asks for a comparison to be written down, by who started the program.
type ReportMsg struct{ Comparison *compare.Comparison }
