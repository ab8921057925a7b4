package findings_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/findings"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// large is a cluster with more findings than are sorted at once.
func large(t *testing.T) *kube.Builder {
	t.Helper()
	b := screentest.Cluster(t)
	for i := range 240 {
		o := screentest.Deployment(fmt.Sprintf("team-%d", i%6), fmt.Sprintf("service-%03d", i))
		o.Spec.Template.Spec.Containers = []corev1.Container{{Name: "main", Image: "registry.example.com/service"}}
		if err := b.Set(kube.Deployments, o); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// count is how many findings there are.
func count(a *score.Assessment) int {
	sum := 0
	for _, n := range a.Namespaces {
		sum += len(n.Findings)
	}
	return sum
}

// after assesses a cluster in which only one namespace has changed: the others are
// the same as before.
func after(before *score.Assessment, b *kube.Builder, changed string) *score.Assessment {
	a := *screentest.Assess(b)
	for i, n := range a.Namespaces {
		for _, old := range before.Namespaces {
			if n.Name == old.Name && n.Name != changed {
				a.Namespaces[i] = old
			}
		}
	}
	return &a
}

// inBubble opens the findings of an assessment in a bubble of time, where nothing
// is under way any more when the robot looks.
func inBubble(t *testing.T, a *score.Assessment, story func(t *testing.T, robot *uitest.Robot, s *findings.Screen)) {
	t.Helper()
	if count(a) <= screen.Few {
		t.Fatalf("%d findings are sorted at once, the test needs more", count(a))
	}
	synctest.Test(t, func(t *testing.T) {
		s := findings.New(nav.Address{Screen: "findings"}, screen.NewMarks())
		robot, host := screentest.Show(t, s, a, 160, 60, style.Options{})
		defer host.Close()
		story(t, robot, s)
	})
}

func TestManyFindings(t *testing.T) {
	t.Parallel()
	b := large(t)
	a := screentest.Assess(b)
	inBubble(t, a, func(t *testing.T, robot *uitest.Robot, s *findings.Screen) {
		t.Helper()
		all := fmt.Sprintf("Findings (%d)", count(a))
		robot.Expect(all).ExpectSelected("C ✖").Press("j", "j").ExpectSelected("clusterrolebinding/jane-adm")
		robot.Press("S").Expect("SEV↑").ExpectSelected("clusterrolebinding/jane-adm").Press("s").Expect("POINTS↓").ExpectSelected("jane-adm")
		for _, text := range []string{"service-1", "service-11", "service-113", "service-11", "team-1|jane", ""} {
			if err := s.Filter(text); err != nil {
				t.Fatal(err)
			}
			robot.Send(screentest.Nothing{}).Expect("Findings (")
			if text == "service-113" {
				robot.Expect("filtered by service-113").ExpectLine("deploy/service-113").ExpectNot("service-111")
			}
		}
		robot.Expect(all)
		b.Delete(kube.Deployments, "team-0", "service-000")
		robot.Press("g", "pgdown")
		at := cursor(t, robot)
		robot.Send(screentest.Assess(b)).ExpectSelected(at).ExpectNot(all)
	})
}

// cursor returns the text of the selected row, without its points: what others
// cost changes them.
func cursor(t *testing.T, robot *uitest.Robot) string {
	t.Helper()
	for _, line := range robot.Lines() {
		if before, row, found := strings.Cut(line, ">"); found && strings.Trim(before, " ┃") == "" {
			return string([]rune(row)[16:60])
		}
	}
	t.Fatal("no row is selected")
	return ""
}

// TestKeysWhileItIsSorted: what is pressed before the answer is there counts, for
// the rows that are seen and for the work.
func TestKeysWhileItIsSorted(t *testing.T) {
	t.Parallel()
	inBubble(t, screentest.Assess(large(t)), func(t *testing.T, robot *uitest.Robot, s *findings.Screen) {
		t.Helper()
		robot.Patience = 0 // the answers come later
		robot.Press("s", "j", "j", "S", "j", "s", "s")
		if err := s.Filter("service-1"); err != nil {
			t.Fatal(err)
		}
		if err := s.Filter("service-11"); err != nil {
			t.Fatal(err)
		}
		robot.Patience = time.Second
		robot.Send(screentest.Nothing{}).Expect("OBJECT↑", "filtered by service-11").ExpectNot("service-100", "filtering")
	})
}

// TestTheListIsTheSameHoweverItCame goes through random changes of the cluster,
// the filter and the order, and compares with a screen that is opened afresh.
func TestTheListIsTheSameHoweverItCame(t *testing.T) {
	t.Parallel()
	const seed = 7
	random := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // a test that can be repeated
	b := large(t)
	filters := []string{"", "s", "se", "service-1", "service-12", "sev>=medium", "sev>=medium team-3", "!team-1", "points>0.01", "team-2|team-4"}
	a := screentest.Assess(b)
	inBubble(t, a, func(t *testing.T, robot *uitest.Robot, s *findings.Screen) {
		t.Helper()
		text := ""
		for range 60 {
			switch random.IntN(5) {
			case 0:
				robot.Press("s")
			case 1:
				robot.Press("S")
			case 2:
				i := random.IntN(240)
				namespace := fmt.Sprintf("team-%d", i%6)
				b.Delete(kube.Deployments, namespace, fmt.Sprintf("service-%03d", i))
				a = after(a, b, namespace)
				robot.Send(a)
			default:
				text = filters[random.IntN(len(filters))]
				if err := s.Filter(text); err != nil {
					t.Fatal(err)
				}
			}
			robot.Send(screentest.Nothing{}).Press("g")
			fresh := findings.New(nav.Address{Screen: "findings", Query: map[string]string{"filter": text}}, screen.NewMarks())
			other, host := screentest.Show(t, fresh, a, 160, 60, style.Options{})
			for range 7 * 2 {
				if sign(other) == sign(robot) {
					break
				}
				if strings.TrimRight(sign(other), "↑↓") == strings.TrimRight(sign(robot), "↑↓") {
					other.Press("S")
				} else {
					other.Press("s")
				}
			}
			other.Press("g")
			host.Close()
			if robot.Screen() != other.Screen() {
				t.Fatalf("with the filter %q by %s the screen is\n%s\nafresh it is\n%s", text, sign(robot), robot.Screen(), other.Screen())
			}
		}
	})
}

// sign returns the title of the column that it is sorted by, with its sign.
func sign(robot *uitest.Robot) string {
	for field := range strings.FieldsSeq(robot.Screen()) {
		if strings.HasSuffix(field, "↑") || strings.HasSuffix(field, "↓") {
			return field
		}
	}
	return ""
}
