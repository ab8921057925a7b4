package blast

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// target is what a pod spec refers to in its namespace.
type target struct {
	kind string
	name string
}

// use is how a pod spec refers to something.
type use struct {
	how      []string // each once, in the order of the spec: "env", "volume"
	optional bool     // in every place
}

// uses has what refers to what in a namespace.
type uses struct {
	byTarget map[target][]user
}

// user are pods, or a workload by its template, that refer to something in one way.
type user struct {
	use
	pods     []*kube.Pod    // those of one spec
	workload *kube.Workload // by its template, whether it has pods or not
}

// usesOf reads each spec once, whatever the number of its pods.
func usesOf(pods []*kube.Pod, workloads []*kube.Workload) *uses {
	u := &uses{byTarget: map[target][]user{}}
	bySpec := map[*corev1.PodSpec][]*kube.Pod{}
	var specs []*corev1.PodSpec
	for _, p := range pods {
		if bySpec[p.Spec] == nil {
			specs = append(specs, p.Spec)
		}
		bySpec[p.Spec] = append(bySpec[p.Spec], p)
	}
	for _, spec := range specs {
		for t, how := range referencesOf(spec) {
			u.byTarget[t] = append(u.byTarget[t], user{use: how, pods: bySpec[spec]})
		}
		for _, claim := range ephemeralClaims(spec) {
			for _, p := range bySpec[spec] {
				t := target{kube.PersistentVolumeClaims.Kind, p.Name + "-" + claim}
				u.byTarget[t] = append(u.byTarget[t], user{use: use{how: []string{"ephemeral volume"}}, pods: []*kube.Pod{p}})
			}
		}
	}
	for _, w := range workloads {
		if w.Ended() {
			continue
		}
		for t, how := range referencesOf(w.Pod.Spec) {
			u.byTarget[t] = append(u.byTarget[t], user{use: how, workload: w})
		}
		if set, ok := w.Object.(*appsv1.StatefulSet); ok && len(set.Spec.VolumeClaimTemplates) > 0 {
			u.claims(w, set)
		}
	}
	return u
}

// claims notes a StatefulSet by the names that its claims begin with.
func (u *uses) claims(w *kube.Workload, set *appsv1.StatefulSet) {
	for i := range set.Spec.VolumeClaimTemplates {
		t := target{statefulClaim, set.Spec.VolumeClaimTemplates[i].Name + "-" + set.Name}
		u.byTarget[t] = append(u.byTarget[t], user{use: use{how: []string{"claim template"}}, workload: w})
	}
}

// statefulClaim stands for the kind of the claims of a StatefulSet without their ordinal.
const statefulClaim = "PersistentVolumeClaim of a StatefulSet"

// of returns what refers to an object.
func (u *uses) of(r kube.Resource, name string) []user {
	found := u.byTarget[target{r.Kind, name}]
	if r != kube.PersistentVolumeClaims {
		return found
	}
	dash := strings.LastIndexByte(name, '-')
	if dash < 0 {
		return found
	}
	ordinal, err := strconv.ParseInt(name[dash+1:], 10, 32)
	if err != nil {
		return found
	}
	for _, u := range u.byTarget[target{statefulClaim, name[:dash]}] {
		if set, ok := u.workload.Object.(*appsv1.StatefulSet); ok && hasOrdinal(set, ordinal) {
			found = append(slices.Clip(found), u)
		}
	}
	return found
}

// hasOrdinal reports whether a StatefulSet has a replica of a number.
func hasOrdinal(set *appsv1.StatefulSet, ordinal int64) bool {
	first, replicas := int64(0), int64(1)
	if set.Spec.Ordinals != nil {
		first = int64(set.Spec.Ordinals.Start)
	}
	if set.Spec.Replicas != nil {
		replicas = int64(*set.Spec.Replicas)
	}
	return ordinal >= first && ordinal < first+replicas
}

// referencesOf returns what a pod spec refers to in its namespace.
func referencesOf(spec *corev1.PodSpec) map[target]use {
	g := gathering{}
	g.add(kube.ServiceAccounts, cmp.Or(spec.ServiceAccountName, spec.DeprecatedServiceAccount, "default"), "serviceAccountName", nil)
	for _, s := range spec.ImagePullSecrets {
		g.add(kube.Secrets, s.Name, "imagePullSecrets", nil)
	}
	for c := range kube.ContainersOf(spec, "") {
		g.environment(c.Container)
	}
	for i := range spec.Volumes {
		g.volume(&spec.Volumes[i].VolumeSource)
	}
	return g
}

type gathering map[target]use

// add notes one reference. Optional is that of the API, nil for false; one place that
// is not optional makes all of it needed.
func (g gathering) add(r kube.Resource, name, how string, optional *bool) {
	if name == "" {
		return
	}
	t := target{r.Kind, name}
	held, known := g[t]
	held.optional = (held.optional || !known) && optional != nil && *optional
	if !slices.Contains(held.how, how) {
		held.how = append(held.how, how)
	}
	g[t] = held
}

