package policy_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/policy"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// judging has a rule that every workload fails, one that it follows from, and
// one that applies and passes.
func judging() []audit.Category {
	workloads := []kube.Resource{kube.Deployments}
	return []audit.Category{
		{ID: "hygiene", Title: "Hygiene", Weight: 3, Rules: []*audit.Rule{{
			ID: "untidy", Severity: audit.Low, Subjects: workloads,
			Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {}),
		}}},
		{ID: "security-context", Title: "Security", Weight: 20, Rules: []*audit.Rule{
			{ID: "escalation", Severity: audit.Medium, Subjects: workloads, Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
				p.Report(audit.Finding{Message: "may escalate", Implied: "privileged"})
			})},
			{ID: "privileged", Severity: audit.Critical, Subjects: workloads, Reads: []kube.Resource{kube.Services}, Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
				p.Report(audit.Finding{Message: "privileged", Container: "app"})
			})},
		}},
	}
}

// deployment has labels app=NAME and, unless it is "", the annotation.
func deployment(namespace, name, annotation string) *appsv1.Deployment {
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, Labels: map[string]string{"app": name}}}
	if annotation != "" {
		d.Annotations = map[string]string{policy.Annotation: annotation}
	}
	return d
}

func build(t *testing.T, at time.Time, info kube.Info, objects ...kube.Object) *kube.Cluster {
	t.Helper()
	b := kube.NewBuilder(info)
	for _, o := range objects {
		set(t, b, o)
	}
	return b.Build(at)
}

func set(t *testing.T, b *kube.Builder, o kube.Object) {
	t.Helper()
	r := kube.Deployments
	if _, ok := o.(*corev1.Namespace); ok {
		r = kube.Namespaces
	}
	if err := b.Set(r, o); err != nil {
		t.Fatal(err)
	}
}

func parse(t *testing.T, text string) *policy.Policy {
	t.Helper()
	p, err := policy.Parse("f.yaml", []byte(text), judging(), "")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func assess(p *policy.Policy, c *kube.Cluster) *score.Assessment {
	return score.NewAssessor(judging(), nil).Under(p.NewReviewer(policy.Catalogue(judging()))).Assess(c)
}

// told lists the accepted findings, and those about exemptions.
func told(a *score.Assessment) []string {
	list := []string{}
	for _, f := range a.Findings() {
		switch {
		case f.Accepted != nil:
			list = append(list, fmt.Sprintf("%s %s accepted: %s, %s", f.Subject, f.Rule.ID, f.Accepted.Reason, f.Accepted.Origin))
		case strings.HasPrefix(f.Rule.ID, "exemption-"):
			list = append(list, fmt.Sprintf("%s %s: %s", f.Subject, f.Rule.ID, f.Message))
		}
	}
	return list
}

func TestExemptionsOfFile(t *testing.T) {
	t.Parallel()
	const accepted = "Deployment shop/web privileged accepted: old, f.yaml:1"
	live := kube.Info{Name: "prod"}
	for name, tt := range map[string]struct {
		scope, expires string
		info           kube.Info
		want           []string
	}{
		"by rule":               {"rule: priv*", "2026-05-04", live, []string{accepted}},
		"by all":                {"rule: privileged, namespace: 'sh?p', kind: Deployment, name: w*, container: app, labels: {app: web}", "2027-01-31", live, []string{accepted}},
		"expired yesterday":     {"rule: privileged, namespace: shop", "2026-05-03", live, []string{"Exemption f.yaml:1 exemption-expired: the exemption from privileged ran out on 2026-05-03"}},
		"other label":           {"rule: privileged, labels: {app: db}", "2027-01-31", live, []string{"Exemption f.yaml:1 exemption-stale: the exemption from privileged matches nothing"}},
		"other container":       {"rule: privileged, container: db", "2027-01-31", live, []string{"Exemption f.yaml:1 exemption-stale: the exemption from privileged matches nothing"}},
		"namespace gone":        {"rule: privileged, namespace: gone", "2027-01-31", live, []string{"Exemption f.yaml:1 exemption-stale: the exemption from privileged matches nothing"}},
		"manifests are partial": {"rule: privileged, name: db", "2027-01-31", kube.Info{Offline: true}, []string{}},
		"out of scope":          {"rule: privileged, namespace: gone", "2020-01-31", kube.Info{Scope: []string{"shop"}}, []string{}},
		"perhaps out of scope":  {"rule: privileged, name: db", "2027-01-31", kube.Info{Scope: []string{"shop"}}, []string{}},
		"itself":                {"rule: exemption-stale", "2027-01-31", live, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := fmt.Sprintf("exemptions: [{scope: {%s}, reason: old, owner: us, expires: %s}]\n", tt.scope, tt.expires)
			p, err := policy.Parse("f.yaml", []byte(text), policy.Catalogue(judging()), "")
			if err != nil {
				t.Fatal(err)
			}
			got := told(assess(p, build(t, noon, tt.info, deployment("shop", "web", ""))))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What an exemption is for may be there and not be seen.
func TestNothingIsStaleWhereItCannotBeSeen(t *testing.T) {
	t.Parallel()
	p := parse(t, "exemptions: [{scope: {rule: privileged}, reason: old, owner: us}]\n")
	b := kube.NewBuilder(kube.Info{Name: "prod"})
	set(t, b, deployment("shop", "web", ""))
	b.SetState(kube.State{Resource: kube.Services, Phase: kube.Forbidden})
	if got := told(assess(p, b.Build(noon))); len(got) > 0 {
		t.Errorf("it says %q", got)
	}
}

func TestExemptionsOfAnnotations(t *testing.T) {
	t.Parallel()
	const origin = "annotation of Deployment shop/web"
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"with owner and day": {"privileged: it is a driver (storage, until 2027-01-31)", []string{"Deployment shop/web privileged accepted: it is a driver, " + origin}},
		"two":                {"privileged: driver (storage); escalation: follows;", []string{"Deployment shop/web privileged accepted: driver, " + origin, "Deployment shop/web escalation accepted: follows, " + origin}},
		"expired":            {"privileged: driver (storage, until 2026-05-03)", []string{"Deployment shop/web exemption-expired: the exemption from privileged ran out on 2026-05-03"}},
		"no such rule":       {"privilegd: driver", []string{"Deployment shop/web exemption-stale: the exemption is from privilegd, which is no rule"}},
		"matches nothing":    {"untidy: driver", []string{"Deployment shop/web exemption-stale: the exemption from untidy matches nothing"}},
		"no reason":          {"privileged:", []string{"Deployment shop/web exemption-stale: the exemption cannot be read"}},
		"no such day":        {"privileged: driver (us, until 2027-02-31)", []string{"Deployment shop/web exemption-stale: the exemption cannot be read"}},
		"empty":              {" ; ", []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			objects := []kube.Object{deployment("shop", "web", tt.text), deployment("shop", "db", "")}
			c := build(t, noon, kube.Info{Offline: true}, objects...)
			if diff := cmp.Diff(tt.want, told(assess(parse(t, ""), c))); diff != "" {
				t.Error(diff)
			}
			if got := told(assess(parse(t, "ignoreAnnotations: true\n"), c)); len(got) > 0 {
				t.Errorf("ignored, it says %q", got)
			}
		})
	}
}

func TestAnnotationOfNamespaceIsForAllInIt(t *testing.T) {
	t.Parallel()
	n := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "shop", Annotations: map[string]string{policy.Annotation: "privileged: lab"}}}
	c := build(t, noon, kube.Info{}, n, deployment("shop", "web", ""), deployment("shop", "db", ""), deployment("other", "web", ""))
	want := []string{
		"Deployment shop/db privileged accepted: lab, annotation of Namespace shop",
		"Deployment shop/web privileged accepted: lab, annotation of Namespace shop",
	}
	if diff := cmp.Diff(want, told(assess(parse(t, ""), c))); diff != "" {
		t.Error(diff)
	}
}

