package graph

import (
	"fmt"
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// exam looks at one pod spec for ways out of its containers.
type exam struct {
	*survey
	namespace   string
	spec        *corev1.PodSpec
	path        string // field path of the spec
	annotations map[string]string
	found       []fact
}

// facts returns the ways out, in no order.
func (x *exam) facts() []fact {
	x.pod()
	for c := range kube.ContainersOf(x.spec, x.path) {
		x.container(c)
	}
	for i := range x.spec.Volumes {
		x.volume(i, &x.spec.Volumes[i])
	}
	return x.found
}

func (x *exam) add(f *Family, detail, path string) {
	x.found = append(x.found, fact{family: f, detail: detail, path: path})
}

// ownUsers reports whether root of the pod is nobody on the node: what needs to
// be root there is out of reach (KEP-127).
func (x *exam) ownUsers() bool { return x.spec.HostUsers != nil && !*x.spec.HostUsers }

// sandboxed reports whether the pod runs on a kernel of its own, by what its
// RuntimeClass's handler is called.
func (x *exam) sandboxed() bool {
	if x.spec.RuntimeClassName == nil {
		return false
	}
	name := *x.spec.RuntimeClassName
	if class, ok := x.c.RuntimeClasses.Get("", name); ok {
		name = class.Handler
	}
	return slices.ContainsFunc([]string{"kata", "gvisor", "runsc", "firecracker"}, func(s string) bool { return strings.Contains(name, s) })
}

// root reports whether a container may run as root: it does unless something
// says otherwise, for the image is not read.
func (x *exam) root(c *corev1.Container) bool {
	pod, own := x.spec.SecurityContext, c.SecurityContext
	switch {
	case own != nil && own.RunAsUser != nil:
		return *own.RunAsUser == 0
	case own != nil && own.RunAsNonRoot != nil && *own.RunAsNonRoot:
		return false
	case pod != nil && pod.RunAsUser != nil:
		return *pod.RunAsUser == 0
	case pod != nil && pod.RunAsNonRoot != nil:
		return !*pod.RunAsNonRoot
	}
	return true
}

// pod looks at the fields of the pod itself.
func (x *exam) pod() {
	if x.spec.HostPID && !x.sandboxed() && !x.ownUsers() {
		x.add(hostProcesses, "", x.path+".hostPID")
	}
	if s := x.spec.SecurityContext; s != nil && s.WindowsOptions != nil && isTrue(s.WindowsOptions.HostProcess) {
		x.add(hostProcess, "", x.path+".securityContext.windowsOptions.hostProcess")
	}
}

func isTrue(b *bool) bool { return b != nil && *b }

// container looks at the environment and the security context of a container.
func (x *exam) container(c kube.Container) {
	for i := range c.Env {
		if from := c.Env[i].ValueFrom; from != nil && from.SecretKeyRef != nil {
			x.secret(from.SecretKeyRef.Name, c.Field(fmt.Sprintf("env[%d].valueFrom.secretKeyRef", i)))
		}
	}
	for i := range c.EnvFrom {
		if s := c.EnvFrom[i].SecretRef; s != nil {
			x.secret(s.Name, c.Field(fmt.Sprintf("envFrom[%d].secretRef", i)))
		}
	}
	own := c.SecurityContext
	if own == nil {
		return
	}
	if own.WindowsOptions != nil && isTrue(own.WindowsOptions.HostProcess) {
		x.add(hostProcess, "", c.Field("securityContext.windowsOptions.hostProcess"))
	}
	if !x.ownUsers() && !x.sandboxed() {
		x.privileges(c, own)
	}
}

// privileges looks at what a container may do to the kernel of its node.
func (x *exam) privileges(c kube.Container, own *corev1.SecurityContext) {
	if isTrue(own.Privileged) {
		x.add(privilegedContainer, "", c.Field("securityContext.privileged"))
		if x.spec.HostPID {
			x.add(enterNamespaces, "", c.Field("securityContext.privileged"))
		}
	}
	if own.ProcMount != nil && *own.ProcMount == corev1.UnmaskedProcMount && x.root(c.Container) {
		x.add(unmaskedProc, "", c.Field("securityContext.procMount"))
	}
	if own.Capabilities != nil {
		for i, name := range own.Capabilities.Add {
			x.capability(normalCapability(name), c.Field(fmt.Sprintf("securityContext.capabilities.add[%d]", i)))
		}
	}
}

// normalCapability returns a capability as Kubernetes documents it: runtimes
// also take "CAP_SYS_ADMIN" and lower case.
func normalCapability(c corev1.Capability) string {
	return strings.TrimPrefix(strings.ToUpper(string(c)), "CAP_")
}

func (x *exam) capability(name, path string) {
	for _, p := range powersOfCapability {
		if name == "ALL" || slices.Contains(p.names, name) {
			if !p.hostPID || x.spec.HostPID {
				x.add(p.family, "", path)
			}
		}
	}
}

func (x *exam) secret(name, path string) {
	if x.tokens[[2]string{x.namespace, name}] {
		x.add(containerSecret, name, path)
	}
}

// volume looks at what a volume holds.
func (x *exam) volume(i int, v *corev1.Volume) {
	at := fmt.Sprintf("%s.volumes[%d]", x.path, i)
	switch {
	case v.HostPath != nil:
		for _, m := range x.mounts(v, v.HostPath.Path) {
			x.hostPath(m, at+".hostPath.path", nil)
		}
	case v.PersistentVolumeClaim != nil:
		x.claim(at, v)
	case v.Secret != nil:
		x.secret(v.Secret.SecretName, at+".secret.secretName")
	case v.GitRepo != nil && (x.minor > 0 && x.minor < 33):
		x.add(gitRepository, "", at+".gitRepo")
	case v.Projected != nil:
		x.projected(at, v.Projected)
	case v.ConfigMap != nil && executable(v.ConfigMap):
		x.add(configMapCode, v.ConfigMap.Name, at+".configMap")
	}
}

// claim looks at the volume behind a claim.
func (x *exam) claim(at string, v *corev1.Volume) {
	host, ok := x.volumes[[2]string{x.namespace, v.PersistentVolumeClaim.ClaimName}]
	if !ok {
		return
	}
	for _, m := range x.mounts(v, host) {
		m.readOnly = m.readOnly || v.PersistentVolumeClaim.ReadOnly
		x.hostPath(m, at+".persistentVolumeClaim.claimName", claimToHost)
	}
}

func (x *exam) projected(at string, v *corev1.ProjectedVolumeSource) {
	for j := range v.Sources {
		source := &v.Sources[j]
		if source.Secret != nil {
			x.secret(source.Secret.Name, fmt.Sprintf("%s.projected.sources[%d].secret", at, j))
		}
		if t := source.ServiceAccountToken; t != nil && t.Audience == "pods.eks.amazonaws.com" {
			x.add(podIdentity, "", fmt.Sprintf("%s.projected.sources[%d].serviceAccountToken.audience", at, j))
		}
	}
}

// executable reports whether the files of a ConfigMap are meant to be run.
func executable(v *corev1.ConfigMapVolumeSource) bool {
	runs := func(mode *int32) bool { return mode != nil && *mode&0o111 != 0 }
	return runs(v.DefaultMode) || slices.ContainsFunc(v.Items, func(k corev1.KeyToPath) bool { return runs(k.Mode) })
}

// mount is a path of the node as a container sees it.
type mount struct {
	host     string
	readOnly bool
	root     bool // the container may be root
}

// mounts returns how containers mount a volume that is a path of the node.
func (x *exam) mounts(v *corev1.Volume, host string) []mount {
	var all []mount
	for c := range kube.ContainersOf(x.spec, x.path) {
		for i := range c.VolumeMounts {
			if m := &c.VolumeMounts[i]; m.Name == v.Name {
				all = append(all, mount{path.Clean("/" + path.Join(host, m.SubPath)), m.ReadOnly, x.root(c.Container) && !x.ownUsers()})
			}
		}
		for i := range c.VolumeDevices {
			if c.VolumeDevices[i].Name == v.Name {
				all = append(all, mount{path.Clean("/" + host), false, x.root(c.Container)})
			}
		}
	}
	return all
}
