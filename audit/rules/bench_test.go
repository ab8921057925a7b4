package rules_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"strconv"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

var eachRule = flag.Bool("each-rule", false, "benchmark every rule by itself, too")

// What the benchmarks judge: plain applications, and among them every example
// of every rule.
const (
	benchNamespaces = 100
	benchPerSpace   = 27 // applications of a namespace
)

// BenchmarkRules measures what judging costs: all rules together, each category
// and, with -each-rule, each rule, over a view of which nothing is derived yet.
// The objects and the index of workloads are those of the view before; another
// name keeps what rules derived of it from being taken over.
func BenchmarkRules(b *testing.B) {
	builder, renamed := benchBuilder(b), 0
	measure := func(name string, categories ...audit.Category) {
		b.Run(name, func(b *testing.B) {
			workloads := len(builder.Build(noon).Workloads())
			findings := 0
			for b.Loop() {
				renamed++
				builder.SetInfo(kube.Info{Version: "v1.37.1", Name: strconv.Itoa(renamed)})
				findings = audit.Run(builder.Build(noon), categories).Count()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(workloads), "ns/workload")
			b.ReportMetric(float64(findings)/float64(workloads), "findings/workload")
		})
	}
	measure("all", rules.All()...)
	for _, category := range rules.All() {
		measure(category.ID, category)
		if !*eachRule {
			continue
		}
		for _, rule := range category.Rules {
			alone := category
			alone.Rules = []*audit.Rule{rule}
			measure(category.ID+"/"+rule.ID, alone)
		}
	}
}

var noon = time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)

func benchBuilder(tb testing.TB) *kube.Builder {
	tb.Helper()
	builder := kube.NewBuilder(kube.Info{Version: "v1.37.1"})
	set := func(r kube.Resource, o kube.Object) {
		if err := builder.Set(r, o); err != nil {
			tb.Fatal(err)
		}
	}
	for i := range benchNamespaces {
		namespace := fmt.Sprintf("team-%d", i)
		set(kube.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}})
		set(kube.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "default"}})
		for j := range benchPerSpace {
			application(set, metav1.ObjectMeta{Namespace: namespace, Name: fmt.Sprintf("app-%d", j)}, j)
		}
	}
	for _, category := range rules.All() {
		for _, rule := range category.Rules {
			for _, name := range []string{"pass", "fail"} {
				for copied := range 2 {
					example(tb, set, category, rule, name, copied)
				}
			}
		}
	}
	return builder
}

// application sets an ordinary program, as most of a cluster's are: a web server
// with a sidecar, its Service, its ServiceAccount and, for some, an autoscaler
// and a budget.
func application(set func(kube.Resource, kube.Object), named metav1.ObjectMeta, number int) {
	labels := map[string]string{"app.kubernetes.io/name": named.Name, "app.kubernetes.io/part-of": named.Namespace}
	set(kube.Deployments, deployment(named, labels))
	set(kube.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: named})
	set(kube.Services, &corev1.Service{ObjectMeta: named, Spec: corev1.ServiceSpec{
		Selector: labels, Ports: []corev1.ServicePort{{Port: 80, TargetPort: intstr.FromString("http")}},
	}})
	if number%3 == 0 {
		set(kube.HorizontalPodAutoscalers, &autoscalingv2.HorizontalPodAutoscaler{
			ObjectMeta: named,
			Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
				ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Name: named.Name},
				MinReplicas:    new(int32(2)), MaxReplicas: 6,
			},
		})
	}
	if number%2 == 0 {
		set(kube.PodDisruptionBudgets, &policyv1.PodDisruptionBudget{ObjectMeta: named, Spec: policyv1.PodDisruptionBudgetSpec{
			MinAvailable: new(intstr.FromInt32(1)), Selector: &metav1.LabelSelector{MatchLabels: labels},
		}})
	}
	if number%4 == 0 {
		set(kube.Roles, &rbacv1.Role{ObjectMeta: named, Rules: []rbacv1.PolicyRule{
			{Verbs: []string{"get", "list", "watch"}, APIGroups: []string{""}, Resources: []string{"configmaps", "endpoints"}},
		}})
		set(kube.RoleBindings, &rbacv1.RoleBinding{
			ObjectMeta: named, RoleRef: rbacv1.RoleRef{Kind: "Role", Name: named.Name},
			Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: named.Namespace, Name: named.Name}},
		})
	}
}

