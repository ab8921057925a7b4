package custom

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// Example is what a rule is tested by.
type Example struct {
	Line     int    // where it begins in the file of the rule
	Manifest []byte // YAML, one or several documents
	// Want has, for an example that fails, a regular expression for the message of
	// each finding; nil for one that passes.
	Want []*regexp.Regexp
}

// examples reads the examples of a rule: a manifest is YAML or a text of YAML,
// which may have several documents.
func (r *reader) examples() []Example {
	var all []Example
	for i := range r.Examples.Pass {
		all = append(all, r.example(&r.Examples.Pass[i]))
	}
	for i := range r.Examples.Fail {
		f := &r.Examples.Fail[i]
		e := r.example(&f.Manifest)
		if len(f.Want) == 0 {
			r.fault(max(e.Line, r.line), "the example has no want: say what is found")
		}
		for _, want := range f.Want {
			message, err := regexp.Compile(want.value)
			if err != nil {
				r.fault(want.line, "reading want: %v", err)
				continue
			}
			e.Want = append(e.Want, message)
		}
		all = append(all, e)
	}
	return all
}

func (r *reader) example(node *yaml.Node) Example {
	switch {
	case node.Kind == yaml.ScalarNode && strings.TrimSpace(node.Value) != "":
		return Example{Line: node.Line, Manifest: []byte(node.Value)}
	case node.Kind != yaml.MappingNode:
		r.fault(max(node.Line, r.line), "the example has no manifest")
		return Example{Line: r.line}
	}
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(node); err != nil {
		r.fault(node.Line, "reading the example: %v", err)
	}
	return Example{Line: node.Line, Manifest: text.Bytes()}
}

// Difference is what is not as an example wants it.
type Difference struct {
	Line    int    // of the example in the rule's file
	Message string // one or several lines
}

// exampleTime is when examples are looked at.
var exampleTime = time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)

// Test judges the examples, and returns what is not as they want it. Where the
// rule has a fix, nothing may be found after it.
func (r *Rule) Test(ctx context.Context) []Difference {
	if len(r.Examples) == 0 {
		return []Difference{{r.Line, "the rule has no examples"}}
	}
	var differences []Difference
	for i := range r.Examples {
		e := &r.Examples[i]
		if wrong := r.try(ctx, e); wrong != "" {
			differences = append(differences, Difference{e.Line, wrong})
		}
	}
	return differences
}

// try judges one example; it returns what is wrong.
func (r *Rule) try(ctx context.Context, e *Example) string {
	view, source, err := load(ctx, e.Manifest)
	if err != nil {
		return err.Error()
	}
	result := r.judge(view)
	found := result.Findings()
	if wrong := compare(e.Want, found); wrong != "" {
		return wrong
	}
	for _, t := range result.Tallies() {
		if t.Unknown > 0 {
			return "unknown: " + t.Why
		}
	}
	if len(e.Want) == 0 && !slices.ContainsFunc(result.Tallies(), func(t audit.NamespaceTally) bool { return t.Applicable > 0 }) {
		return "the rule does not apply to it"
	}
	if len(found) == 0 || !found[0].Fixable {
		return ""
	}
	return r.tryFix(ctx, e, source, found, audit.NewFixer(view))
}

// judge judges a view by this rule alone.
func (r *Rule) judge(view *kube.Cluster) *audit.Result {
	alone := category()
	alone.Rules = []*audit.Rule{r.Rule}
	return audit.Run(view, []audit.Category{alone})
}

// tryFix applies the fix once for each subject and judges again.
func (r *Rule) tryFix(ctx context.Context, e *Example, source *manifest.Source, found []*audit.Placed, fixer *audit.Fixer) string {
	text, fixed := e.Manifest, map[kube.Ref]bool{}
	for _, f := range found {
		if fixed[f.Subject] {
			continue
		}
		fixed[f.Subject] = true
		var err error
		fixes := fixer.Fixes(f)
		if len(fixes) == 0 {
			return "the fix of " + f.Subject.String() + " cannot be worked out"
		}
		text, err = fix.File(text, f.Subject, fixes[0], func(ref kube.Ref) (fix.Place, bool) {
			d, ok := source.Document(ref)
			return fix.Place{Document: d.Number, Path: d.Path}, ok
		})
		if err != nil {
			return fmt.Sprintf("the fix cannot be applied: %v", err)
		}
	}
	view, _, err := load(ctx, text)
	if err != nil {
		return fmt.Sprintf("after the fix: %v", err)
	}
	if left := r.judge(view).Findings(); len(left) > 0 {
		return "the fix does not clear it: " + left[0].Message
	}
	return ""
}

func load(ctx context.Context, text []byte) (*kube.Cluster, *manifest.Source, error) {
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{
		Stdin: strings.NewReader(string(text)), Now: func() time.Time { return exampleTime },
	})
	view, err := kube.Load(ctx, source, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the manifest: %w", err)
	}
	for _, problem := range source.Problems() {
		return nil, nil, fmt.Errorf("reading the manifest, line %d: %w", problem.Line, problem.Err)
	}
	return view, source, nil
}

// compare returns the difference between what is wanted and what was found, ""
// if there is none.
func compare(want []*regexp.Regexp, found []*audit.Placed) string {
	var lines []string
	rest := slices.Clone(found)
	for _, message := range want {
		at := slices.IndexFunc(rest, func(f *audit.Placed) bool { return message.MatchString(f.Message) })
		if at < 0 {
			lines = append(lines, "- "+message.String())
			continue
		}
		rest = slices.Delete(rest, at, at+1)
	}
	for _, f := range rest {
		lines = append(lines, "+ "+f.Message)
	}
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(append([]string{"findings (-want +got):"}, lines...), "\n")
}
