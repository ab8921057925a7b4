package snapshots_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/snapshots"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// later is the cluster an hour later: a container is privileged, another one is not any
// more, a Deployment has another name, one is gone, and one has come.
func later(t *testing.T) *kube.Cluster {
	t.Helper()
	b := screentest.Cluster(t)
	before := b.Build(screentest.Noon)
	yes := true
	written := metav1.NewTime(screentest.Noon.Add(20 * time.Minute))
	index, _ := before.Deployments.Get("search", "index")
	index = index.DeepCopy()
	index.Spec.Template.Spec.Containers[0].SecurityContext = &corev1.SecurityContext{Privileged: &yes}
	index.ManagedFields = []metav1.ManagedFieldsEntry{{Manager: "helm\x1b[2J", Operation: "Update", APIVersion: "apps/v1", Time: &written}}
	gateway, _ := before.Deployments.Get("payments", "gateway")
	gateway = gateway.DeepCopy()
	gateway.Spec.Template.Spec.Containers[0].SecurityContext = nil
	cart, _ := before.Deployments.Get("checkout", "cart")
	cart = cart.DeepCopy()
	cart.Name = "basket"
	b.Delete(kube.Deployments, "checkout", "cart")
	come := screentest.Deployment("payments", "mailer")
	come.Spec.Template.Spec.Containers = []corev1.Container{{Name: "mailer", Image: "registry.example.com/mailer:1"}}
	for _, d := range []kube.Object{index, gateway, cart, come} {
		if err := b.Set(kube.Deployments, d); err != nil {
			t.Fatal(err)
		}
	}
	b.Delete(kube.StatefulSets, "payments", "ledger")
	return b.Build(screentest.Noon.Add(time.Hour))
}

func judge() screen.Judge {
	return func(c *kube.Cluster) (*score.Assessment, error) { return score.Assess(c, screentest.Categories()), nil }
}

// visit opens the screen on the cluster of an hour later, with a recording of the one
// before.
func visit(t *testing.T, at string, width, height int, o style.Options, story func(*uitest.Robot, *screentest.Host)) {
	t.Helper()
	store := &screentest.Snapshots{}
	store.Add("monday.seaworthy", screentest.Cluster(t).Build(screentest.Noon))
	address, err := nav.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	newest := score.Assess(later(t), screentest.Categories())
	open := func() *snapshots.Screen {
		return snapshots.New(address, store, judge, func() *score.Assessment { return nil }, nil)
	}
	screentest.Visit(t, open, newest, width, height, o, func(r *uitest.Robot, _ *snapshots.Screen, h *screentest.Host) { story(r, h) })
}

func TestSnapshots(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		width, height int
		options       style.Options
	}{
		"80x24":       {80, 24, style.Options{}},
		"140x40":      {140, 40, style.Options{}},
		"ascii-80x24": {80, 24, style.Options{NoColor: true, Tier: style.ASCII}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			visit(t, "snapshots/monday.seaworthy..now", tt.width, tt.height, tt.options, func(r *uitest.Robot, h *screentest.Host) {
				r.ExpectLine("A", "monday.seaworthy", "2026-01-01 12:00 UTC").ExpectLine("B", "now").ExpectSelected("new")
				r.Expect("object written by helm").ExpectNot("\x1b[2J").GoldenStyled("snapshots-" + name)
				r.Press("enter")
				if want := (nav.OpenMsg{Address: "finding/privileged-container/search/Deployment/index/index/spec.template.spec.containers%5B0%5D.securityContext.privileged"}); len(h.Asked) != 1 || h.Asked[0] != want {
					t.Errorf("asked for %v, want %v", h.Asked, want)
				}
				r.Press("t", "t").Expect("better").ExpectNot("+ new").Press("G").ExpectSelected("fixed").Press("enter")
				if _, notice := h.Asked[1].(nav.NoticeMsg); !notice {
					t.Errorf("asked for %v, want a notice that it is not found any more", h.Asked[1])
				}
				r.Press("t").ExpectLine("moved", "deploy/cart >").Press("t", "x")
				if _, save := h.Asked[2].(screen.SaveMsg); !save {
					t.Errorf("asked for %v, want to save", h.Asked[2])
				}
				r.Press("a").Expect("Which moment is A").ExpectSelected("monday.seaworthy").GoldenStyled("moments-" + name)
				r.Press("g", "j", "enter").Expect("the session has not seen the whole cluster yet")
			})
		})
	}
}

// TestProgress: a recording that takes long to read says how far it is, and one that is
// not wanted any more is not waited for.
func TestProgress(t *testing.T) {
	t.Parallel()
	store := &screentest.Snapshots{Gate: make(chan struct{})}
	store.Add("large.seaworthy", screentest.Cluster(t).Build(screentest.Noon))
	address := nav.Address{Screen: "snapshots", Target: "large.seaworthy"}
	newest := score.Assess(later(t), screentest.Categories())
	opened := func() *snapshots.Screen {
		store.Gate = make(chan struct{}) // of the bubble
		return snapshots.New(address, store, judge, func() *score.Assessment { return newest }, nil)
	}
	screentest.Visit(t, opened, newest, 100, 30, style.Options{}, func(r *uitest.Robot, s *snapshots.Screen, _ *screentest.Host) {
		r.WaitFor("reading large.seaworthy: 50 %", time.Second)
		close(store.Gate)
		r.WaitFor("privileged-container", time.Second)
		r.Press("a", "g", "j", "enter").Expect("nothing differs") // the start is now
		if got, want := s.Address().String(), "snapshots/start..now"; got != want {
			t.Errorf("the address is %s, want %s", got, want)
		}
	})
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"":                        "snapshots/start..now",
		"monday.seaworthy":        "snapshots/monday.seaworthy..now",
		"a..b":                    "snapshots/a..b",
		"../old/a..../b":          "snapshots/../old/a..../b",
		"x/../a..now":             "snapshots/x/../a..now",
		"start..monday.seaworthy": "snapshots/start..monday.seaworthy",
	} {
		address := nav.Address{Screen: "snapshots", Target: target, Query: map[string]string{"filter": "kind:new", "show": "worse"}}
		s := snapshots.New(address, nil, judge, nil, nil)
		if got := s.Address().String(); got != want+"?filter=kind%3Anew&show=worse" {
			t.Errorf("%q is at %s, want %s", target, got, want)
		}
		if err := snapshots.Check(target); err != nil {
			t.Errorf("%q: %v", target, err)
		}
	}
	if err := snapshots.Check(" ..now"); err == nil {
		t.Error("a moment without a name is taken")
	}
}
