package fix

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// DeleteCommand returns how kubectl deletes an object, for a POSIX shell.
func DeleteCommand(ref kube.Ref) string { return "kubectl delete " + argumentsFor(ref) }

// Undo says how a fix is taken back, a step in each line; nil for a fix that does
// nothing. It names what has to be saved before: once an object is deleted nothing has
// it any more.
func Undo(f audit.Fix) []string {
	var steps []string
	if len(f.Delete) > 0 {
		var saves []string
		for _, ref := range f.Delete {
			saves = append(saves, "kubectl get "+argumentsFor(ref)+" -o yaml")
		}
		save := saves[0]
		if len(saves) > 1 {
			save = "{ " + strings.Join(saves, "; echo ---; ") + "; }"
		}
		steps = append(steps, "before the change, "+save+" > undo.yaml", "kubectl create -f undo.yaml")
	}
	for _, o := range f.New {
		if ref, ok := RefOf(o); ok {
			steps = append(steps, DeleteCommand(ref))
		}
	}
	if len(f.Edits) > 0 {
		steps = append(steps, "apply the manifests from before the change, which is the patch in reverse")
	}
	return steps
}

func argumentsFor(ref kube.Ref) string {
	kind := strings.ToLower(ref.Kind)
	if resource, ok := kube.ResourceOf(ref.Group, ref.Kind); ok && resource.Custom() {
		kind = resource.As(ref.Kind).String()
	}
	// One word of both, or a name such as "--all" would be a flag.
	text := shellWord(kind + "/" + ref.Name)
	if ref.Namespace != "" {
		text += " -n " + shellWord(ref.Namespace)
	}
	return text
}

// shellWord quotes what a shell would not take as it is: names of RBAC objects may
// be almost anything (k8s.io/apimachinery/pkg/api/validation/path). What cannot be
// typed is escaped, and names nothing then.
func shellWord(text string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:/_-"
	if text = printable.Text(text); text != "" && strings.Trim(text, plain) == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// RefOf names an object to create; false if it does not say what it is.
func RefOf(o audit.Object) (kube.Ref, bool) {
	value, err := plain(o)
	if err != nil {
		return kube.Ref{}, false
	}
	object, _ := value.(map[string]any)
	apiVersion, _ := object["apiVersion"].(string)
	kind, _ := object["kind"].(string)
	metadata, _ := object["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	namespace, _ := metadata["namespace"].(string)
	group, _, found := strings.Cut(apiVersion, "/")
	if !found {
		group = ""
	}
	return kube.Ref{Group: group, Kind: kind, Namespace: namespace, Name: name}, kind != "" && name != ""
}
