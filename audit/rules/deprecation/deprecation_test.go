package deprecation_test

import (
	"context"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/deprecation"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// What cannot be told passes nowhere.
func TestUnknown(t *testing.T) {
	t.Parallel()
	for example, tc := range map[string]struct {
		version string
		unknown int
		why     string
	}{
		"cve-2022-23648-containerd/pass-vendor":            {"v1.24.1", 1, "whether the build 1.5.9-0ubuntu1~20.04.4 of containerd has the fix"},
		"cve-2022-0185-kernel/pass-vendor":                 {"v1.24.1", 3, "of the kernel has the fix"},
		"cve-2021-25741-subpath/pass-vendor":               {"v1.22.2", 1, "whether the kubelet v1.21.3-gke.900 of node gke has the fix"},
		"cve-2022-3172-aggregated-api/pass-vendor":         {"v1.24.2-eks-1a2b3c", 1, "whether the build v1.24.2-eks-1a2b3c of the API server has the fix"},
		"cve-2022-24348-argocd/pass-no-version":            {"", 2, "does not say its version"},
		"kubelet-version-skew/pass":                        {"", 2, "the version of the server is not known"},
		"api-removed-in-next-version/pass-live":            {"", 1, "the version of the server is not known"},
		"deprecated-api-used-for-target-version/fail-live": {"", 1, "the version of the server is not known"},
		"api-removed-in-next-version/fail-live":            {"unreleased", 1, "the version of the server is not known"},
		"cve-2022-3172-aggregated-api/pass":                {"", 1, "the version of the server is not known"},
		"kubernetes-version-outdated/pass":                 {"", 0, ""},
		"cve-2022-47633-kyverno/pass":                      {"", 0, ""},
		"cve-2021-25741-subpath/pass-whole-volume":         {"v1.22.2", 0, ""},
		"deprecated-service-account-field/pass":            {"", 0, ""},
		"cve-2022-23648-containerd/pass":                   {"v1.24.1", 0, ""},
		"cve-2022-39328-grafana/pass":                      {"", 0, ""},
		"deprecated-api-used-for-target-version/pass":      {"v1.19.0", 0, ""},
	} {
		t.Run(example, func(t *testing.T) {
			t.Parallel()
			source := manifest.New([]string{"testdata/" + example + ".yaml"}, manifest.Options{Info: &kube.Info{Version: tc.version}})
			c, err := kube.Load(context.Background(), source, nil)
			if err != nil {
				t.Fatal(err)
			}
			rule, _, _ := strings.Cut(example, "/")
			unknown, why := 0, ""
			for _, tally := range audit.Run(c, []audit.Category{deprecation.Category()}).Tallies() {
				if tally.Rule.ID == rule && tally.Unknown > 0 {
					unknown, why = unknown+tally.Unknown, tally.Why
				}
			}
			if unknown != tc.unknown || !strings.Contains(why, tc.why) {
				t.Errorf("%d subjects are unknown because %q, want %d because %q", unknown, why, tc.unknown, tc.why)
			}
		})
	}
}
