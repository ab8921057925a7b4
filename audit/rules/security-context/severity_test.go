package securitycontext_test

import (
	"maps"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	securitycontext "github.com/seaworthy-dev/seaworthy/audit/rules/security-context"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// TestDepartures judges the examples that fail, and compares the findings whose
// severity is not the rule's, or that are implied by another, by workload and
// container or volume mount.
func TestDepartures(t *testing.T) {
	t.Parallel()
	want := map[string]map[string]string{
		"allow-privilege-escalation":           {"web/agent": "implied by privileged-container"},
		"run-as-user-zero":                     {"overridden/": "low", "stuck/web": "implied by run-as-non-root-conflict"},
		"capabilities-not-dropped-all":         {"web/spelled": "low", "web/agent": "implied by privileged-container"},
		"capabilities-added-beyond-baseline":   {"mesh/agent": "implied by privileged-container"},
		"capabilities-added-beyond-restricted": {},
		"host-network":                         {"windows-agent/": "implied by windows-host-process"},
		"host-path-volume":                     {},
		"host-path-sensitive":                  {"agent/agent": "implied by container-runtime-socket-mounted"},
		"host-path-writable":                   {"web/web": "implied by container-runtime-socket-mounted"},
		"proc-mount-unmasked":                  {"builder/agent": "implied by privileged-container"},
		"seccomp-unconfined":                   {"agent/": "implied by privileged-container"},
		"seccomp-profile-missing":              {"agent/": "implied by privileged-container"},
		"apparmor-unconfined":                  {"legacy/agent": "implied by privileged-container"},
		"share-process-namespace":              {"alone/": "info"},
		"psa-enforce-label-missing":            {"shop/": "medium", "blog/": "medium", "empty/": "medium"},
	}
	got := map[string]map[string]string{}
	for id := range maps.Keys(want) {
		got[id] = map[string]string{}
		for _, f := range judge(t, filepath.Join("testdata", id, "fail.yaml")) {
			switch {
			case f.Rule.ID != id:
			case f.Implied != "":
				got[id][f.Subject.Name+"/"+f.Container] = "implied by " + f.Implied
			case f.Severity != f.Rule.Severity:
				got[id][f.Subject.Name+"/"+f.Container] = f.Severity.String()
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("departures (-want +got):\n%s", diff)
	}
}

// TestHostPathVolumeIsImpliedByWhatIsWorse judges the volumes of the examples
// of the rules that say more of them.
func TestHostPathVolumeIsImpliedByWhatIsWorse(t *testing.T) {
	t.Parallel()
	want := map[string]map[string]string{
		"host-path-writable": {
			"volume models is /srv/models of the node":      "host-path-writable",
			"volume docker is /run/docker.sock of the node": "container-runtime-socket-mounted",
		},
		"host-path-cloud-credentials": {
			"volume aws is /.aws of the node":                        "host-path-cloud-credentials",
			"volume azure is /etc/kubernetes/azure.json of the node": "host-path-cloud-credentials",
			"volume home is /root of the node":                       "host-path-cloud-credentials",
		},
		"host-path-sensitive": {
			"volume root is / of the node":                  "host-path-sensitive",
			"volume var is /var/lib/ of the node":           "host-path-sensitive",
			"volume pki is /etc/kubernetes/pki of the node": "host-path-sensitive",
			"volume run is /run/containerd of the node":     "container-runtime-socket-mounted",
			"volume logs is /var/log of the node":           "host-path-sensitive",
		},
	}
	got := map[string]map[string]string{}
	for id := range maps.Keys(want) {
		got[id] = map[string]string{}
		for _, f := range judge(t, filepath.Join("testdata", id, "fail.yaml")) {
			if f.Rule.ID == "host-path-volume" {
				got[id][f.Message] = f.Implied
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("implied (-want +got):\n%s", diff)
	}
}

func judge(t *testing.T, file string) []*audit.Placed {
	t.Helper()
	c, err := kube.Load(t.Context(), manifest.New([]string{file}, manifest.Options{}), nil)
	if err != nil {
		t.Fatal(err)
	}
	return audit.Run(c, []audit.Category{securitycontext.Category()}).Findings()
}
