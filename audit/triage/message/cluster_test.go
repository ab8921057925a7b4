package message_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
)

func TestAttach(t *testing.T) {
	t.Parallel()
	// controller/volume/attachdetach/reconciler/reconciler_test.go, 1.37 and 1.31.
	for raw, want := range map[string]message.AttachProblem{
		`Waiting for detach for volume "volume-name" Volume is already exclusively attached to one node, waiting on detach before it can be attached to another node`: {Kind: message.InUse, Volume: "volume-name"},
		`Waiting for detach for volume "volume-name" Volume is already used by pod(s) pod2`:                                                                           {Kind: message.InUse, Volume: "volume-name", Pods: []string{"pod2"}},
		`Waiting for detach for volume "volume-name" Volume is already used by pod(s) pod2, pod3 and 1 pod(s) in different namespaces`:                                {Kind: message.InUse, Volume: "volume-name", Pods: []string{"pod2", "pod3"}, Others: 1},
		`Waiting for detach for volume "volume-name" Volume is already used by 1 pod(s) in different namespaces`:                                                      {Kind: message.InUse, Volume: "volume-name", Others: 1},
		`Multi-Attach error for volume "volume-name" Volume is already exclusively attached to one node and can't be attached to another`:                             {Kind: message.InUse, Volume: "volume-name"},
		`AttachVolume.Attach failed for volume "pvc-1" : rpc error: code = ResourceExhausted desc = no slot left`:                                                     {Kind: message.AttachLimit, Volume: "pvc-1", Code: "ResourceExhausted"},
		`AttachVolume.Attach failed for volume "pvc-1" : timed out waiting for external-attacher of ebs.csi.aws.com CSI driver to attach volume vol-1`:                {Kind: message.AttachTimedOut, Volume: "pvc-1"},
		`AttachVolume.Attach failed for volume "pvc-1" : rpc error: code = Internal desc = oops`:                                                                      {Kind: message.AttachFailed, Volume: "pvc-1", Code: "Internal"},
		`it is Sunday`: {Kind: message.UnparsedAttach},
	} {
		want.Text = raw
		if diff := cmp.Diff(want, message.Attach(raw)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", raw, diff)
		}
	}
}

func TestProvisioning(t *testing.T) {
	t.Parallel()
	// controller/volume/persistentvolume/pv_controller.go.
	for raw, want := range map[string]message.ProvisionProblem{
		"waiting for first consumer to be created before binding":                    {Kind: message.FirstConsumer},
		"waiting for pod web-0 to be scheduled":                                      {Kind: message.PodScheduling, Pods: []string{"web-0"}},
		"waiting for pods web-0,web-1 to be scheduled":                               {Kind: message.PodScheduling, Pods: []string{"web-0", "web-1"}},
		"no persistent volumes available for this claim and no storage class is set": {Kind: message.WithoutClass},
		"Waiting for a volume to be created either by the external provisioner 'ebs.csi.aws.com' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.": {Kind: message.External, Name: "ebs.csi.aws.com"},
		`waiting for a volume to be created, either by external provisioner "ebs.csi.aws.com" or manually created by system administrator`:                                                                                                        {Kind: message.External, Name: "ebs.csi.aws.com"},
		`storageclass.storage.k8s.io "fast" not found`:                                                          {Kind: message.ClassMissing, Name: "fast"},
		`failed to provision volume with StorageClass "gp3": rpc error: code = ResourceExhausted desc = quota`:  {Kind: message.Exhausted, Name: "gp3", Code: "ResourceExhausted"},
		`failed to provision volume with StorageClass "gp3": rpc error: code = DeadlineExceeded desc = context`: {Kind: message.ProvisionTimedOut, Name: "gp3", Code: "DeadlineExceeded"},
		`Failed to provision volume with StorageClass "old": oops`:                                              {Kind: message.ProvisionFailed, Name: "old"},
		"Bound claim has lost its PersistentVolume. Data on the volume is lost!":                                {Kind: message.Lost},
		"Two claims are bound to the same volume, this one is bound incorrectly":                                {Kind: message.Mismatch},
		`Cannot bind to requested volume "pv-1": requested PV is too small`:                                     {Kind: message.Mismatch, Name: "pv-1"},
		`volume "pv-1" already bound to a different claim.`:                                                     {Kind: message.Mismatch, Name: "pv-1"},
		`it is Sunday`: {Kind: message.UnparsedProvision},
	} {
		want.Text = raw
		if diff := cmp.Diff(want, message.Provisioning(raw)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", raw, diff)
		}
	}
}

