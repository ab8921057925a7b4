package securitycontext_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	securitycontext "github.com/seaworthy-dev/seaworthy/audit/rules/security-context"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// TestParametersOfSandboxes judges an example of each rule under other values
// than the defaults.
func TestParametersOfSandboxes(t *testing.T) {
	t.Parallel()
	for id, test := range map[string]struct {
		values map[string]any
		want   map[string]string // message by template and container
	}{
		"sandbox-runtime-class-not-hardened": {
			values: map[string]any{"hardenedRuntimeClasses": []string{"firecracker"}},
			want:   map[string]string{"gvisor/": "sandbox runs by gvisor, which is not known to isolate"},
		},
		"sandbox-resource-ceiling-missing": {
			values: map[string]any{"maxCPU": "2", "maxMemory": "1.5Gi"},
			want:   map[string]string{"pod/python": "container python may use 2Gi of memory"},
		},
		"sandbox-image-provenance": {
			values: map[string]any{"allowedRegistries": []string{"registry.example:5000/"}},
			want:   map[string]string{"fixed/c0": "container c0 runs an image of a registry that is not allowed", "fixed/c1": "container c1 runs an image of a registry that is not allowed"},
		},
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			c, err := kube.Load(t.Context(), manifest.New([]string{filepath.Join("testdata", id, "pass.yaml")}, manifest.Options{}), nil)
			if err != nil {
				t.Fatal(err)
			}
			category := securitycontext.Category()
			rules := []*audit.Rule{}
			for _, rule := range category.Rules {
				if rule.ID != id {
					continue
				}
				changed, err := rule.With(test.values)
				if err != nil {
					t.Fatal(err)
				}
				rules = append(rules, changed)
			}
			category.Rules = rules
			got := map[string]string{}
			for _, f := range audit.Run(c, []audit.Category{category}).Findings() {
				got[f.Subject.Name+"/"+f.Container] = f.Message
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
