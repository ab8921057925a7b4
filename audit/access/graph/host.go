package graph

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Ways out of a container over a path of its node.
var (
	hostWrite       = hostFamily("HOST_WRITE", "Container that writes where the node runs code", "writes {path} of its node, so code in it is run by root on {to}", 1, audit.Critical)
	hostRead        = hostFamily("HOST_READ", "Container that reads root's files", "reads {path} of its node, so code in it has {to}", 1, audit.High)
	hostTokens      = hostFamily("HOST_TOKEN_TRAVERSE", "Container that reads the tokens of other pods", "reads the volumes of all pods of its node, so code in it has what {to} has", 1, audit.Critical)
	hostSocket      = hostFamily("HOST_RUNTIME_SOCK", "Container that talks to the container runtime", "reaches the socket of the container runtime, so code in it starts a privileged container on {to}", 1, audit.Critical)
	hostKubelet     = hostFamily("HOST_KUBELET_CRED", "Container that reads the kubelet's credentials", "reads the credentials of the kubelet, so code in it is {to}", 1, audit.High)
	hostControl     = hostFamily("HOST_CP_PKI", "Container that reads the control plane's keys", "reads the keys or the database of the control plane, so code in it owns {to}", 1, audit.Critical)
	hostStatic      = hostFamily("HOST_STATIC_POD", "Container that writes static pods", "writes the manifests of static pods, so code in it has the kubelet run anything on {to}", 1, audit.Critical)
	hostNetworking  = hostFamily("HOST_CNI", "Container that writes network plugins", "writes network plugins, so code in it is run by root on {to} with the next pod", 1, audit.Critical)
	hostPlugin      = hostFamily("HOST_KUBELET_PLUGIN", "Container that registers plugins of the kubelet", "registers plugins of the kubelet, so code in it may serve devices and volumes on {to}", 2, audit.High)
	hostDevice      = hostFamily("HOST_DEV", "Container with the node's devices", "has the devices of its node, so code in it writes the disk of {to}", 2, audit.High)
	hostSystemd     = hostFamily("HOST_SYSTEMD", "Container that talks to systemd", "reaches systemd, so code in it starts a service on {to}", 1, audit.High)
	hostCgroup      = hostFamily("HOST_CGROUP", "Container that writes cgroups or /sys", "writes /sys as root, so code in it has the kernel of {to} run a program", 2, audit.High)
	hostCorePattern = hostFamily("CE_UMH_CORE_PATTERN", "Container that writes the kernel's settings", "writes /proc of its node as root, so code in it names the program that the kernel of {to} runs on a crash", 1, audit.Critical)
	hostLogs        = hostFamily("CE_VAR_LOG_SYMLINK", "Container that writes the node's logs and may read logs", "writes /var/log of its node and may ask the kubelet for logs, so code in it reads {to} through a link", 2, audit.High)
	hostDetector    = hostFamily("HOST_NPD_CONFIG", "Container that writes the problem detector's plugins", "writes the configuration of the node problem detector, which runs programs as root on {to}", 2, audit.High)
)

func hostFamily(id, title, story string, cost uint8, severity audit.Severity) *Family {
	return &Family{
		ID: id, Title: title, Story: "{from} " + strings.ReplaceAll(story, "{path}", "a path") + " ({evidence})",
		Cost: cost, Severity: severity, Confidence: Conditional,
		Source: "kubernetes.io/docs/concepts/storage/volumes, hostPath; kubernetes.io/docs/reference/node/kubelet-files",
	}
}

var hostFamilies = []*Family{
	hostWrite, hostRead, hostTokens, hostSocket, hostKubelet, hostControl, hostStatic, hostNetworking, hostPlugin,
	hostDevice, hostSystemd, hostCgroup, hostCorePattern, hostLogs, hostDetector,
}

// hostWay is what a path of the node is good for, to root of a container.
type hostWay struct {
	family *Family
	to     Kind
	write  bool // only where it may be written
	// paths open the way, and so do their parents; if below is set, so does what
	// is under them.
	paths []string
	below bool
}

