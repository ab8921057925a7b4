package fleet

import (
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func (f Fleet) nodeOf(w, i int) string { return nodeName((w*replicas + i) % f.Nodes()) }

func (f Fleet) address(w, i int) string {
	n := w*replicas + i
	return fmt.Sprintf("10.%d.%d.%d", n>>16&0xff, n>>8&0xff, n&0xff)
}

// careful is how well a workload is configured: 0, 1 or 2.
func (s service) careful() int { return s.number % 3 }

func (s service) annotations() map[string]string {
	return map[string]string{"prometheus.io/scrape": "true", "checksum/config": strings.Repeat(fmt.Sprintf("%08x", s.number*2654435761&0xffffffff), 8)}
}

// spec is the pod spec of the workload's template.
func (s service) spec() corev1.PodSpec {
	main := corev1.Container{
		Name: "main", Image: fmt.Sprintf("registry.example.com/%s/%s:1.%d.%d", s.namespace, s.name, s.number%20, s.number%7),
		Command: []string{"/app/server"}, Args: []string{"--config=/etc/app/settings.yaml", "--listen=:8080"},
		Ports:                    []corev1.ContainerPort{{Name: "http", ContainerPort: 8080, Protocol: corev1.ProtocolTCP}},
		TerminationMessagePath:   corev1.TerminationMessagePathDefault,
		TerminationMessagePolicy: corev1.TerminationMessageReadFile, ImagePullPolicy: corev1.PullIfNotPresent,
		VolumeMounts: []corev1.VolumeMount{{Name: "settings", MountPath: "/etc/app", ReadOnly: true}},
	}
	for i := range 12 {
		main.Env = append(main.Env, corev1.EnvVar{Name: fmt.Sprintf("SETTING_%d", i), Value: fmt.Sprintf("value-%d-of-%s", i, s.name)})
	}
	main.Env = append(main.Env, corev1.EnvVar{Name: "KEY", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
		LocalObjectReference: corev1.LocalObjectReference{Name: s.name}, Key: "key",
	}}})
	spec := corev1.PodSpec{
		Containers: []corev1.Container{main}, RestartPolicy: corev1.RestartPolicyAlways, DNSPolicy: corev1.DNSClusterFirst,
		ServiceAccountName: s.name, DeprecatedServiceAccount: s.name, TerminationGracePeriodSeconds: new(int64(30)),
		SchedulerName: corev1.DefaultSchedulerName, SecurityContext: &corev1.PodSecurityContext{},
		Volumes: []corev1.Volume{{Name: "settings", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
			LocalObjectReference: corev1.LocalObjectReference{Name: s.name}, DefaultMode: new(int32(0o644)),
		}}}},
	}
	s.harden(&spec)
	if s.number%2 == 0 {
		spec.Containers = append(spec.Containers, corev1.Container{
			Name: "proxy", Image: "registry.example.com/mesh/proxy:1.24.1", Args: []string{"proxy", "sidecar", "--log-level=warn"},
			Resources:              corev1.ResourceRequirements{Requests: list("10m", "64Mi"), Limits: list("", "256Mi")},
			TerminationMessagePath: corev1.TerminationMessagePathDefault, TerminationMessagePolicy: corev1.TerminationMessageReadFile, ImagePullPolicy: corev1.PullIfNotPresent,
			SecurityContext: &corev1.SecurityContext{RunAsUser: new(int64(1337)), RunAsNonRoot: new(true), AllowPrivilegeEscalation: new(false)},
		})
	}
	return spec
}

// harden configures a spec as carefully as the workload is.
func (s service) harden(spec *corev1.PodSpec) {
	c := &spec.Containers[0]
	probe := func(path string) *corev1.Probe {
		return &corev1.Probe{
			ProbeHandler:   corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: path, Port: intstr.FromString("http"), Scheme: corev1.URISchemeHTTP}},
			TimeoutSeconds: 1, PeriodSeconds: 10, SuccessThreshold: 1, FailureThreshold: 3,
		}
	}
	if s.careful() > 0 {
		c.ReadinessProbe = probe("/ready")
		c.Resources = corev1.ResourceRequirements{Requests: list("100m", "128Mi"), Limits: list("", "256Mi")}
	}
	if s.careful() > 1 {
		c.LivenessProbe = probe("/live")
		c.SecurityContext = &corev1.SecurityContext{
			AllowPrivilegeEscalation: new(false), ReadOnlyRootFilesystem: new(true), Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
		}
		spec.SecurityContext = &corev1.PodSecurityContext{
			RunAsNonRoot: new(true), RunAsUser: new(int64(1000)), SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
		}
		spec.AutomountServiceAccountToken = new(false)
		spec.TopologySpreadConstraints = []corev1.TopologySpreadConstraint{{
			MaxSkew: 1, TopologyKey: corev1.LabelTopologyZone, WhenUnsatisfiable: corev1.ScheduleAnyway, LabelSelector: s.selector(),
		}}
	}
	if s.number%200 == 3 {
		c.SecurityContext = &corev1.SecurityContext{Privileged: new(true)}
	}
}