func (g gathering) environment(c *corev1.Container) {
	for i := range c.EnvFrom {
		if m := c.EnvFrom[i].ConfigMapRef; m != nil {
			g.add(kube.ConfigMaps, m.Name, "envFrom", m.Optional)
		}
		if s := c.EnvFrom[i].SecretRef; s != nil {
			g.add(kube.Secrets, s.Name, "envFrom", s.Optional)
		}
	}
	for i := range c.Env {
		from := c.Env[i].ValueFrom
		if from == nil {
			continue
		}
		if m := from.ConfigMapKeyRef; m != nil {
			g.add(kube.ConfigMaps, m.Name, "env", m.Optional)
		}
		if s := from.SecretKeyRef; s != nil {
			g.add(kube.Secrets, s.Name, "env", s.Optional)
		}
	}
}

func (g gathering) volume(v *corev1.VolumeSource) {
	if m := v.ConfigMap; m != nil {
		g.add(kube.ConfigMaps, m.Name, "volume", m.Optional)
	}
	if s := v.Secret; s != nil {
		g.add(kube.Secrets, s.SecretName, "volume", s.Optional)
	}
	if c := v.PersistentVolumeClaim; c != nil {
		g.add(kube.PersistentVolumeClaims, c.ClaimName, "volume", nil)
	}
	if v.Projected != nil {
		for i := range v.Projected.Sources {
			if m := v.Projected.Sources[i].ConfigMap; m != nil {
				g.add(kube.ConfigMaps, m.Name, "projected volume", m.Optional)
			}
			if s := v.Projected.Sources[i].Secret; s != nil {
				g.add(kube.Secrets, s.Name, "projected volume", s.Optional)
			}
		}
	}
	if v.AzureFile != nil {
		g.add(kube.Secrets, v.AzureFile.SecretName, "volume", nil)
	}
	for _, s := range mountedWith(v) {
		if s != nil {
			g.add(kube.Secrets, s.Name, "volume driver", nil)
		}
	}
}

// mountedWith returns the Secrets that drivers of storage get for a volume, some of
// them nil.
func mountedWith(v *corev1.VolumeSource) []*corev1.LocalObjectReference {
	var all []*corev1.LocalObjectReference
	if v.CSI != nil {
		all = append(all, v.CSI.NodePublishSecretRef)
	}
	if v.RBD != nil {
		all = append(all, v.RBD.SecretRef)
	}
	if v.CephFS != nil {
		all = append(all, v.CephFS.SecretRef)
	}
	if v.Cinder != nil {
		all = append(all, v.Cinder.SecretRef)
	}
	if v.FlexVolume != nil {
		all = append(all, v.FlexVolume.SecretRef)
	}
	if v.ISCSI != nil {
		all = append(all, v.ISCSI.SecretRef)
	}
	if v.ScaleIO != nil {
		all = append(all, v.ScaleIO.SecretRef)
	}
	return all
}

// ephemeralClaims returns the volumes of a spec for which each pod gets a claim named
// pod-volume (generic ephemeral volumes, KEP-1698).
func ephemeralClaims(spec *corev1.PodSpec) []string {
	var names []string
	for i := range spec.Volumes {
		if spec.Volumes[i].Ephemeral != nil {
			names = append(names, spec.Volumes[i].Name)
		}
	}
	return names
}

// claimsOf yields the names of the claims of a pod.
func claimsOf(p *kube.Pod) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range p.Spec.Volumes {
			name := ""
			switch v := &p.Spec.Volumes[i]; {
			case v.PersistentVolumeClaim != nil:
				name = v.PersistentVolumeClaim.ClaimName
			case v.Ephemeral != nil:
				name = p.Name + "-" + v.Name
			}
			if name != "" && !yield(name) {
				return
			}
		}
	}
}

// ofUsed returns what is made of a ConfigMap, a Secret, a ServiceAccount or a claim.
// What waits to be started, or is down, is hit now; what runs keeps what it has until it
// is started again.
func (w *walk) ofUsed(r kube.Resource, ref kube.Ref) []edge {
	w.look(ref.Namespace, kube.WorkloadResources()...)
	var edges []edge
	for _, u := range w.spaces.in(ref.Namespace).uses().of(r, ref.Name) {
		e := edge{relation: Uses, optional: u.optional, last: u.optional, detail: strings.Join(u.how, ", ")}
		if u.workload != nil {
			e.to, e.when = u.workload.Ref, NextStart
			edges = append(edges, e)
			continue
		}
		for _, p := range u.pods {
			if p.Finished() {
				continue
			}
			e.to, e.pod, e.when = p.Ref(), p, NextStart
			if p.Status.Phase == corev1.PodPending || w.down(e.to) {
				e.when = Now
			}
			if owner := w.c.WorkloadOf(p); u.optional && owner != nil {
				e.to, e.pod = owner.Ref, nil
			}
			edges = append(edges, e)
		}
	}
	if r == kube.Secrets {
		w.look(ref.Namespace, kube.ServiceAccounts, kube.Ingresses, kube.Gateways)
		for _, a := range w.c.ServiceAccounts.In(ref.Namespace) {
			if slices.ContainsFunc(a.ImagePullSecrets, func(s corev1.LocalObjectReference) bool { return s.Name == ref.Name }) {
				edges = append(edges, edge{
					to: kube.ServiceAccounts.Ref(a.Namespace, a.Name), relation: Uses, when: NextStart, detail: "imagePullSecrets",
				})
			}
		}
		edges = append(edges, routingOf.Of(w.c).bySecret[ref]...)
	}
	return edges
}
