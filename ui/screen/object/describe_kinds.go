package object

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// keyFields tells in words what matters most of an object of a kind that is known. Other
// kinds have their metadata, conditions and YAML.
func keyFields(c *kube.Cluster, o kube.Object) chapter {
	p := chapter{title: "In short"}
	switch held := o.(type) {
	case *appsv1.Deployment:
		s := held.Status
		p.say("replicas", replicas(held.Spec.Replicas, s.ReadyReplicas, s.UpdatedReplicas, c.Info.Offline), toneOfReplicas(c, held.Spec.Replicas, s.ReadyReplicas))
		p.add("rollout", strings.TrimSpace(cmp.Or(string(held.Spec.Strategy.Type), "RollingUpdate")+rolling(held.Spec.Strategy.RollingUpdate)))
		p.add("selects", selectorText(held.Spec.Selector))
		if held.Spec.Paused {
			p.say("paused", "changes of the template are not rolled out", bad)
		}
	case *appsv1.StatefulSet:
		s := held.Status
		p.say("replicas", replicas(held.Spec.Replicas, s.ReadyReplicas, s.UpdatedReplicas, c.Info.Offline), toneOfReplicas(c, held.Spec.Replicas, s.ReadyReplicas))
		p.add("service", held.Spec.ServiceName)
		for _, claim := range held.Spec.VolumeClaimTemplates {
			p.add("claims", claim.Name+" of "+amounts(claim.Spec.Resources.Requests))
		}
	case *appsv1.DaemonSet:
		s := held.Status
		if !c.Info.Offline {
			p.say("nodes", fmt.Sprintf("%d wanted, %d ready, %d up to date", s.DesiredNumberScheduled, s.NumberReady, s.UpdatedNumberScheduled), toneOfReady(s.NumberReady, s.DesiredNumberScheduled))
		}
	case *kube.ReplicaSet:
		p.say("replicas", fmt.Sprintf("%d wanted, %d ready", held.Replicas, held.Status.ReadyReplicas), toneOfReady(held.Status.ReadyReplicas, held.Replicas))
	case *kube.Pod:
		text, t := podState(c, held)
		p.say("state", text, t)
		for i := range held.Status.Containers {
			p.add(held.Status.Containers[i].Name, containerState(&held.Status.Containers[i]))
		}
	case *batchv1.Job:
		p.add("runs", fmt.Sprintf("%d active, %d succeeded, %d failed", held.Status.Active, held.Status.Succeeded, held.Status.Failed))
	case *batchv1.CronJob:
		p.add("schedule", held.Spec.Schedule)
		if last := held.Status.LastScheduleTime; last != nil {
			p.add("last run", screen.Since(c.Time, last.Time)+" ago")
		}
	default:
		others(&p, c, o)
	}
	return p
}

// others tells of what runs no pods.
func others(p *chapter, c *kube.Cluster, o kube.Object) {
	switch held := o.(type) {
	case *corev1.Service:
		p.add("type", cmp.Or(string(held.Spec.Type), "ClusterIP"))
		p.add("ports", portsOf(held))
		p.list("selects", pairs(held.Spec.Selector))
		p.list("serves", workloadNames(c.WorkloadsServed(held)))
	case *corev1.Namespace:
		p.add("holds", fmt.Sprintf("%d workloads, %d pods, %d Services", len(c.WorkloadsIn(held.Name)), len(c.Pods.In(held.Name)), len(c.Services.In(held.Name))))
	case *corev1.Node:
		p.list("capacity", strings.Split(amounts(held.Status.Allocatable), ", "))
		for _, taint := range held.Spec.Taints {
			p.add("taint", taint.ToString())
		}
		p.add("runs", strings.TrimSpace(held.Status.NodeInfo.OSImage+" "+held.Status.NodeInfo.KubeletVersion))
	case *corev1.ServiceAccount:
		p.list("runs", workloadNames(c.WorkloadsRunningAs(held.Namespace, held.Name)))
	case *corev1.PersistentVolumeClaim:
		p.add("state", string(held.Status.Phase))
		p.add("asks for", amounts(held.Spec.Resources.Requests))
		if held.Spec.StorageClassName != nil {
			p.add("class", *held.Spec.StorageClassName)
		}
	case *metav1.PartialObjectMetadata:
		p.say("data", "never read: seaworthy knows its metadata only", quiet)
	case *rbacv1.Role:
		rules(p, held.Rules)
	case *rbacv1.ClusterRole:
		rules(p, held.Rules)
	case *rbacv1.RoleBinding:
		binding(p, held.RoleRef, held.Subjects)
	case *rbacv1.ClusterRoleBinding:
		binding(p, held.RoleRef, held.Subjects)
	default:
		guards(p, c, o)
	}
}

