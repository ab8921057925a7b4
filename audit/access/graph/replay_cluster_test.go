package graph_test

import "net/http"

func nodeClaims() []claim {
	kubelet := attempt{name: "of its node", as: "system:node:replay-worker in system:nodes", vertex: "kubelet of a worker node"}
	elsewhere := attempt{
		name: "of another node", as: "system:node:replay-gpu in system:nodes", vertex: "kubelet of a worker node tainted gpu=a:NoSchedule",
	}
	bound := legacyToken + `
---
kind: Pod
metadata: {name: bound}
spec:
  serviceAccountName: victim
  nodeName: replay-worker
  containers: [{name: main, image: i}]
  volumes: [{name: token, secret: {secretName: legacy}}]
`
	proxied := calls(get("/api/v1/nodes/replay-worker/proxy/pods").answered(http.StatusInternalServerError).saying("no preferred addresses"))
	return []claim{
		{
			family: "NODES_PROXY", to: "containers in every namespace", calls: proxied,
			may: []attempt{{name: "get", wide: "get nodes/proxy"}},
			mayNot: []attempt{
				{name: "get nodes", wide: "get nodes"},
				{name: "a star in place of the subresource", wide: "* nodes/*"},
				{name: "in a namespace", in: "get nodes/proxy"},
				{name: "another node", wide: "get nodes/proxy named other"},
				{name: "its replacement", wide: "get nodes/metrics; get nodes/log; get nodes/stats"},
			},
		},
		{
			family: "NODES_PROXY", how: "of one node", to: "pods on a worker node", calls: proxied,
			may: []attempt{{name: "by name", wide: "get nodes/proxy named replay-worker"}}, mayNot: []attempt{{name: "another", wide: "get nodes/proxy named replay-gpu"}},
		},
		{
			family: "NODE_SA_TOKEN", from: "kubelet of any worker node", to: "ServiceAccount {ns}/victim", objects: bound,
			calls: calls(post("{in}/serviceaccounts/victim/token", `{spec: {boundObjectRef: {apiVersion: v1, kind: Pod, name: bound, uid: "{uid bound}"}}}`).saying(`"token":"`).inTime()),
			may:   []attempt{kubelet}, mayNot: []attempt{elsewhere},
		},
		{
			family: "NODE_SA_TOKEN", how: "of no pod of its node", from: "kubelet of any worker node", to: "ServiceAccount {ns}/victim",
			calls:  calls(post("{in}/serviceaccounts/victim/token", `{spec: {}}`)),
			mayNot: []attempt{kubelet},
		},
		{
			family: "NODE_SECRET_READ", from: "kubelet of any worker node", to: "Secret {ns}/legacy", objects: bound,
			calls: calls(get("{in}/secrets/legacy").inTime()),
			may:   []attempt{kubelet}, mayNot: []attempt{elsewhere},
		},
	}
}