// To accept everything leaves nothing that costs, and hides nothing.
func TestEverythingAccepted(t *testing.T) {
	t.Parallel()
	all := parse(t, "exemptions: [{scope: {rule: \"*\"}, reason: a lab, owner: us}]\n")
	none := parse(t, "")
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 1))
		var objects []kube.Object
		for i := range 1 + random.IntN(20) {
			objects = append(objects, deployment([]string{"shop", "kube-system", "bank"}[random.IntN(3)], fmt.Sprintf("d%d", i), ""))
		}
		c := build(t, noon, kube.Info{}, objects...)
		plain, accepted := assess(none, c), assess(all, c)
		if accepted.Scored && accepted.Score != 100 || accepted.Scored != plain.Scored {
			t.Errorf("seed %d: the score is %v", seed, accepted.Score)
		}
		if accepted.Raw != plain.Score || plain.Raw != plain.Score {
			t.Errorf("seed %d: the raw score is %v, want %v", seed, accepted.Raw, plain.Score)
		}
		if accepted.Accepted != plain.Count() || accepted.Count() != plain.Count() {
			t.Errorf("seed %d: %d of %d findings are accepted, %d were found", seed, accepted.Accepted, accepted.Count(), plain.Count())
		}
	}
}

// What follows views says the same as what sees each as its first, and a
// namespace that nothing happened to stays the same.
func TestReviewFollows(t *testing.T) {
	t.Parallel()
	p := parse(t, `exemptions:
- {scope: {rule: privileged, name: d1}, reason: one, owner: us, expires: 2026-05-10}
- {scope: {rule: "*", labels: {app: d2}}, reason: two, owner: us}
- {scope: {rule: escalation, namespace: shop}, reason: three, owner: us, expires: 2026-05-20}
`)
	follower := score.NewAssessor(judging(), nil).Under(p.NewReviewer(policy.Catalogue(judging())))
	b := kube.NewBuilder(kube.Info{Name: "prod"})
	set(t, b, deployment("quiet", "d9", "privileged: quiet"))
	random := rand.New(rand.NewPCG(7, 7))
	var quiet *audit.NamespaceResult
	for step := range 200 {
		namespace, name := []string{"shop", "bank"}[random.IntN(2)], fmt.Sprintf("d%d", random.IntN(4))
		switch random.IntN(4) {
		case 0:
			b.Delete(kube.Deployments, namespace, name)
		case 1:
			set(t, b, deployment(namespace, name, "privileged: by annotation (us, until 2026-05-15); untidy: stale"))
		default:
			d := deployment(namespace, name, "")
			d.Labels["app"] = fmt.Sprintf("d%d", random.IntN(4))
			set(t, b, d)
		}
		c := b.Build(noon.Add(time.Duration(step) * 3 * time.Hour))
		followed, fresh := follower.Assess(c), assess(p, c)
		if diff := cmp.Diff(told(fresh), told(followed)); diff != "" {
			t.Fatalf("step %d: %s", step, diff)
		}
		if followed.Score != fresh.Score || followed.Raw != fresh.Raw {
			t.Fatalf("step %d: the score is %v (%v), want %v (%v)", step, followed.Score, followed.Raw, fresh.Score, fresh.Raw)
		}
		for _, n := range followed.Result.Namespaces {
			if n.Name != "quiet" {
				continue
			}
			if quiet != nil && quiet != n {
				t.Fatalf("step %d: a quiet namespace is made anew", step)
			}
			quiet = n
		}
	}
}