func TestSandbox(t *testing.T) {
	t.Parallel()
	const failed = `Failed to create pod sandbox: rpc error: code = Unknown desc = `
	for tail, want := range map[string]message.SandboxProblem{
		// containerd 2.1, internal/cri/server/sandbox_run.go; libcni/api.go, pluginDescription.
		`failed to setup network for sandbox "1": plugin type="calico" failed (add): error getting ClusterInformation`:                                                                        {Kind: message.NetworkFailed, Plugin: "calico"},
		`failed to setup network for sandbox "1": plugin type="bridge" name="cbr0" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.0.0.1-10.0.0.254`: {Kind: message.NoAddress, Plugin: "bridge"},
		`failed to setup network for sandbox "1": plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container`:                                    {Kind: message.NoAddress, Plugin: "aws-cni"},
		`failed to setup network for sandbox "1": cni plugin not initialized`:                                                                                                                 {Kind: message.NetworkUninitialized},
		`failed to get sandbox image "registry.k8s.io/pause:3.10": failed to pull image: dial tcp: i/o timeout`:                                                                               {Kind: message.PauseImage},
		`failed to get sandbox runtime: no runtime for "gvisor" is configured`:                                                                                                                {Kind: message.HandlerMissing},
		`failed to reserve sandbox name "web-1_shop_1_0": name is reserved for "2"`:                                                                                                           {Kind: message.NameTaken},
		`context deadline exceeded`: {Kind: message.SandboxTimedOut},
		`oops`:                      {Kind: message.UnparsedSandbox},
	} {
		want.Text = failed + tail
		if diff := cmp.Diff(want, message.Sandbox(failed+tail)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tail, diff)
		}
	}
	if got := message.Sandbox("network is not ready: container runtime network not ready: NetworkReady=false"); got.Kind != message.NetworkUninitialized {
		t.Errorf("the event NetworkNotReady: got %+v", got)
	}
}

func TestNode(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]message.NodeState{
		"kubelet is posting ready status": {},
		"container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized": {
			Problems: []message.NodeProblem{message.NetworkUnready}, Reason: "NetworkPluginNotReady",
		},
		"[container runtime is down, PLEG is not healthy: pleg was last seen active 3m5s ago; threshold is 3m0s]": {
			Problems: []message.NodeProblem{message.RuntimeDown, message.RelistSlow},
		},
		"[PLEG is not healthy: pleg has yet to be successful, container runtime status check may not have completed yet]": {
			Problems: []message.NodeProblem{message.RelistSlow, message.RuntimeUnchecked},
		},
		"container runtime not ready: RuntimeReady=false reason:X message:y": {Problems: []message.NodeProblem{message.RuntimeUnready}},
		"CSINode is not yet initialized":                                     {Problems: []message.NodeProblem{message.StorageUnready}},
		"node is shutting down":                                              {Problems: []message.NodeProblem{message.ShuttingDown}},
		"missing node capacity for resources: ephemeral-storage":             {Problems: []message.NodeProblem{message.CapacityUnknown}},
		"Kubelet stopped posting node status.":                               {Problems: []message.NodeProblem{message.Silent}},
		"Kubelet never posted node status.":                                  {Problems: []message.NodeProblem{message.NeverSeen}},
		"it is Sunday":                                                       {Problems: []message.NodeProblem{message.UnparsedNode}},
	} {
		want.Text = raw
		if diff := cmp.Diff(want, message.Node(raw)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", raw, diff)
		}
	}
}

