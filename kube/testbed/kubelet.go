package main

import (
	"fmt"
	"strings"
)

// What follows plays a kubelet over time: containers that are killed and started
// again with growing back-off, pulls that fail and are tried again, probes that
// fail. The words are the kubelet's own, k8s.io/kubernetes v1.37.1, and so is the
// shape of its events: they are written as objects, because those of kwok's own
// recorder name another component and no container. All containers of a pod fare
// alike; events are about the first.

// playedStages are the stages of the behaviours that take several steps.
func playedStages() []object {
	stages := append(restarts("oom-loop", 137, "OOMKilled"), restarts("crash-loop", 1, "Error")...)
	stages = append(stages, pulls()...)
	return append(stages, configError(), unreadyAtFirst("probe-fails"), probeFails(), unreadyAtFirst("slow"), slowReady())
}

// playedStage is a stage of pods with a behaviour that are not being deleted:
// after a time, a new status and events.
func playedStage(behaviour, step string, delay object, status string, events []object, conditions ...object) object {
	steps := []object{{"patch": object{"subresource": "status", "root": "status", "template": status}}}
	for _, e := range events {
		steps = append(steps, object{"apply": e})
	}
	conditions = append(conditions, absent(".metadata.deletionTimestamp"), in(behaviourField, behaviour))
	s := stage("pod-"+behaviour+"-"+step, "Pod", nil, conditions...)
	spec := s["spec"].(object)
	delete(spec, "next")
	spec["steps"] = steps
	if delay != nil {
		spec["delay"] = delay
	}
	return s
}

func seconds(n int) object { return object{"durationMilliseconds": n * 1000} }

// kubeletEvent is an Event of a pod's kubelet. The message and the count are
// templates; the time of the first occurrence stays when the event is written
// again.
func kubeletEvent(name, kind, reason, message, count string) object {
	const template = `
{{ $container := (index .spec.containers 0).name }}
{{ $image := (index .spec.containers 0).image }}
{{ $pod := printf "%s_%s(%s)" .metadata.name .metadata.namespace .metadata.uid }}
{{ $restarts := 0 }}
{{ with .status.containerStatuses }}{{ $restarts = int (toString (index . 0).restartCount) }}{{ end }}
{{ $count := COUNT }}
apiVersion: v1
kind: Event
metadata:
  name: {{ printf "%s.%s" .metadata.name "NAME" }}
  namespace: {{ .metadata.namespace }}
involvedObject:
  apiVersion: v1
  kind: Pod
  namespace: {{ .metadata.namespace }}
  name: {{ .metadata.name }}
  uid: {{ .metadata.uid }}
  fieldPath: {{ printf "spec.containers{%s}" $container | Quote }}
type: TYPE
reason: REASON
message: {{ MESSAGE | Quote }}
source: {component: kubelet, host: {{ .spec.nodeName }}}
reportingComponent: kubelet
reportingInstance: {{ .spec.nodeName }}
{{ if eq $count 1 }}
firstTimestamp: {{ Now }}
{{ end }}
lastTimestamp: {{ Now }}
count: {{ $count }}
`
	text := strings.NewReplacer("NAME", name, "TYPE", kind, "REASON", reason, "MESSAGE", message, "COUNT", count).Replace(template)
	return object{"type": "merge", "template": text}
}

// restarts is a container that runs for three seconds and ends so: it is started
// again at once, then after 10, 20, 40 seconds (kuberuntime_manager.go, doBackOff).
// It never becomes ready.
func restarts(behaviour string, exitCode int, reason string) []object {
	const names = `{name: {{ .name }}, image: {{ .image | Quote }}, imageID: {{ .image | Quote }}, ready: false, `
	ends := `
{{ $now := Now }}
{{ $pod := printf "%s_%s(%s)" .metadata.name .metadata.namespace .metadata.uid }}
containerStatuses:
{{ range .status.containerStatuses }}
{{ $restarts := int (toString .restartCount) }}
{{ $wait := index (list "0s" "10s" "20s" "40s" "1m20s" "2m40s" "5m0s") (int (min $restarts 6)) }}
- ` + names + `
  {{ if eq $restarts 0 }}
  restartCount: 1, started: true, state: {running: {startedAt: {{ $now }}}},
  {{ else }}
  restartCount: {{ $restarts }}, started: false,
  state: {waiting: {reason: CrashLoopBackOff, message: {{ printf "back-off %s restarting failed container=%s pod=%s" $wait .name $pod | Quote }}}},
  {{ end }}
  lastState: {terminated: {exitCode: CODE, reason: REASON, startedAt: {{ .state.running.startedAt }}, finishedAt: {{ $now }}}}}
{{ end }}
`
	ends = strings.NewReplacer("CODE", fmt.Sprint(exitCode), "REASON", reason).Replace(ends)
	starts := `
containerStatuses:
{{ range .status.containerStatuses }}
{{ $restarts := int (toString .restartCount) }}
- ` + names + `restartCount: {{ add $restarts 1 }}, started: true,
  state: {running: {startedAt: {{ Now }}}},
  lastState: {terminated: {exitCode: {{ .lastState.terminated.exitCode }}, reason: {{ .lastState.terminated.reason }},
    startedAt: {{ .lastState.terminated.startedAt }}, finishedAt: {{ .lastState.terminated.finishedAt }}}}}
{{ end }}
`
	backOff := object{"durationFrom": object{"jq": object{
		"expression": `["0s","10s","20s","40s","80s","160s","300s"][[.status.containerStatuses[0].restartCount, 6] | min]`,
	}}}
	running, waiting := ".status.containerStatuses.[0].state.running", ".status.containerStatuses.[0].state.waiting"
	const first = ".status.containerStatuses.[0].restartCount"
	started := func(count string) object {
		return kubeletEvent("started", "Normal", "Started", `"Container started"`, count)
	}
	backed := kubeletEvent("backoff", "Warning", "BackOff", `printf "Back-off restarting failed container %s in pod %s" $container $pod`, "$restarts")
	return []object{
		playedStage(behaviour, "start", nil, podStatus("Running", false, runningSince("NOW")),
			[]object{started("1")}, absent(".status.startTime")),
		playedStage(behaviour, "ends", seconds(3), ends, []object{started("2")}, present(running), in(first, "0")),
		playedStage(behaviour, "ends-again", seconds(3), ends, []object{backed}, present(running), notIn(first, "0")),
		playedStage(behaviour, "starts", backOff, starts, []object{started("(add $restarts 2)")}, present(waiting)),
	}
}

