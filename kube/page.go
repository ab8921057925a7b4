package kube

// PageName is the name of the one object that a page is held as, which is that of the API
// server on its own pages.
const PageName = "apiserver"

// Page returns the path of a page on which an API server tells of itself, "" for a
// resource that is none. A page is held as if it were a custom resource with one object:
// [Flagz] has its flags as it runs with them, defaults included (KEP-4828), [Statusz] its
// versions and when it started (KEP-4827), [Livez] the checks of its own health that fail.
// The first two are of servers since 1.36, and only of those who may ask for the path
// (ClusterRole system:monitoring). The third is text, which [Livez] is made of.
// Where several servers stand behind one address, each page is of one of them.
func (r Resource) Page() string {
	switch r {
	case Flagz, Statusz, Livez:
		return "/" + r.Plural
	}
	return ""
}

// APIServerFlags returns the flags of a kube-apiserver that rules read, by name: modes,
// plugins, addresses and paths of files, none of which is a credential
// (kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver).
func APIServerFlags() []string {
	return []string{
		"anonymous-auth", "audit-log-path", "audit-policy-file", "audit-webhook-config-file",
		"authentication-config", "authorization-config", "authorization-mode", "disable-admission-plugins",
		"enable-admission-plugins", "encryption-provider-config", "etcd-cafile", "etcd-servers",
		"kubelet-certificate-authority", "profiling", "tls-cipher-suites", "tls-min-version",
		"token-auth-file",
	}
}
