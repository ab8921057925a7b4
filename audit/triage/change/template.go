package change

import (
	"strings"
)

// podDefaults are the values that an API server fills into a pod template
// (k8s.io/kubernetes/pkg/apis/core/v1/defaults.go), and those that mean what their
// absence means, by the field around them and their own.
var podDefaults = map[string]string{
	"*/terminationMessagePath":          "/dev/termination-log",
	"*/terminationMessagePolicy":        "File",
	"/restartPolicy":                    "Always",
	"/dnsPolicy":                        "ClusterFirst",
	"/schedulerName":                    "default-scheduler",
	"/terminationGracePeriodSeconds":    "30",
	"/enableServiceLinks":               "true",
	"/hostNetwork":                      "false",
	"/hostPID":                          "false",
	"/hostIPC":                          "false",
	"/shareProcessNamespace":            "false",
	"ports/protocol":                    "TCP",
	"ports/hostPort":                    "0",
	"livenessProbe/timeoutSeconds":      "1",
	"livenessProbe/periodSeconds":       "10",
	"livenessProbe/successThreshold":    "1",
	"livenessProbe/failureThreshold":    "3",
	"readinessProbe/timeoutSeconds":     "1",
	"readinessProbe/periodSeconds":      "10",
	"readinessProbe/successThreshold":   "1",
	"readinessProbe/failureThreshold":   "3",
	"startupProbe/timeoutSeconds":       "1",
	"startupProbe/periodSeconds":        "10",
	"startupProbe/successThreshold":     "1",
	"startupProbe/failureThreshold":     "3",
	"livenessProbe/initialDelaySeconds": "0", "readinessProbe/initialDelaySeconds": "0", "startupProbe/initialDelaySeconds": "0",
	"httpGet/scheme":                         "HTTP",
	"httpGet/path":                           "/",
	"grpc/service":                           "",
	"configMap/defaultMode":                  "420",
	"secret/defaultMode":                     "420",
	"projected/defaultMode":                  "420",
	"downwardAPI/defaultMode":                "420",
	"serviceAccountToken/expirationSeconds":  "3600",
	"hostPath/type":                          "",
	"fieldRef/apiVersion":                    "v1",
	"resourceFieldRef/divisor":               "0",
	"*/optional":                             "false",
	"*/readOnly":                             "false",
	"securityContext/privileged":             "false",
	"securityContext/readOnlyRootFilesystem": "false",
	"securityContext/runAsNonRoot":           "false",
	"*/stdin":                                "false",
	"*/tty":                                  "false",
	"volumeMounts/recursiveReadOnly":         "Disabled",
	"tolerations/operator":                   "Equal",
	"iscsi/iscsiInterface":                   "default",
}

// podField says what a place in a pod template is about.
func podField(at frame) Field {
	key := at.top
	if at.container != "" {
		key = at.inner
	}
	switch key {
	case "", "image", "imagePullPolicy": // "": a container that came or went
		return Image
	case "command", "args", "workingDir":
		return Command
	case "env", "envFrom":
		return Environment
	case "resources", "resizePolicy", "overhead", "resourceClaims":
		return Resources
	case "livenessProbe", "readinessProbe", "startupProbe":
		return Probe
	case "volumes", "volumeMounts", "volumeDevices", "imagePullSecrets":
		return Volume
	case "securityContext", "hostNetwork", "hostPID", "hostIPC", "hostUsers", "shareProcessNamespace":
		return SecurityContext
	case "serviceAccountName", "automountServiceAccountToken":
		return ServiceAccount
	case "nodeSelector", "affinity", "tolerations", "topologySpreadConstraints", "priorityClassName", "priority", "preemptionPolicy",
		"schedulerName", "nodeName", "runtimeClassName", "schedulingGates":
		return Scheduling
	case "metadata":
		if strings.HasPrefix(at.path, "metadata.annotations") {
			return Annotation
		}
		return Label
	}
	return Other
}

// plainTemplate takes out of a template what controllers and servers add to it. It
// changes the tree, which nobody else has.
func plainTemplate(tree map[string]any) {
	metadata, _ := tree["metadata"].(map[string]any)
	for _, key := range [...]string{"creationTimestamp", "name", "generateName", "namespace", "uid", "managedFields"} {
		delete(metadata, key)
	}
	if labels, ok := metadata["labels"].(map[string]any); ok {
		for _, key := range [...]string{"pod-template-hash", "controller-revision-hash", "rollouts-pod-template-hash"} {
			delete(labels, key)
		}
	}
	spec, _ := tree["spec"].(map[string]any)
	if spec == nil {
		return
	}
	if textOf(spec["serviceAccountName"]) == "" && spec["serviceAccount"] != nil {
		spec["serviceAccountName"] = spec["serviceAccount"] // the old name of the field
	}
	if textOf(spec["serviceAccountName"]) == "default" {
		delete(spec, "serviceAccountName")
	}
	delete(spec, "serviceAccount")
	for _, list := range [...]string{"containers", "initContainers"} {
		containers, _ := spec[list].([]any)
		for _, container := range containers {
			if c, ok := container.(map[string]any); ok && textOf(c["imagePullPolicy"]) == pullPolicy(textOf(c["image"])) {
				delete(c, "imagePullPolicy")
			}
		}
	}
}

// pullPolicy returns the policy that a server gives to a container that has none.
func pullPolicy(image string) string {
	if strings.Contains(image, "@") {
		return "IfNotPresent"
	}
	name := image[strings.LastIndex(image, "/")+1:]
	if _, tag, tagged := strings.Cut(name, ":"); !tagged || tag == "latest" {
		return "Always"
	}
	return "IfNotPresent"
}