func TestNamespaceDeletion(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]message.Deletion{
		"Some resources are remaining: pods. has 2 resource instances, widgets.example.com has 1 resource instances": {
			Resources: []message.Remaining{{Resource: "pods", Count: 2}, {Resource: "widgets", Group: "example.com", Count: 1}},
		},
		"Some content in the namespace has finalizers remaining: example.com/clean in 3 resource instances, kubernetes.io/pvc-protection in 1 resource instances": {
			Finalizers: []message.Finalizer{{Name: "example.com/clean", Count: 3}, {Name: "kubernetes.io/pvc-protection", Count: 1}},
		},
		"Discovery failed for some groups, 2 failing: unable to retrieve the complete list of server APIs: custom.metrics.k8s.io/v1beta1: stale GroupVersion discovery: custom.metrics.k8s.io/v1beta1, metrics.k8s.io/v1beta1: the server is currently unable to handle the request": {
			Versions: []string{"custom.metrics.k8s.io/v1beta1", "metrics.k8s.io/v1beta1"},
		},
		"All content successfully removed": {Unparsed: true},
	} {
		want.Text = raw
		if diff := cmp.Diff(want, message.NamespaceDeletion(raw)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", raw, diff)
		}
	}
}

func TestHPA(t *testing.T) {
	t.Parallel()
	const unable = "the HPA was unable to compute the replica count: "
	for raw, want := range map[string]message.ScalingProblem{
		unable + "failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)": {
			Cause: message.MetricsUnavailable, Source: message.ResourceMetric, Metric: "cpu",
		},
		unable + "failed to get memory utilization: unable to get metrics for resource memory: no metrics returned from resource metrics API": {
			Cause: message.MetricsMissing, Source: message.ResourceMetric, Metric: "memory",
		},
		unable + "failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)": {
			Cause: message.MetricsMissing, Source: message.ResourceMetric, Metric: "cpu",
		},
		unable + "failed to get cpu utilization: missing request for cpu in container proxy of Pod web-7f9c8b6d5-x2x9q": {
			Cause: message.RequestMissing, Source: message.ResourceMetric, Metric: "cpu", Container: "proxy", Pod: "web-7f9c8b6d5-x2x9q",
		},
		unable + "unable to get metric queue_length: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered": {
			Cause: message.MetricsUnavailable, Metric: "queue_length",
		},
		"invalid metrics (1 invalid out of 1), first error is: failed to get pods metric value: unable to get metric queue_length: no metrics returned from custom metrics API": {
			Cause: message.MetricsMissing, Source: message.PodsMetric, Metric: "queue_length",
		},
		unable + "unable to get metric hits on Ingress shop/main: unable to fetch metrics from custom metrics API: oops": {
			Cause: message.MetricsUnavailable, Source: message.ObjectMetric, Metric: "hits",
		},
		unable + "unable to get external metric shop/jobs/&LabelSelector{MatchLabels:map[string]string{},MatchExpressions:[]LabelSelectorRequirement{},}: unable to fetch metrics from external metrics API: oops": {
			Cause: message.MetricsUnavailable, Source: message.ExternalMetric, Metric: "jobs",
		},
		unable + "failed to get cpu utilization: no pods returned by selector while calculating replica count": {
			Cause: message.PodsMissing, Source: message.ResourceMetric, Metric: "cpu",
		},
		"the HPA target's scale is missing a selector":                                                        {Cause: message.SelectorInvalid},
		"pods by selector app=web are controlled by more than one HPA (e.g. [shop/a shop/b])":                 {Cause: message.SelectorAmbiguous},
		"the HPA controller was unable to get the target's current scale: deployments.apps \"web\" not found": {Cause: message.TargetMissing},
		"scaling is disabled since the replica count of the target is zero":                                   {Cause: message.AtZero},
		"it is Sunday": {Cause: message.UnparsedScaling},
	} {
		want.Text = message.Scrub(raw)
		if diff := cmp.Diff(want, message.HPA("", raw)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", raw, diff)
		}
	}
}

