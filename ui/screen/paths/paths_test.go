package paths_test

import (
	_ "embed"
	"slices"
	"strings"
	"testing"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen/paths"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

//go:embed testdata/access.yaml
var objects string

func cluster(t *testing.T) *kube.Builder {
	t.Helper()
	b := screentest.Cluster(t)
	screentest.Add(t, b, objects)
	return b
}

func assess(b *kube.Builder) *score.Assessment { return score.Assess(b.Build(screentest.Noon), nil) }

// visit opens the screen at an address in a bubble of time, where nothing is under
// way any more when the robot looks.
func visit(t *testing.T, at string, a *score.Assessment, width, height int, o style.Options, story func(robot *uitest.Robot, s *paths.Screen, host *screentest.Host)) {
	t.Helper()
	address, err := nav.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	screentest.Visit(t, func() *paths.Screen { return paths.New(address) }, a, width, height, o, story)
}

func TestPictures(t *testing.T) {
	t.Parallel()
	a := assess(cluster(t))
	ascii := style.Options{NoColor: true, Tier: style.ASCII}
	screentest.Pictures(t, []screentest.Picture{
		{At: "paths/group:operators", Width: 60, Height: 12},
		{At: "paths/group:operators", Width: 80, Height: 21},
		{At: "paths/group:operators", Width: 140, Height: 37},
		{At: "paths/group:operators", Width: 200, Height: 47},
		{At: "paths/group:operators", Width: 80, Height: 21, Options: ascii},
		{At: "paths/ns:payments", Width: 100, Height: 27},
		{At: "paths", Width: 140, Height: 37},
		{At: "paths/sa:ci/idle", Width: 80, Height: 21},
	}, func(t *testing.T, p screentest.Picture, look func(*uitest.Robot)) {
		t.Helper()
		visit(t, p.At, a, p.Width, p.Height, p.Options, func(robot *uitest.Robot, _ *paths.Screen, _ *screentest.Host) { look(robot) })
	})
}

// TestStarts opens the paths from everything that they can be asked from.
func TestStarts(t *testing.T) {
	t.Parallel()
	a := assess(cluster(t))
	for at, want := range map[string]string{
		"paths/group:operators":                 "Group operators reaches cluster-admin.",
		"paths/operators":                       "User operators is in no binding",
		"paths/sa:ci/runner":                    "ServiceAccount ci/runner reaches cluster-admin.",
		"paths/sa:ci/idle":                      "No way was found from ServiceAccount ci/idle to cluster-admin.",
		"paths/sa:ci/nobody":                    "ServiceAccount ci/nobody is in no binding, and there is no such ServiceAccount",
		"paths/deployment:ci/runner":            "Deployment ci/runner reaches cluster-admin.",
		"paths/pod:payments/gateway-7d9f-a":     "to cluster-admin",
		"paths/deployment:ci/gone":              "There is no Deployment ci/gone, or it cannot be seen.",
		"paths/ns:ci":                           "starts of Namespace ci reach cluster-admin.",
		"paths/ns:vacant":                       "Nothing in the namespace vacant could be taken over",
		"paths/ns:moon":                         "There is no namespace moon, or it cannot be seen.",
		"paths/rolebinding:ci/operators":        "Group operators reaches cluster-admin.",
		"paths/role:ci/operate":                 "Group operators reaches cluster-admin.",
		"paths/role:ci/unbound":                 "Nobody has Role ci/unbound: no binding gives it to anybody.",
		"paths/clusterrole:cluster-admin":       "2 of 2 starts of ClusterRole cluster-admin reach cluster-admin.",
		"paths/service:payments/pay":            "No path begins at Service payments/pay: it runs nothing, and nobody acts as it.",
		"paths/node:node-1":                     "A worker node reaches cluster-admin.",
		"paths/entry:any%20pod":                 "from any pod to cluster-admin",
		"paths/entry:moonlight":                 "Nothing comes in by \"moonlight\" any more.",
		"paths/group:operators?to=secrets:moon": "there is no namespace \"moon\"",
		"paths/group:operators?to=moon":         "is no target",
		"paths/sa:ci":                           "sa:ci is no ServiceAccount",
		"paths":                                 "starts reach cluster-admin.",
		"paths?to=secrets:ci":                   "starts reach secrets:ci.",
	} {
		visit(t, at, a, 140, 40, style.Options{}, func(robot *uitest.Robot, s *paths.Screen, _ *screentest.Host) {
			robot.Expect(want)
			parsed, err := nav.Parse(at)
			if err != nil {
				t.Fatal(err)
			}
			if s.Address().String() != parsed.String() {
				t.Errorf("the screen at %s is at %s", parsed, s.Address())
			}
		})
	}
}

func TestStory(t *testing.T) {
	t.Parallel()
	b := cluster(t)
	visit(t, "paths/group:operators", assess(b), 140, 40, style.Options{}, func(robot *uitest.Robot, s *paths.Screen, host *screentest.Host) {
		robot.Expect("Group operators: 2 steps, cost 1, proven").ExpectLine(" 1.", "may request a token of ServiceAccounts of ci").ExpectLine(" 2.", "ServiceAccount ci/runner may do everything")
		robot.Expect("What falls with it", "Everything in the cluster.", "What would close it", "1 of 1 closed", "What this does not know", "Beside RBAC")
		robot.Press("y")
		text := host.Asked[0].(nav.CopyMsg).Text
		for _, want := range []string{"Group operators reaches cluster-admin.\n", "  1. Group operators may request a token", "[cost 1, proven, TOKEN_REQUEST]\n", "     (ServiceAccount ci/runner is a part of", "What would close it:\n  1. 1 of 1 closed: "} {
			if !strings.Contains(text, want) {
				t.Errorf("what is copied lacks %q:\n%s", want, text)
			}
		}
		robot.Press("tab").Expect("To node", "Group operators reaches node.").Press("tab").Expect("To cluster-admin")
		b.Delete(kube.ClusterRoleBindings, "", "runner-admin")
		robot.Send(assess(b)).Expect("No way was found from Group operators to cluster-admin.").ExpectNot("What would close it")
		b.Delete(kube.RoleBindings, "ci", "operators")
		robot.Send(assess(b)).Expect("Group operators is in no binding").Press("y", "P", "j", "G", "g", "enter")
	})
}

func TestWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	b := cluster(t)
	b.SetState(kube.State{Resource: kube.Secrets, Phase: kube.Forbidden, Verb: "list", Reason: "jane may not list secrets"})
	visit(t, "paths/sa:ci/idle", assess(b), 100, 30, style.Options{}, func(robot *uitest.Robot, _ *paths.Screen, _ *screentest.Host) {
		robot.Expect("No way was found from ServiceAccount ci/idle", "Not seen: secrets (jane may not list secrets)")
	})
	none := screentest.Empty()
	for _, r := range []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings} {
		none.SetState(kube.State{Resource: r, Phase: kube.Forbidden, Verb: "list", Reason: "jane may not list " + r.Plural})
	}
	visit(t, "paths", assess(none), 100, 30, style.Options{}, func(robot *uitest.Robot, _ *paths.Screen, _ *screentest.Host) {
		robot.Expect("no binding could be read, so nothing is known of who can do what", "clusterrolebindings")
	})
	offline := kube.NewBuilder(kube.Info{Name: "files", Offline: true})
	screentest.Add(t, offline, objects)
	visit(t, "paths/ns:ci", assess(offline), 100, 60, style.Options{}, func(robot *uitest.Robot, _ *paths.Screen, _ *screentest.Host) {
		robot.Expect("Not seen: what the cluster has beside these files.")
	})
	reading := cluster(t)
	reading.SetState(kube.State{Resource: kube.ServiceAccounts, Phase: kube.Syncing})
	visit(t, "paths/ns:ci", assess(reading), 100, 60, style.Options{}, func(robot *uitest.Robot, _ *paths.Screen, _ *screentest.Host) {
		robot.Expect("Not read yet: serviceaccounts.")
	})
}

