package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// manuscript is what a plan changes where manifests are its target: the text of
// files. What a change leads to is what the files say then.
type manuscript struct {
	paths    []string
	options  manifest.Options
	stdin    []byte
	original map[string][]byte // by file, as it was read
	texts    map[string][]byte // of the newest view, where it differs
	first    *manifest.Source
	newest   *manifest.Source
	view     *kube.Cluster
	// memory has what edits made of the files, trying what they made of single
	// documents of the newest view.
	memory, trying fix.Memory
	// measuring says who measured what is written here, if anybody did.
	measuring measuring
	// created says where objects to create go.
	created map[kube.Ref]place
}

// place is where an object to create goes: the file of the subject for which it is
// created, where it names its namespace unless the subject does not.
type place struct {
	file string
	bare bool
}

func newManuscript(paths []string, namespace string, now time.Time) *manuscript {
	return &manuscript{
		paths: paths, original: map[string][]byte{}, created: map[kube.Ref]place{},
		options: manifest.Options{DefaultNamespace: namespace, Now: func() time.Time { return now }},
	}
}

// open reads the files as they are.
func (m *manuscript) open(ctx context.Context, s *streams) (*kube.Cluster, error) {
	if slices.Contains(m.paths, manifest.Stdin) {
		text, err := io.ReadAll(s.in)
		if err != nil {
			return nil, couldNotLook(fmt.Errorf("reading standard input: %w", err))
		}
		m.stdin, m.original[manifest.Stdin] = text, text
	}
	options := m.options
	options.Stdin = bytes.NewReader(m.stdin)
	options.ReadFile = func(name string) ([]byte, error) {
		text, err := os.ReadFile(name)
		m.original[name] = text
		return text, err
	}
	m.first = manifest.New(m.paths, options)
	source, err := m.measuring.beside(s, m.first)
	if err != nil {
		return nil, err
	}
	view, err := loadSource(ctx, s, source)
	m.newest, m.view = m.first, view
	return view, err
}

// errNotSame is the fault of an edit of a text that does not mean the same as the
// edit of the object: older versions of a kind have other fields.
var errNotSame = errors.New("the manifest is of a version in which the edit means something else")

// errNoHome is the fault of a new object that can be put into no file.
var errNoHome = errors.New("there is no YAML file to put the new object into")

// Try makes a fix in the documents of the objects alone, and compares what they say
// then with what the fix means.
func (m *manuscript) Try(subject kube.Ref, f audit.Fix) error {
	changes, err := fix.Outcome(m.view, subject, f)
	if err != nil {
		return err
	}
	edits := map[kube.Ref][]audit.Edit{}
	for _, e := range f.Edits {
		if e.Object.IsZero() {
			e.Object = subject
		}
		edits[e.Object] = append(edits[e.Object], e)
	}
	for _, ref := range slices.SortedFunc(maps.Keys(edits), kube.CompareRefs) {
		if err := m.tryEdits(ref, edits[ref], changes); err != nil {
			return err
		}
	}
	for _, ref := range f.Delete {
		if _, ok := m.newest.Document(ref); !ok {
			return fmt.Errorf("deleting %s: %w", ref, fix.ErrNotHere)
		}
	}
	for _, o := range f.New {
		ref, ok := fix.RefOf(o)
		file := m.homeOf(subject)
		if !ok || file == "" {
			return errNoHome
		}
		if m.created[ref].file == "" {
			m.created[ref] = place{file, ref.Namespace == subject.Namespace && m.isBare(subject)}
		}
	}
	return nil
}

// tryEdits makes edits in the document of an object. In one of the version that the
// object has in the view an edit means what it says, which package fix has proved.
func (m *manuscript) tryEdits(ref kube.Ref, edits []audit.Edit, changes []kube.Change) error {
	d, ok := m.newest.Document(ref)
	if !ok {
		return fmt.Errorf("changing %s: %w", ref, fix.ErrNotHere)
	}
	text, err := m.trying.File(d.Text, ref, audit.Fix{Edits: edits}, func(kube.Ref) (fix.Place, bool) {
		return fix.Place{Path: d.Path}, true
	})
	if err != nil {
		return err
	}
	if m.ofTheViewsVersion(ref) {
		return nil
	}
	want, err := m.view.With(changes...)
	if err != nil {
		return err
	}
	options := m.options
	options.Stdin = bytes.NewReader(text)
	view, err := kube.Load(context.Background(), manifest.New([]string{manifest.Stdin}, options), nil)
	if err != nil {
		return err
	}
	if !sameObject(view, want, ref) {
		return fmt.Errorf("changing %s: %w", ref, errNotSame)
	}
	return nil
}

// ofTheViewsVersion reports whether an object is written down in the version of its kind
// that the view holds.
func (m *manuscript) ofTheViewsVersion(ref kube.Ref) bool {
	origin, ok := m.view.Origin(ref)
	r, known := kube.ResourceOf(ref.Group, ref.Kind)
	return ok && known && !r.Custom() && origin.APIVersion == schema.GroupVersion{Group: r.Group, Version: r.Version}.String()
}

// sameObject compares an object of two views, but for the version that it is
// written in.
func sameObject(a, b *kube.Cluster, ref kube.Ref) bool {
	var texts [2][]byte
	for i, c := range []*kube.Cluster{a, b} {
		object, ok := c.Find(ref)
		if !ok {
			return false
		}
		value, err := fix.Encoded(object)
		if err != nil {
			return false
		}
		delete(value, "apiVersion")
		delete(value, "kind")
		if texts[i], err = json.Marshal(value); err != nil {
			return false
		}
	}
	return bytes.Equal(texts[0], texts[1])
}

