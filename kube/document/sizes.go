package document

import (
	"math"

	"go.yaml.in/yaml/v3"
)

// mostRepeated is how much the aliases of a document may add to it, in bytes. The API
// server takes no object of more than 3 MiB (k8s.io/apiserver, MaxRequestBodyBytes). The
// parser counts nodes: a long text to which a million aliases lead is nothing to it.
const mostRepeated = 16 << 20

// nodeSize is what a node costs beside its text: quotes, a comma, braces.
const nodeSize = 4

// sizes returns about how many bytes the values of a node are as they are written, and
// once each alias is what it stands for.
func sizes(root *yaml.Node) (written, meant int64) {
	w := &weighing{meant: map[*yaml.Node]int64{}}
	meant = w.weigh(root)
	return w.written, meant
}

type weighing struct {
	written int64
	meant   map[*yaml.Node]int64 // of anchored nodes; 0 while they are being weighed
}

// weigh returns what a node is once its aliases are what they stand for. An anchor within
// itself counts for nothing: the parser refuses it.
func (w *weighing) weigh(node *yaml.Node) int64 {
	if node.Kind == yaml.AliasNode {
		return w.meant[node.Alias] // an anchor stands before its aliases
	}
	own := int64(len(node.Value)) + nodeSize
	w.written += own
	sum := own
	for _, child := range node.Content {
		if size := w.weigh(child); size > math.MaxInt64-sum {
			sum = math.MaxInt64
		} else {
			sum += size
		}
	}
	if node.Anchor != "" {
		w.meant[node] = sum
	}
	return sum
}
