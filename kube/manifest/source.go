package manifest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// Stdin is the path that stands for standard input.
const Stdin = "-"

// ErrNoObjects is returned for manifests in which there is no object at all.
var ErrNoObjects = errors.New("no Kubernetes objects in it")

// ErrDuplicate is the problem of an object that is written down twice.
var ErrDuplicate = errors.New("is there twice; the last one counts")

// Options are how a [Source] reads; the zero value reads files.
type Options struct {
	// Stdin is read for the path "-"; with nil that path is a problem.
	Stdin io.Reader
	// ReadFile reads a file in place of [os.ReadFile]: a view of files as they would
	// be is made by it. Folders are looked into all the same. It may be nil.
	ReadFile func(name string) ([]byte, error)
	// DefaultNamespace is where namespaced objects live that name none; ""
	// means "default".
	DefaultNamespace string
	// Now is the clock that gives the view its time; nil means [time.Now].
	Now func() time.Time
	// Info is what the view says of its cluster; nil means that it is offline
	// and named after its files.
	Info *kube.Info
}

// Source reads manifests. It implements [kube.Source].
type Source struct {
	paths   []string
	options Options

	mu   sync.Mutex
	last *reading
}

// New returns a source of files and directories, which are read in this order,
// a directory with all that is below it. The path "-" is [Options.Stdin].
func New(paths []string, options Options) *Source {
	options.DefaultNamespace = cmp.Or(options.DefaultNamespace, "default")
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.ReadFile == nil {
		options.ReadFile = os.ReadFile
	}
	return &Source{paths: slices.Clone(paths), options: options, last: &reading{}}
}

// Problem is something that could not be read. It is an error.
type Problem struct {
	File string // as the user named it, or below the directory that was named
	Line int    // from 1; 0 where it concerns the file as a whole
	Err  error
}

// Error names the file, the line and what is wrong.
func (p Problem) Error() string {
	if p.Line == 0 {
		return fmt.Sprintf("reading %s: %v", p.File, p.Err)
	}
	return fmt.Sprintf("reading %s:%d: %v", p.File, p.Line, p.Err)
}

// Unwrap returns what is wrong.
func (p Problem) Unwrap() error { return p.Err }

// Skipped counts the objects of a kind that is not audited.
type Skipped struct {
	APIVersion string // both are "" for a document that is no object, such as a chart's values
	Kind       string
	Count      int
}

// Document is the YAML document in which an object is written.
type Document struct {
	File string
	document.Document
	// Number is the place of the document in the file, from 0.
	Number int
	// Path leads to the object within the document: "" or, in a List, "items[3]".
	Path string
}

// Watch reads everything, publishes one view and returns nil. The error is of
// the context, or says that nothing at all could be read; what else went wrong
// is in [Source.Problems].
func (s *Source) Watch(ctx context.Context, publish func(*kube.Cluster)) error {
	r := newReading(s.options)
	for _, path := range s.paths {
		if err := r.path(ctx, path); err != nil {
			return err
		}
	}
	s.mu.Lock()
	s.last = r
	s.mu.Unlock()
	if len(r.documents) == 0 && len(r.skipped) == 0 {
		return r.nothing(s.paths)
	}
	publish(r.view())
	return nil
}

// Problems returns what could not be read, in the order of reading; it is empty
// before [Source.Watch] and complete after it.
func (s *Source) Problems() []Problem {
	return slices.Clone(s.reading().problems)
}

// Skipped returns how many objects of which kinds were not audited, by
// apiVersion and kind.
func (s *Source) Skipped() []Skipped {
	skipped := []Skipped{}
	for key, count := range s.reading().skipped {
		skipped = append(skipped, Skipped{APIVersion: key.apiVersion, Kind: key.kind, Count: count})
	}
	slices.SortFunc(skipped, func(a, b Skipped) int {
		return cmp.Or(strings.Compare(a.APIVersion, b.APIVersion), strings.Compare(a.Kind, b.Kind))
	})
	return skipped
}

// Document returns where an object of the view is written, false if it is not
// of this source.
func (s *Source) Document(ref kube.Ref) (Document, bool) {
	d, ok := s.reading().documents[ref]
	return d, ok
}

func (s *Source) reading() *reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// nothing is the error of a source that holds no object.
func (r *reading) nothing(paths []string) error {
	if len(r.problems) == 0 {
		return fmt.Errorf("reading %s: %w", strings.Join(paths, ", "), ErrNoObjects)
	}
	all := make([]error, len(r.problems))
	for i, p := range r.problems {
		all[i] = p
	}
	return errors.Join(all...)
}