func TestReasonsOfHPA(t *testing.T) {
	t.Parallel()
	const text = "the HPA was unable to compute the replica count: unable to get metrics for resource cpu: no metrics returned from resource metrics API"
	for reason, want := range map[string]message.MetricSource{
		"FailedGetResourceMetric": message.ResourceMetric, "FailedGetContainerResourceMetric": message.ContainerMetric,
		"FailedGetPodsMetric": message.PodsMetric, "FailedGetObjectMetric": message.ObjectMetric,
		"FailedGetExternalMetric": message.ExternalMetric, "": message.ResourceMetric,
	} {
		if got := message.HPA(reason, text).Source; got != want {
			t.Errorf("%s: got %q, want %q", reason, got, want)
		}
	}
}

func TestExit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		ended   message.Termination
		want    message.EndKind
		unknown int
	}{
		{"completed", message.Termination{Reason: "Completed"}, message.Completed, 0},
		{"error", message.Termination{Code: 1, Reason: "Error"}, message.Failed, 1},
		{"usage", message.Termination{Code: 2, Reason: "Error"}, message.BadUsage, 1},
		{"refused", message.Termination{Code: 125, Reason: "Error"}, message.NotStarted, 1},
		{"not executable", message.Termination{Code: 126, Reason: "Error"}, message.NotExecutable, 0},
		{"not found", message.Termination{Code: 127, Reason: "Error"}, message.CommandMissing, 0},
		{"start", message.Termination{Code: 128, Reason: "StartError"}, message.NotStarted, 0},
		{"255", message.Termination{Code: 255, Reason: "Error"}, message.OutOfRange, 1},
		{"runtime lost it", message.Termination{Code: 255, Reason: "Unknown"}, message.StatusLost, 0},
		{"segmentation fault", message.Termination{Code: 139, Reason: "Error"}, message.Signalled, 0},
		{"signal by the runtime", message.Termination{Signal: 6, Reason: "Error"}, message.Signalled, 0},
		{"a signal without a name", message.Termination{Code: 190, Reason: "Error"}, message.Signalled, 0},
		{"own limit", message.Termination{Code: 137, Reason: "OOMKilled", MemoryLimit: message.Yes, NodeOOM: message.No}, message.ContainerMemory, 0},
		{"own limit, node unknown", message.Termination{Code: 137, Reason: "OOMKilled", MemoryLimit: message.Yes}, message.ContainerMemory, 1},
		{"a child, and an exit of its own", message.Termination{Code: 1, Reason: "OOMKilled", MemoryLimit: message.Yes, NodeOOM: message.No}, message.ContainerMemory, 0},
		{"no limit", message.Termination{Code: 137, Reason: "OOMKilled", MemoryLimit: message.No}, message.NodeMemory, 0},
		{"the node's memory", message.Termination{Code: 137, Reason: "OOMKilled", MemoryLimit: message.Yes, NodeOOM: message.Yes}, message.NodeMemory, 0},
		{"limit unknown", message.Termination{Code: 137, Reason: "OOMKilled"}, message.Memory, 1},
		{"kubelet lost it", message.Termination{Code: 137, Reason: "ContainerStatusUnknown"}, message.StatusLost, 0},
		{"restart rule", message.Termination{Code: 137, Reason: "RestartingAllContainers"}, message.RestartRule, 0},
		{"probe", message.Termination{Code: 137, Reason: "Error", Probe: message.KilledByLiveness}, message.ProbeKilled, 0},
		{"grace", message.Termination{Code: 137, Reason: "Error", Deleting: message.Yes}, message.GraceExceeded, 0},
		{"beside a node's end of memory", message.Termination{Code: 137, Reason: "Error", NodeOOM: message.Yes}, message.NodeMemory, 1},
		{"killed, all looked at", message.Termination{Code: 137, Reason: "Error", Events: message.Yes, Deleting: message.No}, message.KilledUnknown, 2},
		{"killed, nothing looked at", message.Termination{Code: 137, Reason: "Error"}, message.KilledUnknown, 4},
		{"asked by a probe", message.Termination{Code: 143, Reason: "Error", Probe: message.KilledByStartup}, message.ProbeKilled, 0},
		{"asked by a deletion", message.Termination{Code: 143, Reason: "Error", Deleting: message.Yes}, message.StoppedAsAsked, 0},
		{"asked by somebody", message.Termination{Code: 143, Reason: "Error", Events: message.Yes, Deleting: message.No}, message.StoppedAsAsked, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := message.Exit(test.ended)
			if got.Kind != test.want || len(got.Unknown) != test.unknown {
				t.Errorf("got %+v, want %s and %d unknown", got, test.want, test.unknown)
			}
			if !strings.HasSuffix(got.Sentence, ".") || strings.Count(got.Sentence, ". ") > 0 {
				t.Errorf("not one sentence: %q", got.Sentence)
			}
		})
	}
}