// homeOf returns the file that takes the objects which a subject needs: its own, if
// further YAML documents may stand in it, else the first of which that is true; ""
// if there is none.
func (m *manuscript) homeOf(subject kube.Ref) string {
	if d, ok := m.first.Document(subject); ok && m.takesDocuments(d.File) {
		return d.File
	}
	for _, file := range slices.Sorted(maps.Keys(m.original)) {
		if m.takesDocuments(file) {
			return file
		}
	}
	return ""
}

// isBare reports whether the manifest of an object names no namespace: which one it
// goes into is said when it is applied.
func (m *manuscript) isBare(ref kube.Ref) bool {
	d, ok := m.first.Document(ref)
	if !ok || ref.Namespace == "" {
		return false
	}
	root, err := document.Parse(d.Text)
	if err != nil {
		return false
	}
	path, err := document.ParsePath(d.Path)
	if err != nil {
		return false
	}
	whole := append(path, document.Key("metadata"), document.Key("namespace"))
	node, _, steps := document.Locate(root, whole)
	return steps < len(whole) || node.Value == ""
}

// takesDocuments reports whether a file is not JSON.
func (m *manuscript) takesDocuments(file string) bool {
	text := bytes.TrimSpace(bytes.TrimPrefix(m.original[file], []byte("\ufeff")))
	return strings.ToLower(filepath.Ext(file)) != ".json" && !bytes.HasPrefix(text, []byte("{"))
}

// View edits the files, in memory, and reads them again.
func (m *manuscript) View(f audit.Fix) (*kube.Cluster, error) {
	texts, err := m.edited(f)
	if err != nil {
		return nil, err
	}
	options := m.options
	stdin, edited := texts[manifest.Stdin]
	if !edited {
		stdin = m.stdin
	}
	options.Stdin = bytes.NewReader(stdin)
	options.ReadFile = func(name string) ([]byte, error) {
		if text, edited := texts[name]; edited {
			return text, nil
		}
		return m.original[name], nil
	}
	source := manifest.New(m.paths, options)
	view, err := kube.Load(context.Background(), source, nil)
	if errors.Is(err, manifest.ErrNoObjects) { // all of them are deleted
		view, err = kube.NewBuilder(m.view.Info).Build(m.view.Time), nil
	}
	if err != nil {
		return nil, err
	}
	if view, err = measured(m.view, view); err != nil {
		return nil, err
	}
	m.texts, m.newest, m.view, m.trying = texts, source, view, fix.Memory{}
	return view, nil
}

// edited returns the text of each file that a fix changes.
func (m *manuscript) edited(f audit.Fix) (texts map[string][]byte, err error) {
	parts := map[string]*audit.Fix{}
	part := func(file string) *audit.Fix {
		if parts[file] == nil {
			parts[file] = &audit.Fix{}
		}
		return parts[file]
	}
	for _, e := range f.Edits {
		d, ok := m.first.Document(e.Object)
		if !ok {
			return nil, fmt.Errorf("changing %s: %w", e.Object, fix.ErrNotHere)
		}
		part(d.File).Edits = append(part(d.File).Edits, e)
	}
	for _, o := range f.New {
		ref, _ := fix.RefOf(o) // it was tried
		at := m.created[ref]
		if at.bare {
			if o, err = fix.Values(o, []audit.Edit{{Op: audit.Remove, Path: "metadata.namespace"}}); err != nil {
				return nil, fmt.Errorf("creating %s: %w", ref, err)
			}
		}
		part(at.file).New = append(part(at.file).New, o)
	}
	for _, ref := range f.Delete {
		d, ok := m.first.Document(ref)
		if !ok {
			return nil, fmt.Errorf("deleting %s: %w", ref, fix.ErrNotHere)
		}
		part(d.File).Delete = append(part(d.File).Delete, ref)
	}
	texts = map[string][]byte{}
	for _, file := range slices.Sorted(maps.Keys(parts)) {
		text, err := m.memory.File(m.original[file], kube.Ref{}, *parts[file], func(ref kube.Ref) (fix.Place, bool) {
			d, ok := m.first.Document(ref)
			return fix.Place{Document: d.Number, Path: d.Path}, ok && d.File == file
		})
		if err != nil {
			return nil, fmt.Errorf("editing %s: %w", file, err)
		}
		if !bytes.Equal(text, m.original[file]) {
			texts[file] = text
		}
	}
	return texts, nil
}

// changed lists the files that change, sorted.
func (m *manuscript) changed() []string { return slices.Sorted(maps.Keys(m.texts)) }

// write writes the files that change, each as a whole or not at all, and returns how
// many. All of them are looked at before the first is written.
func (m *manuscript) write() (int, error) {
	for _, file := range m.changed() {
		if err := m.unchanged(file); err != nil {
			return 0, err
		}
	}
	for i, file := range m.changed() {
		if err := replaceFile(file, m.texts[file]); err != nil {
			return i, err
		}
	}
	return len(m.texts), nil
}

// unchanged says why a file cannot be written: it is none, or somebody else has
// written it since.
func (m *manuscript) unchanged(file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return usagef("writing %s: %w", file, err)
	}
	if !info.Mode().IsRegular() {
		return usagef("writing %s: it is no regular file", file)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return usagef("writing %s: %w", file, err)
	}
	if !bytes.Equal(text, m.original[file]) {
		return usagef("writing %s: it has changed since it was read; nothing was written", file)
	}
	return nil
}

// replaceFile puts another text into a file, in one step. A link stays one: the file was
// read through it.
func replaceFile(name string, text []byte) error {
	whole, err := filepath.EvalSymlinks(name)
	if err != nil {
		return usagef("writing %s: %w", name, err)
	}
	info, err := os.Stat(whole)
	if err != nil {
		return usagef("writing %s: %w", name, err)
	}
	return putBy(os.Rename, whole, info.Mode().Perm(), textOf(text))
}