// guards tells of what is about the pods of others.
func guards(p *chapter, c *kube.Cluster, o kube.Object) {
	switch held := o.(type) {
	case *networkingv1.Ingress:
		for _, rule := range held.Spec.Rules {
			p.add("host", cmp.Or(rule.Host, "any host"))
		}
	case *networkingv1.NetworkPolicy:
		p.add("selects", selectorText(&held.Spec.PodSelector))
		p.list("covers", workloadNames(c.WorkloadsSelected(held.Namespace, &held.Spec.PodSelector)))
		p.add("rules", fmt.Sprintf("%d ingress, %d egress", len(held.Spec.Ingress), len(held.Spec.Egress)))
	case *policyv1.PodDisruptionBudget:
		p.add("selects", selectorText(held.Spec.Selector))
		p.list("covers", workloadNames(c.WorkloadsSelected(held.Namespace, held.Spec.Selector)))
	case *autoscalingv2.HorizontalPodAutoscaler:
		p.add("scales", kube.ScaleTarget(held).String())
		p.add("replicas", fmt.Sprintf("%d to %d, %d now", kube.MinReplicas(held), held.Spec.MaxReplicas, held.Status.CurrentReplicas))
	}
}

func replicas(wanted *int32, ready, updated int32, offline bool) string {
	n := int32(1) // the API's default
	if wanted != nil {
		n = *wanted
	}
	if offline {
		return fmt.Sprintf("%d wanted", n)
	}
	return fmt.Sprintf("%d wanted, %d ready, %d up to date", n, ready, updated)
}

func toneOfReplicas(c *kube.Cluster, wanted *int32, ready int32) tone {
	switch {
	case c.Info.Offline:
		return plain
	case wanted == nil:
		return toneOfReady(ready, 1)
	}
	return toneOfReady(ready, *wanted)
}

func rolling(r *appsv1.RollingUpdateDeployment) string {
	if r == nil {
		return ""
	}
	text := ""
	if r.MaxUnavailable != nil {
		text += ", at most " + r.MaxUnavailable.String() + " unavailable"
	}
	if r.MaxSurge != nil {
		text += ", at most " + r.MaxSurge.String() + " more"
	}
	return text
}

// containerState tells how a container is, and how it ended before.
func containerState(s *kube.ContainerStatus) string {
	is, was := s.State(), s.Last()
	text := "unknown"
	switch {
	case is.Running != nil:
		text = "runs since " + is.Running.StartedAt.UTC().Format("2006-01-02 15:04:05 MST")
	case is.Waiting != nil:
		text = "waits: " + strings.Trim(is.Waiting.Reason+": "+is.Waiting.Message, ": ")
	case is.Terminated != nil:
		text = ended(is.Terminated)
	}
	if was.Terminated != nil {
		text += "; before it " + ended(was.Terminated)
	}
	if s.Restarts > 0 {
		text += fmt.Sprintf("; %d restarts", s.Restarts)
	}
	return text
}

func ended(t *corev1.ContainerStateTerminated) string {
	return fmt.Sprintf("ended with code %d (%s)", t.ExitCode, cmp.Or(t.Reason, "no reason"))
}

func workloadNames(workloads []*kube.Workload) []string {
	var names []string
	for _, w := range workloads {
		names = append(names, w.Ref.Short())
	}
	return names
}

// rules tells what a role lets do.
func rules(p *chapter, all []rbacv1.PolicyRule) {
	const most = 40
	for _, r := range all[:min(len(all), most)] {
		what := slices.Clone(r.Resources)
		for i, group := range r.APIGroups {
			if i == 0 && group != "" && len(what) > 0 {
				what[len(what)-1] += " of " + strings.Join(r.APIGroups, ", ")
			}
		}
		what = append(what, r.NonResourceURLs...)
		text := strings.Join(what, ", ")
		if len(r.ResourceNames) > 0 {
			text += " named " + strings.Join(r.ResourceNames, ", ")
		}
		p.add("lets", strings.Join(r.Verbs, ", ")+" "+text)
	}
	if more := len(all) - most; more > 0 {
		p.say("", fmt.Sprintf("and %d rules more", more), quiet)
	}
}

// binding tells who is bound to what.
func binding(p *chapter, to rbacv1.RoleRef, subjects []rbacv1.Subject) {
	p.add("grants", to.Kind+" "+to.Name)
	for _, s := range subjects {
		name := s.Name
		if s.Namespace != "" {
			name = s.Namespace + "/" + name
		}
		p.add("to", s.Kind+" "+name)
	}
}
