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

// statefulClaims adds the claims of StatefulSets, named template-set-ordinal. The
// replicas that a set is scaled to return to theirs.
func (r *references) statefulClaims(c *Cluster, namespace string) {
	for _, s := range c.StatefulSets.In(namespace) {
		first := int64(0)
		if s.Spec.Ordinals != nil {
			first = int64(s.Spec.Ordinals.Start)
		}
		for i := range s.Spec.VolumeClaimTemplates {
			if r.ordinals == nil {
				r.ordinals = map[string]ordinals{}
			}
			r.ordinals[s.Spec.VolumeClaimTemplates[i].Name+"-"+s.Name] = ordinals{first, first + int64(*replicasOf(s.Spec.Replicas))}
		}
	}
}

// ordinals are the numbers of a StatefulSet's pods. There may be two billion of
// them, for who can write a StatefulSet: nothing goes through them one by one.
type ordinals struct{ from, to int64 }

// claimedByOrdinal reports whether a claim is one that a StatefulSet makes for
// one of its pods: template, set and ordinal.
func (r *references) claimedByOrdinal(claim string) bool {
	i := strings.LastIndexByte(claim, '-')
	if i < 0 {
		return false
	}
	of, ok := r.ordinals[claim[:i]]
	if !ok {
		return false
	}
	ordinal, err := strconv.ParseInt(claim[i+1:], 10, 64)
	return err == nil && of.from <= ordinal && ordinal < of.to
}
