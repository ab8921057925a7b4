package message_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
)

func TestCreate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, message string
		want          message.Refusal
	}{
		{
			// apiserver/pkg/admission/plugin/resourcequota/controller.go, CheckRequest.
			"quota",
			`Error creating: pods "web-7f9c8b6d5-x2x9q" is forbidden: exceeded quota: team, requested: limits.memory=2Gi,pods=1, used: limits.memory=39Gi,pods=10, limited: limits.memory=40Gi,pods=10`,
			message.Refusal{
				Kind: message.QuotaExceeded, Name: "team",
				Requested: map[string]string{"limits.memory": "2Gi", "pods": "1"},
				Used:      map[string]string{"limits.memory": "39Gi", "pods": "10"},
				Limited:   map[string]string{"limits.memory": "40Gi", "pods": "10"},
				Text:      "exceeded quota: team, requested: limits.memory=2Gi,pods=1, used: limits.memory=39Gi,pods=10, limited: limits.memory=40Gi,pods=10",
			},
		},
		{
			// pkg/quota/v1/evaluator/core/pods.go, Constraints.
			"quota wants limits",
			`pods "web-1" is forbidden: failed quota: team: must specify limits.cpu for: app,proxy; limits.memory for: app`,
			message.Refusal{
				Kind: message.QuotaUnspecified, Name: "team", Missing: map[string]string{"limits.cpu": "app,proxy", "limits.memory": "app"},
				Text: "failed quota: team: must specify limits.cpu for: app,proxy; limits.memory for: app",
			},
		},
		{
			"quota in old words", `pods "web-1" is forbidden: failed quota: team: must specify limits.cpu,limits.memory`,
			message.Refusal{
				Kind: message.QuotaUnspecified, Name: "team", Missing: map[string]string{"limits.cpu": "", "limits.memory": ""},
				Text: "failed quota: team: must specify limits.cpu,limits.memory",
			},
		},
		{
			// plugin/pkg/admission/limitranger/admission.go, maxConstraint.
			"limit range", `pods "web-1" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi`,
			message.Refusal{Kind: message.LimitRangeExceeded, Name: "memory", Text: "maximum memory usage per Container is 1Gi, but limit is 2Gi"},
		},
		{
			"limit ranges", `pods "web-1" is forbidden: [maximum cpu usage per Pod is 2, but limit is 3, minimum memory usage per Pod is 1Gi.  No request is specified]`,
			message.Refusal{Kind: message.LimitRangeExceeded, Name: "cpu", Text: "maximum cpu usage per Pod is 2, but limit is 3, minimum memory usage per Pod is 1Gi. No request is specified"},
		},
		{
			"limit to request", `pods "web-1" is forbidden: cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000`,
			message.Refusal{Kind: message.LimitRangeExceeded, Name: "cpu", Text: "cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000"},
		},
		{
			// pod-security-admission/admission/admission.go, EvaluatePod.
			"Pod Security",
			`Error creating: pods "web-x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true (pod or container "web" must set securityContext.runAsNonRoot=true)`,
			message.Refusal{Kind: message.PodSecurity, Name: "restricted", Text: `runAsNonRoot != true (pod or container "web" must set securityContext.runAsNonRoot=true)`},
		},
		{
			// plugin/pkg/admission/serviceaccount/admission.go.
			"service account", `pods "web-" is forbidden: error looking up service account shop/web: serviceaccount "web" not found`,
			message.Refusal{Kind: message.ServiceAccountMissing, Name: "web", Text: `error looking up service account shop/web: serviceaccount "web" not found`},
		},
		{
			// plugin/pkg/admission/priority/admission.go.
			"priority class", `pods "web-" is forbidden: no PriorityClass with name high was found`,
			message.Refusal{Kind: message.PriorityClassMissing, Name: "high", Text: "no PriorityClass with name high was found"},
		},
		{
			"runtime class", `pods "web-" is forbidden: pod rejected: RuntimeClass "gvisor" not found`,
			message.Refusal{Kind: message.RuntimeClassMissing, Name: "gvisor", Text: `pod rejected: RuntimeClass "gvisor" not found`},
		},
		{
			"namespace", `pods "web-" is forbidden: unable to create new content in namespace shop because it is being terminated`,
			message.Refusal{Kind: message.NamespaceTerminating, Name: "shop", Text: "unable to create new content in namespace shop because it is being terminated"},
		},
		{
			// apiserver/pkg/admission/plugin/webhook/errors/statuserror.go.
			"a webhook says no, in the words of a quota", `Error creating: admission webhook "policy.example.com" denied the request: exceeded quota: mine`,
			message.Refusal{Kind: message.WebhookDenied, Name: "policy.example.com", Text: "exceeded quota: mine"},
		},
		{
			"a webhook says no, and no more", `admission webhook "policy.example.com" denied the request without explanation`,
			message.Refusal{Kind: message.WebhookDenied, Name: "policy.example.com", Text: "without explanation"},
		},
		{
			"a webhook does not know dry run", `admission webhook "policy.example.com" does not support dry run`,
			message.Refusal{Kind: message.UnparsedRefusal, Text: `admission webhook "policy.example.com" does not support dry run`},
		},
		{
			// apiserver/pkg/admission/plugin/policy/validating/dispatcher.go.
			"admission policy", `pods "web-" is forbidden: ValidatingAdmissionPolicy 'limits' with binding 'limits-shop' denied request: too many replicas`,
			message.Refusal{Kind: message.PolicyDenied, Name: "limits", Binding: "limits-shop", Text: "too many replicas"},
		},
		{
			"mutating admission policy", `pods "web-" is forbidden: policy 'defaults' with binding 'all' denied request: no such key: labels`,
			message.Refusal{Kind: message.PolicyDenied, Name: "defaults", Binding: "all", Text: "no such key: labels"},
		},
		{
			"webhook down",
			`Error creating: Internal error occurred: failed calling webhook "gate.example.com": failed to call webhook: Post "https://gate.gate-system.svc:443/v1/admit?timeout=3s": no endpoints available for service "gate"`,
			message.Refusal{
				Kind: message.WebhookFailed, Name: "gate.example.com",
				Webhook: message.WebhookFailure{
					Name: "gate.example.com", Namespace: "gate-system", Service: "gate", Cause: message.NoEndpoints,
					Text: `Post "https://gate.gate-system.svc:443/v1/admit?timeout=3s": no endpoints available for service "gate"`,
				},
				Text: `failed calling webhook "gate.example.com": failed to call webhook: Post "https://gate.gate-system.svc:443/v1/admit?timeout=3s": no endpoints available for service "gate"`,
			},
		},
		{
			"API server", `Error creating: Timeout: request did not complete within requested timeout - context deadline exceeded`,
			message.Refusal{Kind: message.ServerTimeout, Text: "Timeout: request did not complete within requested timeout - context deadline exceeded"},
		},
		{"etcd", `Error creating: etcdserver: request timed out`, message.Refusal{Kind: message.ServerStorage, Text: "etcdserver: request timed out"}},
		{"another", `Error creating: something else`, message.Refusal{Kind: message.UnparsedRefusal, Text: "Error creating: something else"}},
		{"nothing", ``, message.Refusal{Kind: message.UnparsedRefusal}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, message.Create(test.message)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if !message.ServerStorage.OfServer() || message.QuotaExceeded.OfServer() {
		t.Error("etcd is the server's, a quota is not")
	}
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	const call = `failed calling webhook "w.example.com": failed to call webhook: Post "https://w.sys.svc:443/x?timeout=10s": `
	for tail, want := range map[string]message.CallCause{
		`no endpoints available for service "w"`:                                           message.NoEndpoints,
		`service "w" not found`:                                                            message.ServiceMissing,
		`dial tcp 10.96.0.7:443: connect: connection refused`:                              message.Refused,
		`context deadline exceeded`:                                                        message.TimedOut,
		`net/http: request canceled (Client.Timeout exceeded while awaiting headers)`:      message.TimedOut,
		`dial tcp 10.96.0.7:443: i/o timeout`:                                              message.TimedOut,
		`tls: failed to verify certificate: x509: certificate signed by unknown authority`: message.Certificate,
		`x509: certificate has expired or is not yet valid`:                                message.Certificate,
		`dial tcp: lookup w.sys.svc on 10.96.0.10:53: no such host`:                        message.NameUnknown,
		`dial tcp 10.96.0.7:443: connect: no route to host`:                                message.Unreachable,
		`EOF`: message.Unreachable,
		`an error on the server ("oops") has prevented the request from succeeding`: message.Answered,
		`a word`: message.UnparsedCause,
	} {
		got := message.Webhook(call + tail)
		if got.Cause != want || got.Name != "w.example.com" || got.Service != "w" || got.Namespace != "sys" {
			t.Errorf("%s: got %+v, want %s", tail, got, want)
		}
	}
	if got := message.Webhook(`conversion webhook for example.com/v1, Kind=Widget failed: Post "https://c.sys.svc:443/": no endpoints available for service "c"`); got.Name != "Widget" || got.Cause != message.NoEndpoints {
		t.Errorf("conversion: got %+v", got)
	}
	if got := message.Webhook("nothing of the kind: connection refused"); got.Cause != message.UnparsedCause {
		t.Errorf("another message: got %+v", got)
	}
}

func TestPull(t *testing.T) {
	t.Parallel()
	const hub = `rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/shop/web:v9": failed to resolve reference "docker.io/shop/web:v9": `
	tests := []struct {
		name, message         string
		cause                 message.PullCause
		image, registry, host string
	}{
		// containerd 2.1: client/pull.go, core/remotes/docker/resolver.go.
		{"tag", `rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/shop/web:v9": failed to resolve reference "docker.io/shop/web:v9": docker.io/shop/web:v9: not found`, message.TagMissing, "docker.io/shop/web:v9", "docker.io", ""},
		{"manifest", `Failed to pull image "ghcr.io/shop/web:v9": reading manifest v9 in ghcr.io/shop/web: manifest unknown`, message.TagMissing, "ghcr.io/shop/web:v9", "ghcr.io", ""},
		{"access", hub + `pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`, message.Access, "docker.io/shop/web:v9", "docker.io", ""},
		{"forbidden", hub + `unexpected status from HEAD request to https://registry-1.docker.io/v2/shop/web/manifests/v9: 403 Forbidden`, message.Access, "docker.io/shop/web:v9", "docker.io", "registry-1.docker.io"},
		{"rate limit", hub + `unexpected status from HEAD request to https://registry-1.docker.io/v2/shop/web/manifests/v9: 429 Too Many Requests`, message.RateLimited, "docker.io/shop/web:v9", "docker.io", "registry-1.docker.io"},
		{"token server out of reach", hub + `failed to authorize: failed to fetch anonymous token: Get "https://auth.docker.io/token?scope=x": dial tcp 3.3.3.3:443: i/o timeout`, message.RegistryNetwork, "docker.io/shop/web:v9", "docker.io", "auth.docker.io"},
		{"dns", `failed to pull and unpack image "reg.example.com:5000/web:v9": failed to do request: Head "https://reg.example.com:5000/v2/web/manifests/v9": dial tcp: lookup reg.example.com: no such host`, message.RegistryName, "reg.example.com:5000/web:v9", "reg.example.com:5000", "reg.example.com:5000"},
		{"certificate", `Failed to pull image "reg.example.com/web:v9": Head "https://reg.example.com/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority`, message.RegistryCertificate, "reg.example.com/web:v9", "reg.example.com", "reg.example.com"},
		{"server error", `Failed to pull image "reg.example.com/web:v9": unexpected status from GET request to https://reg.example.com/v2/web/manifests/v9: 503 Service Unavailable`, message.RegistryError, "reg.example.com/web:v9", "reg.example.com", "reg.example.com"},
		{"platform", `failed to pull and unpack image "docker.io/library/web:v9": no match for platform in manifest: not found`, message.Platform, "docker.io/library/web:v9", "docker.io", ""},
		{"disk", `failed to pull and unpack image "docker.io/library/web:v9": failed to extract layer sha256:1: write /var/lib/x: no space left on device`, message.DiskFull, "docker.io/library/web:v9", "docker.io", ""},
		// image_manager.go, evalCRIPullErr.
		{"signature", `image pull failed for reg.example.com/web:v9 because the signature validation failed: Source image rejected: A signature was required, but no signature exists`, message.Signature, "reg.example.com/web:v9", "reg.example.com", ""},
		{"registry unavailable", `image pull failed for reg.example.com/web:v9 because the registry is unavailable: down for maintenance`, message.RegistryError, "reg.example.com/web:v9", "reg.example.com", ""},
		{"waits, and says why", `Back-off pulling image "web:v9": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/web:v9": failed to resolve reference "docker.io/library/web:v9": docker.io/library/web:v9: not found`, message.TagMissing, "web:v9", "docker.io", ""},
		{"waits", `Back-off pulling image "web:v9"`, message.Unsaid, "web:v9", "docker.io", ""},
		{"name", `Failed to apply default image tag "Web:V 9": couldn't parse image name "Web:V 9": invalid reference format`, message.InvalidName, "Web:V 9", "", ""},
		{"never", `Container image "web:v9" is not present with pull policy of Never`, message.NeverPulled, "web:v9", "docker.io", ""},
		{"kubelet", `pull QPS exceeded`, message.KubeletBusy, "", "", ""},
		{"another", `it is Sunday`, message.UnparsedPull, "", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			want := message.PullFailure{Cause: test.cause, Image: test.image, Registry: test.registry, Host: test.host, Text: test.message}
			if diff := cmp.Diff(want, message.Pull(test.message)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, message string
		want          message.ConfigProblem
	}{
		// kubelet_pods.go, makeEnvironmentVariables.
		{"key", `couldn't find key url in ConfigMap shop/web`, message.ConfigProblem{Kind: message.KeyMissing, Object: "ConfigMap", Namespace: "shop", Name: "web", Key: "url"}},
		{"key of a Secret", `couldn't find key tls.crt in Secret shop/web`, message.ConfigProblem{Kind: message.KeyMissing, Object: "Secret", Namespace: "shop", Name: "web", Key: "tls.crt"}},
		{"ConfigMap", `configmap "web" not found`, message.ConfigProblem{Kind: message.ObjectMissing, Object: "ConfigMap", Name: "web"}},
		{"volume of a Secret", `MountVolume.SetUp failed for volume "tls" : secret "tls-web" not found`, message.ConfigProblem{Kind: message.ObjectMissing, Object: "Secret", Name: "tls-web", Volume: "tls"}},
		{"volume called secret", `MountVolume.SetUp failed for volume "secret" : configmap "web" not found`, message.ConfigProblem{Kind: message.ObjectMissing, Object: "ConfigMap", Name: "web", Volume: "secret"}},
		// pkg/volume/configmap/configmap.go, pkg/volume/secret/secret.go.
		{"key of a volume", `MountVolume.SetUp failed for volume "conf" : configmap references non-existent config key: app.yaml`, message.ConfigProblem{Kind: message.KeyMissing, Object: "ConfigMap", Key: "app.yaml", Volume: "conf"}},
		{"key of a Secret's volume", `MountVolume.SetUp failed for volume "tls" : references non-existent secret key: tls.key`, message.ConfigProblem{Kind: message.KeyMissing, Object: "Secret", Key: "tls.key", Volume: "tls"}},
		{"ServiceAccount", `MountVolume.SetUp failed for volume "kube-api-access-x" : failed to fetch token: serviceaccounts "web" not found`, message.ConfigProblem{Kind: message.ObjectMissing, Object: "ServiceAccount", Name: "web", Volume: "kube-api-access-x"}},
		{"forbidden", `secrets "tls-web" is forbidden: User "system:node:n1" cannot get resource "secrets" in API group "" in the namespace "shop": no relationship found between node 'n1' and this object`, message.ConfigProblem{Kind: message.ObjectForbidden, Object: "Secret", Name: "tls-web"}},
		{"cache", `failed to sync configmap cache: timed out waiting for the condition`, message.ConfigProblem{Kind: message.ObjectUnsynced, Object: "ConfigMap"}},
		{"not registered", `MountVolume.SetUp failed for volume "conf" : object "shop"/"web" not registered`, message.ConfigProblem{Kind: message.ObjectUnsynced, Namespace: "shop", Name: "web", Volume: "conf"}},
		// kuberuntime/security_context_others.go.
		{"root", `container has runAsNonRoot and image will run as root (pod: "web-1_shop(1)", container: web)`, message.ConfigProblem{Kind: message.RunsAsRoot}},
		{"user with a name", `container has runAsNonRoot and image has non-numeric user (nginx), cannot verify user is non-root (pod: "web-1_shop(1)", container: web)`, message.ConfigProblem{Kind: message.RunsAsRoot}},
		// volumemanager/populator.
		{"claim", `Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[data]: error processing PVC shop/data-0: PVC is not bound`, message.ConfigProblem{Kind: message.ClaimUnbound, Object: "PersistentVolumeClaim", Namespace: "shop", Name: "data-0", Unmounted: []string{"data"}}},
		{"claim gone", `Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[data]: error processing PVC shop/data-0: failed to fetch PVC from API server: persistentvolumeclaims "data-0" not found`, message.ConfigProblem{Kind: message.ObjectMissing, Object: "PersistentVolumeClaim", Name: "data-0", Unmounted: []string{"data"}}},
		{"volumes", `Unable to attach or mount volumes: unmounted volumes=[data tls], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition`, message.ConfigProblem{Kind: message.MountTimedOut, Unmounted: []string{"data", "tls"}}},
		{"driver", `MountVolume.MountDevice failed for volume "pvc-1" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name ebs.csi.aws.com not found in the list of registered CSI drivers`, message.ConfigProblem{Kind: message.DriverMissing, Name: "ebs.csi.aws.com", Volume: "pvc-1"}},
		{"host path", `MountVolume.SetUp failed for volume "sock" : hostPath type check failed: /run/docker.sock is not a socket file, it's a directory`, message.ConfigProblem{Kind: message.HostPath, Name: "/run/docker.sock", Volume: "sock"}},
		// volumemanager/volume_manager.go, VolumeAttachLimitExceededError, as the status of a rejected pod.
		{"attachment limit", `Pod was rejected: Node has reached its volume attachment limit, rejecting pod. unmounted volumes=[data], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition`, message.ConfigProblem{Kind: message.MountLimit, Unmounted: []string{"data"}}},
		{"driver's words", `MountVolume.SetUp failed for volume "pvc-1" : rpc error: code = Internal desc = mount failed: exit status 32`, message.ConfigProblem{Kind: message.MountFailed, Volume: "pvc-1"}},
		{"another", `it is Sunday`, message.ConfigProblem{Kind: message.UnparsedConfig}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.want.Text = test.message
			if diff := cmp.Diff(test.want, message.Config(test.message)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]message.ProbeFailure{
		`Readiness probe failed: HTTP probe failed with statuscode: 503`:                                                                        {Probe: "readiness", Cause: message.ProbeStatus, Status: 503},
		`Liveness probe failed: Get "http://10.0.0.1:8080/healthz": dial tcp 10.0.0.1:8080: connect: connection refused`:                        {Probe: "liveness", Cause: message.ProbeRefused},
		`Liveness probe failed: Get "http://10.0.0.1:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`: {Probe: "liveness", Cause: message.ProbeTimedOut},
		`(combined from similar events): Liveness probe failed: HTTP probe failed with statuscode: 500`:                                         {Probe: "liveness", Cause: message.ProbeStatus, Status: 500},
		`Startup probe failed: dial tcp 10.0.0.1:5432: connect: connection refused`:                                                             {Probe: "startup", Cause: message.ProbeRefused},
		`Readiness probe failed: Get "https://10.0.0.1:8443/": http: server gave HTTP response to HTTPS client`:                                 {Probe: "readiness", Cause: message.ProbeTLS},
		`Readiness probe failed: Get "http://10.0.0.1:80/": EOF`:                                                                                {Probe: "readiness", Cause: message.ProbeNetwork},
		`Readiness probe failed: command timed out: "pg_isready" timed out after 1s`:                                                            {Probe: "readiness", Cause: message.ProbeTimedOut},
		`Readiness probe failed: command "pg_isready" timed out`:                                                                                {Probe: "readiness", Cause: message.ProbeTimedOut},
		`Readiness probe failed: cat: can't open '/password=x': No such file or directory`:                                                      {Probe: "readiness", Cause: message.ProbeOutput},
		`Readiness probe failed: I say HTTP probe failed with statuscode: 503`:                                                                  {Probe: "readiness", Cause: message.ProbeOutput},
		`Readiness probe failed: `: {Probe: "readiness", Cause: message.ProbeOutput},
		`Readiness probe failed: service unhealthy (responded with "NOT_SERVING")`:                                                                                             {Probe: "readiness", Cause: message.ProbeUnhealthy},
		`Readiness probe failed: timeout: failed to connect service "10.0.0.1:9090" within 1s: context deadline exceeded`:                                                      {Probe: "readiness", Cause: message.ProbeTimedOut},
		`Readiness probe failed: timeout: failed to connect service "10.0.0.1:9090" within 1s: connection error: desc = "dial tcp 10.0.0.1:9090: connect: connection refused"`: {Probe: "readiness", Cause: message.ProbeRefused},
		`Readiness probe failed: error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown service`:                                      {Probe: "readiness", Cause: message.ProbeUnimplemented},
		`Liveness probe errored and resulted in UNKNOWN state: rpc error: code = DeadlineExceeded desc = failed to exec in container: timeout 1s exceeded`:                     {Probe: "liveness", Errored: true, Cause: message.ProbeTimedOut},
		`Liveness probe errored: rpc error: code = NotFound desc = failed to exec in container`:                                                                                {Probe: "liveness", Errored: true, Cause: message.ProbeRuntime},
		`Liveness probe warning: Probe terminated redirects, Response body: x`:                                                                                                 {Probe: "liveness", Warning: true, Cause: message.ProbeOutput},
		`Lunar probe failed: on the way`: {},
		`it is Sunday`:                   {},
	} {
		if diff := cmp.Diff(want, message.Probe(raw)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", raw, diff)
		}
	}
}

func TestKilling(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]message.Kill{
		"Container web failed liveness probe, will be restarted":         {Container: "web", Cause: message.KilledByLiveness, Restart: true},
		"Container web failed startup probe":                             {Container: "web", Cause: message.KilledByStartup},
		"Init container proxy failed liveness probe":                     {Container: "proxy", Cause: message.KilledByLiveness},
		"Container web definition changed, will be restarted":            {Container: "web", Cause: message.KilledForDefinition, Restart: true},
		"Container web resize requires restart, will be restarted":       {Container: "web", Cause: message.KilledForResize, Restart: true},
		`Container is in "unknown" state, try killing it before restart`: {Cause: message.KilledForState},
		"Stopping container web":                                         {Container: "web", Cause: message.Stopped},
		"FailedPostStartHook":                                            {Cause: message.KilledForHook},
		"Container web went for a walk":                                  {Cause: message.UnparsedKill},
	} {
		want.Text = raw
		if diff := cmp.Diff(want, message.Killing(raw)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", raw, diff)
		}
	}
}

func TestEviction(t *testing.T) {
	t.Parallel()
	// kubelet/eviction/helpers.go: each format ends in a blank.
	for raw, want := range map[string]message.Evicted{
		"The node was low on resource: memory. Threshold quantity: 100Mi, available: 52Mi. Container web was using 1Gi, request is 512Mi, has larger consumption of memory. Container proxy was using 80Mi, request is 0, has larger consumption of memory. ": {
			Kind: message.NodeLow, Resource: "memory", Threshold: "100Mi", Available: "52Mi",
			Consumers: []message.Consumer{{Container: "web", Usage: "1Gi", Request: "512Mi"}, {Container: "proxy", Usage: "80Mi", Request: "0"}},
		},
		"The node was low on resource: ephemeral-storage. Container web was using 7Gi, which exceeds its request of 0. ": { // 1.24
			Kind: message.NodeLow, Resource: "ephemeral-storage", Consumers: []message.Consumer{{Container: "web", Usage: "7Gi", Request: "0"}},
		},
		"The node was low on resource: pids. Threshold quantity: 10, available: 3. ":    {Kind: message.NodeLow, Resource: "pids", Threshold: "10", Available: "3"},
		"The node had condition: [DiskPressure]. ":                                      {Kind: message.NodeCondition, Conditions: []string{"DiskPressure"}},
		`Container web exceeded its local ephemeral storage limit "1Gi". `:              {Kind: message.ContainerStorage, Resource: "ephemeral-storage", Container: "web", Limit: "1Gi"},
		"Pod ephemeral local storage usage exceeds the total limit of containers 2Gi. ": {Kind: message.PodStorage, Resource: "ephemeral-storage", Limit: "2Gi"},
		`Usage of EmptyDir volume "cache" exceeds the limit "500Mi". `:                  {Kind: message.EmptyDir, Resource: "ephemeral-storage", Volume: "cache", Limit: "500Mi"},
		"it is Sunday": {Kind: message.UnparsedEviction},
	} {
		want.Text = strings.TrimSpace(raw)
		if diff := cmp.Diff(want, message.Eviction(raw)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", raw, diff)
		}
	}
}
