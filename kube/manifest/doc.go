// Package manifest reads a view from YAML or JSON manifests: files, directories
// and standard input.
//
// # Design
//
// A file is cut into documents (package document); each is parsed by itself, so
// that one bad document costs no other. Lists, of kind List and typed ones, are
// unpacked. What the view does not hold (custom resources, CRDs) is counted, and
// what cannot be read is a [Problem] that names file and line: neither is passed
// over in silence.
//
// Objects are held as they are written. Older versions of a kind are brought
// into the shape of the version that the view holds (convert.go); their TypeMeta
// keeps the apiVersion that was written. Defaults of the API server are not
// applied, because its defaulting code is not to be had without the server
// itself. A reader of the view therefore minds what an absent field means; above
// all:
//
//   - spec.replicas: 1 ([kube.Workload] applies it); an HPA's minReplicas: 1
//   - a container's requests, where only a limit is given: the limit
//   - imagePullPolicy: Always for the tag latest and for none, else IfNotPresent
//   - restartPolicy Always; serviceAccountName default; dnsPolicy ClusterFirst
//   - a port's protocol TCP; with hostNetwork, hostPort is the containerPort
//   - a Service's type ClusterIP; targetPort is the port
//   - probes: timeoutSeconds 1, periodSeconds 10, failureThreshold 3
//   - a NetworkPolicy's policyTypes: Ingress, and Egress if it has egress rules
//   - an update strategy: RollingUpdate, 25% and 25% for a Deployment
//   - the group of a roleRef and of a User or Group subject: rbac.authorization.k8s.io
//
// (k8s.io/kubernetes/pkg/apis/*/v1/defaults.go.) Selectors, which the first
// versions of apps took from the template, are filled in.
//
// The data of Secrets and ConfigMaps is never decoded. This package writes
// nothing, follows no URL and runs no templates: render charts and kustomizations
// first. A new kind of object is a line in types.go.
package manifest
