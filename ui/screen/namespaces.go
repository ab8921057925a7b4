package screen

import (
	"math"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// namedFields is how many fields of namespaces stand before the severities.
const namedFields = 6

// NamespaceFields are what a filter of namespaces can ask for, in the order of
// [NamespaceRow].
func NamespaceFields(a *score.Assessment) []widget.Field {
	list := []widget.Field{{Name: "ns"}, {Name: "grade"}, {Name: "group"}, {Name: "score", Number: true}, {Name: "coverage", Number: true}, {Name: "subjects", Number: true}}
	for _, severity := range audit.Severities() {
		list = append(list, widget.Field{Name: severity.String(), Number: true})
	}
	for _, c := range a.Result.Categories {
		list = append(list, widget.Field{Name: c.ID, Number: true})
	}
	return append(list, widget.Field{Name: "labels", Labels: true})
}

// NamespaceRow is a namespace as a filter sees it.
type NamespaceRow struct {
	Of *score.Namespace
	In *kube.Cluster // whose Namespace has the labels
}

// Labels are those of the Namespace, nil where it is not seen.
func (r NamespaceRow) Labels() map[string]string {
	return LabelsOf(r.In, kube.Namespaces.Ref("", r.Of.Name))
}

// Text returns what a field shows.
func (r NamespaceRow) Text(field int) string {
	switch field {
	case 0:
		return r.Of.Name
	case 1:
		return r.Of.Grade
	case 2:
		return string(r.Of.Group)
	}
	return ""
}

// Value returns the number of a field.
func (r NamespaceRow) Value(field int) float64 {
	severities := audit.Severities()
	switch {
	case field == 3 && r.Of.Scored:
		return r.Of.Score
	case field == 4:
		return r.Of.Coverage
	case field == 5:
		return float64(r.Of.Subjects)
	case field >= namedFields && field < namedFields+len(severities):
		return float64(r.Of.Counts[severities[field-namedFields]])
	case field >= namedFields+len(severities):
		if at := field - namedFields - len(severities); at < len(r.Of.Categories) && r.Of.Categories[at].Scored {
			return r.Of.Categories[at].Score
		}
	}
	return math.NaN()
}

// CategoryOf returns what a namespace scores in a category; the zero value if it has
// no such category.
func CategoryOf(n *score.Namespace, id string) score.CategoryScore {
	for _, c := range n.Categories {
		if c.ID == id {
			return c
		}
	}
	return score.CategoryScore{}
}
