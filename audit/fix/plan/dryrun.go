package plan

import (
	"context"
	"reflect"
	"slices"
	"sync/atomic"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/workgroup"
)

// Server is the server of a cluster, which can be asked about changes.
type Server interface {
	// Try asks what the server would say of a change, as a dry run, which stores
	// nothing. A verdict of [kube.Untried] says why there is no answer; the error is
	// that of a server that does not answer.
	Try(ctx context.Context, a kube.Attempt) (kube.Verdict, error)
}

// DryRun is a set of changes to ask a server about, which makes none of them. Each is
// judged alone: the server knows nothing of the others.
type DryRun struct {
	// Objects are what would be changed: of each its name, its action and what is
	// edited or new.
	Objects []Object

	from, to *kube.Cluster
}

// DryRun returns what to ask a server about objects of the plan.
func (p *Plan) DryRun(objects []*Object) *DryRun {
	d := &DryRun{from: p.Before.Cluster, to: p.After.Cluster}
	for _, o := range objects {
		d.Objects = append(d.Objects, Object{Ref: o.Ref, Action: o.Action, Edits: o.Edits, New: o.New})
	}
	return d
}

// DryRunOf returns what to ask a server about one fix of a view. Subject is the object
// that the finding is about. The error is that of [fix.Outcome], or of an object that
// cannot be kept.
func DryRunOf(c *kube.Cluster, subject kube.Ref, f audit.Fix) (*DryRun, error) {
	changes, err := fix.Outcome(c, subject, f)
	if err != nil {
		return nil, err
	}
	d := &DryRun{from: c}
	if d.to, err = c.With(changes...); err != nil {
		return nil, err
	}
	for _, e := range f.Edits {
		if e.Object.IsZero() {
			e.Object = subject
		}
		i := slices.IndexFunc(d.Objects, func(o Object) bool { return o.Ref == e.Object })
		if i < 0 {
			i = len(d.Objects)
			d.Objects = append(d.Objects, Object{Ref: e.Object, Action: Change})
		}
		d.Objects[i].Edits = append(d.Objects[i].Edits, e)
	}
	for _, n := range f.New {
		ref, _ := fix.RefOf(n) // the outcome has it
		d.Objects = append(d.Objects, Object{Ref: ref, Action: Create, New: n})
	}
	for _, ref := range f.Delete {
		d.Objects = append(d.Objects, Object{Ref: ref, Action: Delete})
	}
	return d, nil
}

// AskedAtOnce is how many changes a server is asked about at the same time. It answers
// each in some milliseconds; the webhooks behind it may take longer.
const AskedAtOnce = 4

// Ask asks a server about the objects from one index to before another one, and returns
// its verdicts in their order. The error is the first of a server that does not answer,
// or of a change that cannot be encoded.
func (d *DryRun) Ask(ctx context.Context, server Server, begin, end int) ([]kube.Verdict, error) {
	objects := d.Objects[begin:end]
	verdicts, failures := make([]kube.Verdict, len(objects)), make([]error, len(objects))
	var next atomic.Int64
	var workers workgroup.Group
	for range min(AskedAtOnce, len(objects)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(objects); i = int(next.Add(1)) - 1 {
				verdicts[i], failures[i] = d.ask(ctx, server, &objects[i])
			}
		})
	}
	workers.Wait()
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	return verdicts, nil
}

func (d *DryRun) ask(ctx context.Context, server Server, o *Object) (kube.Verdict, error) {
	a, why, err := attempt(d.from, d.to, o)
	if err != nil || why != "" {
		return kube.Verdict{Why: why}, err
	}
	return server.Try(ctx, a)
}

// SameChange reports whether two objects are one, changed in the same way.
func SameChange(a, b *Object) bool {
	return a.Ref == b.Ref && a.Action == b.Action && reflect.DeepEqual(a.Edits, b.Edits) && reflect.DeepEqual(a.New, b.New)
}
