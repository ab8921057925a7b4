package securitycontext

import (
	"fmt"
	"iter"
	"path"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// hostMount is a directory or file of the node in a container.
type hostMount struct {
	container kube.Container
	index     int // in the container's volumeMounts
	mount     *corev1.VolumeMount
	volume    int    // in the pod's volumes
	path      string // on the node, what of the volume the container sees
}

// volumeField returns the path of a field of a pod's volume.
func volumeField(w *kube.Workload, volume int, name string) string {
	return w.Field(fmt.Sprintf("volumes[%d].%s", volume, name))
}

// hostMounts yields every mount of a hostPath volume. Of a volume that is
// mounted by subPath the container sees that part only; an expression in its
// place stands for any.
func hostMounts(w *kube.Workload) iter.Seq[hostMount] {
	return func(yield func(hostMount) bool) {
		var volumes map[string]int
		for i := range w.Pod.Spec.Volumes {
			if w.Pod.Spec.Volumes[i].HostPath == nil {
				continue
			}
			if volumes == nil {
				volumes = map[string]int{}
			}
			volumes[w.Pod.Spec.Volumes[i].Name] = i
		}
		if volumes == nil { // as nearly everywhere
			return
		}
		for c := range w.Containers() {
			for i := range c.VolumeMounts {
				mount := &c.VolumeMounts[i]
				volume, ok := volumes[mount.Name]
				if !ok {
					continue
				}
				seen := path.Join("/", w.Pod.Spec.Volumes[volume].HostPath.Path, mount.SubPath)
				if !yield(hostMount{c, i, mount, volume, seen}) {
					return
				}
			}
		}
	}
}

// within reports whether a path is a directory or below it.
func within(p, directory string) bool {
	return p == directory || directory == "/" || strings.HasPrefix(p, directory+"/")
}

// runtimeSockets are where container runtimes listen, by what is below /run:
// Docker and its shim, containerd, CRI-O, Podman, and k3s and MicroK8s.
func runtimeSockets() []string {
	return []string{
		"docker.sock", "dockershim.sock", "cri-dockerd.sock", "containerd/containerd.sock",
		"crio/crio.sock", "podman/podman.sock", "k3s/containerd/containerd.sock",
	}
}

// runtimeSocket returns the runtime's socket that a container reaches through a
// path: the socket itself, or one in a directory made for it. The parents of
// all, such as /run, are the concern of host-path-sensitive.
func runtimeSocket(p string) (string, bool) {
	p = strings.TrimPrefix(p, "/var") // /var/run is a link to /run
	for _, socket := range runtimeSockets() {
		full := "/run/" + socket
		directory := path.Dir(full)
		if p == full || (directory != "/run" && within(full, p) && within(p, "/run") && p != "/run") {
			return full, true
		}
	}
	const snap = "/snap/microk8s/common/run/containerd.sock"
	if p == snap {
		return "/var" + snap, true
	}
	return "", false
}

// sensitiveDirectory returns why a path of the node matters: the directory
// which it is in, or which is in it. Reading a few files that hold no secret
// (time zones, certificates of authorities, kernel modules, logs) is harmless.
func sensitiveDirectory(p string, readOnly bool) (string, bool) {
	if p == "/" {
		return "/", true
	}
	if readOnly {
		for _, harmless := range harmlessToRead() {
			if within(p, harmless) {
				return "", false
			}
		}
	}
	for _, directory := range sensitiveDirectories() {
		if within(p, directory) || within(directory, p) {
			return directory, true
		}
	}
	return "", false
}

func harmlessToRead() []string {
	return []string{
		"/etc/localtime", "/etc/timezone", "/etc/ssl/certs", "/etc/ca-certificates", "/etc/pki/ca-trust",
		"/usr/share/zoneinfo", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates",
		"/lib/modules", "/usr/lib/modules", "/etc/os-release", "/usr/lib/os-release", "/etc/machine-id", "/var/log", "/var/lib/docker/containers",
	}
}

func sensitiveDirectories() []string {
	return []string{
		"/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/opt/cni", "/proc", "/root", "/run", "/bin", "/sbin", "/sys", "/usr",
		"/var/lib/cni", "/var/lib/containerd", "/var/lib/containers", "/var/lib/docker", "/var/lib/etcd", "/var/lib/kubelet",
		"/var/lib/rancher", "/var/log", "/var/run",
	}
}

// runtimeSocketPlaces are the paths through which [runtimeSocket] finds a socket,
// without /var.
func runtimeSocketPlaces() []string {
	places := []string{"/snap/microk8s/common/run/containerd.sock"}
	for _, socket := range runtimeSockets() {
		for place := "/run/" + socket; place != "/run"; place = path.Dir(place) {
			places = append(places, place)
		}
	}
	return places
}

// hostVolumes is the variable of the pod's hostPath volumes, for a server.
var hostVolumes = audit.Variable{
	Name: "hostVolumes", Expression: "variables.podSpec.?volumes.orValue([]).filter(v, has(v.hostPath))",
}

// mounting is [hostMounts] for a server: true of a container with a mount, m, of a
// path of the node, p, of which something holds. A path may not have "..": the API
// refuses it in both parts (core validation).
func mounting(holds string) string {
	return "c.?volumeMounts.orValue([]).exists(m, variables.hostVolumes.exists(v, v.name == m.name && " +
		"['/' + (v.hostPath.path + '/' + m.?subPath.orValue('')).split('/').filter(s, s != '' && s != '.').join('/')]" +
		".exists(p, " + holds + ")))"
}
