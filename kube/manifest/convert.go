package manifest

// served is one version of a kind that servers once served.
type served struct{ group, version, kind string }

// currentGroup returns the API group to which a kind has moved. Nothing of the
// groups extensions and events.k8s.io is held under its own name.
func currentGroup(group, kind string) string {
	switch group {
	case "extensions":
		switch kind {
		case "Ingress", "NetworkPolicy":
			return "networking.k8s.io"
		}
		return "apps"
	case "events.k8s.io":
		return ""
	}
	return group
}

// conversions returns how an object of an older version, of JSON-like values,
// is brought into the shape of the version that the view holds. The removed
// versions and what changed with each: Kubernetes' deprecation guide,
// https://kubernetes.io/docs/reference/using-api/deprecation-guide/.
func conversions() map[served]func(object map[string]any) {
	same := func(map[string]any) {}
	all := map[served]func(map[string]any){
		{"extensions", "v1beta1", "NetworkPolicy"}:                      same,
		{"extensions", "v1beta1", "Ingress"}:                            ingressV1beta1,
		{"networking.k8s.io", "v1beta1", "Ingress"}:                     ingressV1beta1,
		{"policy", "v1beta1", "PodDisruptionBudget"}:                    budgetV1beta1,
		{"batch", "v1beta1", "CronJob"}:                                 same,
		{"batch", "v2alpha1", "CronJob"}:                                same,
		{"autoscaling", "v1", "HorizontalPodAutoscaler"}:                autoscalerV1,
		{"autoscaling", "v2beta1", "HorizontalPodAutoscaler"}:           autoscalerV2beta1,
		{"autoscaling", "v2beta2", "HorizontalPodAutoscaler"}:           same,
		{"discovery.k8s.io", "v1beta1", "EndpointSlice"}:                sliceV1beta1,
		{"storage.k8s.io", "v1beta1", "StorageClass"}:                   same,
		{"events.k8s.io", "v1", "Event"}:                                newEvent,
		{"events.k8s.io", "v1beta1", "Event"}:                           newEvent,
		{"scheduling.k8s.io", "v1alpha1", "PriorityClass"}:              same,
		{"scheduling.k8s.io", "v1beta1", "PriorityClass"}:               same,
		{"networking.k8s.io", "v1beta1", "IngressClass"}:                same,
		{"node.k8s.io", "v1alpha1", "RuntimeClass"}:                     runtimeClassV1alpha1,
		{"node.k8s.io", "v1beta1", "RuntimeClass"}:                      same,
		{"apps", "v1beta1", "ControllerRevision"}:                       same,
		{"apps", "v1beta2", "ControllerRevision"}:                       same,
		{"storage.k8s.io", "v1alpha1", "VolumeAttachment"}:              same,
		{"storage.k8s.io", "v1beta1", "VolumeAttachment"}:               same,
		{"storage.k8s.io", "v1beta1", "CSIDriver"}:                      same,
		{"coordination.k8s.io", "v1beta1", "Lease"}:                     same,
		{"certificates.k8s.io", "v1beta1", "CertificateSigningRequest"}: same,
	}
	for _, kind := range []string{"Deployment", "DaemonSet", "ReplicaSet", "StatefulSet"} {
		for _, of := range []served{{group: "extensions", version: "v1beta1"}, {group: "apps", version: "v1beta1"}, {group: "apps", version: "v1beta2"}} {
			all[served{of.group, of.version, kind}] = selectorFromTemplate
		}
	}
	for _, kind := range []string{"Role", "ClusterRole"} {
		all[served{"rbac.authorization.k8s.io", "v1alpha1", kind}] = same
		all[served{"rbac.authorization.k8s.io", "v1beta1", kind}] = same
	}
	for _, kind := range []string{"RoleBinding", "ClusterRoleBinding"} {
		all[served{"rbac.authorization.k8s.io", "v1beta1", kind}] = same
	}
	for _, kind := range []string{"ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"} {
		all[served{"admissionregistration.k8s.io", "v1beta1", kind}] = webhooksV1beta1
	}
	for _, kind := range []string{"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"} {
		all[served{"admissionregistration.k8s.io", "v1alpha1", kind}] = same
		all[served{"admissionregistration.k8s.io", "v1beta1", kind}] = same
	}
	return all
}