func admissionClaims() []claim {
	const admission = "/apis/admissionregistration.k8s.io/v1/"
	const webhooks = `{webhooks: [{name: a.example.com, clientConfig: {url: "https://127.0.0.1:1"}, admissionReviewVersions: [v1], sideEffects: None, failurePolicy: Ignore, rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}]}`
	webhook := `{metadata: {name: "made-{me}"}, ` + webhooks[1:]
	policy := `{metadata: {name: "made-{me}"}, spec: {failurePolicy: Ignore, reinvocationPolicy: Never, matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}, mutations: [{patchType: ApplyConfiguration, applyConfiguration: {expression: "Object{spec: Object.spec{hostPID: true}}"}}]}}`
	written := func(family, to, plural string) claim {
		resource := plural + ".admissionregistration.k8s.io"
		return claim{
			family: family, to: to, calls: calls(post(admission+plural+dry, webhook)),
			may: []attempt{{name: "create", wide: "create " + resource}},
			mayNot: []attempt{
				{name: "get", wide: "get,list,watch " + resource},
				{name: "in a namespace", in: "create " + resource},
			},
		}
	}
	const policies, bindings = "create mutatingadmissionpolicies.admissionregistration.k8s.io", "create mutatingadmissionpolicybindings.admissionregistration.k8s.io"
	return []claim{
		written("MUTATING_WEBHOOK", "the cluster", "mutatingwebhookconfigurations"),
		written("VALIDATING_WEBHOOK", "Secrets of every namespace", "validatingwebhookconfigurations"),
		{
			family: "MUTATING_WEBHOOK", how: "changing", to: "the cluster",
			objects: "kind: MutatingWebhookConfiguration\nmetadata: {name: \"{ns}\"}",
			calls:   calls(merge(admission+"mutatingwebhookconfigurations/{ns}"+dry, webhooks)),
			may: []attempt{
				{name: "patch", wide: "patch mutatingwebhookconfigurations.admissionregistration.k8s.io"},
				{name: "by name", wide: "patch mutatingwebhookconfigurations.admissionregistration.k8s.io named {ns}"},
			},
			mayNot: []attempt{{name: "of another", wide: "patch mutatingwebhookconfigurations.admissionregistration.k8s.io named other"}},
		},
		{
			family: "VALIDATING_WEBHOOK", how: "that is not there", to: "Secrets of every namespace", refusal: http.StatusNotFound,
			calls:  calls(merge(admission+"validatingwebhookconfigurations/{ns}"+dry, webhooks)),
			mayNot: []attempt{{name: "patch", wide: "patch validatingwebhookconfigurations.admissionregistration.k8s.io"}},
		},
		{
			family: "MUTATING_ADMISSION_POLICY", to: "the cluster", calls: calls(
				post(admission+"mutatingadmissionpolicies"+dry, policy),
				post(admission+"mutatingadmissionpolicybindings"+dry, `{metadata: {name: "made-{me}"}, spec: {policyName: "made-{me}"}}`),
			),
			may: []attempt{{name: "policies and bindings", wide: policies + "; " + bindings}},
			mayNot: []attempt{
				{name: "without bindings", wide: policies},
				{name: "without policies", wide: bindings},
				{name: "in a namespace", in: policies + "; " + bindings},
			},
		},
		{
			family: "APISERVICE_HIJACK", to: "the cluster",
			calls: calls(post("/apis/apiregistration.k8s.io/v1/apiservices"+dry, `{metadata: {name: "v1.{ns}.example.com"}, spec: {group: "{ns}.example.com", version: v1, groupPriorityMinimum: 1000, versionPriority: 10, insecureSkipTLSVerify: true, service: {namespace: "{ns}", name: mine}}}`)),
			may:   []attempt{{name: "create", wide: "create apiservices.apiregistration.k8s.io"}},
			mayNot: []attempt{
				{name: "its status", wide: "* apiservices.apiregistration.k8s.io/status"},
				{name: "in a namespace", in: "create apiservices.apiregistration.k8s.io"},
			},
		},
	}
}

