package platform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var namespaceVolumesNotBackedUp = &audit.Rule{
	ID:       "namespace-volumes-not-backed-up",
	Title:    "No schedule backs up the volumes of a namespace",
	Severity: audit.Medium,
	Rationale: "Others are backed up, and what this namespace keeps is gone with its volumes or with the cluster. " +
		"A namespace that was made after the schedule is easily forgotten: lists of namespaces do not grow by themselves.",
	Remediation: "Have a Schedule of Velero include the namespace: exclude what is not worth it rather than include what is. " +
		"Or give its volumes a ReplicationSource of VolSync, or a RecurringJob of Longhorn. " +
		"Label what needs no backup velero.io/exclude-from-backup=true, the claims or the namespace, and it is not asked for. " +
		"Where something else saves the volumes (a cloud, the database, the storage system), accept this finding with what that is.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Namespaces},
	Reads:    []kube.Resource{kube.PersistentVolumeClaims, kube.Schedules},
	Consults: append([]kube.Resource{kube.Namespaces, kube.Backups, kube.Pods}, savers()...),
	Wide:     true, // Schedules are in the namespace of Velero
	Check: audit.EachNamespace(func(p *audit.Pass, namespace string) {
		all, others := schedules.Of(p.Cluster), elsewhere.Of(p.Cluster)
		v := volumes{namespace, keeping(p.Cluster, namespace), p.Cluster.Pods.In(namespace)}
		if len(all) == 0 && !others.volumes || len(v.claims) == 0 || !owesBackups(p.Cluster, namespace) {
			p.NotApplicable()
			return
		}
		v.claims = slices.DeleteFunc(v.claims, others.saves)
		if len(v.claims) == 0 {
			return
		}
		doubt := others.unread
		var reasons []string
		for _, s := range all {
			c, why := s.judge(p.Cluster, v)
			if c == covered {
				return
			}
			why = "Schedule " + s.namespace + "/" + s.name + ": " + why
			if c == unclear && doubt == "" {
				doubt = why
			}
			reasons = append(reasons, why)
		}
		if doubt == "" {
			doubt = unseenSchedules(p.Cluster)
		}
		if doubt != "" {
			p.Unknown(doubt)
			return
		}
		if others.volumes {
			reasons = append(reasons, "No ReplicationSource and no RecurringJob is for them")
		}
		p.Report(audit.Finding{
			Message: "no schedule backs up its volumes",
			Detail: fmt.Sprintf("It has %d bound claims that are in no backup: %s. %s. What other tools save is not seen here.",
				len(v.claims), claimList(v.claims), strings.Join(firsts(reasons), ". ")),
		})
	}),
}

// savers returns the kinds by which tools beside Velero say what they save.
func savers() []kube.Resource {
	return []kube.Resource{kube.ScheduledBackups, kube.ReplicationSources, kube.RecurringJobs, kube.LonghornVolumes}
}

// mentioned is how many claims or schedules a finding names.
const mentioned = 5

func firsts(texts []string) []string {
	if more := len(texts) - mentioned; more > 0 {
		return append(texts[:mentioned:mentioned], fmt.Sprintf("%d more leave it out as well", more))
	}
	return texts
}

func claimList(claims []*corev1.PersistentVolumeClaim) string {
	var names []string
	for i, c := range claims {
		if i == mentioned {
			names = append(names, "…")
			break
		}
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// excludeLabel keeps an object out of every backup
// (https://velero.io/docs/main/resource-filtering/, velero.io/exclude-from-backup=true).
const excludeLabel = "velero.io/exclude-from-backup"

// owesBackups reports whether the volumes of a namespace are anybody's to back up: those
// of the platform come back with it, and what is about to go, or was excluded on
// purpose, needs none.
func owesBackups(c *kube.Cluster, namespace string) bool {
	if c.Info.Offline || kube.Platform(namespace) {
		return false
	}
	n, held := c.Namespaces.Get("", namespace)
	return !held || n.DeletionTimestamp == nil && n.Status.Phase != corev1.NamespaceTerminating && n.Labels[excludeLabel] != "true"
}

// keeping returns the claims of a namespace that hold something to keep: they are bound,
// do not end with a pod, and nobody has excluded them.
func keeping(c *kube.Cluster, namespace string) []*corev1.PersistentVolumeClaim {
	var claims []*corev1.PersistentVolumeClaim
	for _, claim := range c.PersistentVolumeClaims.In(namespace) {
		owner := metav1.GetControllerOfNoCopy(claim)
		ephemeral := owner != nil && owner.Kind == kube.Pods.Kind
		if claim.Status.Phase == corev1.ClaimBound && claim.DeletionTimestamp == nil && !ephemeral && claim.Labels[excludeLabel] != "true" {
			claims = append(claims, claim)
		}
	}
	return claims
}

// planned is a Schedule that may cover a namespace.
type planned struct {
	namespace, name string
	*schedule              // nil if it cannot be read
	unread          string // why
}

// schedules has every Schedule of the view.
var schedules = kube.Derive(func(c *kube.Cluster) []planned {
	var all []planned
	for o := range c.Custom(kube.Schedules).All() {
		s := planned{namespace: o.GetNamespace(), name: o.GetName()}
		if decoded, err := kube.Decode[schedule](o); err != nil {
			s.unread = err.Error()
		} else {
			s.schedule = &decoded
		}
		all = append(all, s)
	}
	return all
}).From(kube.Schedules)

// judge says whether a schedule covers what a namespace has to lose, and why not.
func (s *planned) judge(c *kube.Cluster, v volumes) (coverage, string) {
	switch {
	case s.schedule == nil:
		return unclear, s.unread
	case !s.active():
		return leftOut, "it makes no backups"
	}
	h := histories.Of(c, s.namespace)[s.name]
	if h == nil {
		h = &history{}
	}
	return s.covers(v, h)
}

// cannotRead says why the objects of a resource cannot be read.
func cannotRead(s kube.State) string {
	return s.Resource.String() + " cannot be read: " + cmp.Or(s.Reason, s.Phase.String())
}

// unseenSchedules says why there may be schedules that the view does not hold, "" if
// there are none.
func unseenSchedules(c *kube.Cluster) string {
	if c.Info.Scope != nil {
		return "only some namespaces are looked at: there may be schedules in others"
	}
	for _, s := range c.States() {
		if (s.Resource == kube.Schedules || slices.Contains(savers(), s.Resource)) && s.Blind() {
			return cannotRead(s)
		}
	}
	return ""
}