// TestNewsWait holds that a busy cluster is searched no more than once a second, and
// that what the user asks for does not wait.
func TestNewsWait(t *testing.T) {
	t.Parallel()
	b := cluster(t)
	visit(t, "paths/group:operators", assess(b), 140, 40, style.Options{}, func(robot *uitest.Robot, _ *paths.Screen, _ *screentest.Host) {
		b.Delete(kube.ClusterRoleBindings, "", "runner-admin")
		robot.Patience = 900 * time.Millisecond
		robot.Send(assess(b)).Expect("Group operators reaches cluster-admin.")
		robot.Send(screentest.Nothing{}).Expect("No way was found")
		robot.Patience = time.Millisecond
		robot.Press("tab").Expect("No way was found from Group operators to node.")
	})
}

func TestEveryKey(t *testing.T) {
	t.Parallel()
	keys := strings.Fields("down up pgdown pgup ctrl+d ctrl+u G g s S w x y P enter tab j shift+tab n p f")
	for _, a := range []*score.Assessment{assess(cluster(t)), assess(screentest.Empty())} {
		for _, at := range []string{"paths", "paths/sa:ci/runner", "paths/x:y:z", "paths/sa:x"} {
			visit(t, at, a, 80, 24, style.Options{}, func(robot *uitest.Robot, s *paths.Screen, _ *screentest.Host) {
				robot.Press(keys...)
				robot.Patience = 0
				robot.Press(keys...).Resize(60, 12).Press(keys...).Resize(200, 50).Press(keys...)
				if len(s.Hints()) == 0 || slices.Contains(s.Hints(), "") {
					t.Errorf("the hints are %v", s.Hints())
				}
			})
		}
	}
}

// TestHostileText shows a name that would take the terminal over. The robot refuses
// whatever is no style.
func TestHostileText(t *testing.T) {
	t.Parallel()
	b := cluster(t)
	evil := "evil\x1b[2J\x07\u202e/x\nname"
	err := b.Set(kube.ClusterRoleBindings, &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: evil}, RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "cluster-admin"}, Subjects: []rbacv1.Subject{{Kind: "User", Name: evil}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"user:" + evil, "sa:x/" + evil, "entry:" + evil, "clusterrolebinding:" + evil, ""} {
		visit(t, nav.Address{Screen: "paths", Target: target}.String(), assess(b), 140, 40, style.Options{}, func(robot *uitest.Robot, _ *paths.Screen, host *screentest.Host) {
			robot.Expect("evil").Press("y", "j")
			if c, ok := host.Asked[0].(nav.CopyMsg); ok && (strings.Contains(c.Text, "\x1b") || !strings.Contains(c.Text, "evil")) {
				t.Errorf("%q would be copied", c.Text)
			}
		})
	}
}