func list(cpu, memory string) corev1.ResourceList {
	l := corev1.ResourceList{corev1.ResourceMemory: resource.MustParse(memory)}
	if cpu != "" {
		l[corev1.ResourceCPU] = resource.MustParse(cpu)
	}
	return l
}

// pod is the i-th pod of a workload, as a kubelet keeps it.
func (f Fleet) pod(w, i int) *corev1.Pod {
	s := f.service(w)
	suffix := fmt.Sprintf("%05x", (w*replicas+i)*40503&0xfffff)
	name, owner := fmt.Sprintf("%s-%s-%s", s.name, s.hash(revisions-1), suffix), owned(kube.ReplicaSets, s.namespace, s.name+"-"+s.hash(revisions-1))
	if s.stateful() {
		name, owner = fmt.Sprintf("%s-%d", s.name, i), owned(kube.StatefulSets, s.namespace, s.name)
	}
	pod := &corev1.Pod{ObjectMeta: managed(identified(s.meta(name), kube.Pods.Kind), podFields), Spec: s.spec()}
	pod.Annotations, pod.OwnerReferences = s.annotations(), owner
	pod.Spec.NodeName = f.nodeOf(w, i)
	pod.Spec.EnableServiceLinks, pod.Spec.Priority, pod.Spec.PreemptionPolicy = new(true), new(int32(0)), new(corev1.PreemptLowerPriority)
	for _, taint := range []string{corev1.TaintNodeNotReady, corev1.TaintNodeUnreachable} {
		pod.Spec.Tolerations = append(pod.Spec.Tolerations, corev1.Toleration{
			Key: taint, Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: new(int64(300)),
		})
	}
	if s.stateful() {
		pod.Spec.Hostname, pod.Spec.Subdomain = name, s.name
	}
	if pod.Spec.AutomountServiceAccountToken == nil {
		mountToken(&pod.Spec, "kube-api-access-"+suffix)
	}
	pod.Status = f.status(s, i, &pod.Spec)
	return pod
}

// mountToken does what the ServiceAccount admission plugin does.
func mountToken(spec *corev1.PodSpec, volume string) {
	spec.Volumes = append(spec.Volumes, corev1.Volume{Name: volume, VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{
		DefaultMode: new(int32(0o644)),
		Sources: []corev1.VolumeProjection{
			{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{ExpirationSeconds: new(int64(3607)), Path: "token"}},
			{ConfigMap: &corev1.ConfigMapProjection{
				LocalObjectReference: corev1.LocalObjectReference{Name: "kube-root-ca.crt"}, Items: []corev1.KeyToPath{{Key: "ca.crt", Path: "ca.crt"}},
			}},
			{DownwardAPI: &corev1.DownwardAPIProjection{Items: []corev1.DownwardAPIVolumeFile{{
				Path: "namespace", FieldRef: &corev1.ObjectFieldSelector{APIVersion: "v1", FieldPath: "metadata.namespace"},
			}}}},
		},
	}}})
	for i := range spec.Containers {
		spec.Containers[i].VolumeMounts = append(spec.Containers[i].VolumeMounts, corev1.VolumeMount{
			Name: volume, ReadOnly: true, MountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
		})
	}
}

func (f Fleet) status(s service, i int, spec *corev1.PodSpec) corev1.PodStatus {
	n := s.number*replicas + i
	started := metav1.NewTime(Began().Add(time.Duration(n%3600) * time.Second))
	status := corev1.PodStatus{
		Phase: corev1.PodRunning, QOSClass: corev1.PodQOSBurstable, StartTime: &started, ObservedGeneration: 1,
		HostIP: fmt.Sprintf("192.168.%d.%d", n>>8&0xff, n&0xff), PodIP: f.address(s.number, i),
	}
	status.HostIPs, status.PodIPs = []corev1.HostIP{{IP: status.HostIP}}, []corev1.PodIP{{IP: status.PodIP}}
	for _, kind := range []corev1.PodConditionType{corev1.PodReadyToStartContainers, corev1.PodInitialized, corev1.PodReady, corev1.ContainersReady, corev1.PodScheduled} {
		status.Conditions = append(status.Conditions, corev1.PodCondition{Type: kind, Status: corev1.ConditionTrue, LastTransitionTime: started, ObservedGeneration: 1})
	}
	for j := range spec.Containers {
		c := &spec.Containers[j]
		state := corev1.ContainerStatus{
			Name: c.Name, Ready: true, Started: new(true), Image: c.Image,
			ImageID:     c.Image[:strings.LastIndex(c.Image, ":")] + "@sha256:" + strings.Repeat(fmt.Sprintf("%08x", s.number+j), 8),
			ContainerID: fmt.Sprintf("containerd://%064x", n*2+j),
			State:       corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: started}},
		}
		if n%40 == 0 && j == 0 {
			state.RestartCount = int32(1 + n%5) //nolint:gosec // small
			state.LastTerminationState.Terminated = &corev1.ContainerStateTerminated{
				ExitCode: 137, Reason: "OOMKilled", StartedAt: started, FinishedAt: started, ContainerID: state.ContainerID,
			}
		}
		status.ContainerStatuses = append(status.ContainerStatuses, state)
	}
	return status
}
