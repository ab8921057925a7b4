package catalogue

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Category is a category as its folder declares it.
type Category struct {
	Folder  string // its name below the root, also the category's ID
	Package string
	Title   string
	About   string
	Rules   []Rule // by ID
}

// Rule is a rule as its file declares it.
type Rule struct {
	ID       string
	Variable string // the name of the package-level variable
	Title    string
	Severity string // in lower case
	Controls []string
	Fix      bool // there is a fixed example of it
}

// Scan reads every category below root, by folder. Folders without a doc.go and
// the folder internal are none. The error joins every fault of the sources.
func Scan(root string) ([]Category, error) {
	docs, err := filepath.Glob(filepath.Join(root, "*", "doc.go"))
	if err != nil {
		return nil, fmt.Errorf("listing categories: %w", err)
	}
	var categories []Category
	var faults []error
	owner := map[string]string{}
	for _, doc := range docs {
		folder := filepath.Base(filepath.Dir(doc))
		if folder == "internal" || folder == "testdata" {
			continue
		}
		c, err := scanCategory(filepath.Dir(doc), folder)
		faults = append(faults, err)
		for _, r := range c.Rules {
			if other, ok := owner[r.ID]; ok {
				faults = append(faults, fmt.Errorf("rule %s is in %s and in %s", r.ID, other, folder))
			}
			owner[r.ID] = folder
		}
		categories = append(categories, c)
	}
	return categories, errors.Join(faults...)
}

func scanCategory(dir, folder string) (Category, error) {
	files := token.NewFileSet()
	entries, err := os.ReadDir(dir)
	if err != nil {
		return Category{}, fmt.Errorf("listing category %s: %w", folder, err)
	}
	c := Category{Folder: folder}
	var faults []error
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || name == generatedRules {
			continue
		}
		file, err := parser.ParseFile(files, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			faults = append(faults, fmt.Errorf("parsing %s: %w", folder, err))
			continue
		}
		c.Package = file.Name.Name
		s := scanner{files: files, dir: dir, category: &c}
		s.file(file)
		faults = append(faults, s.faults...)
	}
	slices.SortFunc(c.Rules, func(a, b Rule) int { return cmp.Compare(a.ID, b.ID) })
	return c, errors.Join(faults...)
}

// scanner gathers what the files of one category declare.
type scanner struct {
	files    *token.FileSet
	dir      string
	category *Category
	faults   []error
}

func (s *scanner) fault(at ast.Node, format string, args ...any) {
	s.faults = append(s.faults, fmt.Errorf("%s: %w", s.files.Position(at.Pos()), fmt.Errorf(format, args...)))
}

func (s *scanner) file(file *ast.File) {
	for _, declaration := range file.Decls {
		variables, ok := declaration.(*ast.GenDecl)
		if !ok || variables.Tok != token.VAR {
			continue
		}
		for _, spec := range variables.Specs {
			value := spec.(*ast.ValueSpec)
			for i, name := range value.Names {
				if i < len(value.Values) {
					s.variable(name, value.Values[i])
				}
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.CompositeLit); ok && isAudit(literal.Type, "Category") {
			s.category.Title = s.text(fields(literal)["Title"])
			s.category.About = s.text(fields(literal)["About"])
			if id := s.text(fields(literal)["ID"]); id != s.category.Folder {
				s.fault(literal, "category %q is in folder %s", id, s.category.Folder)
			}
		}
		return true
	})
}

// variable reads a declaration of the form x = &audit.Rule{…}.
func (s *scanner) variable(name *ast.Ident, value ast.Expr) {
	address, ok := value.(*ast.UnaryExpr)
	if !ok || address.Op != token.AND {
		return
	}
	literal, ok := address.X.(*ast.CompositeLit)
	if !ok || !isAudit(literal.Type, "Rule") {
		return
	}
	of := fields(literal)
	rule := Rule{ID: s.text(of["ID"]), Variable: name.Name, Title: s.text(of["Title"]), Controls: s.texts(of["Controls"])}
	if rule.ID == "" {
		s.fault(name, "rule %s has no ID", name.Name)
		return
	}
	if file := filepath.Base(s.files.Position(name.Pos()).Filename); file != rule.ID+".go" {
		s.fault(name, "rule %s is in file %s", rule.ID, file)
	}
	if severity, ok := of["Severity"].(*ast.SelectorExpr); ok {
		rule.Severity = strings.ToLower(severity.Sel.Name)
	}
	_, err := os.Stat(filepath.Join(s.dir, "testdata", rule.ID, "fixed.yaml"))
	rule.Fix = !errors.Is(err, fs.ErrNotExist)
	s.category.Rules = append(s.category.Rules, rule)
}

func isAudit(typeOf ast.Expr, name string) bool {
	selector, ok := typeOf.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != name {
		return false
	}
	pkg, ok := selector.X.(*ast.Ident)
	return ok && pkg.Name == "audit"
}

func fields(literal *ast.CompositeLit) map[string]ast.Expr {
	values := map[string]ast.Expr{}
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok {
				values[key.Name] = pair.Value
			}
		}
	}
	return values
}

// text evaluates a string literal, or several of them put together with +.
func (s *scanner) text(e ast.Expr) string {
	switch e := e.(type) {
	case nil:
		return ""
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return text
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return s.text(e.X) + s.text(e.Y)
		}
	case *ast.ParenExpr:
		return s.text(e.X)
	}
	s.fault(e, "expected a string literal, so that the list of rules can be made of the source")
	return ""
}

func (s *scanner) texts(e ast.Expr) []string {
	if e == nil {
		return nil
	}
	literal, ok := e.(*ast.CompositeLit)
	if !ok {
		s.fault(e, "expected a list of string literals, so that the list of rules can be made of the source")
		return nil
	}
	var all []string
	for _, element := range literal.Elts {
		all = append(all, s.text(element))
	}
	return all
}