// FuzzRead holds that everything reads anything: no function panics, and what it
// says is of the message, or scrubbed.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"0/12 nodes are available: 3 Insufficient cpu, 2 node(s) had taint {a: b}, that the pod didn't tolerate. preemption: 0/12 nodes are available: 12 Preemption is not helpful for scheduling.",
		`0/1 nodes are available: persistentvolumeclaim "x" not found.`, "0/2 placements are available, first placement status: 0/1 nodes are available: ",
		"exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1", `failed calling webhook "w": failed to call webhook: Post "https://a.b.svc:443/": EOF`,
		`violates PodSecurity "a:b": c`, "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: x", " usage per ", "failed quota: ", `admission webhook "`,
		`Back-off pulling image "a:b"`, "image pull failed for a because ", "couldn't find key k in Secret a/b", "unmounted volumes=[a b", `object "a"/`,
		"Readiness probe failed: HTTP probe failed with statuscode: 99999999999", "Container a failed liveness probe", "The node was low on resource: a. Container b was using ",
		"[container runtime is down, PLEG is not healthy: x]", "Some resources are remaining: a. has 2 resource instances", "missing request for cpu in container a of Pod b",
		`Waiting for detach for volume "v" Volume is already used by pod(s) a, b and 1 pod(s) in different namespaces`, "waiting for pods a,b to be scheduled", "waiting for pods to be scheduled",
		`Failed to create pod sandbox: plugin type="a"`, "unable to get external metric a/b/", "\x00\xff\"'[](){}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		s := message.Scheduling(raw)
		if s.Nodes < -1 {
			t.Errorf("%d nodes", s.Nodes)
		}
		for _, r := range append(s.Reasons, s.Preemption.Reasons...) {
			if r.Kind == "" || r.Count < 0 {
				t.Errorf("reason %+v", r)
			}
		}
		kinds := map[string]string{
			"Create": string(message.Create(raw).Kind), "Webhook": string(message.Webhook(raw).Cause), "Pull": string(message.Pull(raw).Cause),
			"Config": string(message.Config(raw).Kind), "Attach": string(message.Attach(raw).Kind), "Provisioning": string(message.Provisioning(raw).Kind),
			"Sandbox": string(message.Sandbox(raw).Kind), "Killing": string(message.Killing(raw).Cause), "Eviction": string(message.Eviction(raw).Kind),
			"HPA": string(message.HPA("", raw).Cause),
		}
		for name, kind := range kinds {
			if kind == "" {
				t.Errorf("%s has no kind", name)
			}
		}
		if p := message.Probe(raw); (p.Probe == "") != (p.Cause == "") {
			t.Errorf("probe %+v", p)
		}
		for _, p := range message.Node(raw).Problems {
			if p == "" {
				t.Error("a node's problem without a name")
			}
		}
		message.NamespaceDeletion(raw)
		for _, text := range []string{s.Text, message.Create(raw).Text, message.Pull(raw).Text, message.Webhook(raw).Text, message.Config(raw).Text} {
			if message.Scrub(text) != text {
				t.Errorf("not scrubbed: %q", text)
			}
		}
	})
}
