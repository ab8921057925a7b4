package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"
)

// Annotations on pods that kwok acts upon.
const (
	behaviourAnnotation = "testbed.seaworthy.dev/behaviour"
	cpuAnnotation       = "testbed.seaworthy.dev/cpu"    // of each container, a quantity; 10m if absent
	memoryAnnotation    = "testbed.seaworthy.dev/memory" // of each container, a quantity; 32Mi if absent
)

// behaviourField is the annotation as a path that stages select by.
const behaviourField = `.metadata.annotations["` + behaviourAnnotation + `"]`

// behaviour is what becomes of a pod once it is scheduled. To add one, add it to
// behaviours.
type behaviour struct {
	name  string // the annotation's value; "" for pods that have none
	phase string
	ready bool // of the containers, and so of the pod
	// container is the rest of each container's status, one field a line. NOW
	// stands for the time.
	container string
	event     object // a StageEvent of kwok, or nil
}

func behaviours() []behaviour {
	const terminated = `lastState: {terminated: {exitCode: %d, reason: %s, startedAt: NOW, finishedAt: NOW}}`
	const running = "started: true\nstate: {running: {startedAt: NOW}}\n"
	return []behaviour{
		{
			phase: "Running", ready: true,
			container: running + "restartCount: 0",
		},
		{
			name: "crash", phase: "Running",
			container: "started: false\nrestartCount: 7\n" +
				"state: {waiting: {reason: CrashLoopBackOff, message: back-off 5m0s restarting failed container}}\n" +
				fmt.Sprintf(terminated, 1, "Error"),
			event: object{"type": "Warning", "reason": "BackOff", "message": "Back-off restarting failed container"},
		},
		{
			// Up again after the kernel killed it, as it is between two kills.
			name: "oom", phase: "Running", ready: true,
			container: running + "restartCount: 3\n" + fmt.Sprintf(terminated, 137, "OOMKilled"),
		},
		{
			name: "unready", phase: "Running",
			container: running + "restartCount: 0",
			event:     object{"type": "Warning", "reason": "Unhealthy", "message": "Readiness probe failed: HTTP probe failed with statuscode: 503"},
		},
		{
			name: "image-pull", phase: "Pending",
			container: "started: false\nrestartCount: 0\n" +
				"state: {waiting: {reason: ImagePullBackOff, message: Back-off pulling image}}",
			event: object{"type": "Warning", "reason": "Failed", "message": "Error: ImagePullBackOff"},
		},
	}
}

// kwokConfiguration is the whole configuration file: options, what becomes of nodes
// and pods, and the kubelet's metrics.
//
// Formats: sigs.k8s.io/kwok v0.8.0, pkg/apis/config/v1alpha1 and pkg/apis/v1alpha1.
func kwokConfiguration() ([]byte, error) {
	documents := []object{
		{
			"apiVersion": "config.kwok.x-k8s.io/v1alpha1", "kind": "KwokConfiguration",
			"options": object{
				"manageAllNodes": true,
				"cidr":           "10.0.0.0/16",
				// A file's options are not filled up with defaults, and zero
				// workers do nothing.
				"nodePlayStageParallelism":  4,
				"podPlayStageParallelism":   4,
				"podsOnNodeSyncParallelism": 1,
				"nodeLeaseParallelism":      4,
				"nodeLeaseDurationSeconds":  40,
			},
		},
		nodeStage(), deletionStage(), completionStage(), resourceUsage(), kubeletMetrics(),
	}
	for _, b := range behaviours() {
		documents = append(documents, b.stage())
	}
	documents = append(documents, playedStages()...)
	var out bytes.Buffer
	for _, document := range documents {
		text, err := yaml.Marshal(document)
		if err != nil {
			return nil, fmt.Errorf("encoding kwok's configuration: %w", err)
		}
		out.WriteString("---\n")
		out.Write(text)
	}
	return out.Bytes(), nil
}

func kwokObject(kind, name string, spec object) object {
	return object{"apiVersion": "kwok.x-k8s.io/v1alpha1", "kind": kind, "metadata": object{"name": name}, "spec": spec}
}

// stage makes a Stage: what is next for objects of a core kind that meet all
// conditions.
func stage(name, kind string, next object, conditions ...object) object {
	return kwokObject("Stage", name, object{
		"resourceRef": object{"apiGroup": "v1", "kind": kind},
		"selector":    object{"matchExpressions": conditions},
		"next":        next,
	})
}

func absent(field string) object  { return object{"key": field, "operator": "DoesNotExist"} }
func present(field string) object { return object{"key": field, "operator": "Exists"} }
func in(field string, values ...string) object {
	return object{"key": field, "operator": "In", "values": values}
}

func notIn(field string, values ...string) object {
	return object{"key": field, "operator": "NotIn", "values": values}
}

// nodeStage completes a node's status, which the testbed has begun (nodes.go), and
// makes it Ready. Afterwards kwok keeps its lease.
func nodeStage() object {
	const status = `
conditions:
{{ range NodeConditions }}
- type: {{ .type }}
  status: {{ .status | Quote }}
  reason: {{ .reason }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ Now }}
  lastTransitionTime: {{ Now }}
{{ end }}
addresses:
- {type: InternalIP, address: {{ NodeIP | Quote }}}
- {type: Hostname, address: {{ NodeName | Quote }}}
daemonEndpoints: {kubeletEndpoint: {Port: {{ NodePort }}}}
phase: Running
`
	return stage("node", "Node", object{"statusTemplate": status}, absent(".status.phase"))
}

func deletionStage() object {
	return stage("pod-deleted", "Pod", object{"finalizers": object{"empty": true}, "delete": true},
		present(".metadata.deletionTimestamp"))
}

