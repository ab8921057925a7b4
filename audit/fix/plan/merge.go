package plan

import (
	"fmt"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// merge returns the fix that does what two do one after the other. Edits of objects
// that the first one creates go into these; of what is deleted in the end nothing
// else is changed.
func merge(first, then audit.Fix) (audit.Fix, error) {
	merged := audit.Fix{
		Edits: slices.Clone(first.Edits), New: slices.Clone(first.New), Delete: slices.Clone(first.Delete),
	}
	at := map[kube.Ref]int{}
	for i, o := range merged.New {
		if ref, ok := fix.RefOf(o); ok {
			at[ref] = i
		}
	}
	for _, e := range then.Edits {
		i, created := at[e.Object]
		if !created {
			merged.Edits = append(merged.Edits, e)
			continue
		}
		edited, err := fix.Values(merged.New[i], []audit.Edit{e})
		if err != nil {
			return audit.Fix{}, fmt.Errorf("changing %s, which is new: %w", e.Object, err)
		}
		merged.New[i] = edited
	}
	merged.New = append(merged.New, then.New...)
	for _, ref := range then.Delete {
		merged.Edits = slices.DeleteFunc(merged.Edits, func(e audit.Edit) bool { return e.Object == ref })
		before := len(merged.New)
		merged.New = slices.DeleteFunc(merged.New, func(o audit.Object) bool {
			created, ok := fix.RefOf(o)
			return ok && created == ref
		})
		if len(merged.New) == before {
			merged.Delete = append(merged.Delete, ref)
		}
	}
	return merged, nil
}
