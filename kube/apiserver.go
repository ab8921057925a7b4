package kube

import (
	"crypto/tls"
	"maps"
	"path"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// APIServer is a kube-apiserver whose flags are known. It never changes.
type APIServer struct {
	// Ref is its pod, or its page of flags.
	Ref Ref
	// Container is the one of the pod that runs it; zero for a page.
	Container Container
	// Elsewhere says why the flags alone do not tell how it is set; "" if they do.
	Elsewhere string

	flags map[string]string
}

// APIServers returns those whose flags a view has: of the pods of the platform that run
// one, of which nodes tell where the control plane is made of static pods; where there is
// none, the one that showed its [Flagz]. A pod tells the flags that were given, a page also
// those that were not.
func (c *Cluster) APIServers() []APIServer { return apiServers.Of(c) }

// apiServers are found once for a view: many rules ask, and nodes may run a static pod each.
var apiServers = Derive(func(c *Cluster) []APIServer {
	var servers []APIServer
	for _, namespace := range c.namespacesOfPods() {
		for _, w := range c.WorkloadsIn(namespace) {
			if w.Ref.Kind != Pods.Kind {
				continue // it may not run yet, or in many pods
			}
			for container := range w.Containers() {
				if flags, starts := apiServerFlags(container); starts {
					servers = append(servers, APIServer{Ref: w.Ref, Container: container, Elsewhere: elsewhere(flags), flags: flags})
					break
				}
			}
		}
	}
	if len(servers) > 0 {
		return servers
	}
	for page := range c.Custom(Flagz).All() {
		flags, told, err := unstructured.NestedStringMap(page.Object, "flags")
		if err == nil && told {
			servers = append(servers, APIServer{Ref: Flagz.Ref("", page.GetName()), flags: flags})
		}
	}
	return servers
})

// namespacesOfPods are those of the platform, in which a control plane can be.
func (c *Cluster) namespacesOfPods() []string {
	in := map[string]bool{SystemNamespace: true}
	for n := range c.Namespaces.All() {
		if Platform(n.Name) {
			in[n.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(in))
}

// Flag returns the value of a flag, by its name without dashes; byDefault if it was not
// given. Of lists the elements are separated by commas.
func (s APIServer) Flag(name, byDefault string) string {
	value, given := s.flags[name]
	if !given {
		return byDefault
	}
	return value
}

// List returns the elements of a flag that is a list.
func (s APIServer) List(name, byDefault string) []string {
	text := strings.Trim(s.Flag(name, byDefault), "[]") // as a page has it
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// InsecureCipherSuites returns those of its cipher suites that Go lists as insecure.
func (s APIServer) InsecureCipherSuites() []string {
	set := s.List("tls-cipher-suites", "")
	var insecure []string
	for _, suite := range tls.InsecureCipherSuites() {
		if slices.Contains(set, suite.Name) {
			insecure = append(insecure, suite.Name)
		}
	}
	return insecure
}

// Program returns the name of the container that runs it, "" for a page.
func (s APIServer) Program() string {
	if s.Container.Container == nil {
		return ""
	}
	return s.Container.Name
}

// Field returns the path of the field that has the flags.
func (s APIServer) Field(flag string) string {
	switch {
	case s.Ref.Kind == Flagz.Kind:
		return "flags." + flag
	case len(s.Container.Args) > 0:
		return s.Container.Field("args")
	}
	return s.Container.Field("command")
}

// apiServerFlags returns the flags of a container that starts kube-apiserver, by itself
// or by a shell.
func apiServerFlags(c Container) (flags map[string]string, starts bool) {
	line := slices.Concat(c.Command, c.Args)
	if c.Kind != Main || !slices.ContainsFunc(line, func(word string) bool { return strings.Contains(word, "kube-apiserver") }) {
		return nil, false
	}
	words := strings.Fields(strings.Join(line, " "))
	at := slices.IndexFunc(words, func(word string) bool { return path.Base(word) == "kube-apiserver" })
	if at < 0 {
		return nil, false
	}
	flags = map[string]string{}
	for i := at + 1; i < len(words); i++ {
		name, dashed := strings.CutPrefix(words[i], "-")
		if !dashed {
			continue
		}
		name, value, assigned := strings.Cut(strings.TrimPrefix(name, "-"), "=")
		switch next := i + 1; {
		case assigned:
		case next < len(words) && !strings.HasPrefix(words[next], "-"):
			value = words[next]
		default:
			value = "true"
		}
		flags[name] = strings.Trim(value, `"'`)
	}
	return flags, true
}

// elsewhere says why the flags of a pod do not tell how the server is set.
func elsewhere(flags map[string]string) string {
	if _, given := flags["openshift-config"]; given {
		return "the API server takes its settings from a file, which is not read"
	}
	return ""
}
