package graph

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// class is a set of pods that are alike to an attacker who has code in one: of
// a namespace and a ServiceAccount, with the same ways out, on the same pools of
// nodes. How many pods it has plays no part.
type class struct {
	namespace string
	account   string // "" for static pods, which have none
	facts     []fact // by family and detail
	pools     poolSet
	// everyNode is set for DaemonSets: whatever node of a pool an attacker has,
	// one of the pods is there.
	everyNode bool
	witness   kube.Ref // the first workload, or pod that is not as its workload says
	members   int      // workloads, and pods that are not as theirs say
}

// fact is a way out of a container that a field of its pod opens.
type fact struct {
	family *Family
	detail string // what tells facts of a family apart: a path, the name of a Secret
	path   string // the field, of the witness
}

// key tells classes apart; it has no witness and no field paths.
func (k class) key() string {
	var b strings.Builder
	b.Grow(64)
	b.WriteString(k.namespace)
	b.WriteByte('/')
	b.WriteString(k.account)
	if k.everyNode {
		b.WriteByte('*')
	}
	fmt.Fprintf(&b, "@%x", uint64(k.pools))
	for i := range k.facts {
		b.WriteByte(' ')
		b.WriteString(k.facts[i].family.ID)
		b.WriteByte('=')
		b.WriteString(k.facts[i].detail)
	}
	return b.String()
}

// classOfPod returns the class of one pod.
func classOfPod(c *kube.Cluster, in *inputs, p *kube.Pod) class {
	return newSurvey(c, in).pod(p, c.WorkloadOf(p))
}

// survey finds classes.
type survey struct {
	c       *kube.Cluster
	minor   int
	placing *placing
	tokens  map[[2]string]bool // Secrets with a token
	// tokenRows are the same.
	tokenRows []tokenRow
	volumes   map[[2]string]string // claims whose volume is a path of the node → that path
}

func newSurvey(c *kube.Cluster, in *inputs) *survey {
	s := &survey{
		c: c, minor: in.minor, tokenRows: in.tokens, placing: newPlacing(c, in.pools), tokens: map[[2]string]bool{}, volumes: hostVolumes(c),
	}
	for _, t := range in.tokens {
		s.tokens[[2]string{t.namespace, t.name}] = true
	}
	return s
}

func (s *survey) workload(w *kube.Workload) class {
	if p, bare := w.Object.(*kube.Pod); bare && w.Held {
		return s.pod(p, w)
	}
	k := class{namespace: w.Ref.Namespace, account: w.ServiceAccount(), witness: w.Ref, everyNode: w.PerNode()}
	k.pools = s.placing.of(w.Pod.Spec)
	x := exam{survey: s, namespace: k.namespace, spec: w.Pod.Spec, path: w.Pod.Path, annotations: w.Pod.Annotations}
	k.facts = append(x.facts(), s.declaredToken(w)...)
	k.sort()
	return k
}

// pod returns the class of a pod as it runs; w is the workload it belongs to,
// nil if that is not known.
func (s *survey) pod(p *kube.Pod, w *kube.Workload) class {
	account := cmp.Or(p.Spec.ServiceAccountName, p.Spec.DeprecatedServiceAccount, "default")
	k := class{namespace: p.Namespace, account: account, witness: p.Ref()}
	_, static := p.Annotations[corev1.MirrorPodAnnotationKey]
	if static {
		k.account = "" // the kubelet runs it, the API server knows a mirror of it
	}
	switch {
	case w != nil && w.Ref.Kind != kube.Pods.Kind:
		k.pools, k.everyNode = s.placing.of(w.Pod.Spec), w.PerNode()
	case p.Node != "":
		k.pools = s.placing.on(p.Node, p.Spec)
	default:
		k.pools = s.placing.of(p.Spec)
	}
	x := exam{survey: s, namespace: k.namespace, spec: p.Spec, path: "spec", annotations: p.Annotations}
	k.facts = x.facts()
	if !static {
		k.facts = append(k.facts, s.mountedToken(p, account)...)
	}
	k.sort()
	return k
}

func (k *class) sort() {
	slices.SortFunc(k.facts, func(a, b fact) int {
		return cmp.Or(strings.Compare(a.family.ID, b.family.ID), strings.Compare(a.detail, b.detail), strings.Compare(a.path, b.path))
	})
	k.facts = slices.CompactFunc(k.facts, func(a, b fact) bool { return a.family == b.family && a.detail == b.detail })
}

// declaredToken returns the fact that pods of a template carry a token: the pod
// decides, else its ServiceAccount, else they do (kubernetes.io/docs/tasks/
// configure-pod-container/configure-service-account).
func (s *survey) declaredToken(w *kube.Workload) []fact {
	if path, ok := projectedToken(w.Pod.Spec); ok {
		return tokenFact(w.ServiceAccount(), w.Field(path))
	}
	mounts := w.Pod.Spec.AutomountServiceAccountToken
	if mounts == nil {
		if account, held := s.c.ServiceAccounts.Get(w.Ref.Namespace, w.ServiceAccount()); held {
			mounts = account.AutomountServiceAccountToken
		}
	}
	if mounts != nil && !*mounts {
		return nil
	}
	return tokenFact(w.ServiceAccount(), w.Field("automountServiceAccountToken"))
}

// mountedToken returns the fact that a pod carries a token. Admission has put a
// volume into each that does; a view of manifests has pods that it has not seen.
func (s *survey) mountedToken(p *kube.Pod, account string) []fact {
	if path, ok := projectedToken(p.Spec); ok {
		return tokenFact(account, "spec."+path)
	}
	if !s.c.Info.Offline && p.Node != "" {
		return nil
	}
	mounts := p.Spec.AutomountServiceAccountToken
	if mounts == nil {
		if held, ok := s.c.ServiceAccounts.Get(p.Namespace, account); ok {
			mounts = held.AutomountServiceAccountToken
		}
	}
	if mounts != nil && !*mounts {
		return nil
	}
	return tokenFact(account, "spec.automountServiceAccountToken")
}

func tokenFact(account, path string) []fact {
	if account == "default" {
		return []fact{{family: defaultAccount, path: path}}
	}
	return []fact{{family: containerAccount, path: path}}
}

// projectedToken returns the field of a volume that has a token for the API
// server: one that names no other audience.
func projectedToken(spec *corev1.PodSpec) (path string, ok bool) {
	for i := range spec.Volumes {
		v := spec.Volumes[i].Projected
		if v == nil {
			continue
		}
		for j := range v.Sources {
			if t := v.Sources[j].ServiceAccountToken; t != nil && t.Audience == "" {
				if strings.HasPrefix(spec.Volumes[i].Name, "kube-api-access") {
					return "automountServiceAccountToken", true // admission put it there
				}
				return fmt.Sprintf("volumes[%d].projected.sources[%d].serviceAccountToken", i, j), true
			}
		}
	}
	return "", false
}

// secret is what the view has of a Secret.
type secret = metav1.PartialObjectMetadata