// selectorFromTemplate is how a workload selects its pods that names no
// selector, which only apps/v1 and apps/v1beta2 demand.
func selectorFromTemplate(object map[string]any) {
	spec := inside(object, "spec")
	if spec == nil || spec["selector"] != nil {
		return
	}
	if labels := inside(spec, "template", "metadata", "labels"); labels != nil {
		spec["selector"] = map[string]any{"matchLabels": labels}
	}
}

// budgetV1beta1: an empty selector selected no pods, now it selects all of them.
func budgetV1beta1(object map[string]any) {
	spec := inside(object, "spec")
	selector := inside(spec, "selector")
	if selector != nil && len(list(selector, "matchExpressions")) == 0 && len(inside(selector, "matchLabels")) == 0 {
		delete(spec, "selector")
	}
}

// ingressV1beta1: backends were named by serviceName and servicePort.
func ingressV1beta1(object map[string]any) {
	spec := inside(object, "spec")
	if backend, ok := spec["backend"]; ok {
		delete(spec, "backend")
		spec["defaultBackend"] = backend
		backendV1beta1(inside(spec, "defaultBackend"))
	}
	for _, rule := range list(spec, "rules") {
		for _, path := range list(inside(rule, "http"), "paths") {
			fillIn(path, "pathType", "ImplementationSpecific")
			backendV1beta1(inside(path, "backend"))
		}
	}
}

func backendV1beta1(backend map[string]any) {
	name, ok := backend["serviceName"]
	if !ok {
		return
	}
	port := map[string]any{}
	switch p := backend["servicePort"].(type) {
	case nil:
	case string:
		port["name"] = p
	default:
		port["number"] = p
	}
	backend["service"] = map[string]any{"name": name, "port": port}
}

// webhooksV1beta1: what a webhook leaves out meant something else, a failure
// above all.
func webhooksV1beta1(object map[string]any) {
	for _, webhook := range list(object, "webhooks") {
		fillIn(webhook, "failurePolicy", "Ignore")
		fillIn(webhook, "matchPolicy", "Exact")
		fillIn(webhook, "sideEffects", "Unknown")
		if _, ok := webhook["timeoutSeconds"]; !ok {
			webhook["timeoutSeconds"] = int64(30)
		}
	}
}

// runtimeClassV1alpha1: the handler and what belongs to it were a level deeper.
func runtimeClassV1alpha1(object map[string]any) {
	spec := inside(object, "spec")
	for _, moved := range [][2]string{{"runtimeHandler", "handler"}, {"overhead", "overhead"}, {"scheduling", "scheduling"}} {
		if value, ok := spec[moved[0]]; ok {
			object[moved[1]] = value
		}
	}
}

// sliceV1beta1: the node and zone of an endpoint were keys of its topology.
func sliceV1beta1(object map[string]any) {
	for _, endpoint := range list(object, "endpoints") {
		topology := inside(endpoint, "topology")
		if node, ok := topology["kubernetes.io/hostname"].(string); ok {
			fillIn(endpoint, "nodeName", node)
		}
		if zone, ok := topology["topology.kubernetes.io/zone"].(string); ok {
			fillIn(endpoint, "zone", zone)
		}
	}
}

// newEvent: events.k8s.io renamed fields of the core Event, the same object in
// the store (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/).
func newEvent(object map[string]any) {
	for _, renamed := range [][2]string{
		{"note", "message"},
		{"regarding", "involvedObject"},
		{"reportingController", "reportingComponent"},
		{"deprecatedCount", "count"},
		{"deprecatedSource", "source"},
		{"deprecatedFirstTimestamp", "firstTimestamp"},
		{"deprecatedLastTimestamp", "lastTimestamp"},
	} {
		if value, ok := object[renamed[0]]; ok {
			object[renamed[1]] = value
		}
	}
}

// inside walks into maps by key; nil where there is none. A nil map may be read.
func inside(object map[string]any, keys ...string) map[string]any {
	for _, key := range keys {
		object, _ = object[key].(map[string]any)
	}
	return object
}

// list returns those elements of a list that are maps.
func list(object map[string]any, key string) []map[string]any {
	elements, _ := object[key].([]any)
	var maps []map[string]any
	for _, e := range elements {
		if m, ok := e.(map[string]any); ok {
			maps = append(maps, m)
		}
	}
	return maps
}
