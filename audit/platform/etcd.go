package platform

import (
	"slices"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// etcdSnapshots returns what shows of snapshots of the cluster's own store: CronJobs that
// take them, and the files that k3s and RKE2 tell of (https://docs.k3s.io/cli/etcd-snapshot).
// They bring objects back and no volume.
func etcdSnapshots(c *kube.Cluster) []Trace {
	var traces []Trace
	for _, namespace := range c.NamespaceNames() {
		for _, w := range c.WorkloadsIn(namespace) {
			if job, ok := w.Object.(*batchv1.CronJob); ok && savesEtcd(w) {
				traces = append(traces, savingJob(w, job))
			}
		}
	}
	return append(traces, snapshotFiles(c)...)
}

// savesEtcd reports whether a container takes a snapshot, by itself or in a shell:
// `etcdctl snapshot save`, or what etcd has in its place from 3.6 on, etcdutl.
func savesEtcd(w *kube.Workload) bool {
	for container := range w.Containers() {
		words := strings.Fields(strings.Join(slices.Concat(container.Command, container.Args), " "))
		tool := func(word string) bool {
			return strings.HasSuffix(word, "etcdctl") || strings.HasSuffix(word, "etcdutl")
		}
		if i := slices.Index(words, "snapshot"); i >= 0 && slices.Contains(words[i:], "save") &&
			(slices.ContainsFunc(words, tool) || strings.Contains(container.Image, "etcd")) {
			return true
		}
	}
	return false
}

func savingJob(w *kube.Workload, job *batchv1.CronJob) Trace {
	t := Trace{What: "etcd snapshot", Ref: w.Ref, Says: "nothing says that it went well yet"}
	switch last := job.Status.LastSuccessfulTime; {
	case job.Spec.Suspend != nil && *job.Spec.Suspend:
		t.State, t.Says = Problems, "it is suspended"
	case last != nil:
		t.Says = "it went well last at " + kube.Moment(*last)
	}
	return t
}

// snapshotFiles says how many files there are, and of when the newest is.
func snapshotFiles(c *kube.Cluster) []Trace {
	ready, newest := 0, metav1.Time{}
	for o := range c.Custom(kube.ETCDSnapshotFiles).All() {
		file, err := kube.Decode[struct {
			Status struct {
				ReadyToUse   bool        `json:"readyToUse"`
				CreationTime metav1.Time `json:"creationTime"`
			} `json:"status"`
		}](o)
		if err != nil || !file.Status.ReadyToUse {
			continue
		}
		ready++
		if newest.Before(&file.Status.CreationTime) {
			newest = file.Status.CreationTime
		}
	}
	if ready == 0 {
		return nil
	}
	t := Trace{What: "etcd snapshot", Says: counted(ready, "file")}
	if !newest.IsZero() {
		t.Says += ", the newest of " + kube.Moment(newest)
	}
	return []Trace{t}
}
