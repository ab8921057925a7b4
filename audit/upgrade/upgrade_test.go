package upgrade_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/audittest"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/upgrade"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestExamples reads the cluster of each example.
func TestExamples(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no examples (%v)", err)
	}
	states := map[string]map[upgrade.State]bool{}
	for _, file := range files {
		view, err := audittest.View(file)
		if err != nil {
			t.Fatal(err)
		}
		plan := upgrade.Read(audit.Run(view, rules.All()))
		for _, c := range concerns(plan) {
			if states[c.ID] == nil {
				states[c.ID] = map[upgrade.State]bool{}
			}
			states[c.ID][c.State] = true
		}
		audittest.Golden(t, strings.TrimSuffix(file, ".yaml")+".golden", told(plan))
	}
	for id, seen := range states {
		if !seen[upgrade.Clear] || !seen[upgrade.InTheWay] && !seen[upgrade.Worth] {
			t.Errorf("the examples do not show %s with findings and without: %v", id, seen)
		}
	}
}

func concerns(p *upgrade.Plan) []upgrade.Concern {
	var all []upgrade.Concern
	for _, s := range p.Stages {
		all = append(all, s.Concerns...)
	}
	return all
}

// told is a plan as text.
func told(p *upgrade.Plan) string {
	var b strings.Builder
	fmt.Fprintln(&b, p.Summary())
	for _, s := range p.Stages {
		fmt.Fprintln(&b, s.Title)
		for _, c := range s.Concerns {
			fmt.Fprintf(&b, "  %s: %s\n", c.ID, c.State)
			if c.Why != "" {
				fmt.Fprintln(&b, "    why:", c.Why)
			}
			for _, n := range c.Notes {
				fmt.Fprintln(&b, "    note:", n)
			}
			for _, f := range c.Findings {
				fmt.Fprintf(&b, "    %s %s: %s (in the way: %t)\n", f.Rule.ID, f.Subject, f.Message, c.Blocked(f))
			}
		}
	}
	return b.String()
}

// TestNothingIsClaimed holds that of what was not seen nobody says that nothing is in the
// way.
func TestNothingIsClaimed(t *testing.T) {
	t.Parallel()
	info := kube.Info{Version: "v1.37.1"}
	forbidden := kube.NewBuilder(info)
	for _, r := range kube.Resources() {
		forbidden.SetState(kube.State{Resource: r, Phase: kube.Forbidden, Reason: "may not be listed"})
	}
	unasked := kube.NewBuilder(info)
	unasked.SetState(kube.State{Resource: kube.Events, Phase: kube.Synced})
	for name, b := range map[string]*kube.Builder{
		"manifests":   kube.NewBuilder(kube.Info{Version: "v1.37.1", Offline: true}),
		"a namespace": kube.NewBuilder(kube.Info{Version: "v1.37.1", Scope: []string{"shop"}}),
		"forbidden":   forbidden,
		"unasked":     unasked,
	} {
		for _, c := range concerns(upgrade.Read(audit.Run(b.Build(audittest.Noon), rules.All()))) {
			if c.State != upgrade.CannotTell || c.Why == "" {
				t.Errorf("%s: %s: %s (%q)", name, c.ID, c.State, c.Why)
			}
		}
	}
	for _, c := range concerns(upgrade.Read(audit.Run(kube.NewBuilder(info).Build(audittest.Noon), nil))) {
		if c.State != upgrade.CannotTell || !strings.Contains(c.Why, " is off") {
			t.Errorf("without rules: %s: %s (%q)", c.ID, c.State, c.Why)
		}
	}
}

// TestAcceptedIsNotInTheWay holds that what somebody accepted is not told.
func TestAcceptedIsNotInTheWay(t *testing.T) {
	t.Parallel()
	view, err := audittest.View(filepath.Join("testdata", "broken.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	result := audit.Run(view, rules.All())
	for _, f := range result.Findings() {
		f.Accepted = &audit.Acceptance{}
	}
	for _, c := range concerns(upgrade.Read(result)) {
		if len(c.Findings) > 0 {
			t.Errorf("%s has %d findings", c.ID, len(c.Findings))
		}
	}
}

// TestEveryRuleIsThere holds that each rule that a concern names exists, and is in one alone.
func TestEveryRuleIsThere(t *testing.T) {
	t.Parallel()
	known, named := map[string]bool{}, map[string]string{}
	for _, category := range rules.All() {
		for _, rule := range category.Rules {
			known[rule.ID] = true
		}
	}
	all := concerns(upgrade.Read(audit.Run(kube.NewBuilder(kube.Info{}).Build(audittest.Noon), nil)))
	for _, c := range all {
		for _, j := range c.Rules {
			if !known[j.Rule] {
				t.Errorf("%s names the rule %s, which is not there", c.ID, j.Rule)
			}
			if other := named[j.Rule]; other != "" {
				t.Errorf("the rule %s is in %s and in %s", j.Rule, other, c.ID)
			}
			named[j.Rule] = c.ID
		}
		if c.Title == "" || c.About == "" || c.Advice == "" {
			t.Errorf("%s does not say what it is about", c.ID)
		}
	}
	if ids := len(all); ids != len(slices.CompactFunc(all, func(a, b upgrade.Concern) bool { return a.ID == b.ID })) {
		t.Error("two concerns have one ID")
	}
}
