package rules_test

import (
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/explain"
	"github.com/seaworthy-dev/seaworthy/audit/policy"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen/rules"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// known are the rules under a policy that has one off and another graver.
func known(t *testing.T) []explain.Rule {
	t.Helper()
	text := "rules:\n  pdb-missing: {severity: high}\n  single-replica: {enabled: false}\n"
	p, err := policy.Parse("seaworthy.yaml", []byte(text), screentest.Categories(), "")
	if err != nil {
		t.Fatal(err)
	}
	all, err := explain.All(p, screentest.Categories())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func figures() feed.Statistics {
	return feed.Statistics{Rules: []feed.RuleTiming{{Rule: "pdb-missing", Duration: 1234 * time.Millisecond}, {Rule: "host-path-sensitive", Duration: 42 * time.Millisecond}}}
}

// cluster is one of which the PodDisruptionBudgets cannot be read.
func cluster(t *testing.T) *kube.Builder {
	t.Helper()
	b := screentest.Cluster(t)
	b.SetState(kube.State{Resource: kube.PodDisruptionBudgets, Phase: kube.Forbidden, Verb: "list", Reason: "jane may not list poddisruptionbudgets"})
	return b
}

func sizes() map[string]struct {
	width, height int
	options       style.Options
} {
	return map[string]struct {
		width, height int
		options       style.Options
	}{
		"80x24":       {80, 24, style.Options{}},
		"140x40":      {140, 40, style.Options{}},
		"ascii-80x24": {80, 24, style.Options{NoColor: true, Tier: style.ASCII}},
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	for name, tt := range sizes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			open := func() *rules.List { return rules.NewList(nav.Address{Screen: "rules"}, known(t), figures) }
			screentest.Visit(t, open, screentest.Assess(cluster(t)), tt.width, tt.height, tt.options, func(r *uitest.Robot, s *rules.List, h *screentest.Host) {
				r.Expect("Rules (18, 1 off)").GoldenStyled("rules-" + name)
				r.Press("G").ExpectLine("single-replica", "off").ExpectLine("pdb-missing", "H", "1.2 s").Press("g")
				r.Press("enter")
				if want := (nav.OpenMsg{Address: "rule/readiness-probe-missing"}); h.Asked[0] != want {
					t.Errorf("asked for %v, want %v", h.Asked, want)
				}
				r.Press("s", "s").ExpectSelected("readiness-probe-missing").Press("S", "g", "f")
				for text, want := range map[string]string{"state:off": "single-replica", "state:changed": "pdb-missing", "unknown>0 sev>=high": "pdb-missing"} {
					if err := s.Filter(text); err != nil {
						t.Fatal(err)
					}
					r.Send(screentest.Nothing{}).Press("g").ExpectSelected(want).Expect("(1 of 18, 1 off) filtered by " + text)
				}
				if got, want := s.Address().Screen, "rules"; got != want || s.Address().Query["filter"] != s.FilterText() {
					t.Errorf("the address is %s", s.Address())
				}
			})
		})
	}
}

func TestRule(t *testing.T) {
	t.Parallel()
	for name, tt := range sizes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := func(id string) func() *rules.Screen {
				return func() *rules.Screen {
					return rules.New(nav.Address{Screen: "rule", Target: id}, known(t), figures)
				}
			}
			screentest.Visit(t, at("privileged-container"), screentest.Assess(cluster(t)), tt.width, tt.height, tt.options, func(r *uitest.Robot, _ *rules.Screen, h *screentest.Host) {
				r.Expect("Why it matters", "What to do", "Controls: ").GoldenStyled("rule-" + name)
				r.Press("G", "tab").Expect("This fails, and its fix").GoldenStyled("fails-" + name)
				r.Press("j", "d", "tab").Expect("This passes").Press("pgdown", "enter")
				if want := (nav.OpenMsg{Address: "findings?filter=rule%3Dprivileged-container"}); h.Asked[len(h.Asked)-1] != want {
					t.Errorf("asked for %v, want %v", h.Asked, want)
				}
			})
			screentest.Visit(t, at("pdb-missing"), screentest.Assess(cluster(t)), tt.width, tt.height, tt.options, func(r *uitest.Robot, _ *rules.Screen, h *screentest.Host) {
				r.Expect("unknown in 5 namespaces", "judging took 1.2 s in all").Press("enter")
				if _, notice := h.Asked[0].(nav.NoticeMsg); !notice {
					t.Errorf("asked for %v, want a notice that nothing was found", h.Asked)
				}
			})
			screentest.Visit(t, at("single-replica"), screentest.Assess(cluster(t)), tt.width, tt.height, tt.options, func(r *uitest.Robot, _ *rules.Screen, _ *screentest.Host) {
				r.Expect("off: it judges nothing", "Off: profile default with seaworthy.yaml")
			})
		})
	}
}
