package ownership_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/ownership"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// edited is a Deployment that Argo CD or Flux delivered, by its labels, and that somebody
// changed fields of since.
func edited(labels, fields string) string {
	return `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels: {` + labels + `}
  managedFields:
  - {manager: kustomize-controller, operation: Apply, apiVersion: apps/v1, time: "2026-01-01T08:00:00Z"}
  - {manager: kubectl-edit, operation: Update, apiVersion: apps/v1, time: "2026-01-01T09:00:00Z", fieldsType: FieldsV1, fieldsV1: ` + fields + `}
spec:
  replicas: 7
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: log, image: shop/log:1}
      - {name: web, image: shop/web:hotfix, args: [a, b]}
`
}

const (
	replicas = `{"f:spec":{"f:replicas":{}}}`
	image    = `{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:image":{}}}}}}}`
	imageOf  = `spec.template.spec.containers[name="web"].image`
	argo     = "argocd.argoproj.io/instance: shop"
	flux     = "kustomize.toolkit.fluxcd.io/name: apps, kustomize.toolkit.fluxcd.io/namespace: flux-system"
	helm     = "helm.toolkit.fluxcd.io/name: apps, helm.toolkit.fluxcd.io/namespace: flux-system"
)

func application(rules string) string {
	return "---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop, namespace: argocd}\nspec:\n  ignoreDifferences:\n  - " + rules + "\n"
}

func kustomization(rules string) string {
	return "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\nspec:\n  ignore:\n  - " + rules + "\n"
}

func helmRelease(rules string) string {
	return "---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: apps, namespace: flux-system}\nspec:\n  driftDetection:\n    ignore:\n    - " + rules + "\n"
}

