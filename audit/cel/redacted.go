package cel

import (
	"maps"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/credential"
)

// redacted adds to the gaps of a value what was taken out of it when it was recorded.
func redacted(c *kube.Cluster, v Value) Value {
	if !c.Info.Redacted {
		return v
	}
	fields, ok := v.Of.(map[string]any)
	if !ok {
		var err error
		if fields, err = runtime.DefaultUnstructuredConverter.ToUnstructured(v.Of); err != nil {
			return Unknown() // it came from JSON, so that it cannot be
		}
	}
	return Value{v.Of, v.Gaps.hiding(fields)}
}

// hiding returns gaps with those of texts that were hidden; the same gaps where there are
// none. What was hidden in one element of a list is a gap in all of them.
func (g *Gaps) hiding(value any) *Gaps {
	switch value := value.(type) {
	case string:
		if credential.IsHidden(value) && (g == nil || !g.All) {
			return &Gaps{Hidden: true}
		}
	case map[string]any:
		all := g
		for key, below := range value {
			if known, hides := g.at(key), g.at(key).hiding(below); hides != known {
				if all == g {
					all = g.copied()
				}
				all.Fields[key] = hides
			}
		}
		return all
	case []any:
		elements := g.elements()
		for _, element := range value {
			elements = elements.hiding(element)
		}
		if elements != g.elements() {
			all := g.copied()
			all.Elements = elements
			return all
		}
	}
	return g
}

func (g *Gaps) elements() *Gaps {
	if g == nil {
		return nil
	}
	return g.Elements
}

// copied returns a copy that may have more gaps.
func (g *Gaps) copied() *Gaps {
	if g == nil {
		return &Gaps{Fields: map[string]*Gaps{}}
	}
	all := *g
	all.Fields = maps.Clone(g.Fields)
	if all.Fields == nil {
		all.Fields = map[string]*Gaps{}
	}
	return &all
}
