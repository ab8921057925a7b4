package audittest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// Run tests every rule of a category by its examples in dir, which is testdata
// in the folder of the category. Each rule is a subtest of its ID.
func Run(t *testing.T, category audit.Category, dir string) {
	t.Helper()
	for _, fault := range checkCategory(category, dir) {
		t.Error(fault)
	}
	for _, rule := range category.Rules {
		t.Run(rule.ID, func(t *testing.T) {
			t.Parallel()
			for _, fault := range checkRule(category, rule, dir, *update) {
				t.Error(fault)
			}
		})
	}
}

// Check returns every fault that [Run] reports. With write, the files of fixed
// examples are written instead of compared.
func Check(category audit.Category, dir string, write bool) []error {
	faults := checkCategory(category, dir)
	for _, rule := range category.Rules {
		faults = append(faults, checkRule(category, rule, dir, write)...)
	}
	return faults
}

func checkRule(category audit.Category, rule *audit.Rule, dir string, write bool) []error {
	r := &ruleTest{category: category, rule: rule, dir: filepath.Join(dir, rule.ID), write: write}
	r.run()
	if _, err := os.Stat(filepath.Join(dir, "..", rule.ID+".go")); err != nil {
		r.fault("rule %s: its file is not named after it: %w", rule.ID, err)
	}
	return r.faults
}

func checkCategory(category audit.Category, dir string) []error {
	var faults []error
	if err := audit.Validate([]audit.Category{category}); err != nil {
		faults = append(faults, err)
	}
	return append(faults, orphans(category, dir)...)
}

// orphans finds what is in the folder of examples and of no rule.
func orphans(category audit.Category, dir string) []error {
	var faults []error
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return []error{fmt.Errorf("reading examples: %w", err)}
	}
	for _, entry := range entries {
		if !slices.ContainsFunc(category.Rules, func(r *audit.Rule) bool { return r.ID == entry.Name() }) {
			faults = append(faults, fmt.Errorf("%s: no rule of category %s has this name", filepath.Join(dir, entry.Name()), category.ID))
		}
	}
	return faults
}

// ruleTest is the test of one rule.
type ruleTest struct {
	category audit.Category
	rule     *audit.Rule
	dir      string
	write    bool
	faults   []error
}

func (r *ruleTest) fault(format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf(format, args...))
}

func (r *ruleTest) run() {
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		r.fault("rule %s: reading its examples: %w", r.rule.ID, err)
		return
	}
	for _, needed := range []string{"pass.yaml", "fail.yaml"} {
		if !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == needed }) {
			r.fault("rule %s: has no %s", r.rule.ID, needed)
		}
	}
	used := map[string]bool{}
	for _, entry := range entries {
		file := filepath.Join(r.dir, entry.Name())
		switch name := entry.Name(); {
		case isExample(name, "pass"):
			r.pass(file, name == "pass.yaml")
		case isExample(name, "fail"):
			r.fail(file, used)
		case !isExample(name, "fixed") && !strings.HasPrefix(name, "fixed."):
			r.fault("%s: is none of pass.yaml, fail.yaml, fixed.yaml", file)
		}
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), "fixed") && !used[entry.Name()] {
			r.fault("%s: no finding of its fail example has this fix", filepath.Join(r.dir, entry.Name()))
		}
	}
}

// isExample reports whether a file is kind.yaml or kind-….yaml.
func isExample(name, kind string) bool {
	return name == kind+".yaml" || strings.HasPrefix(name, kind+"-") && strings.HasSuffix(name, ".yaml")
}

