package audittest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/audittest"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// fixture is a category of one rule with the files that belong to it.
type fixture struct {
	category audit.Category
	rule     *audit.Rule
	files    map[string]string // below the folder of the category
}

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: %s
spec:
  containers:
  - name: web
    image: %s
`

// good is a rule about images without a fault.
func good() *fixture {
	rule := &audit.Rule{
		ID: "latest", Title: "A moving tag", Severity: audit.Low, Rationale: "It moves.", Remediation: "Name a version.",
		Since: "1", Subjects: kube.WorkloadResources(),
	}
	judge(rule, func(p *audit.Pass, _ *kube.Workload, c kube.Container) {
		if strings.HasSuffix(c.Image, ":latest") {
			p.Report(moving(c))
		}
	})
	return &fixture{
		rule: rule,
		category: audit.Category{
			ID: "images", Title: "Images", Label: "Images", About: "What runs.", Weight: 1, Rules: []*audit.Rule{rule},
		},
		files: map[string]string{
			"latest.go":                  "package images\n",
			"testdata/latest/pass.yaml":  fmt.Sprintf(pod, "a", "web:1"),
			"testdata/latest/fail.yaml":  fmt.Sprintf(pod, "a", `web:latest # want "container web .*moving"`) + "---\n" + fmt.Sprintf(pod, "b", `db:latest # want "moving"`),
			"testdata/latest/fixed.yaml": fmt.Sprintf(pod, "a", "web:1") + "---\n" + fmt.Sprintf(pod, "b", "web:1"),
		},
	}
}

func judge(rule *audit.Rule, check func(*audit.Pass, *kube.Workload, kube.Container)) {
	rule.Check = audit.EachContainer(func(p *audit.Pass, w *kube.Workload, c kube.Container) bool {
		check(p, w, c)
		return true
	})
}

func moving(c kube.Container) audit.Finding {
	return audit.Finding{
		Container: c.Name, Path: c.Field("image"), Message: "container " + c.Name + " has a moving tag",
		Fixes: []audit.Fix{audit.SetField("name a version", c.Field("image"), "web:1")},
	}
}

// reporting makes the rule report every container, changed by a function.
func (f *fixture) reporting(change func(*kube.Workload, kube.Container, *audit.Finding)) {
	judge(f.rule, func(p *audit.Pass, w *kube.Workload, c kube.Container) {
		if !strings.HasSuffix(c.Image, ":latest") {
			return
		}
		finding := moving(c)
		change(w, c, &finding)
		p.Report(finding)
	})
}

func (f *fixture) replace(file, old, with string) {
	f.files[file] = strings.Replace(f.files[file], old, with, 1)
}

// check writes the files into a new folder and returns the faults, with paths
// below it.
func (f *fixture) check(t *testing.T, write bool) (dir string, faults []string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range f.files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, fault := range audittest.Check(f.category, filepath.Join(dir, "testdata"), write) {
		faults = append(faults, strings.ReplaceAll(fault.Error(), dir+string(filepath.Separator), ""))
	}
	return dir, faults
}

func TestGoodRule(t *testing.T) {
	t.Parallel()
	if _, faults := good().check(t, false); len(faults) > 0 {
		t.Errorf("faults of a rule without one:\n%s", strings.Join(faults, "\n"))
	}
}

// Run judges as Check does, and takes a rule without a fault.
func TestRun(t *testing.T) {
	t.Parallel()
	f := good()
	dir, _ := f.check(t, false)
	audittest.Run(t, f.category, filepath.Join(dir, "testdata"))
}

