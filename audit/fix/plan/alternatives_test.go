package plan_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// titled is a fix that sets a label, by a title of its own.
func titled(title, key, value string) audit.Fix {
	f := label(key, value)
	f.Title = title
	return f
}

// Where the first fix cannot be made, does not help or brings a worse finding back, the
// next one is taken, and what was wrong with the first is said.
func TestTheNextWay(t *testing.T) {
	t.Parallel()
	first, second := titled("first", "a", "1"), titled("second", "b", "1")
	impossible := audit.SetField("impossible", "spec.template.spec.containers.name", "x")
	either := func(w *kube.Workload) bool { return w.Labels["a"] != "1" && w.Labels["b"] != "1" }
	onlyB := func(w *kube.Workload) bool { return w.Labels["b"] != "1" }
	tests := map[string]struct {
		rules   []aboutDeployments
		prefer  int
		want    []string
		instead []string // of the rule that is called "it"
	}{
		"the first will do": {
			rules: []aboutDeployments{ways{wish{"it", audit.High, either, first}, []audit.Fix{second}}},
			want:  []string{"change Deployment shop/web (0 pods)", "  0 metadata.labels.a 1"},
		},
		"the second is preferred": {
			rules:  []aboutDeployments{ways{wish{"it", audit.High, either, first}, []audit.Fix{second}}},
			prefer: 1,
			want:   []string{"change Deployment shop/web (0 pods)", "  0 metadata.labels.b 1"},
		},
		"a third is preferred, and there is none": {
			rules:  []aboutDeployments{ways{wish{"it", audit.High, either, first}, []audit.Fix{second}}},
			prefer: 2,
			want:   []string{"change Deployment shop/web (0 pods)", "  0 metadata.labels.a 1"},
		},
		"the first cannot be made": {
			rules:   []aboutDeployments{ways{wish{"it", audit.High, either, impossible}, []audit.Fix{second}}},
			want:    []string{"change Deployment shop/web (0 pods)", "  0 metadata.labels.b 1"},
			instead: []string{"impossible: changing Deployment shop/web: editing spec.template.spec.containers.name: it is no map"},
		},
		"the first does not help": {
			rules:   []aboutDeployments{ways{wish{"it", audit.High, onlyB, first}, []audit.Fix{second}}},
			want:    []string{"change Deployment shop/web (0 pods)", "  0 metadata.labels.b 1"},
			instead: []string{"first: the finding stays after its fix"},
		},
		"the first brings another finding back": {
			rules: []aboutDeployments{
				wish{"worse", audit.Critical, unlabelled("a", "2"), label("a", "2")},
				ways{wish{"it", audit.Low, either, first}, []audit.Fix{second}},
			},
			want:    []string{"change Deployment shop/web (0 pods)", "  0 metadata.labels.b 1", "  0 metadata.labels.a 2"},
			instead: []string{"first: it would bring back worse/shop/Deployment/web//metadata.labels.a"},
		},
		"none of them helps": {
			rules: []aboutDeployments{ways{wish{"it", audit.High, func(*kube.Workload) bool { return true }, first}, []audit.Fix{second, impossible}}},
			want:  []string{"skipped: it, the finding stays after its fix"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := makePlan(t, web, plan.Options{Prefer: func(*score.Finding) int { return test.prefer }}, test.rules...)
			expect(t, p, test.want...)
			var instead []string
			for _, a := range p.Applied {
				if a.Finding.Rule.ID != "it" {
					continue
				}
				for _, r := range a.Instead {
					instead = append(instead, fmt.Sprintf("%s: %s", r.Fix.Title, r.Why))
				}
				if len(a.Ways) != 2 {
					t.Errorf("%d ways are told of", len(a.Ways))
				}
			}
			if diff := cmp.Diff(test.instead, instead); diff != "" {
				t.Errorf("in place of (-want +got):\n%s", diff)
			}
		})
	}
}