func TestChanges(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text   string
		want   []string // fields; nil for no change
		unsure []string
	}{
		"a field":            {edited(argo, replicas), []string{"spec.replicas"}, nil},
		"of an element":      {edited(argo, image), []string{imageOf}, nil},
		"labels and status":  {edited(argo, `{"f:metadata":{"f:labels":{"f:a":{}}},"f:status":{"f:phase":{}}}`), nil, nil},
		"a restart":          {edited(argo, `{"f:spec":{"f:template":{"f:metadata":{"f:annotations":{"f:kubectl.kubernetes.io/restartedAt":{}}}}}}`), nil, nil},
		"another object's":   {edited(argo, replicas) + application("{group: apps, kind: Deployment, name: api, jsonPointers: [/spec/replicas]}"), []string{"spec.replicas"}, nil},
		"pointer":            {edited(argo, replicas) + application("{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}"), nil, nil},
		"pointer above":      {edited(argo, image) + application(`{group: "*", kind: "*", jsonPointers: [/spec/template/spec]}`), nil, nil},
		"pointer below":      {edited(argo, replicas) + application("{group: apps, kind: Deployment, jsonPointers: [/spec/replicas/at]}"), []string{"spec.replicas"}, nil},
		"the element's":      {edited(argo, image) + application("{group: apps, kind: Deployment, jsonPointers: [/spec/template/spec/containers/1/image]}"), nil, nil},
		"another element's":  {edited(argo, image) + application("{group: apps, kind: Deployment, jsonPointers: [/spec/template/spec/containers/0/image]}"), []string{imageOf}, nil},
		"no pointer":         {edited(argo, replicas) + application("{group: apps, kind: Deployment, jsonPointers: [spec.replicas]}"), []string{"spec.replicas"}, []string{"spec.replicas"}},
		"jq":                 {edited(argo, image) + application(`{group: apps, kind: Deployment, jqPathExpressions: ['.spec.template["spec"].containers[].image']}`), nil, nil},
		"jq of an element":   {edited(argo, image) + application(`{group: apps, kind: Deployment, jqPathExpressions: ['.spec.template.spec.containers[0].image']}`), []string{imageOf}, nil},
		"jq that nobody can": {edited(argo, image) + application(`{group: apps, kind: Deployment, jqPathExpressions: ['def f: f; f']}`), []string{imageOf}, []string{"def f: f; f"}},
		"trusted":            {edited(argo, image) + application("{group: apps, kind: Deployment, managedFieldsManagers: [kubectl-edit]}"), nil, nil},
		"Flux for all":       {edited(flux, replicas) + kustomization("{paths: [/spec/replicas]}"), nil, nil},
		"Flux for a target":  {edited(flux, replicas) + kustomization(`{paths: [/spec/replicas], target: {kind: Deploy.*, name: web, labelSelector: "kustomize.toolkit.fluxcd.io/name=apps"}}`), nil, nil},
		"Flux for another":   {edited(flux, replicas) + kustomization("{paths: [/spec/replicas], target: {kind: Deploy, name: web}}"), []string{"spec.replicas"}, nil},
		"Flux for nobody":    {edited(flux, replicas) + kustomization(`{paths: [/spec/replicas], target: {name: "("}}`), []string{"spec.replicas"}, nil},
		"Flux for a bomb":    {edited(flux, replicas) + kustomization(`{paths: [/spec/replicas], target: {name: "web(((x?){9}){9}){9}(((x?){9}){9}){9}(((x?){9}){9}){9}(((x?){9}){9}){9}(((x?){9}){9}){9}(((x?){9}){9}){9}(((x?){9}){9}){9}"}}`), []string{"spec.replicas"}, nil},
		"Flux for a label":   {edited(flux, replicas) + kustomization(`{paths: [/spec/replicas], target: {labelSelector: "a=b"}}`), []string{"spec.replicas"}, nil},
		"Helm of Flux":       {edited(helm, replicas) + helmRelease("{paths: [/spec/replicas]}"), nil, nil},
		"a rule of no form":  {edited(flux, replicas) + kustomization("{paths: 7}"), []string{"spec.replicas"}, nil},
		"some of them":       {edited(flux, `{"f:spec":{"f:replicas":{},"f:paused":{}}}`) + kustomization("{paths: [/spec/replicas]}"), []string{"spec.paused"}, nil},
		"an argument":        {edited(flux, `{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{"f:args":{"v:\"b\"":{}}}}}}}}`) + kustomization("{paths: [/spec/template/spec/containers/1/args/1]}"), nil, nil},
		"what is not there":  {edited(flux, `{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"gone\"}":{"f:image":{}}}}}}}`) + kustomization("{paths: [/spec/template/spec/containers/0/image]}"), []string{`spec.template.spec.containers[name="gone"].image`}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := view(t, test.text)
			ref := kube.Deployments.Ref("shop", "web")
			o, ok := c.Find(ref)
			if !ok {
				t.Fatal("there is no Deployment")
			}
			changes, err := ownership.Changes(c, ref, o.(metav1.Object))
			if err != nil {
				t.Fatal(err)
			}
			var fields, unsure []string
			for _, change := range changes {
				fields, unsure = append(fields, change.Fields...), append(unsure, change.Unsure...)
			}
			if diff := cmp.Diff(test.want, fields); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.unsure, unsure); diff != "" {
				t.Errorf("unsure (-want +got):\n%s", diff)
			}
			if len(changes) > 0 && (changes[0].Manager != "kubectl-edit" || kube.Moment(changes[0].At) != "2026-01-01T09:00:00Z") {
				t.Errorf("%s changed it at %s", changes[0].Manager, changes[0].At)
			}
		})
	}
}

// TestUnreadableChanges holds that a set of fields of another form is an error, not nothing.
func TestUnreadableChanges(t *testing.T) {
	t.Parallel()
	at := metav1.Now()
	later := metav1.NewTime(at.Add(1))
	m := &metav1.ObjectMeta{Name: "web", ManagedFields: []metav1.ManagedFieldsEntry{
		{Manager: "argocd-controller", Time: &at},
		{Manager: "kubectl-edit", Time: &later, FieldsV1: metav1.NewFieldsV1(`{"f:spec":`)},
	}}
	_, err := ownership.Changes(kube.NewBuilder(kube.Info{}).Build(at.Time), kube.Services.Ref("", "web"), m)
	if err == nil || !strings.Contains(err.Error(), "reading the fields of kubectl-edit") {
		t.Errorf("the error is %v", err)
	}
}
