package manifest

import (
	"runtime"
	"sync"
	"sync/atomic"

	"go.yaml.in/yaml/v3"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// parsed is a document with what is in it.
type parsed struct {
	root  *yaml.Node
	value any
	err   error
	// object is what the view holds of it, if it is a single object.
	object *decoded
}

// decoded is an object of the view, or why it is none.
type decoded struct {
	object   kube.Object
	resource kube.Resource
	err      error
}

// together is how many documents are parsed at the same time: enough to keep every
// processor busy, few enough to be held all at once.
const together = 256

// parseAll parses documents, which takes most of the time of reading, on every
// processor. The results are in the order of the documents.
func parseAll(documents []document.Document, namespace string) []parsed {
	results := make([]parsed, len(documents))
	var next atomic.Int64
	var running sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(documents)) {
		running.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(documents)); i = next.Add(1) - 1 {
				results[i] = parse(documents[i], namespace)
			}
		})
	}
	running.Wait()
	return results
}

func parse(d document.Document, namespace string) (p parsed) {
	p.root, p.err = document.Parse(d.Text)
	if p.root == nil || p.err != nil {
		return p
	}
	p.value, p.err = document.Values(p.root)
	object, ok := p.value.(map[string]any)
	if !ok || p.err != nil {
		return p
	}
	apiVersion, kind := typeOf(object)
	if apiVersion != "" && kind != "" && !isList(object, kind) {
		p.object = &decoded{}
		p.object.object, p.object.resource, p.object.err = decode(object, apiVersion, kind, namespace)
	}
	return p
}
