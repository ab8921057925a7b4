package blast

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// shortestName is the least that a name must have to be taken for one where it does not
// stand in a name that ends in "svc".
const shortestName = 4

// commonWords are names of Services that texts have for other reasons.
var commonWords = map[string]bool{
	"localhost": true, "http": true, "https": true, "true": true, "false": true, "none": true, "null": true, "default": true,
	"data": true, "info": true, "debug": true, "warn": true, "warning": true, "error": true, "trace": true, "main": true,
	"test": true, "prod": true, "production": true, "staging": true, "development": true, "name": true, "host": true,
	"port": true, "user": true, "root": true, "admin": true, "config": true, "json": true, "text": true, "latest": true,
	"server": true, "client": true, "internal": true, "local": true, "kubernetes": true,
}

// mentionsOf returns the workloads of a namespace by the Services that their command,
// arguments and literal environment have the DNS name of, whether there are such Services
// or not. Jobs that ended call nobody any more. What comes from Secrets and ConfigMaps is never read.
func mentionsOf(workloads []*kube.Workload) map[kube.Ref][]kube.Ref {
	of := map[kube.Ref][]kube.Ref{}
	for _, w := range workloads {
		if w.Ended() {
			continue
		}
		found := map[kube.Ref]bool{}
		add := func(service kube.Ref) {
			if !found[service] {
				found[service] = true
				of[service] = append(of[service], w.Ref)
			}
		}
		for c := range w.Containers() {
			for _, texts := range [...][]string{c.Command, c.Args} {
				for _, text := range texts {
					servicesNamed(text, w.Ref.Namespace, add)
				}
			}
			for i := range c.Env {
				servicesNamed(c.Env[i].Value, w.Ref.Namespace, add)
				if name, ok := pairedHost(c.Env, i); ok {
					add(kube.Services.Ref(w.Ref.Namespace, name))
				}
			}
		}
	}
	return of
}

// Naming returns the workloads of a Service's own namespace whose command, arguments or
// literal environment have its name, but for those that it selects: they seem to call it.
// It is a hint, see [Hint]; nil if there are none.
func Naming(c *kube.Cluster, service *corev1.Service) []kube.Ref {
	named := spacesOf.Of(c).in(service.Namespace).mentions()[kube.Services.Ref(service.Namespace, service.Name)]
	if len(named) == 0 {
		return nil
	}
	served := c.WorkloadsServed(service)
	return slices.DeleteFunc(slices.Clone(named), func(naming kube.Ref) bool {
		return slices.ContainsFunc(served, func(w *kube.Workload) bool { return w.Ref == naming })
	})
}

// aliasesOf has the Services that stand for another one by its DNS name (type
// ExternalName), by the other one.
var aliasesOf = kube.Derive(func(c *kube.Cluster) map[kube.Ref][]edge {
	aliases := map[kube.Ref][]edge{}
	for s := range c.Services.All() {
		if s.Spec.Type != corev1.ServiceTypeExternalName {
			continue
		}
		named(strings.TrimSuffix(s.Spec.ExternalName, "."), true, "", func(to kube.Ref) {
			if ref := kube.Services.Ref(s.Namespace, s.Name); to != ref && to.Namespace != "" {
				aliases[to] = append(aliases[to], edge{to: ref, relation: Names, certainty: Hint, detail: "externalName"})
			}
		})
	}
	return aliases
}).From(kube.Services)

// pairedHost returns the bare name in an environment variable whose port is in another
// one: DATABASE_HOST and DATABASE_PORT.
func pairedHost(env []corev1.EnvVar, i int) (string, bool) {
	value := env[i].Value
	if !meaningful(value) || strings.ContainsFunc(value, func(r rune) bool { return r >= 0x80 || r == '.' || !isHostByte(byte(r)) }) {
		return "", false
	}
	for _, suffix := range [...]string{"_HOST", "_HOSTNAME", "_ADDR", "_ADDRESS", "_SERVER"} {
		prefix, found := strings.CutSuffix(env[i].Name, suffix)
		if found && slices.ContainsFunc(env, func(e corev1.EnvVar) bool { return e.Name == prefix+"_PORT" }) {
			return value, true
		}
	}
	return "", false
}