// hostWays are all tried: a mount opens each that it fits.
var hostWays = []hostWay{
	{hostWrite, Node, true, []string{"/etc/cron.d", "/etc/systemd", "/usr", "/lib", "/bin", "/sbin", "/opt/bin", "/root", "/var/spool/cron"}, true},
	{hostWrite, Node, true, []string{"/home", "/etc", "/var/lib/kubelet", "/var/lib/containerd", "/var/lib/docker", "/var/lib/rancher"}, false},
	{hostStatic, Node, true, []string{"/etc/kubernetes/manifests"}, true},
	{hostNetworking, Node, true, []string{"/etc/cni/net.d", "/opt/cni/bin"}, true},
	{hostSocket, Node, false, []string{"/run/containerd/containerd.sock", "/run/docker.sock", "/run/crio/crio.sock", "/run/cri-dockerd.sock", "/run/k3s/containerd/containerd.sock", "/run/podman/podman.sock"}, false},
	{hostCorePattern, Node, true, []string{"/proc/sys/kernel/core_pattern"}, false},
	{hostCgroup, Node, true, []string{"/sys/fs/cgroup"}, true},
	{hostDevice, Node, true, []string{"/dev"}, false},
	{hostSystemd, Node, false, []string{"/run/systemd/private", "/run/dbus/system_bus_socket"}, false},
	{hostPlugin, Node, true, []string{"/var/lib/kubelet/plugins_registry", "/var/lib/kubelet/device-plugins"}, false},
	{hostDetector, Node, true, []string{"/etc/node-problem-detector"}, true},
	{hostControl, Cluster, false, []string{"/etc/kubernetes/pki", "/var/lib/etcd"}, true},
	{hostKubelet, NodeIdentity, false, []string{"/var/lib/kubelet/pki", "/etc/kubernetes/kubelet.conf"}, true},
	{hostTokens, NodeIdentity, false, []string{"/var/lib/kubelet/pods"}, true},
	{hostRead, NodeFiles, false, []string{"/etc/shadow", "/proc/1", "/home"}, false},
	{hostRead, NodeFiles, false, []string{"/root"}, true},
	{hostLogs, NodeFiles, true, []string{"/var/log"}, false},
}

// hostPath adds what a mounted path of the node opens. As is the family to call
// it by, nil for that of the path.
func (x *exam) hostPath(m mount, field string, as *Family) {
	host := strings.Replace(m.host, "/var/run", "/run", 1) // a link on any distribution
	if !m.root {
		return
	}
	for i := range hostWays {
		w := &hostWays[i]
		if w.write && m.readOnly || !w.opens(host) {
			continue
		}
		if as == nil {
			x.add(w.family, "", field)
		} else {
			x.add(as, w.family.ID, field)
		}
	}
}

// opens reports whether having a path of the node opens the way.
func (w *hostWay) opens(host string) bool {
	return slices.ContainsFunc(w.paths, func(p string) bool { return under(p, host) || w.below && under(host, p) })
}

// under reports whether a path is another or below it.
func under(path, parent string) bool {
	return parent == "/" || path == parent || strings.HasPrefix(path, parent+"/")
}

// hostEscapes is [escapes] for paths of the node.
func hostEscapes(f *Family) (Kind, bool) {
	for i := range hostWays {
		if hostWays[i].family == f {
			return hostWays[i].to, true
		}
	}
	return 0, false
}

// hostVolumes finds the claims whose volume is a path of the node, by namespace
// and name (PersistentVolume fields hostPath and local).
func hostVolumes(c *kube.Cluster) map[[2]string]string {
	found := map[[2]string]string{}
	for v := range c.PersistentVolumes.All() {
		claim := v.Spec.ClaimRef
		switch {
		case claim == nil:
		case v.Spec.HostPath != nil:
			found[[2]string{claim.Namespace, claim.Name}] = v.Spec.HostPath.Path
		case v.Spec.Local != nil:
			found[[2]string{claim.Namespace, claim.Name}] = v.Spec.Local.Path
		}
	}
	return found
}
