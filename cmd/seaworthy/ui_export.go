package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// exporter writes the plans of the terminal UI as fix does, into the working folder.
type exporter struct {
	s *streams
	r *ruling
	// files are the manifests that are looked at, nil for a cluster or a recording, and
	// namespace the one of those that name none.
	files     []string
	namespace string
	folder    string // "" for the working folder
}

// exportName is the name of what is written, before what its format adds.
const exportName = "seaworthy-fixes"

// errElsewhere is the fault of a plan of manifests that cannot be made in them any more.
var errElsewhere = errors.New("nothing of the plan can be made in the manifests as they are now")

// Export writes a plan to a name that is not taken, and returns it.
func (e *exporter) Export(ctx context.Context, msg screen.ExportMsg) (string, error) {
	p, err := e.planned(ctx, msg.Plan)
	if err != nil {
		return "", fmt.Errorf("writing the plan: %w", err)
	}
	suffix := map[screen.Format]string{screen.Patch: ".patch", screen.Kubectl: ".sh", screen.Kustomize: ""}[msg.Format]
	name, err := unusedName(filepath.Join(e.folder, exportName), suffix)
	if err != nil {
		return "", fmt.Errorf("writing the plan: %w", err)
	}
	if msg.Format == screen.Kustomize {
		err = writeOverlay(name, p)
	} else {
		err = writeFile(name, func(w io.Writer) error { return fixFormats()[string(msg.Format)](w, p) })
	}
	return name, err
}

// planned is a plan as fix has it. A plan of manifests is made again in their text: the
// screen knows what they say, and not how.
func (e *exporter) planned(ctx context.Context, of *plan.Plan) (*planned, error) {
	if len(e.files) == 0 {
		return &planned{Plan: of}, nil
	}
	quiet := *e.s // the screen is there
	quiet.err, quiet.progress = io.Discard, false
	p := &planned{files: newManuscript(e.files, e.namespace, e.s.now())}
	view, err := p.files.open(ctx, &quiet)
	if err != nil {
		return nil, err
	}
	before, err := e.r.assess(view)
	if err != nil {
		return nil, err
	}
	chosen := map[string]bool{}
	for _, a := range of.Applied {
		chosen[a.Finding.Statement()] = true
	}
	p.Plan, err = plan.Make(before, plan.Options{
		Choose: func(f *score.Finding) bool { return chosen[f.Statement()] },
		Hold:   func(*score.Finding, audit.Fix) string { return "" },
		Judge:  e.r.assess, Target: p.files,
	})
	if err != nil {
		return nil, err
	}
	if p.Empty() {
		return nil, errElsewhere
	}
	return p, nil
}

// unusedName returns the name that nothing has, with a number if need be.
func unusedName(name, suffix string) (string, error) {
	const most = 1000
	for i := 1; i <= most; i++ {
		try := name + suffix
		if i > 1 {
			try = fmt.Sprintf("%s-%d%s", name, i, suffix)
		}
		if _, err := os.Lstat(try); errors.Is(err, fs.ErrNotExist) {
			return try, nil
		} else if err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("%s%s is there %d times", name, suffix, most)
}
