package securitycontext

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// added returns the capabilities that a container adds to the runtime's defaults.
func added(c kube.Container) []corev1.Capability {
	if own(c).Capabilities == nil {
		return nil
	}
	return own(c).Capabilities.Add
}

// dropped returns the runtime's defaults that a container does without.
func dropped(c kube.Container) []corev1.Capability {
	if own(c).Capabilities == nil {
		return nil
	}
	return own(c).Capabilities.Drop
}

func addsCapability(c kube.Container, name corev1.Capability) bool {
	return slices.Contains(added(c), name)
}

// dropsCapability reports whether a container does without a capability: runtimes
// take its name, and ALL, in any case.
func dropsCapability(c kube.Container, name corev1.Capability) bool {
	return slices.ContainsFunc(dropped(c), func(given corev1.Capability) bool {
		return strings.EqualFold(string(given), "ALL") || strings.EqualFold(string(given), string(name))
	})
}

// eachAdding returns a Check that reports the containers that add one of some
// capabilities, none of which Pod Security allows at the baseline level: what is
// reported follows from what capabilities-added-beyond-baseline says of them all.
func eachAdding(allows string, names ...corev1.Capability) audit.Check {
	return audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		for c := range w.Containers() {
			var found []corev1.Capability
			for _, name := range added(c) {
				if slices.Contains(names, plain(name)) {
					found = append(found, name)
				}
			}
			if len(found) == 0 {
				continue
			}
			f := inContainer(c, "securityContext.capabilities.add", "adds "+joined(found))
			f.Detail = "capabilities.add lists " + joined(found) + ", which " + allows + "."
			f.Implied = impliedByPrivileged(c)
			if f.Implied == "" {
				f.Implied = capabilitiesAddedBeyondBaseline.ID
			}
			p.Report(f)
		}
	})
}

// asksNotToAdd is [eachAdding] for a server. Names are compared as [plain] does.
func asksNotToAdd(names ...corev1.Capability) *audit.Admission {
	var spelled []string
	for _, name := range names {
		spelled = append(spelled, string(name), "CAP_"+string(name))
	}
	return &audit.Admission{
		Variables: []audit.Variable{{Name: "capabilities", Expression: audit.Texts(spelled)}},
		Container: "c.?securityContext.capabilities.add.orValue([]).exists(x, x.upperAscii() in variables.capabilities)",
	}
}

// plain returns a capability as Kubernetes names it: some runtimes take the
// kernel's prefix, and lower case, as well.
func plain(name corev1.Capability) corev1.Capability {
	return corev1.Capability(strings.TrimPrefix(strings.ToUpper(string(name)), "CAP_"))
}

// impliedByKeptCapabilities returns the rule that makes lesser findings about
// kept capabilities consequences: where Pod Security knows a level that asks for
// all of them to be dropped, capabilities-not-dropped-all reports the container.
func impliedByKeptCapabilities(c *kube.Cluster, w *kube.Workload, container kube.Container) string {
	if implied := impliedByPrivileged(container); implied != "" {
		return implied
	}
	if asksToDropAll.Of(c) && !w.Windows() && !slices.Contains(dropped(container), "ALL") {
		return capabilitiesNotDroppedAll.ID
	}
	return ""
}

// asksToDropAll says whether the server's version of Pod Security has a level
// that forbids to keep the runtime's defaults.
var asksToDropAll = kube.Derive(func(c *kube.Cluster) bool {
	check := podSecurityOf.Of(c)["capabilities_restricted"]
	return check != nil && !check(bare, &corev1.PodSpec{Containers: []corev1.Container{{}}}).Allowed
}).From()

// forbiddenCapabilities parts the capabilities that a container adds by whether
// the check forbids them, each by itself.
func (s standard) forbiddenCapabilities(c kube.Container) (forbidden, allowed []corev1.Capability) {
	for _, capability := range added(c) {
		if s.forbidsSecurityContext(&corev1.SecurityContext{Capabilities: &corev1.Capabilities{
			Add: []corev1.Capability{capability}, Drop: []corev1.Capability{"ALL"},
		}}) {
			forbidden = append(forbidden, capability)
		} else {
			allowed = append(allowed, capability)
		}
	}
	return forbidden, allowed
}

func joined(capabilities []corev1.Capability) string {
	var names []string
	for _, capability := range capabilities {
		names = append(names, string(capability))
	}
	return strings.Join(names, ", ")
}

// listed is a list of capabilities as a manifest's value.
func listed(capabilities []corev1.Capability) []any {
	values := []any{}
	for _, capability := range capabilities {
		values = append(values, string(capability))
	}
	return values
}
