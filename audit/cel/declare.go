package cel

import (
	"github.com/google/cel-go/cel"
	kubecel "k8s.io/apiserver/pkg/cel"
)

// declared is the fields of a type that expressions are checked against.
type declared map[string]*kubecel.DeclType

// object returns a type of these fields.
func (d declared) object(name string) *kubecel.DeclType {
	fields := make(map[string]*kubecel.DeclField, len(d))
	for field, of := range d {
		fields[field] = kubecel.NewDeclField(field, of, true, nil, nil)
	}
	return kubecel.NewObjectType(name, fields)
}

// texts returns the type of a map from texts to values of a type.
func texts(of *kubecel.DeclType) *kubecel.DeclType {
	return kubecel.NewMapType(kubecel.StringType, of, -1)
}

// requestType is what can be asked of request: the fields of AdmissionRequest
// that policies may read (k8s.io/apiserver/pkg/admission/plugin/cel).
func requestType() *kubecel.DeclType {
	text, list := kubecel.StringType, kubecel.NewListType(kubecel.StringType, -1)
	kind := declared{"group": text, "version": text, "kind": text}.object("kubernetes.GroupVersionKind")
	resource := declared{"group": text, "version": text, "resource": text}.object("kubernetes.GroupVersionResource")
	user := declared{"username": text, "uid": text, "groups": list, "extra": texts(list)}.object("kubernetes.UserInfo")
	return declared{
		"kind": kind, "resource": resource, "subResource": text,
		"requestKind": kind, "requestResource": resource, "requestSubResource": text,
		"name": text, "namespace": text, "operation": text, "userInfo": user,
		"dryRun": kubecel.BoolType, "options": kubecel.DynType,
	}.object("kubernetes.AdmissionRequest")
}

// namespaceType is what can be asked of namespaceObject. "UID" is upstream's own
// spelling.
func namespaceType() *kubecel.DeclType {
	text, list := kubecel.StringType, kubecel.NewListType(kubecel.StringType, -1)
	condition := declared{
		"status": text, "type": text, "lastTransitionTime": kubecel.TimestampType, "message": text, "reason": text,
	}.object("kubernetes.NamespaceCondition")
	metadata := declared{
		"name": text, "generateName": text, "namespace": text, "labels": texts(text), "annotations": texts(text),
		"UID": text, "creationTimestamp": kubecel.TimestampType, "deletionGracePeriodSeconds": kubecel.IntType,
		"deletionTimestamp": kubecel.TimestampType, "generation": kubecel.IntType, "resourceVersion": text, "finalizers": list,
	}.object("kubernetes.NamespaceMetadata")
	return declared{
		"metadata": metadata,
		"spec":     declared{"finalizers": list}.object("kubernetes.NamespaceSpec"),
		"status": declared{
			"conditions": kubecel.NewListType(condition, -1), "phase": text,
		}.object("kubernetes.NamespaceStatus"),
	}.object("kubernetes.Namespace")
}

// declarationOf is the type of a variable, for the expressions that use it. What
// has no declaration of its own is checked when it is evaluated.
func declarationOf(output *cel.Type) *kubecel.DeclType {
	for of, declaration := range map[*cel.Type]*kubecel.DeclType{
		cel.BoolType: kubecel.BoolType, cel.IntType: kubecel.IntType, cel.UintType: kubecel.UintType,
		cel.DoubleType: kubecel.DoubleType, cel.StringType: kubecel.StringType, cel.BytesType: kubecel.BytesType,
		cel.DurationType: kubecel.DurationType, cel.TimestampType: kubecel.TimestampType, cel.NullType: kubecel.NullType,
	} {
		if output.IsExactType(of) {
			return declaration
		}
	}
	of := output.Parameters()
	switch {
	case output.Kind() == cel.ListKind && len(of) == 1:
		return kubecel.NewListType(declarationOf(of[0]), -1)
	case output.Kind() == cel.MapKind && len(of) == 2:
		return kubecel.NewMapType(declarationOf(of[0]), declarationOf(of[1]), -1)
	}
	return kubecel.DynType
}