func certificateClaims() []claim {
	const (
		requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
		ask      = "create certificatesigningrequests.certificates.k8s.io"
		approve  = "patch certificatesigningrequests.certificates.k8s.io/approval"
		clients  = "kubernetes.io/kube-apiserver-client"
	)
	body := func(subject, signer string) string {
		return `{metadata: {name: "made-{ns}-{me}"}, spec: {signerName: ` + signer + `, usages: [client auth, digital signature], request: "{request ` + subject + `}"}}`
	}
	// Who approves is told of the request, and so of the certificate that is made.
	way := func(subject, signer string) []step {
		approval := requests + "/made-{ns}-{me}/approval"
		return calls(
			post(requests, body(subject, signer)),
			merge(approval, `{status: {conditions: [{type: Approved, status: "True", reason: Replayed}]}}`),
			merge(approval, `{}`).saying(`"certificate":`).inTime(),
		)
	}
	signs := func(names string) string { return "approve signers.certificates.k8s.io named " + names }
	var all []claim
	for _, to := range []string{"any user", "any group but system:masters", "ServiceAccounts of every namespace"} {
		all = append(all, claim{
			family: "CSR_CLIENT_CERT", how: to, to: to, calls: way("system:kube-controller-manager", clients),
			may: []attempt{
				{name: "request, approve and fetch", wide: ask + "; " + approve + "; " + signs(clients)},
				{name: "for the signers of the domain", wide: ask + "; " + approve + "; " + signs("kubernetes.io/*")},
				{name: "for any signer", wide: ask + "; " + approve + "; approve signers.certificates.k8s.io"},
			},
			mayNot: []attempt{
				{name: "without the signer", wide: ask + "; " + approve},
				{name: "for another signer", wide: ask + "; " + approve + "; " + signs("kubernetes.io/kube-apiserver-client-kubelet")},
				{name: "without approval", wide: ask + "; " + signs(clients)},
				{name: "without requests", wide: approve + "; " + signs(clients)},
				{name: "in a namespace", in: ask + "; " + approve + "; " + signs(clients)},
			},
		})
	}
	return append(all, claim{
		family: "CSR_CLIENT_CERT", how: "of system:masters", to: "Group system:masters",
		calls:  calls(post(requests+dry, body("jane in system:masters", clients))),
		mayNot: []attempt{{name: "request, approve and fetch", wide: ask + "; " + approve + "; " + signs(clients)}},
	}, claim{
		family: "CSR_KUBELET_CERT", to: "kubelet of any worker node",
		calls: way("system:node:replay-new in system:nodes", clients+"-kubelet"),
		may:   []attempt{{name: "request, approve and fetch", wide: ask + "; " + approve + "; " + signs(clients+"-kubelet")}},
		mayNot: []attempt{
			{name: "for another signer", wide: ask + "; " + approve + "; " + signs(clients)},
			{name: "without approval", wide: ask + "; " + signs(clients+"-kubelet")},
		},
	}, claim{
		// Who is not approved waits; so who may not is asked about in the way that the
		// controller asks.
		family: "CSR_AUTOAPPROVE_NODE", to: "kubelet of any worker node", calls: calls(
			post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", `{spec: {resourceAttributes: {group: certificates.k8s.io, resource: certificatesigningrequests, subresource: nodeclient, verb: create}}}`).saying(`"allowed":true`),
			post(requests, body("system:node:replay-new in system:nodes", clients+"-kubelet")),
			get(requests+"/made-{ns}-{me}").saying(`"type":"Approved"`).inTime(),
		),
		may: []attempt{{name: "request as a new node", wide: ask + "; get certificatesigningrequests.certificates.k8s.io; create certificatesigningrequests.certificates.k8s.io/nodeclient"}},
		mayNot: []attempt{
			{name: "request alone", wide: ask},
			{name: "as a node that renews", wide: ask + "; create certificatesigningrequests.certificates.k8s.io/selfnodeclient"},
			{name: "nodeclient alone", wide: "create certificatesigningrequests.certificates.k8s.io/nodeclient"},
		},
	})
}

func volumeClaims() []claim {
	const volume = `{metadata: {name: "made-{ns}-{me}"}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: "{ns}", hostPath: {path: /}}}`
	const claiming = `{metadata: {name: "made-{me}"}, spec: {serviceAccountName: victim, securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: main, image: i, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}, volumeMounts: [{name: host, mountPath: /host}]}], volumes: [{name: host, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], storageClassName: "{ns}", resources: {requests: {storage: 1Gi}}}}}}]}}`
	return []claim{{
		family: "PV_HOSTPATH_CREATE", to: "privileged pods with a volume of their own", level: "restricted",
		calls: calls(post("/api/v1/persistentvolumes"+dry, volume), post("{in}/pods"+dry, claiming)),
		may:   []attempt{{name: "volumes and pods", wide: "create persistentvolumes", in: "create pods"}},
		mayNot: []attempt{
			{name: "without volumes", in: "create pods"},
			{name: "without pods", wide: "create persistentvolumes"},
			{name: "volumes in a namespace", in: "create persistentvolumes; create pods"},
			{name: "claims", wide: "create persistentvolumeclaims", in: "create pods"},
		},
	}}
}
