package kube

import (
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// podSpec adds what a pod spec refers to.
func (r *references) podSpec(spec *corev1.PodSpec) {
	r.accounts.add(spec.ServiceAccountName)
	for _, s := range spec.ImagePullSecrets {
		r.secrets.add(s.Name)
	}
	for i := range spec.Volumes {
		r.volume(&spec.Volumes[i].VolumeSource)
	}
	for c := range ContainersOf(spec, "") {
		r.environment(c.Container)
	}
}

// environment adds what the environment of a container is made of.
func (r *references) environment(c *corev1.Container) {
	for i := range c.EnvFrom {
		if m := c.EnvFrom[i].ConfigMapRef; m != nil {
			r.configMaps.add(m.Name)
		}
		if s := c.EnvFrom[i].SecretRef; s != nil {
			r.secrets.add(s.Name)
		}
	}
	for i := range c.Env {
		from := c.Env[i].ValueFrom
		if from == nil {
			continue
		}
		if from.ConfigMapKeyRef != nil {
			r.configMaps.add(from.ConfigMapKeyRef.Name)
		}
		if from.SecretKeyRef != nil {
			r.secrets.add(from.SecretKeyRef.Name)
		}
	}
}

// volume adds what a volume is made of, and the Secrets that it is mounted with.
func (r *references) volume(v *corev1.VolumeSource) {
	if v.ConfigMap != nil {
		r.configMaps.add(v.ConfigMap.Name)
	}
	if v.Secret != nil {
		r.secrets.add(v.Secret.SecretName)
	}
	if v.PersistentVolumeClaim != nil {
		r.claims.add(v.PersistentVolumeClaim.ClaimName)
	}
	if v.Projected != nil {
		for i := range v.Projected.Sources {
			if m := v.Projected.Sources[i].ConfigMap; m != nil {
				r.configMaps.add(m.Name)
			}
			if s := v.Projected.Sources[i].Secret; s != nil {
				r.secrets.add(s.Name)
			}
		}
	}
	if v.AzureFile != nil {
		r.secrets.add(v.AzureFile.SecretName)
	}
	for _, s := range mountedWith(v) {
		if s != nil {
			r.secrets.add(s.Name)
		}
	}
}

// mountedWith returns the Secrets that drivers of storage get, some of them nil.
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
	if v.StorageOS != nil {
		all = append(all, v.StorageOS.SecretRef)
	}
	return all
}

// ordinals are those of the replicas of a StatefulSet.
type ordinals struct{ first, count int64 }

// statefulClaims adds the claims of StatefulSets, named template-set-ordinal. How
// many there are is only a number that somebody wrote, and may be any.
func (r *references) statefulClaims(c *Cluster, namespace string) {
	for _, s := range c.StatefulSets.In(namespace) {
		replicas := ordinals{count: int64(*replicasOf(s.Spec.Replicas))}
		if s.Spec.Ordinals != nil {
			replicas.first = int64(s.Spec.Ordinals.Start)
		}
		for i := range s.Spec.VolumeClaimTemplates {
			if r.stateful == nil {
				r.stateful = map[string]ordinals{}
			}
			r.stateful[s.Spec.VolumeClaimTemplates[i].Name+"-"+s.Name] = replicas
		}
	}
}

// hasClaim reports whether a claim is that of a replica of a StatefulSet.
func (r *references) hasClaim(name string) bool {
	dash := strings.LastIndexByte(name, '-')
	if dash < 0 {
		return false
	}
	ordinal, err := strconv.ParseInt(name[dash+1:], 10, 32)
	if err != nil {
		return false
	}
	of, ok := r.stateful[name[:dash]]
	return ok && ordinal >= of.first && ordinal < of.first+of.count
}
