package controlplane

import (
	"fmt"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// emptying is for how long the objects of a kind may take to go with its definition.
const emptying = 10 * time.Minute

var crdBad = &triage.Detector{
	ID:    "crd-bad",
	Title: "A custom resource is not served as it is defined",
	About: "The conditions of a CustomResourceDefinition say that another has its names (NamesAccepted), that it is not served yet (Established), that it waits " +
		"for its objects to be deleted (Terminating), or that its schema is of before 1.15 (NonStructuralSchema; k8s.io/apiextensions-apiserver " +
		"apis/apiextensions/v1). Or nobody answers at the Service of its conversion webhook: then every request fails that is for a version other than the one in " +
		"which an object is stored, and with it the controller that makes it. A definition with one version has nothing to convert. " +
		"One that is deleted has ten minutes to empty.",
	Reads: []kube.Resource{kube.CustomResourceDefinitions},
	Helps: []kube.Resource{kube.Services, kube.EndpointSlices, kube.Pods, kube.Deployments},
	Rung:  triage.Admission,
	After: time.Minute,
	Wide:  true,
	Check: func(p *triage.Pass) {
		for o := range p.Cluster.Custom(kube.CustomResourceDefinitions).All() {
			d, known := p.Cluster.Definitions()[o.GetName()]
			if !known {
				continue
			}
			s := triage.Signal{Object: kube.CustomResourceDefinitions.Ref("", o.GetName()), Severity: triage.S2}
			if misdefined(&s, o, d) || unconverted(p.Cluster, &s, d) || unstructuredSchema(&s, d) {
				p.Report(s)
			}
		}
	},
}

// misdefined fills in a signal by what the conditions of a definition say, false if it is
// served as it should be.
func misdefined(s *triage.Signal, o *unstructured.Unstructured, d *kube.Definition) bool {
	established := conditionOf(d, "Established")
	if deleted := o.GetDeletionTimestamp(); deleted != nil {
		s.Cause, s.Severity, s.Since, s.After = "terminating", triage.S3, deleted.Time, emptying
		s.Message = "is deleted and waits for its objects to go"
		if c := conditionOf(d, "Terminating"); c != nil {
			s.Raw = c.Message
		}
		return true
	}
	if c := conditionOf(d, "NamesAccepted"); c != nil && c.Status == metav1.ConditionFalse {
		s.Cause, s.Since, s.Raw = "names", c.LastTransitionTime.Time, c.Message
		s.Message = "is not served: another kind has one of its names (" + c.Reason + ")"
		if established != nil && established.Status == metav1.ConditionTrue { // what was accepted before stays so
			s.Severity, s.Message = triage.S3, "is served without one of its names, which another kind has ("+c.Reason+")"
		}
		return true
	}
	if established != nil && established.Status == metav1.ConditionFalse {
		s.Cause, s.Since, s.Raw = "not-established", established.LastTransitionTime.Time, established.Message
		s.Message = "is not served: " + established.Reason
		return true
	}
	return false
}

// unconverted fills in a signal if nobody converts what has several versions.
func unconverted(c *kube.Cluster, s *triage.Signal, d *kube.Definition) bool {
	how := d.Spec.Conversion
	if how == nil || how.Webhook == nil || how.Webhook.ClientConfig.Service == nil || len(versionsOf(d)) < 2 {
		return false
	}
	namespace, name := how.Webhook.ClientConfig.Service.Namespace, how.Webhook.ClientConfig.Service.Name
	for _, r := range [...]kube.Resource{kube.Services, kube.EndpointSlices} {
		if _, blind := triage.Unseen(c, r, namespace); blind {
			return false
		}
	}
	service, known := c.Services.Get(namespace, name)
	switch {
	case !known:
		s.Cause, s.Message = "service-missing", fmt.Sprintf("cannot be converted: the Service %s/%s of its webhook does not exist", namespace, name)
	case !answers(c, service):
		s.Cause, s.Since = "no-endpoints", lost(c, service)
		s.Message = fmt.Sprintf("cannot be converted: the Service %s/%s of its webhook has no endpoint that is ready", namespace, name)
		if served := c.WorkloadsServed(service); len(served) == 1 {
			s.Workload = served[0].Ref
		}
	default:
		return false
	}
	s.Keys = []triage.Key{{Kind: triage.ByService, Name: namespace + "/" + name}}
	return true
}

// versionsOf returns the versions that objects may be asked for or stored in.
func versionsOf(d *kube.Definition) []string {
	all := slices.Clone(d.Status.StoredVersions)
	for _, v := range d.Spec.Versions {
		if (v.Served || v.Storage) && !slices.Contains(all, v.Name) {
			all = append(all, v.Name)
		}
	}
	return all
}

// unstructuredSchema fills in a signal if fields that are not in the schema are kept, and
// nobody can ask what the fields are.
func unstructuredSchema(s *triage.Signal, d *kube.Definition) bool {
	c := conditionOf(d, "NonStructuralSchema")
	if c == nil || c.Status != metav1.ConditionTrue {
		return false
	}
	s.Cause, s.Severity, s.Since, s.Raw = "not-structural", triage.S4, c.LastTransitionTime.Time, c.Message
	s.Message = "has a schema that is not structural: its fields are neither pruned nor published"
	return true
}

// conditionOf returns a condition of a definition, nil if it has none of the type.
func conditionOf(d *kube.Definition, of string) *metav1.Condition {
	i := slices.IndexFunc(d.Status.Conditions, func(c metav1.Condition) bool { return c.Type == of })
	if i < 0 {
		return nil
	}
	return &d.Status.Conditions[i]
}
