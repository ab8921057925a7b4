package rbac_test

import (
	_ "embed"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/rbac"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

//go:embed testdata/access.yaml
var objects string

// cluster is the cluster that the tests explore.
func cluster(t *testing.T) *kube.Builder {
	t.Helper()
	b := screentest.Cluster(t)
	screentest.Add(t, b, objects)
	return b
}

// categories are a few rules about access, named one by one, so that a new rule
// changes no picture.
func categories() []audit.Category {
	kept := strings.Fields("cluster-admin-bound wildcard-verbs cluster-role-wildcard-bound binding-subject-missing role-ref-missing service-account-unused")
	var categories []audit.Category
	for _, c := range rules.All() {
		c.Rules = slices.DeleteFunc(slices.Clone(c.Rules), func(r *audit.Rule) bool { return !slices.Contains(kept, r.ID) })
		if len(c.Rules) > 0 {
			categories = append(categories, c)
		}
	}
	return categories
}

func assess(b *kube.Builder) *score.Assessment {
	return score.Assess(b.Build(screentest.Noon), categories())
}

// visit opens the screen at an address in a bubble of time, where nothing is under
// way any more when the robot looks.
func visit(t *testing.T, at string, a *score.Assessment, width, height int, o style.Options, story func(robot *uitest.Robot, s screen.Screen, host *screentest.Host)) {
	t.Helper()
	address, err := nav.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	if err := rbac.Check(address.Target); err != nil {
		t.Fatal(err)
	}
	screentest.Visit(t, func() screen.Screen { return rbac.Open(address, keymap.Default()) }, a, width, height, o, story)
}

func TestPictures(t *testing.T) {
	t.Parallel()
	a := assess(cluster(t))
	ascii := style.Options{NoColor: true, Tier: style.ASCII}
	screentest.Pictures(t, []screentest.Picture{
		{At: "rbac", Width: 60, Height: 12},
		{At: "rbac", Width: 80, Height: 21},
		{At: "rbac", Width: 140, Height: 37},
		{At: "rbac", Width: 200, Height: 47},
		{At: "rbac", Width: 80, Height: 21, Options: ascii},
		{At: "rbac/subject", Width: 80, Height: 21},
		{At: "rbac/subject", Width: 140, Height: 37},
		{At: "rbac/escalation", Width: 60, Height: 12},
		{At: "rbac/escalation", Width: 80, Height: 21},
		{At: "rbac/escalation", Width: 140, Height: 37},
		{At: "rbac/wildcards", Width: 80, Height: 21},
		{At: "rbac/wildcards", Width: 140, Height: 37},
		{At: "rbac/wildcards", Width: 80, Height: 21, Options: ascii},
		{At: "rbac/stale", Width: 80, Height: 21},
		{At: "rbac/stale", Width: 100, Height: 27},
		{At: "rbac/aggregated", Width: 80, Height: 21},
		{At: "rbac/aggregated", Width: 140, Height: 37},
		{At: "rbac/subject/group:operators", Width: 60, Height: 12},
		{At: "rbac/subject/group:operators", Width: 80, Height: 21},
		{At: "rbac/subject/group:operators", Width: 140, Height: 37},
		{At: "rbac/subject/sa:ci/runner", Width: 80, Height: 21, Options: ascii},
		{At: "rbac/aggregated/gathered", Width: 80, Height: 21},
	}, func(t *testing.T, p screentest.Picture, look func(*uitest.Robot)) {
		t.Helper()
		visit(t, p.At, a, p.Width, p.Height, p.Options, func(robot *uitest.Robot, _ screen.Screen, _ *screentest.Host) { look(robot) })
	})
}

func TestWhoCan(t *testing.T) {
	t.Parallel()
	visit(t, "rbac?ask=get+secrets+in+ci", assess(cluster(t)), 140, 40, style.Options{}, func(robot *uitest.Robot, s screen.Screen, host *screentest.Host) {
		robot.Expect("get secrets in ci", "Grants (3)", "3 subjects, 1 group among them, 2 ServiceAccounts through groups")
		robot.ExpectSelected("user:jane").Press("j").ExpectSelected("sa:ci/runner").ExpectLine("group:system:serviceacc", "everywhere", "robots-look", "gathered").ExpectNot("sa:payments/ledger")
		robot.Expect("From ServiceAccount ci/runner to cluster-admin", "1 step, cost 0, proven", "Everything in the cluster.", "What leads to it")
		robot.ExpectLine("*", "E", "all others").Expect("Beside RBAC", "group:system:serviceaccounts:ci is 2 ServiceAccounts: ci/cache, ci/runner.")
		if got := s.Address().String(); got != "rbac/who-can?ask=get+secrets+in+ci" {
			t.Errorf("the screen is at %s", got)
		}
		robot.Press("x").Expect("Grants (5)").ExpectLine("  sa:ci/cache", "robots-look").ExpectSelected("sa:ci/runner").Press("x").Expect("Grants (3)")
		robot.Press("enter", "P")
		want := []tea.Msg{nav.OpenMsg{Address: "rbac/subject/sa:ci/runner"}, nav.OpenMsg{Address: "paths/sa:ci/runner"}}
		if !slices.Equal(host.Asked, want) {
			t.Errorf("asked for %v, want %v", host.Asked, want)
		}
		robot.Press("y")
		if c, ok := host.Asked[2].(nav.CopyMsg); !ok || !strings.HasPrefix(c.Text, "ServiceAccount ci/runner: 1 step") {
			t.Errorf("copied %v", host.Asked[2])
		}
	})
}

func TestQuestions(t *testing.T) {
	t.Parallel()
	visit(t, "rbac", assess(cluster(t)), 100, 30, style.Options{}, func(robot *uitest.Robot, s screen.Screen, _ *screentest.Host) {
		ask := s.(screen.Asker)
		for text, want := range map[string]string{
			"delete": "say what is done to what", "delete secretz": `did you mean "secrets"`, "get pods/exce": `did you mean "exec"`,
			"get /metrics in ci": "is a path", "get secrets in": "there must be a namespace",
		} {
			if err := ask.Ask(text); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("asking %q gives %v, want %q", text, err, want)
			}
		}
		robot.Send(screentest.Nothing{}).ExpectLine("get secrets").Expect("Grants (4)")
		for text, want := range map[string][]string{
			"create sa/token -n ci": {"group:operators", "ci/operators"}, "get /healthz": {"jane", "jane-admin"}, "LIST nodes": {"jane"},
			"approve signers": {"sa:ci/runner"}, "get configmaps settings in ci": {"group:operators", "3: get,update"},
		} {
			if err := ask.Ask(text); err != nil {
				t.Errorf("asking %q gives %v", text, err)
			}
			robot.Send(screentest.Nothing{}).Expect(text).ExpectLine(want...)
		}
		if err := ask.Ask("frobnicate pods in payments"); err != nil {
			t.Error(err)
		}
		robot.Send(screentest.Nothing{}).Expect("no rule names the verb").ExpectLine("jane-admin")
		if err := ask.Ask(""); err != nil || ask.Question() != "" {
			t.Errorf("asking nothing gives %v and %q", err, ask.Question())
		}
		robot.Send(screentest.Nothing{}).ExpectLine("get secrets")
	})
	visit(t, "rbac?ask=get+nothing", assess(cluster(t)), 100, 30, style.Options{}, func(robot *uitest.Robot, _ screen.Screen, _ *screentest.Host) {
		robot.Expect(`there is no resource "nothing"`, "Grants (0)")
	})
}

