package house_test

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// importRule says what the packages of a part of the house must not import
// directly. Patterns are directories or import paths, "/..." takes what is below,
// "./" begins a package of the module.
type importRule struct {
	of     []string
	except []string
	tests  bool     // holds for _test.go files too
	never  []string // what is forbidden
	only   []string // if not empty: what is allowed, and nothing else
	why    string
}

var (
	clients = []string{"k8s.io/client-go/...", "k8s.io/metrics/pkg/client/..."}
	history = []string{"github.com/prometheus/client_golang/...", "github.com/prometheus/common/..."}
	outside = []string{
		"os/...", "net", "net/http/...", "net/rpc/...", "net/smtp", "syscall", "plugin",
		"math/rand/...", "crypto/rand",
	}
)

var importRules = []importRule{
	{
		of: []string{"kube/..."}, tests: true,
		never: []string{"./audit/...", "./ui/...", "./cmd/...", "./themes/...", "charm.land/..."},
		why:   "kube is the bottom layer and draws nothing",
	}, {
		of:    []string{"kube"},
		never: []string{"./...", "os/...", "net", "net/http/..."},
		why:   "the view knows no source and does no I/O",
	}, {
		of: []string{"kube/..."}, except: []string{"kube/live/..."}, tests: true,
		never: []string{"./kube/live/..."},
		why:   "a source of views knows no other source",
	}, {
		of: []string{"kube/..."}, except: []string{"kube/prometheus/..."}, tests: true,
		never: []string{"./kube/prometheus/..."},
		why:   "a source of views does not know what is put beside it",
	}, {
		of: []string{"..."}, except: []string{"kube/prometheus/...", "audit/report", "cmd/internal/server"}, tests: true,
		never: history,
		why:   "only kube/prometheus talks to a Prometheus",
	}, {
		of:    []string{"audit/report", "cmd/internal/server"},
		never: history,
		why:   "it writes what Prometheus reads; its tests alone read that",
	}, {
		of: []string{"..."}, except: []string{"audit/rules/internal/..."},
		never: []string{"html/template", "text/template"},
		why:   "templates call methods by their names, so that the linker keeps every method of every type, a sixth of the program",
	}, {
		of:    []string{"cmd/internal/server"},
		never: []string{"./kube/live/..."},
		why:   "it serves any source",
	}, {
		of: []string{"kube/testbed/..."}, tests: true,
		never: []string{"./..."},
		why:   "the testbed knows nothing of seaworthy",
	}, {
		of: []string{"..."}, except: []string{"kube/live/..."}, tests: true,
		never: clients,
		why:   "only kube/live talks to a server",
	}, {
		of: []string{"audit/..."}, tests: true,
		never: []string{"./ui/...", "./cmd/...", "./themes/...", "./kube/live/...", "./kube/prometheus/...", "charm.land/..."},
		why:   "audit is below the ui and draws nothing",
	}, {
		of: []string{"audit/..."}, except: []string{"audit/audittest/...", "audit/rules/internal/...", "audit/triage/triagetest/..."},
		never: outside,
		why:   "judging is pure: the same input gives the same bytes",
	}, {
		of: []string{"audit/rules/..."}, except: []string{"audit/rules", "audit/rules/internal/..."},
		only: []string{
			"cmp", "embed", "fmt", "iter", "maps", "math", "path", "regexp", "slices", "strconv", "strings",
			"./audit", "./audit/access", "./audit/access/scope", "./audit/cel/...", "./audit/capacity", "./audit/isolation", "./audit/ownership", "./audit/policyengine", "./kube", "./kube/credential", "github.com/distribution/reference", "github.com/robfig/cron/v3",
			"k8s.io/api/...", "k8s.io/apimachinery/...", "k8s.io/component-helpers/...", "k8s.io/klog/v2", "k8s.io/pod-security-admission/...",
		},
		why: "a rule has no clock, does no I/O and knows no other category",
	}, {
		of:   []string{"audit/rules"},
		only: []string{"cmp", "slices", "./audit/..."},
		why:  "it lists categories and has no logic",
	}, {
		of: []string{"ui/..."}, tests: true,
		never: []string{"./cmd/...", "./kube/live/...", "./kube/prometheus/..."},
		why:   "the ui sees kube.Source, whichever it is",
	}, {
		of: []string{"themes/..."}, tests: true,
		never: []string{"./..."},
		why:   "themes stand beside the layers and need none of them",
	}, {
		of: []string{"cmd/internal/house"}, tests: true,
		never: []string{"./..."},
		why:   "it must see a broken package, not break with it",
	},
}

