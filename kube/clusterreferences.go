package kube

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
)

// accountOfToken is the annotation of a Secret that has a token of a
// ServiceAccount, which names the account.
const accountOfToken = corev1.ServiceAccountNameKey

func nameIs(name string) func(corev1.ObjectReference) bool {
	return func(r corev1.ObjectReference) bool { return r.Name == name }
}

// clusterReferences are what objects without a namespace refer to.
type clusterReferences struct {
	everywhere  references // by name, in whatever namespace
	byNamespace map[string]*references
}

func (r *clusterReferences) has(resource Resource, namespace, name string) bool {
	if r.everywhere.has(resource, name) {
		return true
	}
	in := r.byNamespace[namespace]
	return in != nil && in.has(resource, name)
}

// in returns the references into a namespace; "" is all of them.
func (r *clusterReferences) in(namespace string) *references {
	if namespace == "" {
		return &r.everywhere
	}
	in := r.byNamespace[namespace]
	if in == nil {
		in = &references{}
		r.byNamespace[namespace] = in
	}
	return in
}

var referencesOfCluster = Derive(func(c *Cluster) *clusterReferences {
	r := &clusterReferences{byNamespace: map[string]*references{}}
	for role := range c.ClusterRoles.All() {
		r.everywhere.rules(role.Rules)
	}
	for v := range c.PersistentVolumes.All() {
		r.persistentVolume(&v.Spec)
	}
	for class := range c.StorageClasses.All() {
		r.storageClass(class.Parameters)
	}
	r.admissionParameters(c)
	for class := range c.Custom(GatewayClasses).All() {
		r.customOfCluster(class)
	}
	return r
}).From(ClusterRoles, PersistentVolumes, StorageClasses, ValidatingAdmissionPolicies, ValidatingAdmissionPolicyBindings, GatewayClasses)

// rules adds what roles allow by name: whoever wrote it down knows of a program
// that asks the API server for it.
func (r *references) rules(rules []rbacv1.PolicyRule) {
	for i := range rules {
		rule := &rules[i]
		if len(rule.ResourceNames) == 0 || !slices.Contains(rule.APIGroups, "") && !slices.Contains(rule.APIGroups, rbacv1.APIGroupAll) {
			continue
		}
		for _, resource := range referable() {
			if !slices.ContainsFunc(rule.Resources, func(s string) bool { return resource.named(s) }) {
				continue
			}
			for _, name := range rule.ResourceNames {
				r.of(resource).add(name)
			}
		}
	}
}

// named reports whether the resource of a role, "serviceaccounts/token", is one
// of this kind.
func (r Resource) named(rule string) bool {
	plural, _, _ := strings.Cut(rule, "/")
	return plural == r.Plural || plural == rbacv1.ResourceAll
}

func (r *clusterReferences) persistentVolume(spec *corev1.PersistentVolumeSpec) {
	if claim := spec.ClaimRef; claim != nil {
		r.in(claim.Namespace).claims.add(claim.Name)
	}
	if file := spec.AzureFile; file != nil && file.SecretNamespace != nil {
		r.in(*file.SecretNamespace).secrets.add(file.SecretName)
	}
	for _, s := range attachedWith(spec) {
		if s != nil {
			r.in(s.Namespace).secrets.add(s.Name)
		}
	}
	if spec.StorageOS != nil && spec.StorageOS.SecretRef != nil {
		r.in(spec.StorageOS.SecretRef.Namespace).secrets.add(spec.StorageOS.SecretRef.Name)
	}
}

// attachedWith returns the Secrets that drivers of storage get for a volume,
// some of them nil.
func attachedWith(spec *corev1.PersistentVolumeSpec) []*corev1.SecretReference {
	var all []*corev1.SecretReference
	if d := spec.CSI; d != nil {
		all = append(all, d.ControllerPublishSecretRef, d.NodeStageSecretRef, d.NodePublishSecretRef,
			d.ControllerExpandSecretRef, d.NodeExpandSecretRef)
	}
	if spec.RBD != nil {
		all = append(all, spec.RBD.SecretRef)
	}
	if spec.CephFS != nil {
		all = append(all, spec.CephFS.SecretRef)
	}
	if spec.Cinder != nil {
		all = append(all, spec.Cinder.SecretRef)
	}
	if spec.FlexVolume != nil {
		all = append(all, spec.FlexVolume.SecretRef)
	}
	if spec.ISCSI != nil {
		all = append(all, spec.ISCSI.SecretRef)
	}
	if spec.ScaleIO != nil {
		all = append(all, spec.ScaleIO.SecretRef)
	}
	return all
}

// storageClass adds the Secrets that the sidecars of CSI drivers take from
// parameters "csi.storage.k8s.io/…-secret-name" and "…-secret-namespace", which
// may be made of the name of the claim: such a one may be anywhere.
func (r *clusterReferences) storageClass(parameters map[string]string) {
	for key, name := range parameters {
		prefix, found := strings.CutSuffix(key, "secret-name")
		if !found {
			continue
		}
		namespace := parameters[prefix+"secret-namespace"]
		if strings.Contains(namespace, "${") {
			namespace = ""
		}
		r.in(namespace).secrets.add(name)
	}
}

// admissionParameters adds the ConfigMaps that admission policies are given.
func (r *clusterReferences) admissionParameters(c *Cluster) {
	for b := range c.ValidatingAdmissionPolicyBindings.All() {
		policy, held := c.ValidatingAdmissionPolicies.Get("", b.Spec.PolicyName)
		if !held || b.Spec.ParamRef == nil || policy.Spec.ParamKind == nil || policy.Spec.ParamKind.Kind != ConfigMaps.Kind {
			continue
		}
		r.in(b.Spec.ParamRef.Namespace).configMaps.add(b.Spec.ParamRef.Name)
	}
}
