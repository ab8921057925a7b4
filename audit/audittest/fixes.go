package audittest

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

var update = flag.Bool("update", false, "write the files that tests compare with instead of comparing them")

// fixes applies the fixes of an example's findings, once for each alternative,
// and compares the outcome with the fixed example.
func (r *ruleTest) fixes(e *example, findings []*audit.Placed, used map[string]bool) {
	alternatives := 0
	for i := range findings {
		alternatives = max(alternatives, len(findings[i].Fixes))
	}
	for alternative := range alternatives {
		name := fixedName(filepath.Base(e.file), alternative)
		used[name] = true
		got, err := r.repair(e, alternative, len(findings))
		if err != nil {
			r.fault("%s, alternative %d: %w", e.file, alternative+1, err)
			continue
		}
		file := filepath.Join(r.dir, name)
		if r.write {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				r.fault("writing the fixed example: %w", err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			r.fault("%s has findings with a fix and no fixed example (-update writes it): %w", e.file, err)
			continue
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			r.fault("%s is not %s with its findings fixed (-want +got):\n%s", file, e.file, diff)
		}
	}
}

// placeholders holds those of an example's findings to what they are for: they change
// the example, and nobody can take the outcome for an object.
func (r *ruleTest) placeholders(e *example, findings []*audit.Placed) {
	for _, f := range findings {
		if f.Placeholder == nil {
			continue
		}
		if len(f.Fixes) > 0 || f.Fixable {
			r.fault("%s: %s has a fix and a placeholder for one", e.file, f.Message)
		}
		text := withoutWants(e.text)
		_, source, err := e.with(text).view()
		if err != nil {
			r.fault("%s: %w", e.file, err)
			continue
		}
		outcome, err := fix.File(text, f.Subject, *f.Placeholder, placesIn(source))
		if err != nil {
			r.fault("%s: %s, placeholder %q: %w", e.file, f.Message, f.Placeholder.Title, err)
			continue
		}
		if _, _, err := e.with(outcome).view(); err == nil {
			r.fault("%s: %s, placeholder %q: it can be taken for a fix: its outcome is an object that can be read", e.file, f.Message, f.Placeholder.Title)
		}
	}
}

// fixedName returns the name of the fixed example of a fail example.
func fixedName(fail string, alternative int) string {
	name := "fixed" + strings.TrimSuffix(strings.TrimPrefix(fail, "fail"), ".yaml")
	if alternative > 0 {
		name = fmt.Sprintf("%s.%d", name, alternative+1)
	}
	return name + ".yaml"
}

// repair applies the fix of one finding after the other, judging anew in
// between, until no finding has a fix. Every fix must clear a finding and raise
// none of the rule: at most as many steps are taken as there were findings.
func (r *ruleTest) repair(e *example, alternative, most int) ([]byte, error) {
	text := withoutWants(e.text)
	for range most + 1 {
		c, source, err := e.with(text).view()
		if err != nil {
			return nil, fmt.Errorf("after a fix: %w", err)
		}
		findings := r.findings(e, c)
		i := slices.IndexFunc(findings, func(f *audit.Placed) bool { return len(f.Fixes) > 0 })
		if i < 0 {
			return text, nil
		}
		f := findings[i]
		chosen := f.Fixes[min(alternative, len(f.Fixes)-1)]
		fixed, err := fix.File(text, f.Subject, chosen, placesIn(source))
		if err != nil {
			return nil, fmt.Errorf("%s, fix %q: %w", f.Message, chosen.Title, err)
		}
		if bytes.Equal(fixed, text) {
			return nil, fmt.Errorf("%s, fix %q: it changes nothing", f.Message, chosen.Title)
		}
		text = fixed
		after, _, err := e.with(text).view()
		if err != nil {
			return nil, fmt.Errorf("%s, fix %q: %w", f.Message, chosen.Title, err)
		}
		if left := r.findings(e, after); len(left) >= len(findings) {
			return nil, fmt.Errorf("%s, fix %q: %d findings before and %d after", f.Message, chosen.Title, len(findings), len(left))
		}
	}
	return nil, fmt.Errorf("findings with a fix are left after %d fixes", most+1)
}

// placesIn says where the objects of an example are written.
func placesIn(source *manifest.Source) func(kube.Ref) (fix.Place, bool) {
	return func(ref kube.Ref) (fix.Place, bool) {
		d, ok := source.Document(ref)
		return fix.Place{Document: d.Number, Path: d.Path}, ok
	}
}
