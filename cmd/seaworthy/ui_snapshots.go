package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// recordingSuffix is how the names of recordings end.
const recordingSuffix = ".seaworthy"

// archive is the recordings that the terminal UI can reach: those of the working folder
// by their names, those that it has saved itself by theirs, and any other by its path.
type archive struct {
	folder string // "" for the working folder
	state  string // where snapshots are saved, "" where no such folder is known
	near   func(path string) string
}

func newArchive(env func(string) string) *archive {
	a := &archive{near: (&clipboard{env: env}).near}
	folder, err := stateFolder(env)
	if err == nil {
		a.state = filepath.Join(folder, "snapshots")
	}
	return a
}

// List returns the recordings of the working folder and the saved ones, newest first.
func (a *archive) List(context.Context) ([]screen.Snapshot, error) {
	var all []screen.Snapshot
	known := map[string]bool{}
	for i, folder := range []string{a.folder, a.state} {
		if i > 0 && folder == "" {
			continue
		}
		entries, err := os.ReadDir(filepath.Join(folder, "."))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("listing snapshots: %w", err)
		}
		for _, e := range entries {
			info, err := e.Info()
			if err != nil || !info.Mode().IsRegular() || !strings.HasSuffix(e.Name(), recordingSuffix) || known[e.Name()] {
				continue // gone meanwhile, no recording, or hidden by one that is found first
			}
			known[e.Name()] = true
			where := "this folder"
			if i > 0 {
				where = a.near(folder)
			}
			all = append(all, screen.Snapshot{Name: e.Name(), Folder: where, Time: info.ModTime(), Size: info.Size()})
		}
	}
	slices.SortStableFunc(all, func(x, y screen.Snapshot) int { return y.Time.Compare(x.Time) })
	return all, nil
}

// path returns the file of a name.
func (a *archive) path(name string) string {
	near := name
	if !filepath.IsAbs(name) {
		near = filepath.Join(a.folder, name)
	}
	if _, err := os.Stat(near); errors.Is(err, fs.ErrNotExist) && a.state != "" && name == filepath.Base(name) {
		return filepath.Join(a.state, name)
	}
	return near
}

// Load returns the last moment of a recording.
func (a *archive) Load(ctx context.Context, name string, read func(part float64)) (*kube.Cluster, error) {
	source := recording.New(name, func() (io.ReadCloser, error) {
		f, err := os.Open(a.path(name))
		if err != nil {
			return nil, err
		}
		size := int64(0)
		if info, err := f.Stat(); err == nil {
			size = info.Size()
		}
		return &measuredFile{File: f, size: size, read: read, ctx: ctx}, nil
	})
	return kube.Load(ctx, source, nil)
}

// measuredFile is a file of which it is told how much is read.
type measuredFile struct {
	*os.File
	size, done int64
	read       func(part float64)
	ctx        context.Context //nolint:containedctx // it ends the reading of the one caller
}

// Read reads, unless the context has ended.
func (f *measuredFile) Read(into []byte) (int, error) {
	if err := f.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := f.File.Read(into)
	f.done += int64(n)
	if f.size > 0 {
		f.read(float64(f.done) / float64(f.size))
	}
	return n, err
}

// Save writes a view as a snapshot does, into the folder for state. Its name is that of
// the cluster, and when it was seen.
func (a *archive) Save(_ context.Context, c *kube.Cluster) (screen.Snapshot, error) {
	if a.state == "" {
		return screen.Snapshot{}, errors.New("saving a snapshot: neither XDG_STATE_HOME nor HOME is set")
	}
	if err := os.MkdirAll(a.state, 0o700); err != nil {
		return screen.Snapshot{}, fmt.Errorf("saving a snapshot: %w", err)
	}
	base := plainName(c.Info.Name) + "-" + c.Time.UTC().Format("2006-01-02T150405Z")
	path, err := unusedName(filepath.Join(a.state, base), recordingSuffix)
	if err != nil {
		return screen.Snapshot{}, fmt.Errorf("saving a snapshot: %w", err)
	}
	err = putFile(path, forOwner, snapshotOf(c, recording.Redact)) // a cluster's inside is its owner's business
	if err != nil {
		return screen.Snapshot{}, fmt.Errorf("saving a snapshot: %w", err)
	}
	return screen.Snapshot{Name: filepath.Base(path), Folder: a.near(a.state), Time: c.Time}, nil
}

// comparisonName is the name of what Report writes, before its suffix.
const comparisonName = "seaworthy-changes"

// Report writes a comparison into the working folder, to a name that is not taken.
func (a *archive) Report(_ context.Context, c *compare.Comparison) (string, error) {
	name, err := unusedName(filepath.Join(a.folder, comparisonName), ".md")
	if err == nil {
		err = writeFile(name, func(w io.Writer) error { return report.WriteComparison(w, c) })
	}
	if err != nil {
		return "", fmt.Errorf("writing the comparison: %w", err)
	}
	return name, nil
}

// plainName makes the name of a context one of a file.
func plainName(name string) string {
	const longest = 60
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, name)
	plain = strings.Trim(plain, "-")
	if plain == "" {
		return "cluster"
	}
	return plain[:min(len(plain), longest)]
}