// completionStage ends the pods of Jobs, well.
func completionStage() object {
	const status = `
phase: Succeeded
conditions:
- {type: Ready, status: "False", reason: PodCompleted, lastTransitionTime: {{ Now }}}
- {type: ContainersReady, status: "False", reason: PodCompleted, lastTransitionTime: {{ Now }}}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: false
  started: false
  restartCount: 0
  state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ Now }}, finishedAt: {{ Now }}}}
{{ end }}
`
	return stage("pod-completed", "Pod", object{"statusTemplate": status},
		absent(".metadata.deletionTimestamp"),
		in(".status.phase", "Running"),
		in(".metadata.ownerReferences.[].kind", "Job"),
		absent(behaviourField))
}

// stage is the status of a pod that behaves so, as soon as the pod is scheduled.
func (b behaviour) stage() object {
	next := object{"statusTemplate": podStatus(b.phase, b.ready, b.container)}
	if b.event != nil {
		next["event"] = b.event
	}
	name, matches := "pod-running", absent(behaviourField)
	if b.name != "" {
		name, matches = "pod-"+b.name, in(behaviourField, b.name)
	}
	return stage(name, "Pod", next, absent(".metadata.deletionTimestamp"), absent(".status.startTime"), matches)
}

// podStatus is the template of the whole status of a pod that a node has just
// taken. Container is the rest of each container's status, as in behaviour.
//
// A pod on its node's network has an address of its own all the same: kwok's nodes are
// at 127.0.0.1, which no EndpointSlice may have (pkg/apis/core/validation, loopback), so
// that its Services would be without endpoints.
func podStatus(phase string, ready bool, container string) string {
	const status = `
phase: PHASE
startTime: {{ Now }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
{{ with PodIPWith .spec.nodeName false (or .metadata.uid "") (or .metadata.name "") (or .metadata.namespace "") }}
podIP: {{ . | Quote }}
podIPs: [{ip: {{ . | Quote }}}]
{{ end }}
conditions:
- {type: Initialized, status: "True", lastTransitionTime: {{ Now }}}
- {type: ContainersReady, status: "READY", lastTransitionTime: {{ Now }}REASON}
- {type: Ready, status: "READY", lastTransitionTime: {{ Now }}REASON}
{{ range .spec.readinessGates }}
- {type: {{ .conditionType }}, status: "True", lastTransitionTime: {{ Now }}}
{{ end }}
{{ with .spec.initContainers }}
initContainerStatuses:
{{ range . }}
- name: {{ .name }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: true
  restartCount: 0
  {{ if eq (or .restartPolicy "") "Always" }}
  started: true
  state: {running: {startedAt: {{ Now }}}}
  {{ else }}
  state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ Now }}, finishedAt: {{ Now }}}}
  {{ end }}
{{ end }}
{{ end }}
`
	word, reason := "True", ""
	if !ready {
		const names = `{{ range $i, $c := .spec.containers }}{{ if $i }} {{ end }}{{ $c.name }}{{ end }}`
		word, reason = "False", `, reason: ContainersNotReady, message: "containers with unready status: [`+names+`]"`
	}
	return strings.NewReplacer("PHASE", phase, "READY", word, "REASON", reason).Replace(status) + containersStatus(ready, container)
}

// containersStatus is the template of the status of a pod's containers.
func containersStatus(ready bool, container string) string {
	const status = `
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: BOOL
  CONTAINER
{{ end }}
`
	return strings.NewReplacer(
		"BOOL", strconv.FormatBool(ready),
		"CONTAINER", strings.ReplaceAll(strings.ReplaceAll(container, "NOW", "{{ Now }}"), "\n", "\n  "),
	).Replace(status)
}

// resourceUsage is what each container uses, by its pod's annotations.
func resourceUsage() object {
	quantity := func(name, otherwise string) object {
		return object{"expression": fmt.Sprintf("%q in pod.metadata.annotations ? Quantity(pod.metadata.annotations[%q]) : Quantity(%q)", name, name, otherwise)}
	}
	return kwokObject("ClusterResourceUsage", "from-annotations", object{
		"usages": []object{{"usage": object{
			"cpu":    quantity(cpuAnnotation, "10m"),
			"memory": quantity(memoryAnnotation, "32Mi"),
		}}},
	})
}

// kubeletMetrics is as much of the kubelet's /metrics/resource as metrics-server
// reads (v0.9.0, pkg/scraper/client/resource/decode.go). It drops nodes that use
// nothing, so that each has a little use of its own.
func kubeletMetrics() object {
	labels := []object{
		{"name": "container", "value": "container.name"},
		{"name": "namespace", "value": "pod.metadata.namespace"},
		{"name": "pod", "value": "pod.metadata.name"},
	}
	return kwokObject("Metric", "kubelet-resource", object{
		"path": metricsPath("{nodeName}"),
		"metrics": []object{
			{"name": "container_start_time_seconds", "kind": "gauge", "dimension": "container", "labels": labels, "value": "pod.SinceSecond()"},
			{"name": "container_cpu_usage_seconds_total", "kind": "counter", "dimension": "container", "labels": labels, "value": `pod.CumulativeUsage("cpu", container.name)`},
			{"name": "container_memory_working_set_bytes", "kind": "gauge", "dimension": "container", "labels": labels, "value": `pod.Usage("memory", container.name)`},
			{"name": "node_cpu_usage_seconds_total", "kind": "counter", "dimension": "node", "value": `node.CumulativeUsage("cpu") + 0.05 * node.SinceSecond()`},
			{"name": "node_memory_working_set_bytes", "kind": "gauge", "dimension": "node", "value": `node.Usage("memory") + 268435456.0`},
		},
	})
}

// metricsPath is where kwok serves the metrics of a node.
func metricsPath(node string) string { return "/metrics/nodes/" + node + "/metrics/resource" }
