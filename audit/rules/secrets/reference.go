package secrets

import (
	"iter"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// source is one place of a pod spec that names a Secret or ConfigMap.
type source struct {
	resource  kube.Resource
	name      string
	optional  bool
	workload  *kube.Workload
	container kube.Container // zero for a volume's
	list      string         // "env", "envFrom" or "volumes"
	at        int            // in the list
	field     string         // of what is there in the list
}

// path returns the field path of the name.
func (s *source) path() string {
	field := s.list + "[" + strconv.Itoa(s.at) + "]." + s.field
	if s.container.Container != nil {
		return s.container.Field(field)
	}
	return s.workload.Field(field)
}

// who names what needs the object.
func (s *source) who() string {
	if s.container.Container != nil {
		return s.container.Kind.String() + " " + s.container.Name
	}
	return "volume " + s.workload.Pod.Spec.Volumes[s.at].Name
}

// sourcesOf yields every place of a workload's pod spec that names a Secret or
// ConfigMap, but for pull secrets.
func sourcesOf(w *kube.Workload) iter.Seq[source] {
	return func(yield func(source) bool) {
		for c := range w.Containers() {
			for s := range variablesOf(w, c) {
				if !yield(s) {
					return
				}
			}
		}
		for s := range volumesOf(w) {
			if !yield(s) {
				return
			}
		}
	}
}

// variablesOf yields the places among a container's variables.
func variablesOf(w *kube.Workload, c kube.Container) iter.Seq[source] {
	return func(yield func(source) bool) {
		for i := range c.Env {
			from := c.Env[i].ValueFrom
			s := source{workload: w, container: c, list: "env", at: i}
			switch {
			case from == nil:
				continue
			case from.SecretKeyRef != nil:
				s.resource, s.name, s.field = kube.Secrets, from.SecretKeyRef.Name, "valueFrom.secretKeyRef.name"
				s.optional = is(from.SecretKeyRef.Optional)
			case from.ConfigMapKeyRef != nil:
				s.resource, s.name, s.field = kube.ConfigMaps, from.ConfigMapKeyRef.Name, "valueFrom.configMapKeyRef.name"
				s.optional = is(from.ConfigMapKeyRef.Optional)
			default:
				continue
			}
			if !yield(s) {
				return
			}
		}
		for i := range c.EnvFrom {
			from := &c.EnvFrom[i]
			s := source{workload: w, container: c, list: "envFrom", at: i}
			switch {
			case from.SecretRef != nil:
				s.resource, s.name, s.field, s.optional = kube.Secrets, from.SecretRef.Name, "secretRef.name", is(from.SecretRef.Optional)
			case from.ConfigMapRef != nil:
				s.resource, s.name, s.field, s.optional = kube.ConfigMaps, from.ConfigMapRef.Name, "configMapRef.name", is(from.ConfigMapRef.Optional)
			default:
				continue
			}
			if !yield(s) {
				return
			}
		}
	}
}

// volumesOf yields the places among a workload's volumes.
func volumesOf(w *kube.Workload) iter.Seq[source] {
	return func(yield func(source) bool) {
		for i := range w.Pod.Spec.Volumes {
			v := &w.Pod.Spec.Volumes[i]
			if v.Projected != nil {
				for s := range projectedOf(w, i, v.Projected) {
					if !yield(s) {
						return
					}
				}
				continue
			}
			s := source{workload: w, list: "volumes", at: i, resource: kube.Secrets}
			switch {
			case v.Secret != nil:
				s.name, s.field, s.optional = v.Secret.SecretName, "secret.secretName", is(v.Secret.Optional)
			case v.ConfigMap != nil:
				s.resource, s.name, s.field, s.optional = kube.ConfigMaps, v.ConfigMap.Name, "configMap.name", is(v.ConfigMap.Optional)
			default:
				s.name, s.field = mountedWith(&v.VolumeSource)
			}
			if s.name != "" && !yield(s) {
				return
			}
		}
	}
}

// mountedWith returns the Secret that a node needs to mount a volume, and its
// field; "" if it needs none.
func mountedWith(v *corev1.VolumeSource) (name, field string) {
	ref := func(r *corev1.LocalObjectReference, field string) (string, string) {
		if r == nil {
			return "", ""
		}
		return r.Name, field
	}
	switch {
	case v.CSI != nil:
		return ref(v.CSI.NodePublishSecretRef, "csi.nodePublishSecretRef.name")
	case v.AzureFile != nil:
		return v.AzureFile.SecretName, "azureFile.secretName"
	case v.CephFS != nil:
		return ref(v.CephFS.SecretRef, "cephfs.secretRef.name")
	case v.Cinder != nil:
		return ref(v.Cinder.SecretRef, "cinder.secretRef.name")
	case v.FlexVolume != nil:
		return ref(v.FlexVolume.SecretRef, "flexVolume.secretRef.name")
	case v.ISCSI != nil:
		return ref(v.ISCSI.SecretRef, "iscsi.secretRef.name")
	case v.RBD != nil:
		return ref(v.RBD.SecretRef, "rbd.secretRef.name")
	}
	return "", ""
}

// projectedOf yields the places of a volume that gathers several sources.
func projectedOf(w *kube.Workload, at int, projected *corev1.ProjectedVolumeSource) iter.Seq[source] {
	return func(yield func(source) bool) {
		for i := range projected.Sources {
			from := &projected.Sources[i]
			s := source{workload: w, list: "volumes", at: at}
			field := "projected.sources[" + strconv.Itoa(i) + "]."
			switch {
			case from.Secret != nil:
				s.resource, s.name, s.field, s.optional = kube.Secrets, from.Secret.Name, field+"secret.name", is(from.Secret.Optional)
			case from.ConfigMap != nil:
				s.resource, s.name, s.field, s.optional = kube.ConfigMaps, from.ConfigMap.Name, field+"configMap.name", is(from.ConfigMap.Optional)
			default:
				continue
			}
			if !yield(s) {
				return
			}
		}
	}
}

func is(b *bool) bool { return b != nil && *b }

// holds reports whether the view holds the object that is named.
func (s *source) holds(c *kube.Cluster) bool {
	table := c.ConfigMaps
	if s.resource == kube.Secrets {
		table = c.Secrets
	}
	_, held := table.Get(s.workload.Ref.Namespace, s.name)
	return held
}

// provable reports whether an object that the view does not hold does not exist.
// Secrets are seldom among manifests: they are made by hand or by operators.
func provable(c *kube.Cluster, r kube.Resource, namespace string) bool {
	return access.Complete(c, r, namespace) && (r != kube.Secrets || !c.Info.Offline)
}

// judgeMissing reports what a workload names of a resource and what does not
// exist, once for each name.
func judgeMissing(r kube.Resource) audit.Check {
	return audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if w.Ended() {
			p.NotApplicable()
			return
		}
		needs, open := false, ""
		var reported []string
		for s := range sourcesOf(w) {
			if s.resource != r || s.optional || s.name == "" {
				continue
			}
			needs = true
			switch {
			case s.holds(p.Cluster), r == kube.ConfigMaps && published(s.name), slices.Contains(reported, s.name):
			case !provable(p.Cluster, r, w.Ref.Namespace):
				open = s.name
			default:
				reported = append(reported, s.name)
				p.Report(missing(&s))
			}
		}
		switch {
		case open != "":
			p.Unknown(r.Kind + " " + w.Ref.Namespace + "/" + open + " is not in the view")
		case !needs:
			p.NotApplicable()
		}
	})
}

// published reports whether a controller keeps a ConfigMap in every namespace
// (pkg/controller/certificates/rootcacertpublisher, OpenShift's service CA).
func published(configMap string) bool {
	return configMap == "kube-root-ca.crt" || configMap == "openshift-service-ca.crt"
}

func missing(s *source) audit.Finding {
	f := audit.Finding{
		Path:    s.path(),
		Message: s.resource.Kind + " " + s.name + " does not exist",
	}
	effect := "the pod waits until it can be mounted"
	if s.container.Container != nil {
		f.Container = s.container.Name
		effect = "the container is not started"
	}
	f.Detail = s.who() + " needs it and it is not marked as optional: as long as there is none in namespace " +
		s.workload.Ref.Namespace + ", " + effect + "."
	return f
}