// judge runs the rule over an example, and checks that it changed nothing, that
// the same view gives the same findings, and that paths can be followed.
func (r *ruleTest) judge(e *example) (*audit.Result, []*audit.Placed) {
	c, _, err := e.view()
	if err != nil {
		r.faults = append(r.faults, err)
		return nil, nil
	}
	before, err := contents(c)
	if err != nil {
		r.fault("%s: %w", e.file, err)
		return nil, nil
	}
	one, err := r.configured(e)
	if err != nil {
		r.faults = append(r.faults, err)
		return nil, nil
	}
	result := audit.Run(c, []audit.Category{one})
	again := audit.Run(c, []audit.Category{one})
	if diff := cmp.Diff(summaries(fixed(result)), summaries(fixed(again))); diff != "" {
		r.fault("%s: judging twice differs (-first +second):\n%s", e.file, diff)
	}
	after, err := contents(c)
	if err != nil {
		r.fault("%s: %w", e.file, err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		r.fault("%s: judging changed the view (-before +after):\n%s", e.file, diff)
	}
	for _, f := range result.Findings() {
		if _, err := document.ParsePath(f.Path); err != nil {
			r.fault("%s: finding %q: %w", e.file, f.Message, err)
		}
	}
	return result, fixed(result)
}

func (r *ruleTest) pass(file string, mustApply bool) {
	e, err := readExample(file)
	if err != nil {
		r.faults = append(r.faults, err)
		return
	}
	if len(e.wants) > 0 {
		r.fault("%s:%d: wants a finding in an example that passes", file, e.wants[0].line)
	}
	result, findings := r.judge(e)
	if result == nil {
		return
	}
	r.compare(e, result.Cluster, findings)
	applicable := 0
	for _, t := range result.Tallies() {
		applicable += t.Applicable
	}
	if mustApply && applicable == 0 {
		r.fault("%s: the rule applies to nothing in it, so that it proves nothing", file)
	}
}

func (r *ruleTest) fail(file string, used map[string]bool) {
	e, err := readExample(file)
	if err != nil {
		r.faults = append(r.faults, err)
		return
	}
	if len(e.wants) == 0 {
		r.fault("%s: wants no finding", file)
	}
	result, findings := r.judge(e)
	if result == nil {
		return
	}
	r.compare(e, result.Cluster, findings)
	if c, _, err := e.reversed().view(); err != nil {
		r.fault("%s with its documents reversed: %w", file, err)
	} else if diff := cmp.Diff(summaries(findings), summaries(r.findings(e, c))); diff != "" {
		r.fault("%s: the order of documents matters (-as written +reversed):\n%s", file, diff)
	}
	r.fixes(e, findings, used)
	r.placeholders(e, findings)
}

// findings judges without further checks an example whose parameters are known
// to fit.
func (r *ruleTest) findings(e *example, c *kube.Cluster) []*audit.Placed {
	one, err := r.configured(e)
	if err != nil {
		return nil
	}
	return fixed(audit.Run(c, []audit.Category{one}))
}

// fixed returns copies of the findings of a result that have their fixes, or the
// placeholders for them.
func fixed(r *audit.Result) []*audit.Placed {
	findings, fixer := r.Findings(), audit.NewFixer(r.Cluster)
	for i, f := range findings {
		with := *f.Finding // which other subjects share
		with.Fixes, with.Placeholder = fixer.Fixes(f), fixer.Placeholder(f)
		findings[i] = &audit.Placed{Place: f.Place, Finding: &with, Accepted: f.Accepted}
	}
	return findings
}

// configured returns the category with nothing but the rule, as an example sets
// its parameters.
func (r *ruleTest) configured(e *example) (audit.Category, error) {
	rule, err := e.configured(r.rule)
	one := r.category
	one.Rules = []*audit.Rule{rule}
	return one, err
}

// compare matches findings with marks, one to one.
func (r *ruleTest) compare(e *example, c *kube.Cluster, findings []*audit.Placed) {
	matched := make([]bool, len(e.wants))
	for _, f := range findings {
		line := lineOf(c, f)
		i := slices.IndexFunc(e.wants, func(w want) bool { return w.line == line && w.message.MatchString(f.Message) })
		for i >= 0 && matched[i] {
			next := slices.IndexFunc(e.wants[i+1:], func(w want) bool { return w.line == line && w.message.MatchString(f.Message) })
			if next < 0 {
				i = -1
				break
			}
			i += 1 + next
		}
		if i < 0 {
			r.fault("%s:%d: unexpected finding: %s: %s (at %q)", e.file, line, f.Subject, f.Message, f.Path)
			continue
		}
		matched[i] = true
	}
	for i, w := range e.wants {
		if !matched[i] {
			r.fault("%s:%d: no finding matches %q", e.file, w.line, w.message)
		}
	}
}

// lineOf is the line of a finding in its example; 1 where the example does not
// hold the subject.
func lineOf(c *kube.Cluster, f *audit.Placed) int {
	origin, ok := c.Origin(f.Subject)
	if !ok {
		return 1
	}
	return origin.LineOf(f.Path)
}

// summary is what must not differ between two runs.
type summary struct {
	Namespace, Subject, Container, Path, Message, Detail, Implied, Severity string
	Fixes                                                                   []audit.Fix
	Placeholder                                                             *audit.Fix
}

func summaries(findings []*audit.Placed) []summary {
	all := make([]summary, len(findings))
	for i, f := range findings {
		all[i] = summary{
			f.Namespace, f.Subject.String(), f.Container, f.Path, f.Message, f.Detail, f.Implied, f.Severity.String(), f.Fixes, f.Placeholder,
		}
	}
	return all
}

// contents is everything that a view holds.
func contents(c *kube.Cluster) (string, error) {
	var all strings.Builder
	for _, r := range append(kube.Resources(), kube.Measurements) {
		text, err := json.MarshalIndent(c.Objects(r), "", " ")
		if err != nil {
			return "", fmt.Errorf("encoding %s: %w", r, err)
		}
		fmt.Fprintf(&all, "%s: %s\n", r, text)
	}
	return all.String(), nil
}
