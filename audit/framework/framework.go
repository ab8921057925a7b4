package framework

import (
	"embed"
	"fmt"
	"slices"

	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/audit"
)

//go:embed *.yaml
var files embed.FS

// Framework is a set of controls that somebody published.
type Framework struct {
	ID      string `json:"id"` // a slug, the name of its file
	Title   string `json:"title"`
	Edition string `json:"edition"` // which edition of the document
	About   string `json:"about"`
	Source  string `json:"source"` // where it is published
	// Mark is what rules bear that answer for controls which have no number of
	// their own; "" if controls have.
	Mark string `json:"mark,omitempty"`
	// Includes is the ID of a framework whose controls belong to this one too.
	Includes string    `json:"includes,omitempty"`
	Controls []Control `json:"controls"`
}

// Control is one demand of a framework.
type Control struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// Rules are those that answer for it besides the ones that name its ID.
	Rules []string `json:"rules,omitempty"`
	// Manual says why no rule answers for it; "" where one does.
	Manual string `json:"manual,omitempty"`
}

// All returns every framework, by ID.
func All() ([]Framework, error) {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("listing frameworks: %w", err)
	}
	var all []Framework
	for _, entry := range entries {
		text, err := files.ReadFile(entry.Name())
		if err != nil {
			return nil, fmt.Errorf("reading framework %s: %w", entry.Name(), err)
		}
		var f Framework
		if err := yaml.UnmarshalStrict(text, &f); err != nil {
			return nil, fmt.Errorf("reading framework %s: %w", entry.Name(), err)
		}
		all = append(all, f)
	}
	for i := range all {
		if included := slices.IndexFunc(all, func(f Framework) bool { return f.ID == all[i].Includes }); included >= 0 {
			all[i].Controls = slices.Concat(all[included].Controls, all[i].Controls)
		}
	}
	return all, nil
}

// Named returns a framework by its ID. The error lists those there are.
func Named(id string) (Framework, error) {
	all, err := All()
	if err != nil {
		return Framework{}, err
	}
	var known []string
	for _, f := range all {
		if f.ID == id {
			return f, nil
		}
		known = append(known, f.ID)
	}
	return Framework{}, fmt.Errorf("there is no framework %q; there are %v", id, known)
}

// answers reports whether a rule answers for a control.
func (c *Control) answers(r *audit.Rule) bool {
	return slices.Contains(r.Controls, c.ID) || slices.Contains(c.Rules, r.ID)
}
