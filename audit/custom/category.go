package custom

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// categoryID is the category of rules that name none.
const categoryID = "custom"

// category is what rules belong to that name no other.
func category() audit.Category {
	return audit.Category{
		ID: categoryID, Title: "Own rules", Label: "Own", Weight: 10,
		About: "What the people of this cluster ask of it beyond what everybody should.",
	}
}

// Join returns categories with rules that people wrote among their own. The
// categories given stay as they are. The error names the rules that cannot be
// among the others.
func Join(categories []audit.Category, rules []*Rule) ([]audit.Category, error) {
	if len(rules) == 0 {
		return categories, nil
	}
	joined := slices.Clone(categories)
	var faults []error
	for _, r := range rules {
		if r.Category == categoryID && !slices.ContainsFunc(joined, func(c audit.Category) bool { return c.ID == categoryID }) {
			joined = append(joined, category())
		}
		at := slices.IndexFunc(joined, func(c audit.Category) bool { return c.ID == r.Category })
		if at < 0 {
			faults = append(faults, &Error{r.File, r.Line, fmt.Sprintf("there is no category %q", r.Category)})
			continue
		}
		if slices.ContainsFunc(joined, func(c audit.Category) bool {
			return slices.ContainsFunc(c.Rules, func(other *audit.Rule) bool { return other.ID == r.ID })
		}) {
			faults = append(faults, &Error{r.File, r.Line, fmt.Sprintf("there is another rule %q", r.ID)})
			continue
		}
		c := &joined[at]
		c.Rules = append(slices.Clone(c.Rules), r.Rule)
		slices.SortFunc(c.Rules, func(a, b *audit.Rule) int { return strings.Compare(a.ID, b.ID) })
		c.Examples = shown{c.Examples, r}
	}
	if len(faults) == 0 {
		if err := audit.Validate(joined); err != nil {
			faults = append(faults, fmt.Errorf("reading rules: %w", err))
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return joined, nil
}

// shown has the examples of a rule beside those of others.
type shown struct {
	fs.FS
	rule *Rule
}

// Open opens an example of the others.
func (s shown) Open(name string) (fs.File, error) {
	if s.FS == nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return s.FS.Open(name)
}

// ReadFile reads an example: of the rule's own, the first that passes and the
// first that fails.
func (s shown) ReadFile(name string) ([]byte, error) {
	kind, own := strings.CutPrefix(name, path.Join("testdata", s.rule.ID)+"/")
	if !own {
		if s.FS == nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		return fs.ReadFile(s.FS, name)
	}
	for i := range s.rule.Examples {
		e := &s.rule.Examples[i]
		switch {
		case kind == "pass.yaml" && len(e.Want) == 0:
			return e.Manifest, nil
		case kind == "fail.yaml" && len(e.Want) > 0:
			return append([]byte("# want "+e.Want[0].String()+"\n"), e.Manifest...), nil
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}
