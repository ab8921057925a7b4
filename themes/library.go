package themes

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// longestFile bounds what is read of a theme file, in bytes: it has a screenful.
const longestFile = 1 << 16

// Library is the themes that can be chosen: the embedded ones and those of a
// user, which take the place of embedded ones with the same name. It does not
// change; nil is the library of the embedded themes.
type Library struct {
	own map[string]file // by the name of the theme
}

// file is a theme file of a user as it was read.
type file struct {
	folder   Folder
	path     string // in the folder
	data     []byte
	size     int64
	modified time.Time
	err      error // why it could not be read
}

// Folder is a place with theme files of a user.
type Folder struct {
	// Files are its files.
	Files fs.FS
	// Name is the path of the folder, for errors.
	Name string
	// Only is the one file of the folder that is a theme, as it was asked for by
	// its path; "" means all that end in .yaml or .yml.
	Only string
}

// Read returns the library of the embedded themes and those of folders, of which a
// later one wins. A folder that does not exist is empty. What stands in the files is
// looked at when a theme is loaded, so that a broken one, or one that cannot be read, is
// in nobody's way.
func Read(folders ...Folder) (*Library, error) {
	l := &Library{own: map[string]file{}}
	for _, folder := range folders {
		if folder.Only != "" {
			if err := l.readWithBelow(folder, folder.Only); err != nil {
				return nil, err
			}
			continue
		}
		entries, err := fs.ReadDir(folder.Files, ".")
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("reading the themes of %s: %w", folder.Name, err)
		}
		for _, entry := range entries {
			if ext := path.Ext(entry.Name()); entry.IsDir() || ext != ".yaml" && ext != ".yml" {
				continue
			}
			f, err := readFile(folder, entry.Name())
			f.err = err
			l.own[nameOf(entry.Name())] = f
		}
	}
	return l, nil
}

// readWithBelow reads a file and those beside it that it builds on.
func (l *Library) readWithBelow(folder Folder, name string) error {
	f, err := readFile(folder, name)
	if err != nil {
		return err
	}
	l.own[nameOf(name)] = f
	var below struct {
		Base24 string `yaml:"base24"`
	}
	if err := yaml.Unmarshal(f.data, &below); err != nil || below.Base24 == "" {
		return nil //nolint:nilerr // loading the theme says it, with its line
	}
	name = path.Join(path.Dir(name), below.Base24)
	if f, err = readFile(folder, name); err != nil {
		return err
	}
	l.own[nameOf(name)] = f
	return nil
}

func readFile(folder Folder, name string) (file, error) {
	f := file{folder: folder, path: name}
	fail := func(err error) (file, error) {
		return f, fmt.Errorf("reading theme %s: %w", f.shown(), err)
	}
	opened, err := folder.Files.Open(name)
	if err != nil {
		return fail(err)
	}
	defer func() { _ = opened.Close() }() // it was only read
	info, err := opened.Stat()
	if err != nil {
		return fail(err)
	}
	if f.data, err = io.ReadAll(io.LimitReader(opened, longestFile+1)); err != nil {
		return fail(err)
	}
	if len(f.data) > longestFile {
		return fail(fmt.Errorf("it has more than %d bytes", longestFile))
	}
	f.size, f.modified = info.Size(), info.ModTime()
	return f, nil
}

// shown is the path of a file, for people.
func (f file) shown() string { return path.Join(f.folder.Name, f.path) }

// nameOf is the name of the theme in a file.
func nameOf(file string) string { return strings.TrimSuffix(path.Base(file), path.Ext(file)) }

// Names returns the names of the themes, sorted.
func (l *Library) Names() []string {
	names := embedded()
	if l != nil {
		names = slices.AppendSeq(names, maps.Keys(l.own))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Load returns the theme of a name. The error of an unknown one lists those that
// exist; that of a broken file has the file and the line.
func (l *Library) Load(name string) (*Theme, error) { return l.load(name, nil) }

// load is Load for a theme that others extend: the names of those, the first asked
// for first.
func (l *Library) load(name string, above []string) (*Theme, error) {
	if l != nil && !slices.Contains(above, name) {
		if f, ok := l.own[name]; ok {
			if f.err != nil {
				return nil, f.err
			}
			theme, err := l.parse(f.shown(), f.data, append(above, name))
			if err == nil {
				theme.File = f.shown()
			}
			return theme, err
		}
	}
	switch {
	case slices.Contains(embedded(), name):
	case slices.Contains(above, name):
		return nil, fmt.Errorf("theme %q extends itself", name)
	default:
		return nil, fmt.Errorf("loading theme %q: no such theme (there are: %s)", name, strings.Join(l.Names(), ", "))
	}
	data, err := files.ReadFile(name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("loading theme %q: %w", name, err)
	}
	return l.parse(name+".yaml", data, append(above, name))
}

// Reread returns the library with the files as they are now, or l itself if none of
// them has changed since they were read. A file that cannot be read, as while an
// editor puts another in its place, stays as it was.
func (l *Library) Reread() *Library {
	if l == nil {
		return nil
	}
	var changed map[string]file
	for name, f := range l.own {
		info, err := fs.Stat(f.folder.Files, f.path)
		if err != nil || info.Size() == f.size && info.ModTime().Equal(f.modified) {
			continue
		}
		now, err := readFile(f.folder, f.path)
		if err != nil {
			continue
		}
		if changed == nil {
			changed = maps.Clone(l.own)
		}
		changed[name] = now
	}
	if changed == nil {
		return l
	}
	return &Library{own: changed}
}