// pulls is an image that the registry does not have, in containerd's words, tried
// again for ever (images/image_manager.go, pullImage).
func pulls() []object {
	const behaviour = "pull-fails"
	const missing = `printf "rpc error: code = NotFound desc = failed to pull and unpack image %q: failed to resolve reference %q: %s: not found" IMAGE IMAGE IMAGE`
	said := func(image string) string { return "(" + strings.ReplaceAll(missing, "IMAGE", image) + ")" }
	waiting := func(reason, message string) string {
		return "started: false\nrestartCount: 0\nstate: {waiting: {reason: " + reason + ", message: {{ " + message + " | Quote }}}}"
	}
	failing := waiting("ErrImagePull", said(".image"))
	backing := waiting("ImagePullBackOff", `printf "Back-off pulling image %q: ErrImagePull: %s" .image `+said(".image"))
	reason := ".status.containerStatuses.[0].state.waiting.reason"
	pull := []object{
		kubeletEvent("pulling", "Normal", "Pulling", `printf "Pulling image %q" $image`, "1"),
		kubeletEvent("failed", "Warning", "Failed", `printf "Failed to pull image %q: %s" $image `+said("$image"), "1"),
		kubeletEvent("error", "Warning", "Failed", `"Error: ErrImagePull"`, "1"),
	}
	back := []object{
		kubeletEvent("backoff", "Normal", "BackOff", `printf "Back-off pulling image %q" $image`, "1"),
		kubeletEvent("error-backoff", "Warning", "Failed", `"Error: ImagePullBackOff"`, "1"),
	}
	return []object{
		playedStage(behaviour, "fails", nil, podStatus("Pending", false, failing), pull, absent(".status.startTime")),
		playedStage(behaviour, "waits", seconds(3), containersStatus(false, backing), back, in(reason, "ErrImagePull")),
		playedStage(behaviour, "fails-again", seconds(20), containersStatus(false, failing), nil, in(reason, "ImagePullBackOff")),
	}
}

// configError is a container whose last reference to a key of a ConfigMap leads
// nowhere (kubelet_pods.go, makeEnvironmentVariables).
func configError() object {
	const find = `{{ $key := "" }}{{ $map := "" }}{{ range (index .spec.containers 0).env }}{{ if .valueFrom }}{{ with .valueFrom.configMapKeyRef }}` +
		`{{ $key = .key }}{{ $map = .name }}{{ end }}{{ end }}{{ end }}`
	const said = `(printf "couldn't find key %s in ConfigMap %s/%s" $key $space $map)`
	const space = `{{ $space := .metadata.namespace }}`
	status := find + space + podStatus("Pending", false,
		"started: false\nrestartCount: 0\nstate: {waiting: {reason: CreateContainerConfigError, message: {{ "+said+" | Quote }}}}")
	event := kubeletEvent("failed", "Warning", "Failed", `printf "Error: %s" `+said, "1")
	event["template"] = find + space + event["template"].(string)
	return playedStage("config-error", "fails", nil, status, []object{event}, absent(".status.startTime"))
}

// unreadyAtFirst runs, and is not ready.
func unreadyAtFirst(behaviour string) object {
	return playedStage(behaviour, "start", nil, podStatus("Running", false, runningSince("NOW")), nil, absent(".status.startTime"))
}

// probeFails has its readiness probe fail for as long as the pod is there. The
// event comes with the second failure; what tells whether it was written is that
// the image has an ID by then.
func probeFails() object {
	status := containersStatus(false, runningSince("{{ .state.running.startedAt }}"))
	status = strings.Replace(overStatuses(status), `imageID: ""`, `imageID: {{ .image | Quote }}`, 1)
	event := kubeletEvent("unhealthy", "Warning", "Unhealthy", `"Readiness probe failed: HTTP probe failed with statuscode: 404"`, "1")
	return playedStage("probe-fails", "fails", seconds(10), status, []object{event},
		in(".status.containerStatuses.[0].imageID", ""), present(".status.containerStatuses.[0].state.running"))
}

// slowReady is ready twenty seconds after its start.
func slowReady() object {
	status := `
conditions:
- {type: ContainersReady, status: "True", lastTransitionTime: {{ Now }}, reason: null, message: null}
- {type: Ready, status: "True", lastTransitionTime: {{ Now }}, reason: null, message: null}
` + overStatuses(containersStatus(true, runningSince("{{ .state.running.startedAt }}")))
	return playedStage("slow", "ready", seconds(20), status, nil,
		in(".status.containerStatuses.[0].ready", "false"), present(".status.containerStatuses.[0].state.running"))
}

func runningSince(when string) string {
	return "started: true\nrestartCount: 0\nstate: {running: {startedAt: " + when + "}}"
}

// overStatuses makes a template that ranges over the containers of a spec range
// over their statuses.
func overStatuses(template string) string {
	return strings.Replace(template, "range .spec.containers", "range .status.containerStatuses", 1)
}