const (
	failFile  = "testdata/latest/fail.yaml"
	passFile  = "testdata/latest/pass.yaml"
	fixedFile = "testdata/latest/fixed.yaml"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		spoil func(*fixture)
		want  []string // one for each fault, a part of it
	}{
		"a mark that nothing matches": {
			func(f *fixture) { f.replace(failFile, "container web .*moving", "no such message") },
			[]string{
				"fail.yaml:8: unexpected finding: Pod default/a: container web has a moving tag",
				`fail.yaml:8: no finding matches "no such message"`,
			},
		},
		"a mark too many": {
			func(f *fixture) { f.replace(failFile, `moving"`, `moving" "moving"`) },
			[]string{`fail.yaml:8: no finding matches "moving"`},
		},
		"a finding without a mark": {
			func(f *fixture) { f.replace(failFile, ` # want "container web .*moving"`, "") },
			[]string{"fail.yaml:8: unexpected finding: Pod default/a: container web has a moving tag (at \"spec.containers[0].image\")"},
		},
		"no mark at all": {
			func(f *fixture) { f.files[failFile] = f.files[passFile]; delete(f.files, fixedFile) },
			[]string{"fail.yaml: wants no finding"},
		},
		"a mark on another line": {
			func(f *fixture) {
				f.replace(failFile, ` # want "moving"`, "")
				f.replace(failFile, "name: b", `name: b # want "moving"`)
			},
			[]string{"fail.yaml:17: unexpected finding", `fail.yaml:13: no finding matches "moving"`},
		},
		"a path to another line": {
			func(f *fixture) {
				f.reporting(func(_ *kube.Workload, c kube.Container, finding *audit.Finding) { finding.Path = c.Field("name") })
			},
			[]string{"fail.yaml:7: unexpected", "fail.yaml:16: unexpected", "fail.yaml:8: no finding", "fail.yaml:17: no finding"},
		},
		"a path that is none": {
			func(f *fixture) {
				f.reporting(func(_ *kube.Workload, _ kube.Container, finding *audit.Finding) { finding.Path = "spec..image" })
			},
			[]string{"parsing field path", "parsing field path", "unexpected", "unexpected", "no finding", "no finding"},
		},
		"a mark that is no expression": {
			func(f *fixture) { f.replace(failFile, "container web .*moving", "(") },
			[]string{"fail.yaml:8: parsing want: error parsing regexp", "fixed.yaml: no finding of its fail example has this fix"},
		},
		"a mark without quotes": {
			func(f *fixture) { f.replace(failFile, `"container web .*moving"`, "moving") },
			[]string{"fail.yaml:8: parsing want: expected a quoted regular expression at moving", "fixed.yaml: no finding"},
		},
		"a finding where it should pass": {
			func(f *fixture) { f.replace(passFile, "web:1", "web:latest") },
			[]string{"pass.yaml:8: unexpected finding"},
		},
		"a mark where it should pass": {
			func(f *fixture) { f.replace(passFile, "web:1", `web:1 # want "x"`) },
			[]string{"pass.yaml:8: wants a finding in an example that passes", "pass.yaml:8: no finding matches"},
		},
		"an example to which the rule does not apply": {
			func(f *fixture) { f.files[passFile] = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n" },
			[]string{"pass.yaml: the rule applies to nothing in it"},
		},
		"no pass.yaml": {
			func(f *fixture) { delete(f.files, passFile) },
			[]string{"rule latest: has no pass.yaml"},
		},
		"no fail.yaml": {
			func(f *fixture) { delete(f.files, failFile) },
			[]string{"rule latest: has no fail.yaml", "fixed.yaml: no finding of its fail example has this fix"},
		},
		"no examples": {
			func(f *fixture) { delete(f.files, failFile); delete(f.files, passFile); delete(f.files, fixedFile) },
			[]string{"rule latest: reading its examples"},
		},
		"an example with a misspelt name": {
			func(f *fixture) { f.files["testdata/latest/fial.yaml"] = "" },
			[]string{"fial.yaml: is none of pass.yaml, fail.yaml, fixed.yaml"},
		},
		"the folder of no rule": {
			func(f *fixture) { f.files["testdata/oldest/pass.yaml"] = "" },
			[]string{"testdata/oldest: no rule of category images has this name"},
		},
		"a file with another name": {
			func(f *fixture) { delete(f.files, "latest.go"); f.files["moving.go"] = "package images\n" },
			[]string{"rule latest: its file is not named after it"},
		},
		"a rule that is not described": {
			func(f *fixture) { f.rule.Rationale = "" },
			[]string{`rule "latest": needs a title, a rationale and a remediation`},
		},
		"an example that cannot be read": {
			func(f *fixture) { f.replace(passFile, "  name: a", "\tname: a") },
			[]string{"pass.yaml"},
		},
		"an example of a kind that is not audited": {
			func(f *fixture) {
				f.files[passFile] += "---\n{apiVersion: x.io/v1, kind: Widget, metadata: {name: a}}\n"
			},
			[]string{`pass.yaml: x.io/v1 "Widget" is a kind that is not audited`},
		},
		"a view that is misspelt": {
			func(f *fixture) { f.files[passFile] = "# view: ofline=true\n" + f.files[passFile] },
			[]string{`pass.yaml:1: parsing the view comment: "ofline" is none of offline, version, time`},
		},
		"a parameter that the rule does not have": {
			func(f *fixture) { f.files[passFile] = "# with: most=1\n" + f.files[passFile] },
			[]string{`pass.yaml: configuring latest: it has no parameter "most"`},
		},
		"no fixed.yaml": {
			func(f *fixture) { delete(f.files, fixedFile) },
			[]string{"fail.yaml has findings with a fix and no fixed example (-update writes it)"},
		},
		"another fixed.yaml": {
			func(f *fixture) { f.replace(fixedFile, "web:1", "web:2") },
			[]string{"fixed.yaml is not testdata/latest/fail.yaml with its findings fixed (-want +got)"},
		},
		"a fixed.yaml without a fix": {
			func(f *fixture) {
				f.reporting(func(_ *kube.Workload, _ kube.Container, finding *audit.Finding) { finding.Fixes = nil })
			},
			[]string{"fixed.yaml: no finding of its fail example has this fix"},
		},
		"an alternative without a file": {
			func(f *fixture) {
				f.reporting(func(_ *kube.Workload, c kube.Container, finding *audit.Finding) {
					finding.Fixes = append(finding.Fixes, audit.SetField("name another", c.Field("image"), "web:2"))
				})
			},
			[]string{"open testdata/latest/fixed.2.yaml"},
		},
		"a fix that changes nothing": {
			func(f *fixture) {
				f.reporting(func(_ *kube.Workload, c kube.Container, finding *audit.Finding) {
					finding.Fixes[0].Edits[0].Value = c.Image
				})
			},
			[]string{`fix "name a version": it changes nothing`},
		},
		"a fix that does not help": {
			func(f *fixture) {
				f.reporting(func(_ *kube.Workload, _ kube.Container, finding *audit.Finding) {
					finding.Fixes[0].Edits[0].Value = "other:latest"
				})
			},
			[]string{`fix "name a version": 2 findings before and 2 after`},
		},
		"a fix that raises findings": {
			func(f *fixture) {
				f.reporting(func(_ *kube.Workload, _ kube.Container, finding *audit.Finding) {
					finding.Fixes[0].Edits[0] = audit.Edit{Op: audit.Append, Path: "spec.containers", Value: map[string]any{"name": "c", "image": "c:latest"}}
				})
			},
			[]string{`fix "name a version": 2 findings before and 3 after`},
		},
		"a fix that breaks the manifest": {
			func(f *fixture) {
				f.reporting(func(_ *kube.Workload, _ kube.Container, finding *audit.Finding) {
					finding.Fixes[0].Edits[0] = audit.Edit{Path: "spec.containers", Value: "none"}
				})
			},
			[]string{`fix "name a version": loading`},
		},
		"a fix of an object that is not there": {
			func(f *fixture) {
				f.reporting(func(_ *kube.Workload, _ kube.Container, finding *audit.Finding) {
					finding.Fixes[0].Edits[0].Object = kube.Pods.Ref("default", "elsewhere")
				})
			},
			[]string{"the file does not hold the object"},
		},
		"a rule that changes the view": {
			func(f *fixture) {
				f.reporting(func(_ *kube.Workload, c kube.Container, _ *audit.Finding) { c.Stdin = true })
			},
			[]string{"fail.yaml: judging changed the view (-before +after)"},
		},
		"a rule that depends on the order": {
			func(f *fixture) {
				judge(f.rule, func(p *audit.Pass, w *kube.Workload, c kube.Container) {
					if !strings.HasSuffix(c.Image, ":latest") {
						return
					}
					finding := moving(c)
					origin, _ := p.Cluster.Origin(w.Ref)
					finding.Detail = fmt.Sprint(origin.Line)
					p.Report(finding)
				})
			},
			[]string{"fail.yaml: the order of documents matters (-as written +reversed)"},
		},
		"a rule that is not the same twice": {
			func(f *fixture) {
				runs := 0
				f.reporting(func(_ *kube.Workload, _ kube.Container, finding *audit.Finding) {
					runs++
					finding.Detail = fmt.Sprint(runs)
				})
			},
			[]string{"fail.yaml: judging twice differs (-first +second)", "the order of documents matters", "no finding of its fail example has this fix"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := good()
			test.spoil(f)
			_, faults := f.check(t, false)
			if len(faults) != len(test.want) {
				t.Fatalf("%d faults, want %d:\n%s", len(faults), len(test.want), strings.Join(faults, "\n"))
			}
			for i, want := range test.want {
				if !strings.Contains(faults[i], want) {
					t.Errorf("fault %d is\n%s\nwant one with\n%s", i, faults[i], want)
				}
			}
		})
	}
}