func (r importRule) applies(file goFile) bool {
	return underAny(file.dir(), r.of) && !underAny(file.dir(), r.except) && (r.tests || !file.test())
}

func (r importRule) forbids(file goFile, imported string) bool {
	own := "./" + file.dir()
	if imported == own || file.nested() && under(imported, "./kube/testbed/...") {
		return false
	}
	return underAny(imported, r.never) || len(r.only) > 0 && !underAny(imported, r.only)
}

func TestImportsGoOneWay(t *testing.T) {
	t.Parallel()
	for _, file := range goFiles(t) {
		for _, imported := range file.imports() {
			for _, rule := range importRules {
				if rule.applies(file) && rule.forbids(file, imported) {
					t.Errorf("%s imports %s: %s", file.path, imported, rule.why)
				}
			}
		}
	}
}

// TestScreensDoNotKnowEachOther lets them share package ui/screen itself, which
// in turn must know none of them.
func TestScreensDoNotKnowEachOther(t *testing.T) {
	t.Parallel()
	for _, file := range goFiles(t) {
		own, inside := screenOf(file.dir())
		if !inside {
			continue
		}
		for _, imported := range file.imports() {
			other, isScreen := screenOf(strings.TrimPrefix(imported, "./"))
			if isScreen && other != "" && other != own {
				t.Errorf("%s imports %s: screens meet through the messages of ui/nav", file.path, imported)
			}
		}
	}
}

// screenOf is the name of the screen that a directory belongs to, "" for what
// all screens share, and whether it is in ui/screen at all.
func screenOf(dir string) (string, bool) {
	if dir == "ui/screen" {
		return "", true
	}
	below, inside := strings.CutPrefix(dir, "ui/screen/")
	name, _, _ := strings.Cut(below, "/")
	return name, inside
}

func TestThemesNeedNothingButYAML(t *testing.T) {
	t.Parallel()
	for _, file := range goFiles(t) {
		if !under(file.dir(), "themes/...") || file.test() {
			continue
		}
		for _, imported := range file.imports() {
			host, _, _ := strings.Cut(imported, "/")
			if len(host) > 1 && strings.Contains(host, ".") && imported != "go.yaml.in/yaml/v3" {
				t.Errorf("%s imports %s: a theme is data, and reading it takes a YAML library", file.path, imported)
			}
		}
	}
}

// keptApart are the clients of servers, and the part of the house that has them.
var keptApart = []struct {
	by       string
	packages []string
}{
	{"kube/live/...", clients},
	// The rest of the module counts things, which the libraries of Kubernetes do too.
	{"kube/prometheus/...", []string{"github.com/prometheus/client_golang/api/..."}},
}

// TestNothingReachesAClientIndirectly follows imports through other modules,
// which neither the linter nor TestImportsGoOneWay can see.
func TestNothingReachesAClientIndirectly(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	list := json.NewDecoder(strings.NewReader(
		output(t, "go", "list", "-buildvcs=false", "-json=ImportPath,Deps", "./...")))
	for {
		var listed struct {
			ImportPath string
			Deps       []string
		}
		if err := list.Decode(&listed); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("reading the list of packages: %v", err)
		}
		dir := strings.TrimPrefix(strings.TrimPrefix(listed.ImportPath, module), "/")
		seen[dir] = true
		for _, kept := range keptApart {
			if underAny(dir, []string{kept.by, "cmd/..."}) {
				continue
			}
			i := slices.IndexFunc(listed.Deps, func(d string) bool { return underAny(d, kept.packages) || under(d, module+"/"+kept.by) })
			if i >= 0 { // the first of hundreds
				t.Errorf("%s reaches %s: only cmd joins what %s reads to the rest", dir, listed.Deps[i], kept.by)
			}
		}
	}
	for _, file := range goFiles(t) {
		if !file.test() && !file.nested() && !seen[file.dir()] {
			t.Errorf("%s: go list ./... does not have its package", file.path)
		}
	}
}