func deployment(named metav1.ObjectMeta, labels map[string]string) *appsv1.Deployment {
	probe := func(path string, threshold int32) *corev1.Probe {
		return &corev1.Probe{PeriodSeconds: 10, TimeoutSeconds: 2, FailureThreshold: threshold, ProbeHandler: corev1.ProbeHandler{
			HTTPGet: &corev1.HTTPGetAction{Path: path, Port: intstr.FromString("http")},
		}}
	}
	resources := corev1.ResourceRequirements{
		Requests: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("100m"), corev1.ResourceMemory: resource.MustParse("128Mi")},
		Limits:   corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("256Mi")},
	}
	container := func(name string, port int32) corev1.Container {
		return corev1.Container{
			Name: name, Image: "registry.example/" + name + ":1.4.2", Resources: resources,
			Ports:          []corev1.ContainerPort{{Name: "http", ContainerPort: port}},
			LivenessProbe:  probe("/livez", 6),
			ReadinessProbe: probe("/readyz", 3),
			VolumeMounts:   []corev1.VolumeMount{{Name: "config", MountPath: "/etc/" + name}},
			SecurityContext: &corev1.SecurityContext{
				AllowPrivilegeEscalation: new(false), Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
			},
		}
	}
	return &appsv1.Deployment{ObjectMeta: named, Spec: appsv1.DeploymentSpec{
		Replicas: new(int32(3)), Selector: &metav1.LabelSelector{MatchLabels: labels},
		Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: corev1.PodSpec{
			ServiceAccountName: named.Name,
			SecurityContext:    &corev1.PodSecurityContext{RunAsNonRoot: new(true), RunAsUser: new(int64(1000))},
			Containers:         []corev1.Container{container("web", 8080), container("proxy", 9090)},
			Volumes: []corev1.Volume{{Name: "config", VolumeSource: corev1.VolumeSource{
				ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "config"}},
			}}},
		}},
	}}
}

// example sets the objects of one example, in namespaces of its own. Of what is
// cluster-scoped there is one of each name.
func example(tb testing.TB, set func(kube.Resource, kube.Object), category audit.Category, rule *audit.Rule, name string, copied int) {
	tb.Helper()
	text, err := fs.ReadFile(category.Examples, "testdata/"+rule.ID+"/"+name+".yaml")
	if err != nil {
		tb.Fatal(err)
	}
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{
		Stdin: bytes.NewReader(text), Now: func() time.Time { return noon },
	})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		tb.Fatal(err)
	}
	suffix := fmt.Sprintf("-%s-%s-%d", rule.ID, name, copied)
	for _, r := range kube.Resources() {
		for _, o := range c.Objects(r) {
			if usage, ok := o.(*kube.Usage); ok {
				elsewhere := *usage
				if r.Namespaced {
					elsewhere.Namespace += suffix
				}
				set(r, &elsewhere)
				continue
			}
			set(r, moved(o, suffix))
		}
	}
}

// moved is an object in another namespace, with its subjects.
func moved(o kube.Object, suffix string) kube.Object {
	copied := asSent(o).(runtime.Object).DeepCopyObject()
	object := copied.(metav1.Object)
	switch o := copied.(type) {
	case *corev1.Namespace:
		o.Name += suffix
	case *rbacv1.RoleBinding:
		for i := range o.Subjects {
			if o.Subjects[i].Namespace != "" {
				o.Subjects[i].Namespace += suffix
			}
		}
	}
	if object.GetNamespace() != "" {
		object.SetNamespace(object.GetNamespace() + suffix)
	}
	return object
}
