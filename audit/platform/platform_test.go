package platform_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/audittest"
	"github.com/seaworthy-dev/seaworthy/audit/platform"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// TestExamples reads the cluster of each example: what is said of the capability by whose
// name its folder goes.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, c := range platform.All() {
		files, err := filepath.Glob(filepath.Join("testdata", c.ID, "*.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		states := map[platform.State]bool{}
		for _, file := range files {
			s := standing(t, read(t, file), c.ID)
			states[s.State] = true
			audittest.Golden(t, strings.TrimSuffix(file, ".yaml")+".golden", told(s))
		}
		for _, state := range []platform.State{platform.Healthy, platform.Problems} {
			if !states[state] {
				t.Errorf("no example of %s is %s", c.ID, state)
			}
		}
	}
}

// read judges the cluster of a file, "" for one without objects.
func read(t *testing.T, file string) *platform.Readiness {
	t.Helper()
	view := kube.NewBuilder(kube.Info{}).Build(audittest.Noon)
	if file != "" {
		var err error
		if view, err = audittest.View(file); err != nil {
			t.Fatal(err)
		}
	}
	return platform.Read(audit.Run(view, rules.All()))
}

func standing(t *testing.T, r *platform.Readiness, id string) *platform.Standing {
	t.Helper()
	i := slices.IndexFunc(r.Standings, func(s platform.Standing) bool { return s.ID == id })
	if i < 0 {
		t.Fatalf("there is no capability %s", id)
	}
	return &r.Standings[i]
}

// told is a standing as text.
func told(s *platform.Standing) string {
	var b strings.Builder
	fmt.Fprintln(&b, s.State)
	if s.Why != "" {
		fmt.Fprintln(&b, "why:", s.Why)
	}
	for _, trace := range s.Traces {
		fmt.Fprintf(&b, "%s (%s): %s\n", trace.What, trace.State, trace.Says)
	}
	for _, f := range s.Findings {
		fmt.Fprintf(&b, "%s %s %s: %s\n", f.Severity, f.Rule.ID, f.Subject, f.Message)
	}
	return b.String()
}

// TestNothing holds that nothing is claimed of what was not seen: in a cluster without
// objects a capability is not found, and where one could not look, nobody can tell.
func TestNothing(t *testing.T) {
	t.Parallel()
	for _, s := range read(t, "").Standings {
		want := platform.NotFound
		if s.ID == "upgrades" || s.ID == "control-plane" {
			want = platform.CannotTell // every cluster has a version, and a server
		}
		if s.State != want {
			t.Errorf("%s of an empty cluster is %s: %s", s.ID, s.State, s.Why)
		}
	}
	for name, view := range blindViews() {
		r := platform.Read(audit.Run(view, rules.All()))
		for _, s := range r.Standings {
			if s.State != platform.CannotTell || s.Why == "" {
				t.Errorf("%s: %s is %s: %q", name, s.ID, s.State, s.Why)
			}
		}
		if r.Coverage != 0 || r.Score != 0 || r.Level != 0 || r.Next == nil {
			t.Errorf("%s: score %.1f of %.1f %%, level %s", name, r.Score, r.Coverage, r.Level)
		}
	}
}

// blindViews are views that show nothing, each for another reason.
func blindViews() map[string]*kube.Cluster {
	forbidden := kube.NewBuilder(kube.Info{})
	for _, r := range kube.Resources() {
		forbidden.SetState(kube.State{Resource: r, Phase: kube.Forbidden, Reason: "may not be listed"})
	}
	unasked := kube.NewBuilder(kube.Info{}) // a recording of a program that did not know the kinds
	unasked.SetState(kube.State{Resource: kube.Events, Phase: kube.Synced})
	return map[string]*kube.Cluster{
		"manifests":   kube.NewBuilder(kube.Info{Offline: true}).Build(audittest.Noon),
		"a namespace": kube.NewBuilder(kube.Info{Scope: []string{"shop"}}).Build(audittest.Noon),
		"forbidden":   forbidden.Build(audittest.Noon),
		"unasked":     unasked.Build(audittest.Noon),
	}
}

