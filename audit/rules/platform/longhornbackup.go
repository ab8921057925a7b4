package platform

import (
	"cmp"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// longhornBackup is what matters of a Backup of Longhorn: of one volume, at one time. Those
// of a target that other clusters write to as well are among them.
type longhornBackup struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Status   struct {
		State             string `json:"state"` // "" until it has begun
		Error             string `json:"error"`
		VolumeName        string `json:"volumeName"`
		SnapshotCreatedAt string `json:"snapshotCreatedAt"` // what it is a copy of; "" if not known yet
	} `json:"status"`
}

// at returns the time of what was saved, as far as it is known.
func (b *longhornBackup) at() metav1.Time {
	if saved := written(b.Status.SnapshotCreatedAt); saved != nil {
		return *saved
	}
	return b.Metadata.CreationTimestamp
}

// written reads a time that Longhorn wrote, nil if it is none.
func written(text string) *metav1.Time {
	var at metav1.Time
	if err := at.UnmarshalQueryParameter(text); err != nil || at.IsZero() {
		return nil
	}
	return &at
}

// volumeBackups are the newest Backups of a volume of each outcome, nil for none.
type volumeBackups struct{ good, bad *longhornBackup }

// backupsOfVolumes has the Backups of Longhorn by volume.
var backupsOfVolumes = kube.Derive(func(c *kube.Cluster) map[string]*volumeBackups {
	of := map[string]*volumeBackups{}
	for o := range c.Custom(kube.LonghornBackups).All() {
		b, err := kube.Decode[longhornBackup](o)
		if err != nil {
			continue // a time of a Backup that nobody can read proves nothing
		}
		if of[b.Status.VolumeName] == nil {
			of[b.Status.VolumeName] = &volumeBackups{}
		}
		newest := &of[b.Status.VolumeName].good
		switch b.Status.State {
		case "Error":
			newest = &of[b.Status.VolumeName].bad
		case "Completed":
		default:
			continue // under way, or unknown
		}
		if *newest == nil || (*newest).at().Time.Before(b.at().Time) {
			*newest = &b
		}
	}
	return of
}).From(kube.LonghornBackups)

// lastGood returns when the volume was saved last, nil if it never was.
func (v *longhornVolume) lastGood(c *kube.Cluster) *metav1.Time {
	last := written(v.Status.LastBackupAt)
	if of := backupsOfVolumes.Of(c)[v.Metadata.Name]; of != nil && of.good != nil {
		if at := of.good.at(); last == nil || last.Before(&at) {
			last = &at
		}
	}
	return last
}

// judgeNewestOfVolume reports a volume whose newest backup failed.
func judgeNewestOfVolume(p *audit.Pass, v *longhornVolume) {
	of := backupsOfVolumes.Of(p.Cluster)[v.Metadata.Name]
	if of == nil {
		p.NotApplicable()
		return
	}
	last := v.lastGood(p.Cluster)
	if of.bad == nil || last != nil && !last.Time.Before(of.bad.at().Time) {
		return
	}
	f := audit.Finding{
		Message: "its newest backup failed",
		Detail:  "Of " + of.bad.Metadata.Name + ", of " + kube.Moment(of.bad.at()) + ", Longhorn says: " + cmp.Or(of.bad.Status.Error, "nothing more") + ".",
	}
	f.Detail += v.told()
	if last != nil {
		f.Detail += " The last that went well is of " + kube.Moment(*last) + "."
	}
	p.Report(f)
}

// told says after a space which claim the volume is for, "" if it is for none.
func (v *longhornVolume) told() string {
	of := v.Status.KubernetesStatus
	if of.PVCName == "" {
		return ""
	}
	return " It is the volume of claim " + of.Namespace + "/" + of.PVCName + "."
}