// With write, fixed examples are written; then there is nothing left to find.
func TestWritesFixedExamples(t *testing.T) {
	t.Parallel()
	f := good()
	want := f.files[fixedFile]
	delete(f.files, fixedFile)
	dir, faults := f.check(t, true)
	if len(faults) > 0 {
		t.Fatalf("faults while writing: %s", strings.Join(faults, "\n"))
	}
	got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(fixedFile)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("fixed example (-want +got):\n%s", diff)
	}
	f.files[fixedFile] = string(got)
	if _, faults := f.check(t, false); len(faults) > 0 {
		t.Errorf("faults after writing: %s", strings.Join(faults, "\n"))
	}
}

// An example may say what its view says of itself, and when it is.
func TestViewOfAnExample(t *testing.T) {
	t.Parallel()
	f := good()
	var seen []string
	judge(f.rule, func(p *audit.Pass, _ *kube.Workload, c kube.Container) {
		seen = append(seen, fmt.Sprintln(p.Cluster.Info.Offline, p.Cluster.Info.Version, p.Cluster.Time.Format("15:04")))
		if strings.HasSuffix(c.Image, ":latest") {
			p.Report(moving(c))
		}
	})
	f.files[passFile] = "# view: offline=false version=v1.31.0 time=2026-01-02T03:04:05Z\n" + f.files[passFile]
	if _, faults := f.check(t, false); len(faults) > 0 {
		t.Fatalf("faults: %s", strings.Join(faults, "\n"))
	}
	if len(seen) == 0 || seen[0] != "true  12:00\n" || seen[len(seen)-1] != "false v1.31.0 03:04\n" {
		t.Errorf("views: %q", seen)
	}
}

// An example may set parameters of the rule, each of the type of its default.
func TestParametersOfAnExample(t *testing.T) {
	t.Parallel()
	f := good()
	f.rule.Parameters = []audit.Parameter{{Name: "most", Value: 3}, {Name: "strict", Value: false}, {Name: "tags", Value: []string{}}}
	var seen []string
	judge(f.rule, func(p *audit.Pass, _ *kube.Workload, c kube.Container) {
		seen = append(seen, fmt.Sprint(p.Number("most"), p.Switch("strict"), p.Texts("tags")))
		if strings.HasSuffix(c.Image, ":latest") {
			p.Report(moving(c))
		}
	})
	f.files[passFile] = "# view: offline=false\n# with: most=5 strict=true tags=a,b\n" + f.files[passFile]
	if _, faults := f.check(t, false); len(faults) > 0 {
		t.Fatalf("faults: %s", strings.Join(faults, "\n"))
	}
	if len(seen) == 0 || seen[0] != "3 false []" || seen[len(seen)-1] != "5 true [a b]" {
		t.Errorf("parameters: %q", seen)
	}
}
