package access

import "strings"

// Demand is what the server asks of its authorizers before it lets one thing
// happen: of each of its parts, at least one request must be allowed. Most things
// take a single request; those that take more have a function here.
type Demand [][]Request

// Meets returns the grants by which an identity meets a demand, one for each
// part. If it does not, missing is the first part of which no request is
// allowed.
func (x *Index) Meets(id Identity, d Demand) (grants []Grant, missing []Request, ok bool) {
	for _, part := range d {
		grant, ok := x.canAny(id, part)
		if !ok {
			return nil, part, false
		}
		grants = append(grants, grant)
	}
	return grants, nil, true
}

func (x *Index) canAny(id Identity, requests []Request) (Grant, bool) {
	for _, r := range requests {
		if grant, ok := x.Can(id, r); ok {
			return grant, true
		}
	}
	return Grant{}, false
}

// groupCertificates is the API group of certificates and of those who sign them.
const groupCertificates = "certificates.k8s.io"

// Signing returns what it takes to approve, sign or attest for a signer,
// "kubernetes.io/kube-apiserver-client": the verb on that signer, or on all of
// its domain, "kubernetes.io/*", which is a name like others
// (k8s.io/kubernetes/pkg/certauthorization).
func Signing(verb, signer string) Demand {
	on := func(name string) Request {
		return Request{Verb: verb, Group: groupCertificates, Resource: "signers", Name: name}
	}
	domain, _, _ := strings.Cut(signer, "/")
	return Demand{{on(signer), on(domain + "/*")}}
}

// Applying returns what it takes to bring an object into being by server-side
// apply: patch, and create, which then bears the object's name, so that a rule
// with resourceNames allows it. A plain create bears none
// (k8s.io/apiserver/pkg/endpoints/handlers/patch.go).
func Applying(group, resource, namespace, name string) Demand {
	r := Request{Group: group, Resource: resource, Namespace: namespace, Name: name}
	patch, create := r, r
	patch.Verb, create.Verb = "patch", "create"
	return Demand{{patch}, {create}}
}

// minorStreamsCreate is the minor version from which a stream to a pod takes the
// permission to create it, however it is asked for
// (AuthorizePodWebsocketUpgradeCreatePermission, on since 1.35).
const minorStreamsCreate = 35

// Streaming returns what it takes to open a stream to a pod, with the subresource
// exec, attach or portforward: create by a POST, and get by a websocket, which
// since 1.35 takes create as well. Minor is that of the server, 0 if it is not
// known: then a new one is assumed.
func Streaming(verb, subresource, namespace, pod string, minor int) Demand {
	r := Request{Verb: verb, Resource: "pods", Subresource: subresource, Namespace: namespace, Name: pod}
	if verb == "create" || minor > 0 && minor < minorStreamsCreate {
		return Demand{{r}}
	}
	create := r
	create.Verb = "create"
	return Demand{{r}, {create}}
}
