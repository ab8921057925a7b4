package ownership

import (
	"path"
	"regexp"
	"regexp/syntax"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// tolerance is what who delivers an object leaves as people change it. What Argo CD is told
// for all applications at once is in a ConfigMap (resource.customizations of argocd-cm),
// whose values nobody reads here.
type tolerance struct {
	managers []string  // whose changes are left, as managedFields calls them
	pointers []pointer // to what is left, with what is below
	unsure   []string  // expressions that only the controller can evaluate
	object   any       // as JSON has it, to find elements of lists by their place
}

// rule is what Argo CD and Flux can be told, in the words of either.
type rule struct {
	// Of Argo CD, spec.ignoreDifferences of an Application
	// (https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/).
	Group     string   `json:"group"`
	Kind      string   `json:"kind"`
	Name      string   `json:"name"`
	Namespace string   `json:"namespace"`
	Pointers  []string `json:"jsonPointers"`
	JQ        []string `json:"jqPathExpressions"`
	Managers  []string `json:"managedFieldsManagers"`
	// Of Flux, spec.ignore of a Kustomization and spec.driftDetection.ignore of a
	// HelmRelease (https://fluxcd.io/flux/components/).
	Paths  []string `json:"paths"`
	Target *target  `json:"target"`
}

// target selects objects as a patch of Kustomize does: what is written is an anchored
// regular expression, and what is not is anything.
type target struct {
	Group              string `json:"group"`
	Version            string `json:"version"`
	Kind               string `json:"kind"`
	Name               string `json:"name"`
	Namespace          string `json:"namespace"`
	LabelSelector      string `json:"labelSelector"`
	AnnotationSelector string `json:"annotationSelector"`
}

// toleranceOf returns what is left of an object as people change it, by the resource of who
// delivers it. Where the view does not hold that, nothing is.
func toleranceOf(c *kube.Cluster, ref kube.Ref, m metav1.Object) *tolerance {
	let := &tolerance{}
	owner := Marked(m)
	switch {
	case owner.Tool == ArgoCD:
		for _, r := range rulesOf(oneOf(c, kube.Applications, owner), "spec", "ignoreDifferences") {
			if alike(r.Group, ref.Group) && alike(r.Kind, ref.Kind) && is(r.Name, ref.Name) && is(r.Namespace, ref.Namespace) {
				let.managers = append(let.managers, r.Managers...)
				let.point(r.Pointers, pointerOf)
				let.point(r.JQ, simpleExpression)
			}
		}
	case owner.Kind == kube.Kustomizations.Kind:
		let.targeted(c, ref, m, rulesOf(oneOf(c, kube.Kustomizations, owner), "spec", "ignore"))
	case owner.Kind == kube.HelmReleases.Kind:
		let.targeted(c, ref, m, rulesOf(oneOf(c, kube.HelmReleases, owner), "spec", "driftDetection", "ignore"))
	}
	if len(let.pointers) > 0 {
		// An object that does not convert has no elements to find: what points to one
		// points to none.
		if object, err := runtime.DefaultUnstructuredConverter.ToUnstructured(m); err == nil {
			let.object = object
		}
	}
	return let
}

// targeted takes over the rules of Flux that are about an object.
func (t *tolerance) targeted(c *kube.Cluster, ref kube.Ref, m metav1.Object, rules []rule) {
	for _, r := range rules {
		if r.Target == nil || r.Target.selects(c, ref, m) {
			t.point(r.Paths, pointerOf)
		}
	}
}

// point takes over what expressions point to.
func (t *tolerance) point(expressions []string, read func(string) (pointer, bool)) {
	for _, e := range expressions {
		if p, understood := read(e); understood {
			t.pointers = append(t.pointers, p)
		} else {
			t.unsure = append(t.unsure, e)
		}
	}
}

func (t *tolerance) trusts(manager string) bool { return slices.Contains(t.managers, manager) }

func (t *tolerance) accepts(field fieldpath.Path) bool {
	return slices.ContainsFunc(t.pointers, func(p pointer) bool { return p.covers(field, t.object) })
}

// rulesOf reads the rules at a field of a custom object; nil if there are none, or if they
// have another form.
func rulesOf(o *unstructured.Unstructured, field ...string) []rule {
	if o == nil {
		return nil
	}
	list, _, err := unstructured.NestedSlice(o.Object, field...)
	if err != nil {
		return nil
	}
	var rules []rule
	for _, member := range list {
		var r rule
		object, ok := member.(map[string]any)
		if ok && runtime.DefaultUnstructuredConverter.FromUnstructured(object, &r) == nil {
			rules = append(rules, r)
		}
	}
	return rules
}

// alike matches as Argo CD matches groups and kinds: by a pattern with * in it.
func alike(pattern, text string) bool {
	matched, err := path.Match(pattern, text)
	return err == nil && matched
}

// is matches as Argo CD matches names: what is not written is any.
func is(wanted, text string) bool { return wanted == "" || wanted == text }

func (t *target) selects(c *kube.Cluster, ref kube.Ref, m metav1.Object) bool {
	// Version is left aside: a view reads its own, whichever was applied.
	for pattern, text := range map[string]string{t.Group: ref.Group, t.Kind: ref.Kind, t.Name: ref.Name, t.Namespace: ref.Namespace} {
		if pattern == "" {
			continue
		}
		if expression := anchored.Of(c, pattern); expression == nil || !expression.MatchString(text) {
			return false
		}
	}
	return selected(t.LabelSelector, m.GetLabels()) && selected(t.AnnotationSelector, m.GetAnnotations())
}

// mostInstructions bounds an expression that a cluster chose: each is run over the names
// of all objects, and (x?){1000} is short to write.
const mostInstructions = 10_000

// anchored has the expressions of targets, compiled; nil for one that is wrong or too
// large, which selects nothing.
var anchored = kube.DeriveFor(func(_ *kube.Cluster, pattern string) *regexp.Regexp {
	pattern = "^(?:" + pattern + ")$"
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil || len(program.Inst) > mostInstructions {
		return nil
	}
	expression, _ := regexp.Compile(pattern) // it was parsed
	return expression
}).From(kube.Kustomizations, kube.HelmReleases)

func selected(selector string, of map[string]string) bool {
	s, err := labels.Parse(selector)
	return err == nil && s.Matches(labels.Set(of))
}