func TestViews(t *testing.T) {
	t.Parallel()
	visit(t, "rbac", assess(cluster(t)), 140, 40, style.Options{}, func(robot *uitest.Robot, s screen.Screen, host *screentest.Host) {
		for _, want := range []string{"[2 subject]", "[3 escalation]", "[4 wildcards]", "[5 stale]", "[6 aggregated]", "[1 who-can]"} {
			robot.Press("tab").Expect(want)
		}
		robot.Press("shift+tab").Expect("[6 aggregated]").ExpectSelected("gathered").Expect("Rules of gathered", "from look", "from nothing that it chooses")
		robot.Press("4").ExpectSelected("C ✖").ExpectLine("This finding").Press("5").ExpectLine("left-over").Press("2").ExpectSelected("sa:ci/runner")
		if err := s.(screen.Filterer).Filter("cost<=1 subject:group"); err != nil {
			t.Error(err)
		}
		robot.Send(screentest.Nothing{}).Expect("filtered by cost<=1 subject:group", "Subjects (2 of 7)").ExpectSelected("group:operators").Expect("2 steps, cost")
		if got := s.Address().String(); got != "rbac/subject?filter=cost%3C%3D1+subject%3Agroup" {
			t.Errorf("the screen is at %s", got)
		}
		for filter, want := range map[string]string{"sa:ci": "Subjects (3 of 7)", "group:op": "Subjects (1 of 7)", "user=jane@example.com": "Subjects (1 of 7)", "!sa:ci !group:s": "Subjects (2 of 7)"} {
			if err := s.(screen.Filterer).Filter(filter); err != nil {
				t.Error(err)
			}
			robot.Send(screentest.Nothing{}).Expect(want)
		}
		if err := s.(screen.Filterer).Filter("cost<=1 subject:group"); err != nil {
			t.Error(err)
		}
		robot.Press("g", "3").ExpectNot("filtered by").Expect("These 2 changes close 4 of 4").Press("enter")
		robot.Press("2").Expect("filtered by cost<=1 subject:group").ExpectSelected("group:operators") // it outlives going away
		if len(host.Asked) != 1 || !strings.HasPrefix(host.Asked[0].(nav.OpenMsg).Address, "paths/") {
			t.Errorf("asked for %v, want paths", host.Asked)
		}
		robot.Press("x")
		if _, notice := host.Asked[1].(nav.NoticeMsg); !notice {
			t.Errorf("asked for %v, want a notice", host.Asked[1])
		}
	})
}

