package platform_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/platform"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// verdict is what a rule says of a subject: fails, passes, does not apply, or the reason
// for which it is unknown.
const (
	fails  = "fails"
	passes = "passes"
	none   = "does not apply"
)

// judge returns what a rule says of the objects of a view in one namespace, of which
// some resources are in some state.
func judge(t *testing.T, rule, namespace, objects string, info kube.Info, states ...kube.State) string {
	t.Helper()
	c := viewOf(t, objects, info)
	if len(states) > 0 {
		c = withStates(t, c, states)
	}
	for _, tally := range audit.Run(c, []audit.Category{platform.Category()}).Tallies() {
		switch {
		case tally.Rule.ID != rule || tally.Namespace != namespace:
		case tally.Unknown > 0:
			return tally.Why
		case tally.Failing > 0:
			return fails
		case tally.Applicable > 0:
			return passes
		}
	}
	return none
}

// view is what a cluster that has some objects shows.
func view(t *testing.T, objects string) *kube.Cluster {
	t.Helper()
	return viewOf(t, objects, kube.Info{})
}

func viewOf(t *testing.T, objects string, info kube.Info) *kube.Cluster {
	t.Helper()
	file := filepath.Join(t.TempDir(), "objects.yaml")
	if err := os.WriteFile(file, []byte(objects), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := kube.Load(context.Background(), manifest.New([]string{file}, manifest.Options{
		Info: &info, Now: func() time.Time { return time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC) },
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// withStates returns a view of the same objects, of which some could not be read.
func withStates(t *testing.T, c *kube.Cluster, states []kube.State) *kube.Cluster {
	t.Helper()
	b := kube.NewBuilder(c.Info)
	for _, r := range []kube.Resource{kube.Namespaces, kube.PersistentVolumeClaims, kube.Schedules, kube.BackupStorageLocations, kube.Certificates} {
		for _, o := range c.Objects(r) {
			if err := b.Set(r, o); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, s := range states {
		b.SetState(s)
	}
	return b.Build(c.Time)
}

const shop = `
kind: Namespace
apiVersion: v1
metadata: {name: shop}
---
kind: PersistentVolumeClaim
apiVersion: v1
metadata: {name: orders, namespace: shop, labels: {app: shop}}
status: {phase: Bound}
---
kind: PersistentVolumeClaim
apiVersion: v1
metadata: {name: carts, namespace: shop, labels: {app: shop, tier: cache}}
status: {phase: Bound}
---
`

// What a schedule has in its backups is known, or known not to be, or unknown for a
// reason that is given.
func TestWhatSchedulesCover(t *testing.T) {
	t.Parallel()
	const backup = "\n---\n{kind: Backup, apiVersion: velero.io/v1, metadata: {name: all-20260101030000, namespace: velero}, spec: {defaultVolumesToFsBackup: %t}}"
	const pod = "\n---\n{kind: Pod, apiVersion: v1, metadata: {name: web, namespace: shop, annotations: {backup.velero.io/backup-volumes: data}}, spec: {containers: []}}"
	for _, test := range []struct{ name, template, objects, want string }{
		{"everything", `{}`, "", passes},
		{"by name", `{includedNamespaces: [blog, shop]}`, "", passes},
		{"all", `{includedNamespaces: ["*"]}`, "", passes},
		{"by a pattern", `{includedNamespaces: ["sh?[nop]"]}`, "", passes},
		{"another pattern", `{includedNamespaces: ["shop-*"]}`, "", fails},
		{"excluded", `{includedNamespaces: ["s*"], excludedNamespaces: ["*op"]}`, "", fails},
		{"a pattern that Velero refuses", `{includedNamespaces: ["{shop,blog}"]}`, "", `"{shop,blog}"`},
		{"a pattern that does not end", `{includedNamespaces: ["sho["]}`, "", "syntax error in pattern"},

		{"other resources", `{includedResources: [deployments, configmaps]}`, "", fails},
		{"claims and their volumes", `{includedResources: [PVC, persistentvolumes]}`, "", passes},
		{"claims alone", `{includedResources: [persistentvolumeclaims]}`, "", "snapshots but those of CSI drivers"},
		{"without claims", `{excludedResources: [events, persistentvolumeclaims]}`, "", fails},
		{"without claims, newer", `{excludedNamespaceScopedResources: [pvc]}`, "", fails},
		{"nothing of namespaces", `{excludedNamespaceScopedResources: ["*"]}`, "", fails},
		{"without volumes", `{includeClusterResources: false}`, "", "snapshots but those of CSI drivers"},
		{"without volumes, newer", `{excludedClusterScopedResources: ["*"]}`, "", "snapshots but those of CSI drivers"},
		{"volumes are files", `{includeClusterResources: false, defaultVolumesToFsBackup: true}`, "", passes},

		{"no content", `{snapshotVolumes: false, defaultVolumesToFsBackup: false}`, "", fails},
		{"files", `{snapshotVolumes: false, defaultVolumesToFsBackup: true}`, "", passes},
		{"files without pods", `{snapshotVolumes: false, defaultVolumesToFsBackup: true, excludedResources: [pods]}`, "", fails},
		{"what the server does is not known yet", `{snapshotVolumes: false}`, "", "has not shown yet"},
		{"the server saves files", `{snapshotVolumes: false}`, fmt.Sprintf(backup, true), passes},
		{"the server saves no files", `{snapshotVolumes: false}`, fmt.Sprintf(backup, false), fails},
		{"a pod names volumes", `{snapshotVolumes: false, defaultVolumesToFsBackup: false}`, pod, "annotation backup.velero.io/backup-volumes"},

		{"a policy", `{resourcePolicy: {kind: configmap, name: skip-nfs}}`, "", "ConfigMap skip-nfs"},
		{"labels of all", `{labelSelector: {matchLabels: {app: shop}}}`, "", passes},
		{"labels of some", `{labelSelector: {matchLabels: {tier: cache}}}`, "", "claim orders"},
		{"one of several", `{orLabelSelectors: [{matchLabels: {tier: cache}}, {matchExpressions: [{key: tier, operator: DoesNotExist}]}]}`, "", passes},
		{"no selector", `{labelSelector: {matchExpressions: [{key: tier, operator: Around}]}}`, "", "claim "},
		{"of another form", `{includedNamespaces: shop}`, "", "reading Schedule velero/all"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			objects := shop + "kind: Schedule\napiVersion: velero.io/v1\nmetadata: {name: all, namespace: velero}\nspec: {schedule: '@daily', template: " + test.template + "}" + test.objects
			got := judge(t, "namespace-volumes-not-backed-up", "shop", objects, kube.Info{})
			if got != test.want && !strings.Contains(got, test.want) {
				t.Errorf("%s\ngot  %s\nwant %s", test.template, got, test.want)
			}
		})
	}
}

// A schedule that is not seen may cover a namespace that no other does.
func TestSchedulesThatAreNotSeen(t *testing.T) {
	t.Parallel()
	const schedule = "kind: Schedule\napiVersion: velero.io/v1\nmetadata: {name: all, namespace: velero}\nspec: {template: {includedNamespaces: [%s]}}"
	other, own := shop+fmt.Sprintf(schedule, "blog"), shop+fmt.Sprintf(schedule, "shop")
	for name, test := range map[string]struct {
		objects string
		info    kube.Info
		want    string
	}{
		"all are seen":          {other, kube.Info{}, fails},
		"some namespaces":       {other, kube.Info{Scope: []string{"shop", "velero"}}, "only some namespaces are looked at: there may be schedules in others"},
		"one that is seen will": {own, kube.Info{Scope: []string{"shop", "velero"}}, passes},
		"manifests":             {other, kube.Info{Offline: true}, none},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := judge(t, "namespace-volumes-not-backed-up", "shop", test.objects, test.info); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	elsewhere := kube.State{Resource: kube.Schedules, Namespace: "tools", Phase: kube.Forbidden, Reason: "no"}
	if got := judge(t, "namespace-volumes-not-backed-up", "shop", other, kube.Info{}, elsewhere); !strings.Contains(got, "schedules.velero.io cannot be read: no") {
		t.Errorf("where schedules of a namespace are forbidden: %s", got)
	}
	all := kube.State{Resource: kube.Schedules, Phase: kube.Forbidden, Reason: "no"}
	location := "kind: BackupStorageLocation\napiVersion: velero.io/v1\nmetadata: {name: archive, namespace: velero}\n" +
		"spec: {accessMode: ReadOnly}\nstatus: {phase: Available, lastValidationTime: '2026-01-01T11:59:00Z'}"
	if got := judge(t, "backup-storage-unavailable", "velero", location, kube.Info{}, all); !strings.Contains(got, "a schedule may write to it") {
		t.Errorf("of a read-only location where schedules are forbidden: %s", got)
	}
}

// Nothing that cannot be read is taken for well.
func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	const (
		schedule = "kind: Schedule\napiVersion: velero.io/v1\nmetadata: {name: all, namespace: velero, creationTimestamp: '2025-01-01T00:00:00Z'}\nspec: {schedule: '%s'}\nstatus: {phase: Enabled}\n"
		location = "kind: BackupStorageLocation\napiVersion: velero.io/v1\nmetadata: {name: default, namespace: velero}\n"
	)
	due := func(times string) string { return fmt.Sprintf(schedule, times) }
	unreadable := due("@daily") + "---\nkind: Backup\napiVersion: velero.io/v1\nmetadata: {name: all-20260101000001, namespace: velero}\nstatus: {startTimestamp: yesterday}\n"
	for _, test := range []struct{ name, rule, objects, want string }{
		{"no schedule", "backup-overdue", due(""), "reading spec.schedule"},
		{"a zone alone", "backup-overdue", due("TZ=UTC"), "a time zone and nothing else"},
		{"a zone that is none", "backup-overdue", due("CRON_TZ=Atlantis 0 3 * * *"), "unknown time zone"},
		{"no cron", "backup-overdue", due("every night"), "reading spec.schedule"},
		{"a backup of another form", "backup-overdue", unreadable, "reading Backup velero/all-20260101000001"},
		{"a backup of another form, failed", "backup-failed", unreadable, "reading Backup velero/all-20260101000001"},
		{"a backup of another form, restored", "backup-never-restored", unreadable, "reading Backup velero/all-20260101000001"},
		{
			"nobody validates", "backup-storage-unavailable",
			location + "spec: {validationFrequency: 0s}\nstatus: {phase: Available, lastValidationTime: '2025-01-01T00:00:00Z'}", "is not validated",
		},
		{"a frequency of another form", "backup-storage-unavailable", location + "spec: {validationFrequency: often}", "reading BackupStorageLocation velero/default"},
		{"no status", "backup-storage-unavailable", location + "spec: {}", none},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := judge(t, test.rule, "velero", test.objects, kube.Info{}); !strings.Contains(got, test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
