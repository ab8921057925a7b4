package graph

import (
	_ "embed" // the list of ways
	"strings"
)

//go:embed coverage.tsv
var coverage string

// Covered says what became of one way that people have written down.
type Covered struct {
	ID string
	// Family is the ID of the family whose edges the way is; "" if it is none.
	Family string
	// Why says why the way is within another family, or is no edge; "" for one
	// with a family of its own.
	Why string
}

// Coverage returns what became of each way that is known for role bindings, pods
// and nodes: 205, by subject. A list without its gaps would be a claim.
func Coverage() []Covered {
	var all []Covered
	header := true
	for line := range strings.Lines(coverage) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		if header {
			header = false
			continue
		}
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		all = append(all, Covered{fields[0], fields[2], fields[3]})
	}
	return all
}
