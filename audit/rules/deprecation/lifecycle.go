package deprecation

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	admissionv1beta1 "k8s.io/api/admission/v1beta1"
	admissionregistrationv1alpha1 "k8s.io/api/admissionregistration/v1alpha1"
	admissionregistrationv1beta1 "k8s.io/api/admissionregistration/v1beta1"
	apidiscoveryv2beta1 "k8s.io/api/apidiscovery/v2beta1"
	appsv1beta1 "k8s.io/api/apps/v1beta1"
	appsv1beta2 "k8s.io/api/apps/v1beta2"
	authenticationv1alpha1 "k8s.io/api/authentication/v1alpha1"
	authenticationv1beta1 "k8s.io/api/authentication/v1beta1"
	authorizationv1beta1 "k8s.io/api/authorization/v1beta1"
	batchv1beta1 "k8s.io/api/batch/v1beta1"
	certificatesv1alpha1 "k8s.io/api/certificates/v1alpha1"
	certificatesv1beta1 "k8s.io/api/certificates/v1beta1"
	coordinationv1alpha2 "k8s.io/api/coordination/v1alpha2"
	coordinationv1beta1 "k8s.io/api/coordination/v1beta1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1beta1 "k8s.io/api/discovery/v1beta1"
	eventsv1beta1 "k8s.io/api/events/v1beta1"
	extensionsv1beta1 "k8s.io/api/extensions/v1beta1"
	flowcontrolv1beta1 "k8s.io/api/flowcontrol/v1beta1"
	flowcontrolv1beta2 "k8s.io/api/flowcontrol/v1beta2"
	flowcontrolv1beta3 "k8s.io/api/flowcontrol/v1beta3"
	lifecyclev1alpha1 "k8s.io/api/lifecycle/v1alpha1"
	networkingv1beta1 "k8s.io/api/networking/v1beta1"
	nodev1beta1 "k8s.io/api/node/v1beta1"
	policyv1beta1 "k8s.io/api/policy/v1beta1"
	rbacv1beta1 "k8s.io/api/rbac/v1beta1"
	resourcev1alpha3 "k8s.io/api/resource/v1alpha3"
	resourcev1beta1 "k8s.io/api/resource/v1beta1"
	resourcev1beta2 "k8s.io/api/resource/v1beta2"
	schedulingv1beta1 "k8s.io/api/scheduling/v1beta1"
	storagev1alpha1 "k8s.io/api/storage/v1alpha1"
	storagev1beta1 "k8s.io/api/storage/v1beta1"
	storagemigrationv1beta1 "k8s.io/api/storagemigration/v1beta1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// release is a minor release of Kubernetes; 1.37 is {1, 37}. The zero release is
// none.
type release struct{ major, minor int }

// newest is the newest release of which the lifecycles are known: the one that
// the k8s.io/api module belongs to.
var newest = release{1, 37}

// String returns "1.37".
func (r release) String() string { return fmt.Sprintf("%d.%d", r.major, r.minor) }

// by reports whether something that happens in the release has happened in
// another one.
func (r release) by(other release) bool {
	return r != release{} && (r.major < other.major || r.major == other.major && r.minor <= other.minor)
}

// next returns the minor release after this one.
func (r release) next() release { return release{r.major, r.minor + 1} }

// before returns the minor release so many before this one.
func (r release) before(minors int) release { return release{r.major, r.minor - minors} }

// lifecycle is what is planned for, or became of, one version of a kind.
type lifecycle struct {
	deprecated release // the first that warns of it; zero if that is not known
	removed    release // the first that does not serve it any more; zero if none is planned
	// replacement is the apiVersion and kind to use instead, for people; "" if
	// there is none.
	replacement string
}

// lifecycles are those of the built-in APIs that are deprecated or gone.
type lifecycles map[schema.GroupVersionKind]lifecycle

// known has the lifecycles. They depend on nothing of a view.
var known = kube.Derive(func(*kube.Cluster) lifecycles {
	all, err := registered()
	if err != nil {
		all = lifecycles{} // which a test makes sure does not happen
	}
	for line := range strings.Lines(goneTable) {
		if gvk, l, ok := parseGone(line); ok {
			all[gvk] = l
		}
	}
	return all
}).From()

// The types of k8s.io/api say by themselves what becomes of them.
type (
	deprecating interface{ APILifecycleDeprecated() (major, minor int) }
	removing    interface{ APILifecycleRemoved() (major, minor int) }
	replacing   interface {
		APILifecycleReplacement() schema.GroupVersionKind
	}
)

