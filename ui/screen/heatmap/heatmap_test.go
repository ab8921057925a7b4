package heatmap_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen/heatmap"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

func open(t *testing.T, address string, a *score.Assessment, width, height int) (*uitest.Robot, *heatmap.Screen, *screentest.Host) {
	t.Helper()
	parsed, err := nav.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	s := heatmap.New(parsed)
	robot, host := screentest.Show(t, s, a, width, height, style.Options{NoColor: true})
	return robot, s, host
}

// TestOpenACell opens the findings of what is under the cursor.
func TestOpenACell(t *testing.T) {
	t.Parallel()
	robot, _, host := open(t, "heatmap", screentest.Assess(screentest.Cluster(t)), 100, 30)
	robot.ExpectLine(">", "payments", "49.3 F", "66 ▓▓▓").ExpectSelected("payments")
	robot.Press("enter", "right").ExpectLine("payments", ">66").Press("right", "enter", "l", "tab", ">", ">", "down", "enter", "shift+tab", "<", "left", "G", "enter")
	want := []tea.Msg{
		nav.OpenMsg{Address: "ns/payments"},
		nav.OpenMsg{Address: "ns/payments?category=security-context"},
		nav.OpenMsg{Address: "ns/kube-system?category=autoscaling"},
		nav.OpenMsg{Address: "ns/vacant?category=disruption"},
	}
	if diff := cmp.Diff(want, host.Asked); diff != "" {
		t.Errorf("the screen asked for (-want +got):\n%s", diff)
	}
}

func TestSortByTheColumnOfTheCursor(t *testing.T) {
	t.Parallel()
	robot, _, _ := open(t, "heatmap", screentest.Assess(screentest.Cluster(t)), 100, 30)
	for _, tt := range []struct {
		keys  []string
		title string
		first string
	}{
		{nil, "SCORE↑", "payments"},
		{[]string{"right", "s"}, "RBAC↑", "(cluster)"},
		{[]string{"S"}, "RBAC↓", "checkout"},
		{[]string{"right", "s"}, "SECURITY↑", "payments"},
		{[]string{"right", "right", "s"}, "LIMITS↑", "kube-system"},
		{[]string{"tab", "tab", "tab", "s"}, "HPA↑", "(cluster)"}, // nothing is scored there
	} {
		robot.Press(tt.keys...).Press("g").Expect(tt.title).ExpectSelected(tt.first)
		if tt.keys == nil {
			robot.Press("j", "k", "right", "left")
		}
	}
}

// TestTheCursorStaysWithItsNamespace whatever the order, and what has no score is last.
func TestTheCursorStaysWithItsNamespace(t *testing.T) {
	t.Parallel()
	b := screentest.Cluster(t)
	robot, s, _ := open(t, "heatmap", screentest.Assess(b), 100, 30)
	robot.Press("j", "j", "j").ExpectSelected("checkout").Press("S").ExpectSelected("checkout")
	b.Delete(kube.Namespaces, "", "vacant")
	robot.Send(screentest.Assess(b)).ExpectSelected("checkout").Expect("Heat map (5)")
	robot.Press("G").ExpectSelected("payments")
	if err := s.Filter("score>90"); err != nil {
		t.Fatal(err)
	}
	robot.Resize(101, 30).Expect("Heat map (2 of 5) filtered by score>90").ExpectSelected("checkout")
	if s.Address().String() != "heatmap?filter=score%3E90" {
		t.Errorf("the address is %q", s.Address())
	}
	if err := s.Filter("colour=red"); err == nil || s.FilterText() != "score>90" {
		t.Errorf("an unknown column is taken: %v, %q", err, s.FilterText())
	}
	if err := s.Filter("ns:nothing-like-this"); err != nil {
		t.Fatal(err)
	}
	robot.Resize(100, 30).Expect("no namespace to show").Press("enter", "j", "G", "s", "right")
}

// TestNarrow shows the columns around the cursor where not all have room.
func TestNarrow(t *testing.T) {
	t.Parallel()
	a := screentest.Assess(screentest.Cluster(t))
	robot, _, _ := open(t, "heatmap", a, 60, 12)
	robot.Expect("RBAC", "SECURITY").ExpectNot("HPA").Press("right", "right", "right", "right", "right", "right")
	robot.Expect("HPA").ExpectNot("RBAC").ExpectSelected("payments").Press("right").Expect("HPA")
	robot.Press("g").Press("pgdown").ExpectSelected("vacant")
	for _, size := range [][2]int{{1, 1}, {2, 3}, {20, 3}, {33, 5}, {300, 80}} {
		robot.Resize(size[0], size[1]).Press("left", "j", "k", "right", "G", "g")
	}
	empty, _, _ := open(t, "heatmap?colour=red", screentest.Assess(screentest.Empty()), 120, 20)
	empty.Expect("not filtered: unknown column", "no namespace to show").Press("enter", "s", "G")
}
