package catalogue

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

// Errors of [Scaffold].
var (
	ErrNotASlug   = errors.New("the ID is not a kebab-case slug")
	ErrExists     = errors.New("there is such a rule already")
	ErrNoCategory = errors.New("there is no such category")
)

//go:embed template/*.tmpl
var templates embed.FS

var slug = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Scaffold writes the files of a new rule and lists it. The rule compiles, and
// its test fails until it is described and its examples are its own. The error
// is one of the three above, or of writing.
func Scaffold(root, id, category string) error {
	categories, err := Scan(root)
	if err != nil {
		return err
	}
	if !slug.MatchString(id) {
		return fmt.Errorf("adding rule %q: %w", id, ErrNotASlug)
	}
	at := slices.IndexFunc(categories, func(c Category) bool { return c.Folder == category })
	if at < 0 {
		return fmt.Errorf("adding rule %s to %q: %w", id, category, ErrNoCategory)
	}
	for _, c := range categories {
		if slices.ContainsFunc(c.Rules, func(r Rule) bool { return r.ID == id }) {
			return fmt.Errorf("adding rule %s: %w in %s", id, ErrExists, c.Folder)
		}
	}
	name := variable(id)
	values := map[string]string{
		"ID": id, "Package": categories[at].Package, "Variable": name, "Judge": "judge" + strings.ToUpper(name[:1]) + name[1:],
	}
	dir := filepath.Join(root, category)
	files := map[string]string{
		filepath.Join(dir, id+".go"):                    "rule.go.tmpl",
		filepath.Join(dir, "testdata", id, "pass.yaml"): "pass.yaml.tmpl",
		filepath.Join(dir, "testdata", id, "fail.yaml"): "fail.yaml.tmpl",
	}
	for file := range files { // before the first is written: half a rule helps nobody
		if _, err := os.Stat(file); err == nil {
			return fmt.Errorf("adding %s: %w", file, ErrExists)
		}
	}
	for file, from := range files {
		if err := fill(file, from, values); err != nil {
			return err
		}
	}
	if categories, err = Scan(root); err != nil {
		return err
	}
	return Write(root, categories)
}

func fill(file, from string, values map[string]string) error {
	t, err := template.ParseFS(templates, "template/"+from)
	if err != nil {
		return fmt.Errorf("reading template %s: %w", from, err)
	}
	var text bytes.Buffer
	if err := t.Execute(&text, values); err != nil {
		return fmt.Errorf("filling template %s: %w", from, err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("adding %s: %w", file, err)
	}
	return write(file, text.Bytes())
}

// variable returns the name of a rule's variable: host-path is hostPath, and
// what Go or the category's other files give a meaning to is typeRule.
func variable(id string) string {
	words := strings.Split(id, "-")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	name := strings.Join(words, "")
	if token.IsKeyword(name) || slices.Contains([]string{"audit", "embed", "examples", "kube", "rules"}, name) {
		name += "Rule"
	}
	return name
}