// TestTheCursorStaysWithItsObject while others come.
func TestTheCursorStaysWithItsObject(t *testing.T) {
	t.Parallel()
	b := cluster(t)
	visit(t, "rbac/subject", assess(b), 100, 30, style.Options{}, func(robot *uitest.Robot, _ screen.Screen, _ *screentest.Host) {
		robot.Press("j", "j", "j").ExpectSelected("group:operators")
		b.Delete(kube.ClusterRoleBindings, "", "jane-admin")
		robot.Send(assess(b)).ExpectSelected("group:operators").ExpectNot("jane")
		robot.Press("s", "S", "s").ExpectSelected("group:operators")
	})
}

func TestSubject(t *testing.T) {
	t.Parallel()
	b := cluster(t)
	visit(t, "rbac/subject/group:operators", assess(b), 140, 40, style.Options{}, func(robot *uitest.Robot, s screen.Screen, host *screentest.Host) {
		robot.Expect("Group operators, in system:authenticated.", "Grants (4)").ExpectSelected("ci").ExpectLine("get (void)", "nodes").ExpectLine("ci, only", "get,update", "configmaps").Expect("get,update configmaps; namespace ci, only settings")
		robot.ExpectLine("pods", "s", "s", "s").ExpectLine("configmaps", "n", "n").Press("P")
		if want := (nav.OpenMsg{Address: "paths/group:operators"}); len(host.Asked) != 1 || host.Asked[0] != want {
			t.Errorf("asked for %v, want %v", host.Asked, want)
		}
		if err := s.(screen.Filterer).Filter("what:pods"); err != nil {
			t.Error(err)
		}
		robot.Send(screentest.Nothing{}).Expect("Grants (1 of 4) filtered by what:pods")
		if got := s.Address().String(); got != "rbac/subject/group:operators?filter=what%3Apods" {
			t.Errorf("the screen is at %s", got)
		}
		b.Delete(kube.RoleBindings, "ci", "operators")
		robot.Send(assess(b)).Expect("No binding of the cluster grants it anything.", "No binding names it")
	})
	for at, want := range map[string]string{
		"rbac/subject/sa:ci/former":         "There is no such ServiceAccount: whoever creates it has what follows.",
		"rbac/subject/sa:ci":                "sa:NAMESPACE/NAME is",
		"rbac/subject/group:system:masters": "it may do everything, whatever the rules say",
		"rbac/aggregated/look":              "its rules are its own",
		"rbac/aggregated/moon":              "There is no ClusterRole moon",
	} {
		visit(t, at, assess(cluster(t)), 100, 30, style.Options{}, func(robot *uitest.Robot, _ screen.Screen, _ *screentest.Host) {
			robot.Expect(want).Press("j", "k", "y", "s", "enter")
		})
	}
}

func TestWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	b := cluster(t)
	for _, r := range []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings} {
		b.SetState(kube.State{Resource: r, Phase: kube.Forbidden, Verb: "list", Reason: "needs list on " + r.String()})
	}
	visit(t, "rbac", assess(b), 100, 30, style.Options{}, func(robot *uitest.Robot, _ screen.Screen, _ *screentest.Host) {
		robot.Expect("Not seen: clusterrolebindings.rbac.authorization.k8s.io (needs list on").Press("3").Expect("Not seen: clusterrolebindings").Press("5").Expect("Not seen: clusterrolebindings")
	})
	empty := screentest.Empty()
	for _, r := range []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings} {
		empty.SetState(kube.State{Resource: r, Phase: kube.Forbidden, Verb: "list", Reason: "jane may not list " + r.Plural})
	}
	visit(t, "rbac", assess(empty), 100, 30, style.Options{}, func(robot *uitest.Robot, _ screen.Screen, _ *screentest.Host) {
		robot.Expect("no binding could be read, so nothing is known of who can do what: jane may not list", "No binding that was read allows it.")
		robot.Press("2").Expect("no binding names anybody").Press("3").Expect("none of").Press("4").Expect("nothing was found").Press("6").Expect("no ClusterRole gathers").Press("enter", "P")
	})
	reading := screentest.Empty()
	for _, r := range kube.Resources() {
		reading.SetState(kube.State{Resource: r, Phase: kube.Waiting})
	}
	visit(t, "rbac", assess(reading), 100, 30, style.Options{}, func(robot *uitest.Robot, _ screen.Screen, _ *screentest.Host) {
		robot.Expect("Not read yet: clusterrolebindings", "No binding that was read allows it.").Press("5").Expect("nothing was found so far")
	})
	offline := kube.NewBuilder(kube.Info{Name: "files", Offline: true})
	screentest.Add(t, offline, objects)
	visit(t, "rbac", assess(offline), 100, 30, style.Options{}, func(robot *uitest.Robot, _ screen.Screen, _ *screentest.Host) {
		robot.Expect("Not seen: what the cluster has beside these files.").Press("6").Expect("Not seen: what the cluster has")
	})
	none := score.Assess(cluster(t).Build(screentest.Noon), nil)
	visit(t, "rbac/stale", none, 100, 30, style.Options{}, func(robot *uitest.Robot, _ screen.Screen, _ *screentest.Host) {
		robot.Expect("no rule about it is switched on")
	})
}

// TestNewsWait holds that a busy cluster is looked at no more than once a second, and
// that what the user asks for does not wait.
func TestNewsWait(t *testing.T) {
	t.Parallel()
	b := cluster(t)
	visit(t, "rbac?ask=delete+nodes", assess(b), 140, 40, style.Options{}, func(robot *uitest.Robot, s screen.Screen, _ *screentest.Host) {
		robot.Expect("Grants (2)")
		b.Delete(kube.ClusterRoleBindings, "", "jane-admin")
		robot.Patience = 900 * time.Millisecond
		robot.Send(assess(b)).Expect("Grants (2)").Send(screentest.Nothing{}).Expect("Grants (1)")
		b.Delete(kube.ClusterRoleBindings, "", "runner-admin")
		robot.Patience = time.Millisecond
		robot.Send(assess(b)).Expect("Grants (1)")
		if err := s.(screen.Asker).Ask("delete pods"); err != nil {
			t.Error(err)
		}
		robot.Send(screentest.Nothing{}).Expect("Grants (0)").Press("2").ExpectNot("jane").Press("1").Expect("Grants (0)")
	})
}

