package manifest

import (
	"runtime"
	"strings"
	"sync/atomic"

	"go.yaml.in/yaml/v3"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
	"github.com/seaworthy-dev/seaworthy/kube/workgroup"
)

// parsed is a document with what is in it.
type parsed struct {
	root  *yaml.Node
	value any
	err   error
	// object is what the view holds of it, if it is a single object. Where value is
	// nil, it is one without a fault.
	object *decoded
}

// decoded is an object of the view, or why it is none.
type decoded struct {
	object   kube.Object
	resource kube.Resource
	version  string // as the object says it, with its group
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
	var running workgroup.Group
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
	if p.object = plain(p.root, namespace); p.object != nil {
		return p
	}
	p.value, p.err = document.Values(p.root)
	object, ok := p.value.(map[string]any)
	if !ok || p.err != nil {
		return p
	}
	apiVersion, kind := typeOf(object)
	if apiVersion != "" && kind != "" && !isList(object, kind) {
		p.object = &decoded{version: apiVersion}
		p.object.object, p.object.resource, p.object.err = decode(object, apiVersion, kind, namespace)
	}
	return p
}

// plain decodes a document that is one object of a version that the view holds,
// without making values of it, as nearly all are. It returns nil for every other, and
// where anything is wrong: the values are needed to tell of that.
func plain(root *yaml.Node, namespace string) *decoded {
	object := root.Content[0]
	version, kind := textAt(object, "apiVersion"), textAt(object, "kind")
	if version == "" || kind == "" || strings.HasSuffix(kind, "List") {
		return nil
	}
	resource, ok := kube.ResourceOf(groupOf(version), kind)
	if !ok || resource.Custom() || versionOf(resource) != version {
		return nil
	}
	encoded, ok := document.AppendJSON(nil, root)
	if !ok {
		return nil
	}
	done, err := decodeJSON(encoded, resource, namespace)
	if err != nil {
		return nil
	}
	return &decoded{object: done, resource: resource, version: version}
}

// textAt returns the text of a key of a mapping, "" if there is none.
func textAt(n *yaml.Node, key string) string {
	for i := 0; i+1 < len(n.Content) && n.Kind == yaml.MappingNode; i += 2 {
		if value := n.Content[i+1]; n.Content[i].Value == key && value.ShortTag() == "!!str" {
			return value.Value
		}
	}
	return ""
}