// TestPart holds that what does well in a part of a cluster is not called healthy: the
// rest was not looked at.
func TestPart(t *testing.T) {
	t.Parallel()
	for name, info := range map[string]kube.Info{
		"manifests": {Offline: true}, "a namespace": {Scope: []string{"shop"}},
	} {
		for _, id := range []string{"policy", "logging"} {
			source := manifest.New([]string{filepath.Join("testdata", id, "healthy.yaml")}, manifest.Options{Info: &info})
			view, err := kube.Load(t.Context(), source, nil)
			if err != nil {
				t.Fatal(err)
			}
			if s := standing(t, platform.Read(audit.Run(view, rules.All())), id); s.State != platform.CannotTell || s.Why == "" || len(s.Traces) == 0 {
				t.Errorf("of %s, %s is %s: %q", name, id, s.State, s.Why)
			}
		}
	}
}

// TestOff says so where nobody judges because the rules are off.
func TestOff(t *testing.T) {
	t.Parallel()
	view, err := audittest.View(filepath.Join("testdata", "upgrades", "healthy.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s := standing(t, platform.Read(audit.Run(view, nil)), "upgrades")
	if want := "the rules that would tell are off: kubernetes-version-outdated, kubelet-version-skew"; s.State != platform.CannotTell || s.Why != want {
		t.Errorf("it is %s: %q, want %q", s.State, s.Why, want)
	}
}

// TestManaged holds that what a provider may have out of sight is not called missing.
func TestManaged(t *testing.T) {
	t.Parallel()
	r := platform.Read(audit.Run(kube.NewBuilder(kube.Info{Version: "v1.34.1-eks-113cf36"}).Build(audittest.Noon), rules.All()))
	hidden := 0
	for _, s := range r.Standings {
		switch {
		case len(s.Traces) > 0:
		case s.Hidden != "":
			hidden++
			if s.State != platform.CannotTell || !strings.Contains(s.Why, s.Hidden) {
				t.Errorf("%s is %s: %q", s.ID, s.State, s.Why)
			}
		case s.State != platform.NotFound:
			t.Errorf("%s is %s: %q", s.ID, s.State, s.Why)
		}
	}
	if hidden == 0 {
		t.Error("no capability can be hidden")
	}
}

// TestCatalogue holds capabilities to what they say of themselves: their names are
// distinct, the rules that they name exist, and what they find they could have missed.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, category := range rules.All() {
		for _, r := range category.Rules {
			known[r.ID] = true
		}
	}
	seen := map[string]bool{}
	for _, c := range platform.All() {
		if seen[c.ID] || c.ID == "" || c.Title == "" || c.About == "" || c.Advice == "" || c.Level == 0 || len(c.Reads) == 0 {
			t.Errorf("%q lacks something, or is there twice: %+v", c.ID, c)
		}
		seen[c.ID] = true
		for _, id := range slices.Concat(c.Rules, c.Others) {
			if !known[id] {
				t.Errorf("%s: there is no rule %s", c.ID, id)
			}
		}
	}
}

// TestFolders holds that each folder of examples is read.
func TestFolders(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, c := range platform.All() {
		known[c.ID] = true
	}
	folders, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if !known[folder.Name()] {
			t.Errorf("testdata/%s is no capability", folder.Name())
		}
	}
}

// TestSum holds the score, the level and what comes next.
func TestSum(t *testing.T) {
	t.Parallel()
	r := read(t, filepath.Join("testdata", "gitops", "healthy.yaml"))
	if s := standing(t, r, "gitops"); s.State != platform.Healthy {
		t.Fatalf("gitops is %s", s.State)
	}
	told := float64(len(r.Standings) - 2) // nobody said which version it is, or how its server is set
	if r.Score != math.Round(1000/told)/10 || r.Coverage != math.Round(1000*told/float64(len(r.Standings)))/10 {
		t.Errorf("one of %v gives %.1f of %.1f %%", told, r.Score, r.Coverage)
	}
	if r.Level != 0 || r.Next == nil || r.Next.Level != platform.Maintained || r.Next.State != platform.NotFound {
		t.Errorf("the level is %s, and %+v comes next", r.Level, r.Next)
	}
}
