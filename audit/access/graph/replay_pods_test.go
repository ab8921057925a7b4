package graph_test

import (
	"net/http"
	"strings"
)

// Bodies of pods.
const (
	plainPod      = `{metadata: {name: "made-{me}"}, spec: {serviceAccountName: victim, containers: [{name: main, image: i}]}}`
	privilegedPod = `{metadata: {name: "made-{me}"}, spec: {serviceAccountName: victim, containers: [{name: main, image: i, securityContext: {privileged: true}}]}}`
	runningPod    = `
kind: Pod
metadata: {name: web}
spec:
  serviceAccountName: victim
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers: [{name: main, image: i, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]
`
)

func podClaims() []claim {
	return []claim{{
		family: "POD_CREATE_SA", to: "new pods in {ns}", calls: calls(post("{in}/pods"+dry, plainPod)),
		may: []attempt{{name: "create", in: "create pods"}},
		mayNot: []attempt{
			{name: "a star in place of a subresource", in: "* pods/*"},
			{name: "patch", in: "patch,update pods"},
			{name: "with a name", in: "create pods named made-{me}"},
			{name: "of another API group", in: "create pods.apps"},
			{name: "in another API version", in: "create pods.v1"},
		},
	}, {
		// What is applied has a name, so that a rule with names grants it.
		family: "POD_CREATE_SA", how: "applied by name", to: "new pods in {ns}", calls: calls(step{
			method: http.MethodPatch, path: "{in}/pods/made-{me}" + dry + "&fieldManager=replay", status: http.StatusCreated,
			header: map[string]string{"Content-Type": "application/apply-patch+yaml"}, body: strings.Replace(plainPod, "{", "{apiVersion: v1, kind: Pod, ", 1),
		}),
		may: []attempt{{name: "create and patch", in: "create,patch pods named made-{me}"}},
		mayNot: []attempt{
			{name: "without patch", in: "create pods named made-{me}"},
			{name: "without create", in: "patch pods named made-{me}"},
		},
	}}
}

// enteringClaims are about pods that run already. No node runs them here: that the
// server looks for one says that it lets the request pass.
func enteringClaims() []claim {
	enter := func(family, subresource string) []claim {
		reach := calls(post("{in}/pods/web/"+subresource+"?container=main&command=id&stdin=true", "").answered(http.StatusBadRequest).saying("host"))
		return []claim{{
			family: family, to: "containers in {ns}", objects: runningPod, calls: reach,
			may: []attempt{{name: "create", in: "create pods/" + subresource}, {name: "of any resource", in: "create */" + subresource}},
			mayNot: []attempt{
				{name: "a star in place of the subresource", in: "* pods/*"},
				{name: "get", in: "get pods/" + subresource},
				{name: "create pods", in: "create,get pods"},
				{name: "of another pod", in: "create pods/" + subresource + " named other"},
			},
		}, {
			family: family, how: "of one pod", to: "Pod {ns}/web", objects: runningPod, calls: reach,
			may: []attempt{{name: "by name", in: "create pods/" + subresource + " named web"}}, mayNot: []attempt{{name: "another", in: "create pods/" + subresource + " named other"}},
		}}
	}
	debug := func(context string) []step {
		return calls(strategic("{in}/pods/web/ephemeralcontainers"+dry, `{spec: {ephemeralContainers: [{name: debug, image: i, targetContainerName: main, securityContext: `+context+`}]}}`))
	}
	modest := debug(`{runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}`)
	privileged := debug(`{privileged: true}`)
	mayDebug := []attempt{{name: "patch", in: "patch pods/ephemeralcontainers"}}
	all := append(enter("POD_EXEC", "exec"), enter("POD_ATTACH_API", "attach")...)
	return append(all, []claim{
		{
			family: "EPHEMERAL_CONTAINER", to: "debug containers in {ns}", objects: runningPod, calls: modest,
			may: mayDebug, mayNot: []attempt{
				{name: "create", in: "create pods/ephemeralcontainers"},
				{name: "patch pods", in: "patch pods"},
				{name: "a star in place of the subresource", in: "* pods/*"},
			},
		},
		{family: "EPHEMERAL_CONTAINER", how: "under restricted", to: "debug containers in {ns}", level: "restricted", objects: runningPod, calls: modest, may: mayDebug},
		{family: "EPHEMERAL_NODE", from: "debug containers in {ns}", to: "a worker node", objects: runningPod, calls: privileged, may: mayDebug},
		{family: "EPHEMERAL_NODE", how: "under baseline", from: "debug containers in {ns}", to: "a worker node", level: "baseline", objects: runningPod, calls: privileged, mayNot: mayDebug},
		{
			family: "POD_PATCH_IMAGE", to: "containers in {ns}", objects: runningPod,
			calls: calls(strategic("{in}/pods/web"+dry, `{spec: {containers: [{name: main, image: evil}]}}`)),
			may:   []attempt{{name: "patch", in: "patch pods"}},
			mayNot: []attempt{
				{name: "its status", in: "patch pods/status"},
				{name: "another", in: "patch pods named other"},
			},
		},
		{
			family: "POD_PATCH_IMAGE", how: "of one pod", to: "Pod {ns}/web", objects: runningPod,
			calls: calls(strategic("{in}/pods/web"+dry, `{spec: {containers: [{name: main, image: evil}]}}`)),
			may:   []attempt{{name: "by name", in: "patch pods named web"}}, mayNot: []attempt{{name: "another", in: "patch pods named other"}},
		},
	}...)
}