// TestEveryRuleOfAViewExists judges by all rules: each that a view names is one.
func TestEveryRuleOfAViewExists(t *testing.T) {
	t.Parallel()
	a := score.Assess(cluster(t).Build(screentest.Noon), rules.All())
	for at, ids := range map[string]string{
		"rbac/wildcards": "wildcard-verbs wildcard-resources-cluster wildcard-resources-namespace cluster-role-wildcard-bound role-wildcard-bound cluster-admin-bound",
		"rbac/stale":     "binding-subject-missing binding-without-subjects role-ref-missing service-account-missing service-account-unused role-unused cluster-role-unused",
	} {
		visit(t, at, a, 300, 40, style.Options{}, func(robot *uitest.Robot, _ screen.Screen, _ *screentest.Host) {
			robot.Expect("Rules: ").Expect(strings.Fields(ids)...)
		})
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	a := assess(cluster(t))
	for _, at := range []string{"rbac/who-can", "rbac/subject?filter=group", "rbac/aggregated/gathered", "rbac/subject/user:jane@example.com", "rbac/wildcards?filter=sev%3E%3Dhigh"} {
		visit(t, at, a, 80, 24, style.Options{}, func(_ *uitest.Robot, s screen.Screen, _ *screentest.Host) {
			if s.Address().String() != at {
				t.Errorf("the screen at %s is at %s", at, s.Address())
			}
		})
	}
	visit(t, "rbac/subject?filter=colour%3Dred", a, 80, 24, style.Options{}, func(robot *uitest.Robot, _ screen.Screen, _ *screentest.Host) {
		robot.Expect("Not filtered: unknown column")
	})
	if err := rbac.Check("moon"); err == nil || !strings.Contains(err.Error(), "only who-can, subject") {
		t.Errorf("a view that is not there gives %v", err)
	}
}

// TestEveryKey on every view, before anything is known and after.
func TestEveryKey(t *testing.T) {
	t.Parallel()
	keys := strings.Fields("down up pgdown pgup ctrl+d ctrl+u G g s S s w x y P enter tab j 3 j 1 6 5 2 4 shift+tab n p f")
	for _, a := range []*score.Assessment{assess(cluster(t)), assess(screentest.Empty())} {
		for _, at := range []string{"rbac", "rbac/subject/sa:ci/runner", "rbac/aggregated/gathered", "rbac/subject/x:y:z"} {
			visit(t, at, a, 80, 24, style.Options{}, func(robot *uitest.Robot, _ screen.Screen, _ *screentest.Host) {
				robot.Press(keys...)
				robot.Patience = 0
				robot.Press(keys...).Resize(60, 12).Press(keys...).Resize(200, 50).Press(keys...)
			})
		}
	}
}

// TestHostileText shows names that would take the terminal over. The robot refuses
// whatever is no style.
func TestHostileText(t *testing.T) {
	t.Parallel()
	b := cluster(t)
	evil := "evil\x1b[2J\x07\u202e/x\nname"
	err := b.Set(kube.ClusterRoleBindings, &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: evil}, RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "cluster-admin"},
		Subjects: []rbacv1.Subject{{Kind: "User", Name: evil}, {Kind: "Group", Name: evil}},
	})
	if err != nil {
		t.Fatal(err)
	}
	a := assess(b)
	for _, at := range []nav.Address{
		{Screen: "rbac"},
		{Screen: "rbac", Target: "subject"},
		{Screen: "rbac", Target: "escalation"},
		{Screen: "rbac", Target: "wildcards"},
		{Screen: "rbac", Target: "subject/user:" + evil},
		{Screen: "rbac", Target: "aggregated/" + evil},
	} {
		visit(t, at.String(), a, 140, 40, style.Options{}, func(robot *uitest.Robot, s screen.Screen, host *screentest.Host) {
			robot.Expect("evil␛[2J").Press("j", "j", "j", "enter", "P", "y")
			if parsed, err := nav.Parse(s.Address().String()); err != nil || parsed.Target != s.Address().Target {
				t.Errorf("the address %q is read as %q (%v)", s.Address(), parsed.Target, err)
			}
			for _, msg := range host.Asked {
				if c, ok := msg.(nav.CopyMsg); ok && strings.Contains(c.Text, "\x1b") {
					t.Errorf("%q would be copied", c.Text)
				}
			}
		})
	}
}