// registered collects what the types of k8s.io/api say.
func registered() (lifecycles, error) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		admissionv1beta1.AddToScheme,
		admissionregistrationv1alpha1.AddToScheme,
		admissionregistrationv1beta1.AddToScheme,
		apidiscoveryv2beta1.AddToScheme,
		appsv1beta1.AddToScheme,
		appsv1beta2.AddToScheme,
		authenticationv1alpha1.AddToScheme,
		authenticationv1beta1.AddToScheme,
		authorizationv1beta1.AddToScheme,
		batchv1beta1.AddToScheme,
		certificatesv1alpha1.AddToScheme,
		certificatesv1beta1.AddToScheme,
		coordinationv1alpha2.AddToScheme,
		coordinationv1beta1.AddToScheme,
		corev1.AddToScheme,
		discoveryv1beta1.AddToScheme,
		eventsv1beta1.AddToScheme,
		extensionsv1beta1.AddToScheme,
		flowcontrolv1beta1.AddToScheme,
		flowcontrolv1beta2.AddToScheme,
		flowcontrolv1beta3.AddToScheme,
		lifecyclev1alpha1.AddToScheme,
		networkingv1beta1.AddToScheme,
		nodev1beta1.AddToScheme,
		policyv1beta1.AddToScheme,
		rbacv1beta1.AddToScheme,
		resourcev1alpha3.AddToScheme,
		resourcev1beta1.AddToScheme,
		resourcev1beta2.AddToScheme,
		schedulingv1beta1.AddToScheme,
		storagev1alpha1.AddToScheme,
		storagev1beta1.AddToScheme,
		storagemigrationv1beta1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			return nil, fmt.Errorf("registering an API: %w", err)
		}
	}
	all := lifecycles{}
	for gvk := range scheme.AllKnownTypes() {
		object, err := scheme.New(gvk)
		if err != nil {
			return nil, fmt.Errorf("making a %s: %w", gvk, err)
		}
		if l, ok := lifecycleOf(object); ok {
			all[gvk] = l
		}
	}
	return all, nil
}

func lifecycleOf(object runtime.Object) (l lifecycle, ok bool) {
	if d, says := object.(deprecating); says {
		l.deprecated.major, l.deprecated.minor = d.APILifecycleDeprecated()
	}
	if r, says := object.(removing); says {
		l.removed.major, l.removed.minor = r.APILifecycleRemoved()
	}
	if r, says := object.(replacing); says {
		gvk := r.APILifecycleReplacement()
		l.replacement = gvk.GroupVersion().String() + " " + gvk.Kind
	}
	return l, l.deprecated != release{} || l.removed != release{}
}

// goneTable has the built-in APIs whose types k8s.io/api has no more, or which
// do not say what became of them there.
//
//go:embed gone.tsv
var goneTable string

// parseGone reads a line: group, version, kind, deprecated, removed and
// replacement, parted by tabs. A line that begins with # says where the next
// ones are from.
func parseGone(line string) (schema.GroupVersionKind, lifecycle, bool) {
	fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
	if len(fields) != 6 || strings.HasPrefix(line, "#") {
		return schema.GroupVersionKind{}, lifecycle{}, false
	}
	deprecated, _ := parseRelease(fields[3])
	removed, ok := parseRelease(fields[4])
	return schema.GroupVersionKind{Group: fields[0], Version: fields[1], Kind: fields[2]},
		lifecycle{deprecated, removed, fields[5]}, ok
}

// parseRelease reads "1.37", "v1.37.1" or "v1.36.4-eks-1a2b", as servers and
// people name a release; false for anything else.
func parseRelease(text string) (release, bool) {
	parts := strings.Split(strings.TrimPrefix(text, "v"), ".")
	if len(parts) < 2 {
		return release{}, false
	}
	major, err := strconv.Atoi(parts[0])
	if err != nil {
		return release{}, false
	}
	minor, err := strconv.Atoi(strings.TrimRight(parts[1], "+"))
	return release{major, minor}, err == nil
}

// Leap is a minor release of Kubernetes and the next one, as "1.37" and "1.38".
type Leap struct{ From, To string }

// LeapOf returns the release of a cluster, of manifests the newest that is known, and the
// one that it can be upgraded to: a control plane goes one minor release at a time
// (https://kubernetes.io/releases/version-skew-policy/). It is zero if the server does not
// say what it is.
func LeapOf(c *kube.Cluster) Leap {
	now, ok := current(c)
	if !ok || now.major == 0 {
		return Leap{}
	}
	return Leap{now.String(), now.next().String()}
}

// Beyond returns the newest release of which all is known that it deprecates, if the leap
// starts from a newer one; "" if it does not. Of what later ones deprecate nobody knew yet.
func (l Leap) Beyond() string {
	from, ok := parseRelease(l.From)
	if !ok || from.by(newest) {
		return ""
	}
	return newest.String()
}

// Release returns the minor release of a version, "1.37" of "v1.37.1-eks-1a2b"; "" if it is
// none.
func Release(version string) string {
	r, ok := parseRelease(version)
	if !ok {
		return ""
	}
	return r.String()
}

// RemovedUnseen returns the versions of built-in APIs that a release is the first without
// and that the server has, of kinds that views do not hold, sorted: "resource.k8s.io/v1beta1
// (DeviceClass, ResourceClaim)". Whether somebody writes them no rule can tell. What a server
// has its APIServices say, one for each version; without them it may have all.
func (l Leap) RemovedUnseen(c *kube.Cluster) []string {
	services := c.Custom(kube.APIServices)
	to, ok := parseRelease(l.To)
	if !ok {
		return nil
	}
	kinds := map[string][]string{}
	for gvk, life := range known.Of(c) {
		_, held := kube.ResourceOf(gvk.Group, gvk.Kind)
		if held || life.removed != to || strings.HasSuffix(gvk.Kind, "List") {
			continue
		}
		if _, served := services.Get("", gvk.Version+"."+gvk.Group); !served && services.Len() > 0 {
			continue
		}
		version := gvk.GroupVersion().String()
		kinds[version] = append(kinds[version], gvk.Kind)
	}
	var all []string
	for _, version := range slices.Sorted(maps.Keys(kinds)) {
		slices.Sort(kinds[version])
		all = append(all, fmt.Sprintf("%s (%s)", version, strings.Join(kinds[version], ", ")))
	}
	return all
}

// replacementVersion returns the apiVersion to use instead.
func replacementVersion(l lifecycle) string {
	version, _, _ := strings.Cut(l.replacement, " ")
	return version
}