// workloadClaims are one for each kind of workload. What they say of a pod is
// changed to name another ServiceAccount, which a Job does not allow.
func workloadClaims() []claim {
	const pod = `template: {metadata: {labels: {app: web}}, spec: {serviceAccountName: victim, containers: [{name: main, image: i}]}}`
	const selector = `selector: {matchLabels: {app: web}}, `
	const once = `template: {metadata: {labels: {app: web}}, spec: {serviceAccountName: victim, restartPolicy: Never, containers: [{name: main, image: i}]}}`
	var all []claim
	for _, kind := range []struct{ kind, group, plural, spec, template string }{
		{"Deployment", "apps", "deployments", "replicas: 0, " + selector + pod, "template"},
		{"DaemonSet", "apps", "daemonsets", selector + pod, "template"},
		{"StatefulSet", "apps", "statefulsets", "replicas: 0, " + selector + pod, "template"},
		{"ReplicaSet", "apps", "replicasets", "replicas: 0, " + selector + pod, "template"},
		{"ReplicationController", "", "replicationcontrollers", "replicas: 0, selector: {app: web}, " + pod, "template"},
		{"CronJob", "batch", "cronjobs", `suspend: true, schedule: "@yearly", jobTemplate: {spec: {` + once + `}}`, "jobTemplate: {spec: {template"},
		{"Job", "batch", "jobs", "suspend: true, " + once, "template"},
	} {
		path, resource := "/apis/"+kind.group+"/v1/"+inNS+kind.plural, kind.plural+"."+kind.group
		if kind.group == "" {
			path, resource = "{in}/"+kind.plural, kind.plural
		}
		create := claim{
			family: "WORKLOAD_CREATE_SA", how: kind.kind, to: "new pods in {ns}",
			calls: calls(post(path+dry, `{metadata: {name: "made-{me}"}, spec: {`+kind.spec+`}}`)),
			may:   []attempt{{name: "create", in: "create " + resource}},
			mayNot: []attempt{
				{name: "of another API group", in: "create " + kind.plural + ".extensions"},
				{name: "its status", in: "* " + resource + "/status"},
			},
		}
		change := `{spec: {` + kind.template + `: {spec: {serviceAccountName: default}}` + strings.Repeat("}", strings.Count(kind.template, "{")) + `}}`
		patch := claim{
			family: "WORKLOAD_PATCH_SA", how: kind.kind, to: "new pods in {ns}", objects: "kind: " + kind.kind + "\nmetadata: {name: web}\nspec: {" + kind.spec + "}",
			calls: calls(merge(path+"/web"+dry, change)),
			may:   []attempt{{name: "patch", in: "patch " + resource}, {name: "by name", in: "patch " + resource + " named web"}},
			mayNot: []attempt{
				{name: "another", in: "patch " + resource + " named other"},
				{name: "its scale", in: "patch " + resource + "/scale"},
			},
		}
		if kind.kind == "Job" {
			patch.may, patch.mayNot, patch.refusal = nil, append(patch.mayNot, patch.may...), http.StatusUnprocessableEntity
		}
		all = append(all, create, patch)
	}
	return all
}

