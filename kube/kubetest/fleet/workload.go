package fleet

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// service is one workload and what it is known by.
type service struct {
	number          int
	namespace, name string
	labels          map[string]string
}

func (f Fleet) service(w int) service {
	namespace := f.namespaceName(w % f.Namespaces())
	name := fmt.Sprintf("%s-%d", [...]string{"api", "web", "worker", "cart", "ledger", "search", "mailer"}[w%7], w)
	return service{w, namespace, name, map[string]string{
		"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": namespace, "team": fmt.Sprintf("team-%d", w%23),
	}}
}

// stateful reports whether the workload is a StatefulSet.
func (s service) stateful() bool { return s.number%10 == 8 }

// hash is how the ReplicaSet of a revision is called.
func (s service) hash(revision int) string {
	return fmt.Sprintf("%06x%d", (s.number*31+7)&0xffffff, revision)
}

// revisions is how many ReplicaSets a Deployment has; the last one has the pods.
const revisions = 3

func (s service) meta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: s.namespace, Name: name, Labels: s.labels}
}

func (s service) selector() *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: map[string]string{"app.kubernetes.io/name": s.name}}
}

func (p *printing) workload(w int) {
	s := p.fleet.service(w)
	template := corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: s.labels, Annotations: s.annotations()}, Spec: s.spec()}
	if s.stateful() {
		p.print(kube.StatefulSets, &appsv1.StatefulSet{
			ObjectMeta: managed(identified(s.meta(s.name), kube.StatefulSets.Kind), deployedFields),
			Spec:       appsv1.StatefulSetSpec{Replicas: new(int32(replicas)), Selector: s.selector(), Template: template, ServiceName: s.name},
			Status:     appsv1.StatefulSetStatus{Replicas: replicas, ReadyReplicas: replicas, CurrentReplicas: replicas},
		})
	} else {
		p.deployment(s, template)
	}
	p.print(kube.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: identified(s.meta(s.name), kube.ServiceAccounts.Kind)})
	p.print(kube.ConfigMaps, &corev1.ConfigMap{ObjectMeta: identified(s.meta(s.name), kube.ConfigMaps.Kind), Data: map[string]string{"settings.yaml": "level: info\n"}})
	p.print(kube.Secrets, &corev1.Secret{ObjectMeta: identified(s.meta(s.name), kube.Secrets.Kind), Type: corev1.SecretTypeOpaque, Data: map[string][]byte{"key": []byte("c2VjcmV0")}})
	p.serving(s)
	p.scaling(s)
	for i := range replicas {
		p.print(kube.Pods, p.fleet.pod(w, i))
	}
	if w%15 == 3 {
		p.print(kube.CronJobs, &batchv1.CronJob{
			ObjectMeta: identified(s.meta(s.name+"-cleanup"), kube.CronJobs.Kind),
			Spec: batchv1.CronJobSpec{
				Schedule: "0 3 * * *", ConcurrencyPolicy: batchv1.ForbidConcurrent,
				JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{Template: corev1.PodTemplateSpec{Spec: once(s.spec())}}},
			},
		})
	}
}

// once makes a pod spec one of a job.
func once(spec corev1.PodSpec) corev1.PodSpec {
	spec.RestartPolicy = corev1.RestartPolicyOnFailure
	spec.Containers = spec.Containers[:1]
	c := spec.Containers[0]
	c.LivenessProbe, c.ReadinessProbe, c.StartupProbe = nil, nil, nil
	spec.Containers = []corev1.Container{c}
	return spec
}

