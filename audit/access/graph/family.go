package graph

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// Confidence says what an edge rests on.
type Confidence uint8

// The confidences, from the firmest.
const (
	// Proven edges follow from what the API server does with objects of the view.
	Proven Confidence = iota
	// Conditional edges need a fact beside: of admission, a node, a cloud or a
	// controller, which is usually as the edge has it.
	Conditional
	// Inferred edges are likely, or possible with effort; nothing in the view
	// proves them.
	Inferred
)

// String returns the confidence in lower case.
func (c Confidence) String() string { return [...]string{"proven", "conditional", "inferred"}[c] }

// Family is one way to get from something controlled to something more.
type Family struct {
	// ID is the name by which people know the way, as in the coverage list:
	// "POD_CREATE_SA".
	ID    string
	Title string
	// Story is one sentence about an edge: {from} and {to} stand for what it
	// joins, {evidence} for what makes it.
	Story string
	// Cost is how much it takes, 0 (nothing) to 4 (luck, or rare conditions); the
	// package comment says how it is chosen.
	Cost uint8
	// Severity is that of the way by itself, wherever it leads.
	Severity   audit.Severity
	Confidence Confidence
	// Source is where the fact behind the way is written down.
	Source string
}

// Tell returns the story of an edge.
func (f *Family) Tell(from, to, evidence string) string {
	return strings.NewReplacer("{from}", from, "{to}", to, "{evidence}", evidence).Replace(f.Story)
}

// Structural reports whether edges of the family only say that one thing is a
// part of another.
func (f *Family) Structural() bool { return f == contains }

// Families returns every family, by subject and ID. The caller must not change
// what it points to.
func Families() []*Family {
	return slices.Concat(
		structureFamilies, coreFamilies, escalationFamilies, impersonationFamilies, tokenFamilies, ghostFamilies,
		workloadFamilies, nodeFamilies, admissionFamilies, certificateFamilies, namespaceFamilies, storageFamilies,
		implicitFamilies, cloudFamilies, containerFamilies, hostFamilies, deputyFamilies, entryFamilies,
	)
}

// FamilyOf returns the family of an ID, false if there is none.
func FamilyOf(id string) (*Family, bool) {
	all := Families()
	i := slices.IndexFunc(all, func(f *Family) bool { return f.ID == id })
	if i < 0 {
		return nil, false
	}
	return all[i], true
}

var contains = &Family{
	ID: "CONTAINS", Title: "One is a part of the other",
	Story:    "{to} is a part of {from}",
	Severity: audit.Info, Confidence: Proven, Source: "the shape of this graph: hubs instead of an edge for each pair",
}

var structureFamilies = []*Family{contains}
