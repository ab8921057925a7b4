package audit

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// work is what can be judged without waiting for anything else: a rule that judges
// alone, or a group in one namespace.
type work struct {
	alone     *alone
	group     *group
	namespace string

	space     *space              // of the group, nil where nothing was judged
	revisions map[string]revision // by namespace: those that changed
}

// do judges. All that it touches beside the work is locked, or is the pass's own.
func (w *work) do(p *Pass, ch *changes, watch Stopwatch) {
	if w.alone != nil {
		w.revisions = w.alone.judge(p, watch)
		return
	}
	space, rev, changed := w.group.judge(p, ch, w.namespace, watch)
	w.space = space
	if changed {
		w.revisions = map[string]revision{w.namespace: rev}
	}
}

// settle keeps what was said, and adds how it changed.
func (w *work) settle(revisions map[string][]revision) {
	if w.space != nil {
		w.group.spaces[w.namespace] = w.space
	}
	for namespace, rev := range w.revisions {
		revisions[namespace] = append(revisions[namespace], rev)
	}
}

// share has all work done on every core. Rules are independent of each other, and so
// are namespaces to rules that look at one at a time; so it matters to nobody in
// what order it is done.
func (a *Auditor) share(todo []*work, c *kube.Cluster, ch *changes) {
	var next atomic.Int64
	var workers sync.WaitGroup
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