// securityClaims are about what Pod Security lets pods do.
func securityClaims() []claim {
	makes := []attempt{{name: "create pods", in: "create pods"}}
	on := func(node string) string {
		return `{metadata: {name: "made-{me}"}, spec: {serviceAccountName: victim, nodeName: ` + node + `, containers: [{name: main, image: i, securityContext: {privileged: true}}]}}`
	}
	var all []claim
	for _, level := range []string{"", "privileged", "baseline", "restricted"} {
		for _, c := range []claim{
			{family: "POD_CREATE_NODE", from: "new pods in {ns}", to: "privileged pods in {ns}", calls: calls(post("{in}/pods"+dry, privilegedPod))},
			{family: "PRIVILEGED_POD_NODE", from: "privileged pods in {ns}", to: "any worker node", calls: calls(post("{in}/pods"+dry, on("replay-worker")))},
			{family: "POD_CREATE_CONTROLPLANE", from: "privileged pods in {ns}", to: "any control plane node", calls: calls(post("{in}/pods"+dry, on("replay-control")))},
		} {
			c.level, c.how = level, strings.TrimSuffix("under "+level, "under ")
			if level == "baseline" || level == "restricted" {
				c.mayNot = makes
			} else {
				c.may = makes
			}
			all = append(all, c)
		}
	}
	return all
}

func namespaceClaims() []claim {
	const lower = `{metadata: {labels: {pod-security.kubernetes.io/enforce: privileged}}}`
	relabel := func(path string) []step {
		return calls(merge(path, lower), post("{in}/pods"+dry, privilegedPod).inTime())
	}
	return []claim{
		{
			family: "NS_PSA_PATCH", to: "privileged pods in {ns}", level: "restricted", calls: relabel("{in}"),
			may: []attempt{{name: "patch and create pods", in: "patch namespaces; create pods"}},
			mayNot: []attempt{
				{name: "of another", in: "patch namespaces named default; create pods"},
				{name: "get", in: "get namespaces; create pods"},
			},
		},
		{
			family: "NS_PSA_PATCH", how: "without pods", to: "privileged pods in {ns}", level: "restricted", calls: relabel("{in}"),
			mayNot: []attempt{{name: "patch alone", in: "patch namespaces"}},
		},
		{
			family: "NS_PSA_PATCH", how: "by its status", to: "privileged pods in {ns}", level: "restricted", calls: relabel("{in}/status"),
			may: []attempt{{name: "patch and create pods", in: "patch namespaces/status; create pods"}},
		},
		{
			family: "NS_PSA_PATCH", how: "by its finalizers", to: "privileged pods in {ns}", level: "restricted", calls: calls(
				step{method: http.MethodPut, path: "{in}/finalize", status: http.StatusOK, body: `{metadata: {name: "{ns}", labels: {pod-security.kubernetes.io/enforce: privileged}}, spec: {finalizers: [kubernetes]}}`},
				post("{in}/pods"+dry, privilegedPod).inTime(),
			),
			may:    []attempt{{name: "update and create pods", in: "update namespaces/finalize; create pods"}},
			mayNot: []attempt{{name: "patch and create pods", in: "patch namespaces/finalize"}},
		},
		{
			family: "NS_PSA_PATCH", how: "with workloads", to: "privileged pods in {ns}", level: "restricted",
			calls: calls(merge("{in}"+dry, lower), post("/apis/apps/v1/"+inNS+"deployments"+dry,
				`{metadata: {name: made}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: i, securityContext: {privileged: true}}]}}}}`)),
			may: []attempt{{name: "patch and create", in: "patch namespaces; create deployments.apps"}},
		},
		{
			family: "NS_CREATE", to: "privileged pods in a new namespace", calls: calls(
				post("/api/v1/namespaces", `{metadata: {name: "{ns}-new"}}`),
				post("/api/v1/namespaces/{ns}-new/pods"+dry, strings.Replace(privilegedPod, "serviceAccountName: victim, ", "", 1)).inTime(),
			),
			may: []attempt{{name: "namespaces and pods", wide: "create namespaces; create pods"}},
			mayNot: []attempt{
				{name: "without namespaces", wide: "create pods"},
				{name: "namespaces in a namespace", wide: "create pods", in: "create namespaces"},
			},
		},
		{
			family: "NS_CREATE", how: "without pods there", to: "privileged pods in a new namespace", calls: calls(
				post("/api/v1/namespaces", `{metadata: {name: "{ns}-new"}}`),
				post("/api/v1/namespaces/{ns}-new/pods"+dry, privilegedPod),
			),
			mayNot: []attempt{{name: "pods in a namespace", wide: "create namespaces", in: "create pods"}},
		},
	}
}