func meaningful(name string) bool { return len(name) >= shortestName && !commonWords[name] }

// isHostByte reports whether a DNS name of the cluster may have a byte: the names of
// objects have no capitals.
func isHostByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '-' || b == '.'
}

// isWordByte reports whether a byte beside a name makes it a part of something else.
func isWordByte(b byte) bool { return b >= 'A' && b <= 'Z' || b == '_' || b >= 0x80 }

// servicesNamed calls add for each Service that a text may name, as seen from a
// namespace: "web.shop" and longer names, hosts of URLs, and bare names with a port.
func servicesNamed(text, home string, add func(kube.Ref)) {
	scheme := strings.Index(text, "://")
	for at := 0; at < len(text); {
		if !isHostByte(text[at]) {
			at++
			continue
		}
		end := at
		for end < len(text) && isHostByte(text[end]) {
			end++
		}
		if addressed, ok := inContext(text, at, end, scheme); ok {
			named(strings.Trim(text[at:end], "-."), addressed, home, add)
		}
		at = end
	}
}

// inContext reports whether what stands in a text from at to end may be a name at all,
// and whether it is addressed: the host of a URL, or followed by a port.
func inContext(text string, at, end, scheme int) (addressed, ok bool) {
	ported := portAt(text, end)
	if end < len(text) && isWordByte(text[end]) {
		return false, false
	}
	if at == 0 {
		return ported, scheme != end
	}
	switch before := text[at-1]; {
	case isWordByte(before), before == '{', before == '$':
		return false, false
	case before == '@': // after the user of a URL; elsewhere it is an address of mail
		return true, scheme >= 0 && scheme < at
	case before == '/':
		if at < 2 || text[at-2] != '/' {
			return false, false // a part of a path
		}
		authority := text[at:]
		if stop := strings.IndexAny(authority, "/ \t\n,;?#\"'"); stop >= 0 {
			authority = authority[:stop]
		}
		return true, !strings.Contains(authority, "@") // what is before it is a user
	}
	return ported, !strings.HasPrefix(text[end:], "://")
}

// portAt reports whether a port stands in a text, with its colon.
func portAt(text string, at int) bool {
	if at >= len(text) || text[at] != ':' {
		return false
	}
	port, digits := 0, 0
	for at++; at < len(text) && text[at] >= '0' && text[at] <= '9' && digits < 6; at++ {
		port, digits = port*10+int(text[at]-'0'), digits+1
	}
	if at < len(text) && (isHostByte(text[at]) || isWordByte(text[at])) {
		return false
	}
	return port > 0 && port <= 65535
}

// named calls add for the Services that a name may stand for (the DNS specification of
// Kubernetes, dns-based service discovery 1.1.0). A pod of a StatefulSet has a name below
// that of its Service.
func named(name string, addressed bool, home string, add func(kube.Ref)) {
	parts := strings.Split(name, ".")
	last := parts[len(parts)-1]
	if slices.Contains(parts, "") || !strings.ContainsFunc(last, func(r rune) bool { return r < '0' || r > '9' }) {
		return // nothing, an address, or a version
	}
	if at := slices.Index(parts, "svc"); at >= 2 {
		add(kube.Services.Ref(parts[at-1], parts[at-2]))
		return
	}
	short(parts, addressed, home, add)
	if hasNumber(parts[0]) {
		short(parts[1:], addressed, home, add)
	}
}

// short calls add for the Service of a name without a domain.
func short(parts []string, addressed bool, home string, add func(kube.Ref)) {
	if len(parts) == 0 || !meaningful(parts[0]) {
		return
	}
	switch {
	case len(parts) == 1 && addressed:
		add(kube.Services.Ref(home, parts[0]))
	case len(parts) == 2:
		add(kube.Services.Ref(parts[1], parts[0]))
	}
}

// hasNumber reports whether a name ends in the number of a replica: "kafka-0".
func hasNumber(name string) bool {
	dash := strings.LastIndexByte(name, '-')
	if dash <= 0 || dash == len(name)-1 {
		return false
	}
	return !strings.ContainsFunc(name[dash+1:], func(r rune) bool { return r < '0' || r > '9' })
}
