package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

//go:embed html.tmpl
var htmlPage string

//go:embed html.css
var htmlStyle string

//go:embed html.js
var htmlScript string

// page is what the template lays out.
type page struct {
	*Document
	Style    template.CSS
	Script   template.JS
	Headline []string
	Columns  []column
	Worst    []row     // those that are not accepted, worst first
	Lived    []row     // those that are
	Chapters []chapter // of the rules that have findings
	Ranges   []string  // severities, worst first
}

// chapter explains the rules of one category that have findings.
type chapter struct {
	Category audit.Category
	Rules    []*audit.Rule // by ID
}

// chapters returns a chapter for each category in which something was found.
func (d *draft) chapters() []chapter {
	found := map[*audit.Rule]bool{}
	for _, f := range d.found {
		found[f.Rule] = true
	}
	var all []chapter
	for _, c := range d.titles {
		one := chapter{Category: c}
		for _, r := range c.Rules {
			if found[r] {
				one.Rules = append(one.Rules, r)
			}
		}
		if len(one.Rules) > 0 {
			all = append(all, one)
		}
	}
	return all
}

// column is a category as a column of the table of namespaces.
type column struct{ ID, Title, Label string }

// row is a finding as the page shows it.
type row struct {
	Finding
	Title string
	YAML  string // the fix as YAML, "" if there is none
}

func writeHTML(w io.Writer, d *draft) error {
	functions := template.FuncMap{
		"number": number, "why": why, "clean": printable.Text, "where": where, "blind": blindWhere, "tone": tone,
		"verdict": func(v string) string { return strings.ReplaceAll(v, " ", "-") },
		"score":   func(c map[string]Category, id string) *float64 { return c[id].Score },
	}
	t, err := template.New("report").Funcs(functions).Parse(htmlPage)
	if err != nil {
		return fmt.Errorf("parsing the page: %w", err)
	}
	p := page{
		Document: d.Document, Style: template.CSS(htmlStyle), Script: template.JS(htmlScript), //nolint:gosec // both are embedded files
		Headline: headline(d)[1:], Ranges: []string{"critical", "high", "medium", "low", "info"}, Chapters: d.chapters(),
	}
	for _, c := range d.applicable() {
		p.Columns = append(p.Columns, column{c.ID, c.Title, c.Label})
	}
	all := append(worstOf(open(d.found), len(d.found)), worstOf(accepted(d.found), len(d.found))...)
	for _, one := range all {
		f := d.row(one)
		r := row{Finding: f, Title: one.Rule.Title}
		if f.Fix != nil {
			encoded, err := yaml.Marshal(struct {
				Edits  []Edit           `json:"edits,omitempty"`
				New    []map[string]any `json:"create,omitempty"`
				Delete []Object         `json:"delete,omitempty"`
			}{f.Fix.Edits, f.Fix.New, f.Fix.Delete})
			if err != nil {
				return fmt.Errorf("writing the fix of %s: %w", f.ID, err)
			}
			r.YAML = string(encoded)
		}
		if f.Accepted != nil {
			p.Lived = append(p.Lived, r)
			continue
		}
		p.Worst = append(p.Worst, r)
	}
	return t.Execute(w, p)
}

// tone names the class of a score: its colour repeats what the number says.
func tone(score *float64) string {
	switch {
	case score == nil:
		return "none"
	case *score >= 90:
		return "a"
	case *score >= 80:
		return "b"
	case *score >= 70:
		return "c"
	case *score >= 60:
		return "d"
	case *score >= 50:
		return "e"
	}
	return "f"
}
