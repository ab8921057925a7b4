package manifest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Errors of files as a whole.
var (
	errNoManifests = errors.New("no *.yaml, *.yml or *.json file in it")
	errNoStdin     = errors.New("there is no standard input")
	errUTF16       = errors.New("the file is UTF-16; save it as UTF-8")
	errOutside     = errors.New("it is a link out of the folder: name it with -f if it is meant")
	errNoFile      = errors.New("it is a pipe or a device: name it with -f if it is meant")
)

// path reads a file, a directory or standard input. The error is the context's;
// everything else is a problem.
func (r *reading) path(ctx context.Context, path string) error {
	if path == Stdin {
		r.stdin()
		return ctx.Err()
	}
	info, err := os.Stat(path)
	if err != nil {
		r.fileProblem(path, err)
		return ctx.Err()
	}
	files := []string{path}
	if info.IsDir() {
		if files = r.directory(path); len(files) == 0 {
			r.fileProblem(path, errNoManifests)
		}
	}
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		r.readFile(file)
	}
	return ctx.Err()
}

// directory lists the manifests below a directory, sorted. Directories whose
// names begin with a dot hold a tool's files, not a person's manifests. A folder may
// come from anybody: nothing in it leads out of it, nor to what has no end.
func (r *reading) directory(root string) []string {
	var files []string
	walk := func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			r.fileProblem(path, err)
		case entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case !entry.IsDir() && isManifest(path):
			if fault := strays(root, path, entry); fault != nil {
				r.fileProblem(path, fault)
				return nil
			}
			files = append(files, path)
		}
		return nil
	}
	if err := filepath.WalkDir(root, walk); err != nil {
		r.fileProblem(root, err)
	}
	slices.Sort(files)
	return files
}

// strays says why an entry of a folder is not to be read, nil if it is a file of the
// folder. A ConfigMap's files are links within theirs.
func strays(root, path string, entry fs.DirEntry) error {
	kind := entry.Type()
	if kind&fs.ModeSymlink != 0 {
		folder, err := filepath.EvalSymlinks(root)
		if err != nil {
			return err
		}
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			return err
		}
		near, err := filepath.Rel(folder, target)
		if err != nil || !filepath.IsLocal(near) {
			return errOutside
		}
		info, err := os.Stat(target)
		if err != nil {
			return err
		}
		kind = info.Mode().Type()
	}
	if kind&^fs.ModeDir != 0 {
		return errNoFile
	}
	return nil
}

func isManifest(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

func (r *reading) readFile(file string) {
	text, err := r.options.ReadFile(file)
	if err != nil {
		r.fileProblem(file, err)
		return
	}
	r.text(file, text)
}

func (r *reading) stdin() {
	if r.options.Stdin == nil {
		r.fileProblem(Stdin, errNoStdin)
		return
	}
	text, err := io.ReadAll(r.options.Stdin)
	if err != nil {
		r.fileProblem(Stdin, err)
		return
	}
	r.text(Stdin, text)
}

func (r *reading) fileProblem(file string, err error) {
	if inPath, ok := errors.AsType[*fs.PathError](err); ok {
		err = inPath.Err // the problem names the file itself
	}
	r.problems = append(r.problems, Problem{File: file, Err: err})
}

func isUTF16(text []byte) bool {
	return bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff"))
}
