package plan_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// server answers by the name of what would be changed, and counts whom it serves at once.
type server struct {
	serving, most atomic.Int32
	err           error
}

func (s *server) Try(_ context.Context, a kube.Attempt) (kube.Verdict, error) {
	n := s.serving.Add(1)
	defer s.serving.Add(-1)
	for most := s.most.Load(); n > most && !s.most.CompareAndSwap(most, n); most = s.most.Load() {
	}
	return kube.Verdict{Outcome: kube.Refused, By: string(a.Verb), Why: a.Name}, s.err
}

// TestDryRunOfOneFix asks about each object that a fix changes, in the order in which it
// does.
func TestDryRunOfOneFix(t *testing.T) {
	t.Parallel()
	alone, _, _ := strings.Cut(web, "---")
	c := view(t, alone+"---\napiVersion: v1\nkind: Service\nmetadata: {name: door, namespace: shop}\nspec: {}\n")
	subject := kube.Deployments.Ref("shop", "web")
	f := audit.Fix{
		Edits: []audit.Edit{
			{Path: "spec.replicas", Value: int64(3)},
			{Object: subject, Path: "metadata.labels", Value: map[string]any{"a": "b"}},
			{Object: kube.Services.Ref("shop", "door"), Path: "metadata.labels", Value: map[string]any{"a": "b"}},
		},
		New: []audit.Object{{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": map[string]any{"name": "clerk", "namespace": "shop"}}},
	}
	d, err := plan.DryRunOf(c, subject, f)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range d.Objects {
		got = append(got, fmt.Sprintf("%s %s, %d edits", o.Action, o.Ref, len(o.Edits)))
	}
	want := []string{"change Deployment shop/web, 2 edits", "change Service shop/door, 1 edits", "create ServiceAccount shop/clerk, 0 edits"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	verdicts, err := d.Ask(t.Context(), &server{}, 1, 3)
	if diff := cmp.Diff([]kube.Verdict{
		{Outcome: kube.Refused, By: "patch", Why: "door"}, {Outcome: kube.Refused, By: "create", Why: "clerk"},
	}, verdicts); diff != "" || err != nil {
		t.Errorf("error %v, verdicts (-want +got):\n%s", err, diff)
	}
	down := errors.New("nobody answers")
	if _, err := d.Ask(t.Context(), &server{err: down}, 0, 3); !errors.Is(err, down) {
		t.Errorf("of a server that does not answer comes %v", err)
	}
	if d, err = plan.DryRunOf(c, subject, audit.Fix{Delete: []kube.Ref{subject}}); err != nil || d.Objects[0].Action != plan.Delete {
		t.Errorf("a deletion is %+v with error %v", d, err)
	}
	if _, err := plan.DryRunOf(c, kube.Deployments.Ref("shop", "gone"), f); err == nil {
		t.Error("what is not there can be asked about")
	}
}

// TestAServerIsNotSwamped asks about many objects a few at a time, and has nothing to ask
// about what no server changes.
func TestAServerIsNotSwamped(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	alone, _, _ := strings.Cut(web, "---")
	for i := range 40 {
		fmt.Fprintf(&text, "%s\n---\n", strings.Replace(alone, "{name: web, namespace", fmt.Sprintf("{name: web-%02d, namespace", i), 1))
	}
	p := makePlan(t, text.String(), plan.Options{Hold: takeAll}, wish{"a", audit.High, unlabelled("a", "1"), label("a", "1")})
	objects := make([]*plan.Object, len(p.Objects))
	for i := range p.Objects {
		objects[i] = &p.Objects[i]
	}
	d := p.DryRun(objects)
	d.Objects[3].Edits = append(d.Objects[3].Edits, audit.Edit{Path: "spec.selector"})
	s := &server{}
	verdicts, err := d.Ask(t.Context(), s, 0, len(d.Objects))
	if err != nil || len(verdicts) != 40 {
		t.Fatalf("%d verdicts with error %v", len(verdicts), err)
	}
	for i, v := range verdicts {
		if want := fmt.Sprintf("refused by patch: web-%02d", i); v.String() != want && i != 3 {
			t.Errorf("of %d: %s", i, v)
		}
		if same := plan.SameChange(&d.Objects[i], objects[i]); same != (i != 3) {
			t.Errorf("%d is the same change: %t", i, same)
		}
	}
	if got := verdicts[3].String(); got != "untried: no server changes spec.selector of what is there" {
		t.Errorf("of what no server changes: %s", got)
	}
	if most := s.most.Load(); most < 1 || most > plan.AskedAtOnce {
		t.Errorf("the server is asked about %d changes at once", most)
	}
}
