package manifest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unique"

	"go.yaml.in/yaml/v3"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// Faults of one document or object.
var (
	errNoKind    = errors.New("the object has no kind")
	errNoVersion = errors.New("the object has no apiVersion")
	errNoName    = errors.New("the object has no name")
)

type kindKey struct{ apiVersion, kind string }

// reading is one run over all paths of a source.
type reading struct {
	options   Options
	builder   *kube.Builder
	files     []string // those that held documents
	problems  []Problem
	skipped   map[kindKey]int
	documents map[kube.Ref]Document
}

func newReading(options Options) *reading {
	return &reading{
		options: options, builder: kube.NewBuilder(kube.Info{}),
		skipped: map[kindKey]int{}, documents: map[kube.Ref]Document{},
	}
}

// view publishes what was read.
func (r *reading) view() *kube.Cluster {
	info := kube.Info{Offline: true, Name: fmt.Sprintf("%d files", len(r.files))}
	if len(r.files) == 1 {
		info.Name = r.files[0]
	}
	if r.options.Info != nil {
		info = *r.options.Info
	}
	r.builder.SetInfo(info)
	return r.builder.Build(r.options.Now())
}

// text reads every document of a file.
func (r *reading) text(file string, text []byte) {
	if isUTF16(text) {
		r.fileProblem(file, errUTF16)
		return
	}
	r.files = append(r.files, file)
	number := 0
	for some := range slices.Chunk(document.Split(text), together) {
		for i, p := range parseAll(some, r.options.DefaultNamespace) {
			r.document(Document{File: file, Document: some[i], Number: number}, p)
			number++
		}
	}
}

// place is an object in its document.
type place struct {
	Document
	root *yaml.Node
	path document.Path // of the object below root
}

// afresh returns lineOf for later: few objects are ever asked for a line, so the
// text is kept and not what was parsed of it, which takes many times as much.
func (p place) afresh() func(field string) int {
	p.root = nil
	parsed := sync.OnceValue(func() place {
		p.root, _ = document.Parse(p.Text) // it was parsed without an error before
		return p
	})
	return func(field string) int { return parsed().lineOf(field) }
}

// line returns the line of the file on which the object begins.
func (p place) line() int { return p.lineOf("") }

// lineOf returns the line of the file of a field of the object.
func (p place) lineOf(field string) int {
	path, err := document.ParsePath(field)
	if err != nil {
		path = nil
	}
	whole := append(slices.Clip(p.path), path...)
	return p.Line + document.LineOf(p.root, whole) - 1
}

func (r *reading) problem(file string, line int, err error) {
	r.problems = append(r.problems, Problem{File: file, Line: line, Err: err})
}

func (r *reading) document(d Document, p parsed) {
	if p.err != nil {
		line, err := yamlFault(p.err, d)
		r.problem(d.File, line, err)
		return
	}
	switch object := p.value.(type) {
	case nil:
		if p.object != nil {
			r.keep(place{Document: d, root: p.root}, p.object.resource, p.object.object, p.object.version)
		}
	case map[string]any:
		r.object(place{Document: d, root: p.root}, object, p.object)
	default:
		r.skipped[kindKey{}]++
	}
}

// typeOf returns what an object says that it is.
func typeOf(object map[string]any) (apiVersion, kind string) {
	apiVersion, _ = object["apiVersion"].(string)
	kind, _ = object["kind"].(string)
	return apiVersion, kind
}

// isList reports whether an object is a list of others.
func isList(object map[string]any, kind string) bool {
	_, ok := object["items"]
	return ok && strings.HasSuffix(kind, "List")
}

// object keeps one object, or each object of a list. Done is what was made of it,
// nil if nothing was.
func (r *reading) object(at place, object map[string]any, done *decoded) {
	apiVersion, kind := typeOf(object)
	switch {
	case apiVersion == "" && kind == "":
		r.skipped[kindKey{}]++
		return
	case kind == "":
		r.problem(at.File, at.line(), errNoKind)
		return
	case apiVersion == "":
		r.problem(at.File, at.line(), errNoVersion)
		return
	}
	if isList(object, kind) {
		r.list(at, object["items"], apiVersion, strings.TrimSuffix(kind, "List"))
		return
	}
	if done == nil {
		done = &decoded{}
		done.object, done.resource, done.err = decode(object, apiVersion, kind, r.options.DefaultNamespace)
	}
	switch {
	case errors.Is(done.err, errNotAudited):
		r.skipped[kindKey{apiVersion, kind}]++
	case done.err != nil:
		r.problem(at.File, at.line(), done.err)
	default:
		r.keep(at, done.resource, done.object, apiVersion)
	}
}

// list unpacks a v1 List, or a typed list, whose items need not repeat their
// type (a server omits it).
func (r *reading) list(at place, items any, apiVersion, kind string) {
	elements, ok := items.([]any)
	if !ok && items != nil {
		r.problem(at.File, at.lineOf("items"), fmt.Errorf("the items of the %sList are no list", kind))
		return
	}
	for i, element := range elements {
		item := at
		item.path = append(slices.Clip(at.path), document.Key("items"), document.Index(i))
		object, ok := element.(map[string]any)
		if !ok {
			r.problem(at.File, item.line(), fmt.Errorf("item %d of the %sList is no object", i, kind))
			continue
		}
		if kind != "" {
			fillIn(object, "apiVersion", apiVersion)
			fillIn(object, "kind", kind)
		}
		r.object(item, object, nil)
	}
}

func fillIn(object map[string]any, key, value string) {
	if s, _ := object[key].(string); s == "" {
		object[key] = value
	}
}

func (r *reading) keep(at place, resource kube.Resource, o kube.Object, apiVersion string) {
	ref := resource.Ref(o.GetNamespace(), o.GetName())
	if err := r.builder.Set(resource, o); err != nil {
		r.problem(at.File, at.line(), err)
		return
	}
	if before, ok := r.documents[ref]; ok {
		origin := fmt.Sprintf("%s:%d", before.File, before.Line)
		r.problem(at.File, at.line(), fmt.Errorf("%s %w (the other is in the document at %s)", ref, ErrDuplicate, origin))
	}
	at.Path = at.path.String()
	r.documents[ref] = at.Document
	origin := kube.NewOrigin(at.File, at.line(), at.afresh())
	origin.APIVersion = unique.Make(apiVersion).Value() // one of few
	r.builder.SetOrigin(ref, origin)
}

// yamlLine is how the YAML library names a line in its messages.
var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:unmarshal errors:\s+)?line (\d+): `)

// yamlFault turns an error of the YAML library, which counts lines from the
// document's start and names only the first of them, into a line of the file
// and what is wrong there.
func yamlFault(err error, d Document) (int, error) {
	message := err.Error()
	if m := yamlLine.FindStringSubmatchIndex(message); m != nil {
		if line, conversion := strconv.Atoi(message[m[2]:m[3]]); conversion == nil {
			return d.Line + line - 1, errors.New(message[m[1]:])
		}
	}
	return d.Line, errors.New(strings.TrimPrefix(message, "yaml: "))
}
