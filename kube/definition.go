package kube

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Definition is what the view keeps of a CustomResourceDefinition beside its metadata
// (apiextensions.k8s.io/v1; [Cluster.Definitions]). The schemas are not kept: in many
// clusters they are larger than all else.
type Definition struct {
	Spec   DefinitionSpec   `json:"spec"`
	Status DefinitionStatus `json:"status"`
}

// DefinitionSpec says what is to be served.
type DefinitionSpec struct {
	Group                 string              `json:"group"`
	Names                 DefinitionNames     `json:"names"`
	Scope                 string              `json:"scope"` // Cluster or Namespaced
	Versions              []DefinitionVersion `json:"versions"`
	Conversion            *Conversion         `json:"conversion,omitempty"` // nil for none
	PreserveUnknownFields bool                `json:"preserveUnknownFields,omitempty"`
}

// DefinitionNames is what objects of the kind are called.
type DefinitionNames struct {
	Plural     string   `json:"plural"`
	Singular   string   `json:"singular,omitempty"`
	Kind       string   `json:"kind"`
	ListKind   string   `json:"listKind,omitempty"`
	ShortNames []string `json:"shortNames,omitempty"`
	Categories []string `json:"categories,omitempty"`
}

// DefinitionVersion is a version of the kind.
type DefinitionVersion struct {
	Name       string `json:"name"`
	Served     bool   `json:"served"`
	Storage    bool   `json:"storage"` // objects are stored in it
	Deprecated bool   `json:"deprecated,omitempty"`
	// Subresources are what else is served of each object, nil for nothing.
	Subresources *Subresources `json:"subresources,omitempty"`
}

// Subresources are the parts of an object that are read and written by themselves.
type Subresources struct {
	Scale *ScaleSubresource `json:"scale,omitempty"` // nil for a kind that nothing can scale
}

// ScaleSubresource is where a kind that autoscalers can scale has how many replicas.
type ScaleSubresource struct {
	SpecReplicasPath string `json:"specReplicasPath"` // a JSON path, ".spec.replicas"
}

// Conversion is how objects of one version are made of those of another.
type Conversion struct {
	Strategy string             `json:"strategy"`          // None or Webhook
	Webhook  *ConversionWebhook `json:"webhook,omitempty"` // nil unless that is the strategy
}

// ConversionWebhook is who converts.
type ConversionWebhook struct {
	ClientConfig struct {
		Service  *ConversionService `json:"service,omitempty"`  // nil if it is called by a URL
		CABundle *CABundle          `json:"caBundle,omitempty"` // nil for the roots of the system
	} `json:"clientConfig"`
}

// ConversionService is the Service of who converts.
type ConversionService struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// DefinitionStatus says what is served.
type DefinitionStatus struct {
	Conditions []metav1.Condition `json:"conditions,omitempty"`
	// StoredVersions are those that objects were ever stored in.
	StoredVersions []string `json:"storedVersions,omitempty"`
}

var definitions = Derive(func(c *Cluster) map[string]*Definition {
	all := map[string]*Definition{}
	for o := range c.Custom(CustomResourceDefinitions).All() {
		if d, err := Decode[Definition](o); err == nil {
			all[o.GetName()] = &d
		}
	}
	return all
}).From(CustomResourceDefinitions)

// Definitions returns what the CustomResourceDefinitions of the view say, by name; those
// that cannot be read are not among them. Nobody may change it.
func (c *Cluster) Definitions() map[string]*Definition { return definitions.Of(c) }

// definitionOfKind has the definitions by what they define.
var definitionOfKind = Derive(func(c *Cluster) map[schema.GroupKind]*Definition {
	all := map[schema.GroupKind]*Definition{}
	for _, d := range c.Definitions() {
		all[schema.GroupKind{Group: d.Spec.Group, Kind: d.Spec.Names.Kind}] = d
	}
	return all
}).From(CustomResourceDefinitions)

// leanDefinition returns a CustomResourceDefinition with what the view keeps of it; of
// one that cannot be read, with its metadata alone.
func leanDefinition(o *unstructured.Unstructured) *unstructured.Unstructured {
	lean := customOf(CustomResourceDefinitions, o)
	lean.SetAPIVersion(o.GetAPIVersion())
	lean.SetManagedFields(o.GetManagedFields())
	kept, err := Decode[Definition](o)
	if err != nil {
		return lean
	}
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&kept)
	if err != nil {
		return lean
	}
	lean.Object["spec"], lean.Object["status"] = fields["spec"], fields["status"]
	return lean
}
