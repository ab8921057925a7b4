package workload_test

import (
	_ "embed"
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/workload"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

//go:embed testdata/shop.yaml
var shop string

// sizes are the terminals that the screen is looked at in.
func sizes() [][2]int {
	return [][2]int{{80, 24}, {100, 30}, {140, 40}, {200, 50}, {300, 80}}
}

// cluster is a workload of which everything is known.
func cluster(t *testing.T) *kube.Builder {
	t.Helper()
	b := screentest.Cluster(t)
	screentest.Add(t, b, shop)
	cpu, memory := resource.MustParse("250m"), resource.MustParse("300Mi")
	figures := []kube.Figures{{Container: "api", Samples: 3000, Pods: 3, Window: metav1.Duration{Duration: 48 * time.Hour}, CPU: &cpu, Memory: &memory}}
	if err := b.Set(kube.Measurements, kube.NewMeasurement(kube.ByPrometheus, kube.Deployments.Ref("shop", "api"), figures)); err != nil {
		t.Fatal(err)
	}
	use(t, b, 1, screentest.Noon.Add(-time.Minute))
	return b
}

// use has the metrics API say what the pods use, so many times what they did at first.
func use(t *testing.T, b *kube.Builder, times int64, at time.Time) {
	t.Helper()
	for i, pod := range []string{"api-6c9f-a", "api-6c9f-b"} {
		usage := &kube.Usage{
			Namespace: "shop", Name: pod, Time: at, Window: time.Minute,
			Containers: map[string]corev1.ResourceList{"api": {
				corev1.ResourceCPU:    *resource.NewMilliQuantity(times*int64(100+100*i), resource.DecimalSI),
				corev1.ResourceMemory: *resource.NewQuantity(int64(200+40*i)<<20, resource.BinarySI),
			}},
		}
		if err := b.Set(kube.PodMetrics, usage); err != nil {
			t.Fatal(err)
		}
	}
}

func open(t *testing.T, b *kube.Builder, address string, width, height int) (*uitest.Robot, *workload.Screen, *screentest.Host) {
	t.Helper()
	a, err := nav.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	s := workload.New(a, screen.NewMarks())
	robot, host := screentest.Show(t, s, screentest.Assess(b), width, height, style.Options{})
	return robot, s, host
}

const api = "workload/Deployment/shop/api"

func TestPictures(t *testing.T) {
	t.Parallel()
	for _, size := range sizes() {
		robot, _, _ := open(t, cluster(t), api, size[0], size[1])
		robot.Golden(fmt.Sprintf("api-%dx%d", size[0], size[1]))
	}
	for _, pane := range []string{"pods", "containers", "network", "identity"} {
		robot, _, _ := open(t, cluster(t), api+"?show="+pane, 80, 24)
		robot.Golden("api-" + pane + "-80x24")
	}
}

func TestEverythingIsTold(t *testing.T) {
	t.Parallel()
	robot, _, _ := open(t, cluster(t), api, 300, 80)
	robot.Expect("Deployment shop/api", "1 of 3; 2 pods on 2 nodes", "registry.example.com/api:1.42", "HPA api keeps 2 to 10, now 2", "budget api keeps 1, 0 disruptions allowed now",
		"belongs to Helm release api")
	robot.ExpectLine("cpu", "30 % of its limit", "150m a pod, at most 200m", "request 100m, limit 500m")
	robot.ExpectLine("memory", "43 % of its limit", "220Mi", "limit 512Mi").Expect("cpu under 250m 95 % of the time, memory up to 300Mi", "by 3,000 sample", "pods over 48 h by Prometheus")
	robot.Expect("8080/TCP http", "GET :http/live every 10 s, fails after 3", "no probe", "runs as user 1000", "drops all capabilities", "adds NET_BIND_SERVICE", "may gain privileges")
	robot.Expect("web  80/TCP to 8080", "1 of 2 endpoints ready", "https://shop.example.com/api to web", "only what policies let pass", "NetworkPolicy shop/web", "no policy: open to everywhere")
	robot.Expect("ServiceAccount robot", "mounted into every container", "role/reads  by rolebinding/robot-reads, in shop", "get,list configmaps", "there is no such role")
	robot.ExpectLine("api-6c9f-b", "CrashLoopBackOff", "0/1", "7", "3h", "node-2").ExpectLine("api-6c9f-a", "Running", "1/1", "0", "2d", "node-1")
}

// TestPanesHaveTheFocusInTurn goes through the panes and acts in each.
func TestPanesHaveTheFocusInTurn(t *testing.T) {
	t.Parallel()
	robot, s, host := open(t, cluster(t), api, 80, 24)
	robot.Expect("[Findings (").Press("enter").Press("tab").Expect("[Pods (2)]").ExpectSelected("CrashLoopBackOff")
	if ref, ok := s.Object(); !ok || ref != kube.Pods.Ref("shop", "api-6c9f-b") {
		t.Errorf("with a pod under the cursor the object is %v", ref)
	}
	robot.Press("s", "s").Expect("RESTARTS↓").ExpectSelected("api-6c9f-b")
	robot.Press("tab").Expect("[Containers]", "registry.example.com").Press("tab").Expect("[Network]", "web  80/TCP").Press("tab").Expect("[Identity]")
	if ref, ok := s.Object(); !ok || ref != kube.Deployments.Ref("shop", "api") {
		t.Errorf("the object is %v", ref)
	}
	robot.Press("enter", "P", "y", "tab", "P", "y", "shift+tab")
	want := []string{
		"finding/", "rbac/subject/sa:shop/robot", "paths/sa:shop/robot", "ServiceAccount robot", "paths/deployment:shop/api", "registry.example.com/api:1.42",
	}
	if len(host.Asked) != len(want) {
		t.Fatalf("the screen asked for %d things, want %d: %v", len(host.Asked), len(want), host.Asked)
	}
	for i, msg := range host.Asked {
		text := ""
		switch msg := msg.(type) {
		case nav.OpenMsg:
			text = msg.Address
		case nav.CopyMsg:
			text = msg.Text
		}
		if !strings.Contains(text, want[i]) {
			t.Errorf("message %d is %q, want it to have %q", i, text, want[i])
		}
	}
	if got := s.Address().String(); got != api+"?show=identity" {
		t.Errorf("the address is %q", got)
	}
}

// TestTheTrendIsThatOfTheSession: what came while the screen was open is drawn, and
// nothing before it.
func TestTheTrendIsThatOfTheSession(t *testing.T) {
	t.Parallel()
	b := cluster(t)
	robot, _, _ := open(t, b, api, 140, 40)
	robot.ExpectNot("▁")
	for i := int64(2); i < 5; i++ {
		use(t, b, i, screentest.Noon.Add(time.Duration(i)*time.Minute))
		robot.Send(screentest.Assess(b))
	}
	robot.Expect("▁", "▆", "120 % of its limit")
	robot.Send(screentest.Assess(b)).Expect("▁") // the same samples again are no new ones
}

func TestMarks(t *testing.T) {
	t.Parallel()
	marks := screen.NewMarks()
	s := workload.New(nav.Address{Screen: "workload", Target: "Deployment/payments/gateway"}, marks)
	robot, _ := screentest.Show(t, s, screentest.Assess(screentest.Cluster(t)), 100, 30, style.Options{})
	robot.ExpectSelected("C ✖").Press("space").ExpectLine("* C ✖").Press("A")
	if marks.Len() != 14 {
		t.Errorf("%d findings are marked, want 14", marks.Len())
	}
	if got := s.Scope(); got != "payments" {
		t.Errorf("the scope is %q", got)
	}
}

func TestAWorkloadThatGoesAndComes(t *testing.T) {
	t.Parallel()
	b := screentest.Cluster(t)
	robot, s, host := open(t, b, "workload/deploy/gateway", 100, 30)
	robot.Expect("Deployment payments/gateway") // by the short kind, without a namespace
	b.Delete(kube.Deployments, "payments", "gateway")
	b.Delete(kube.ReplicaSets, "payments", "gateway-7d9f")
	b.Delete(kube.Pods, "payments", "gateway-7d9f-a")
	b.Delete(kube.Pods, "payments", "gateway-7d9f-b")
	robot.Send(screentest.Assess(b)).Expect("there is no deploy gateway").Press("enter", "P", "y", "A", "space", "tab", "s", "j")
	if _, ok := s.Object(); ok {
		t.Error("a workload that is gone is an object")
	}
	if len(host.Asked) == 0 {
		t.Error("keys without a workload say nothing")
	}
	robot.Send(screentest.Assess(screentest.Cluster(t))).Expect("Deployment payments/gateway")
}

// TestHostileNames: no byte of a cluster reaches the terminal as it is.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	b := cluster(t)
	d := screentest.Deployment("shop", "evil")
	d.Spec.Template.Spec.Containers = []corev1.Container{{
		Name: "a\x1b[2Jb", Image: "evil\u202e/image\x07", Ports: []corev1.ContainerPort{{Name: "p\x1b]0;x\x07", ContainerPort: 1}},
		LivenessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"\x1b[31mred"}}}},
	}}
	d.Spec.Template.Spec.ServiceAccountName = "who\x1b[0m"
	if err := b.Set(kube.Deployments, d); err != nil {
		t.Fatal(err)
	}
	for _, size := range sizes() {
		robot, _, _ := open(t, b, "workload/Deployment/shop/evil", size[0], size[1])
		for range 5 {
			robot.Press("tab").ExpectNot("\x1b", "\x07", "\u202e")
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for target, ok := range map[string]bool{"Deployment/a/b": true, "Deployment/b": true, "Deployment": false, "a//b": false, "a/b/c/d": false, "/a/b": false} {
		if err := workload.Check(target); (err == nil) != ok {
			t.Errorf("the target %q: %v", target, err)
		}
	}
}

// TestJobsAndDaemonSets: what makes no sense for a kind is not told of it.
func TestJobsAndDaemonSets(t *testing.T) {
	t.Parallel()
	robot, _, _ := open(t, cluster(t), "workload/CronJob/shop/report?show=containers", 100, 40)
	robot.Expect("runs at 0 3 * * *", "[Containers]").ExpectNot("no probe", "autoscaler", "budget")
	robot, _, _ = open(t, cluster(t), "workload/DaemonSet/kube-system/network-agent?show=network", 100, 40)
	robot.ExpectNot("autoscaler").Expect("no Service sends traffic")
}
