package audit

import (
	"runtime"
	"sync/atomic"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/workgroup"
)

// work is what can be judged without waiting for anything else: a rule that judges
// alone, or a group in one namespace.
type work struct {
	alone *alone
	// revised is how what a rule says that judges alone has changed, by namespace.
	revised map[string]revision

	group     *group
	namespace string
	space     *space // of the group, nil where nothing was judged
	revision  revision
	changed   bool
}

// do judges. All that it touches beside the work is locked, or is the pass's own.
func (w *work) do(p *Pass, ch *changes, watch Stopwatch) {
	if w.alone != nil {
		w.revised = w.alone.judge(p, watch)
		return
	}
	w.space, w.revision, w.changed = w.group.judge(p, ch, w.namespace, watch)
}

// settle keeps what was said, and adds how it changed.
func (w *work) settle(revisions map[string][]revision) {
	if w.space != nil {
		w.group.spaces[w.namespace] = w.space
	}
	if w.changed {
		revisions[w.namespace] = append(revisions[w.namespace], w.revision)
	}
	for namespace, rev := range w.revised {
		revisions[namespace] = append(revisions[namespace], rev)
	}
}

// share has all work done on every core. Rules are independent of each other, and so
// are namespaces to rules that look at one at a time; so it matters to nobody in
// what order it is done.
func (a *Auditor) share(todo []*work, c *kube.Cluster, ch *changes) {
	var next atomic.Int64
	var workers workgroup.Group
	for range min(runtime.GOMAXPROCS(0), len(todo)) {
		workers.Go(func() {
			p, watch := &Pass{Cluster: c, shared: a.shared, judged: a.judged}, a.meter.Stopwatch()
			for i := next.Add(1) - 1; i < int64(len(todo)); i = next.Add(1) - 1 {
				todo[i].do(p, ch, watch)
			}
		})
	}
	workers.Wait()
}