func (p *printing) deployment(s service, template corev1.PodTemplateSpec) {
	d := &appsv1.Deployment{
		ObjectMeta: managed(identified(s.meta(s.name), kube.Deployments.Kind), deployedFields),
		Spec: appsv1.DeploymentSpec{
			Replicas: new(int32(replicas)), Selector: s.selector(), Template: template, RevisionHistoryLimit: new(int32(revisions)),
			Strategy: appsv1.DeploymentStrategy{Type: appsv1.RollingUpdateDeploymentStrategyType, RollingUpdate: &appsv1.RollingUpdateDeployment{
				MaxUnavailable: new(intstr.FromString("25%")), MaxSurge: new(intstr.FromString("25%")),
			}},
		},
		Status: appsv1.DeploymentStatus{
			ObservedGeneration: 1, Replicas: replicas, UpdatedReplicas: replicas, ReadyReplicas: replicas, AvailableReplicas: replicas,
			Conditions: []appsv1.DeploymentCondition{{Type: appsv1.DeploymentAvailable, Status: corev1.ConditionTrue, Reason: "MinimumReplicasAvailable"}},
		},
	}
	d.Annotations = map[string]string{"deployment.kubernetes.io/revision": fmt.Sprint(revisions)}
	p.print(kube.Deployments, d)
	for revision := range revisions {
		set := &appsv1.ReplicaSet{ObjectMeta: managed(identified(s.meta(s.name+"-"+s.hash(revision)), kube.ReplicaSets.Kind), deployedFields)}
		set.OwnerReferences = owned(kube.Deployments, s.namespace, s.name)
		set.Spec = appsv1.ReplicaSetSpec{Replicas: new(int32(0)), Selector: s.selector(), Template: template}
		if revision == revisions-1 {
			set.Spec.Replicas = new(int32(replicas))
			set.Status = appsv1.ReplicaSetStatus{Replicas: replicas, ReadyReplicas: replicas, AvailableReplicas: replicas}
		}
		p.print(kube.ReplicaSets, set)
	}
}

func (p *printing) serving(s service) {
	p.print(kube.Services, &corev1.Service{
		ObjectMeta: identified(s.meta(s.name), kube.Services.Kind),
		Spec: corev1.ServiceSpec{
			Type: corev1.ServiceTypeClusterIP, ClusterIP: corev1.ClusterIPNone, Selector: s.selector().MatchLabels,
			Ports: []corev1.ServicePort{{Name: "http", Port: 80, TargetPort: intstr.FromString("http"), Protocol: corev1.ProtocolTCP}},
		},
	})
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta: identified(s.meta(s.name+"-abcde"), kube.EndpointSlices.Kind), AddressType: discoveryv1.AddressTypeIPv4,
		Ports: []discoveryv1.EndpointPort{{Name: new("http"), Port: new(int32(8080)), Protocol: new(corev1.ProtocolTCP)}},
	}
	slice.Labels = map[string]string{discoveryv1.LabelServiceName: s.name, discoveryv1.LabelManagedBy: "endpointslice-controller.k8s.io"}
	for i := range replicas {
		slice.Endpoints = append(slice.Endpoints, discoveryv1.Endpoint{
			Addresses: []string{p.fleet.address(s.number, i)}, Conditions: discoveryv1.EndpointConditions{Ready: new(true)},
			NodeName: new(p.fleet.nodeOf(s.number, i)),
		})
	}
	p.print(kube.EndpointSlices, slice)
}

func (p *printing) scaling(s service) {
	if s.number%2 == 0 {
		p.print(kube.PodDisruptionBudgets, &policyv1.PodDisruptionBudget{
			ObjectMeta: identified(s.meta(s.name), kube.PodDisruptionBudgets.Kind),
			Spec:       policyv1.PodDisruptionBudgetSpec{MaxUnavailable: new(intstr.FromInt32(1)), Selector: s.selector()},
			Status:     policyv1.PodDisruptionBudgetStatus{ObservedGeneration: 1, DisruptionsAllowed: 1, ExpectedPods: replicas, CurrentHealthy: replicas, DesiredHealthy: replicas - 1},
		})
	}
	if s.number%4 == 1 && !s.stateful() {
		p.print(kube.HorizontalPodAutoscalers, &autoscalingv2.HorizontalPodAutoscaler{
			ObjectMeta: identified(s.meta(s.name), kube.HorizontalPodAutoscalers.Kind),
			Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
				ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Name: s.name},
				MinReplicas:    new(int32(2)), MaxReplicas: 20,
				Metrics: []autoscalingv2.MetricSpec{{Type: autoscalingv2.ResourceMetricSourceType, Resource: &autoscalingv2.ResourceMetricSource{
					Name: corev1.ResourceCPU, Target: autoscalingv2.MetricTarget{Type: autoscalingv2.UtilizationMetricType, AverageUtilization: new(int32(70))},
				}}},
			},
			Status: autoscalingv2.HorizontalPodAutoscalerStatus{CurrentReplicas: replicas, DesiredReplicas: replicas},
		})
	}
}
