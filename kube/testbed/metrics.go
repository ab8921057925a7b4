package main

import (
	"context"
	"fmt"
	"strconv"
)

// startMetricsServer starts metrics-server, registers its API and waits until it
// has figures of every node, which takes two rounds of asking the kubelets.
func (c *controlPlane) startMetricsServer(ctx context.Context) error {
	port, err := c.ports.next()
	if err != nil {
		return err
	}
	kubeconfig, err := c.writeComponentKubeconfig(metricsServer)
	if err != nil {
		return err
	}
	kubelet, err := c.authority.client("metrics-server-kubelet-client")
	if err != nil {
		return err
	}
	err = c.start(ctx, metricsServer,
		"--kubeconfig="+kubeconfig,
		"--authentication-kubeconfig="+kubeconfig,
		"--authorization-kubeconfig="+kubeconfig,
		"--bind-address=127.0.0.1",
		"--secure-port="+strconv.Itoa(port),
		"--cert-dir="+c.dir,
		"--kubelet-certificate-authority="+c.authority.file(),
		"--kubelet-client-certificate="+kubelet.certificate,
		"--kubelet-client-key="+kubelet.key,
		"--kubelet-use-node-status-port",
		"--kubelet-preferred-address-types=InternalIP",
		// It must exceed the kubelet timeout, which is 10s.
		"--metric-resolution=15s",
	)
	if err != nil {
		return err
	}
	if err := c.registerMetrics(ctx, port); err != nil {
		return err
	}
	return c.waitFor(ctx, "the metrics of the nodes", func(ctx context.Context) error {
		var list struct {
			Items []object `json:"items"`
		}
		if err := c.client.get(ctx, "/apis/metrics.k8s.io/v1beta1/nodes", &list); err != nil {
			return fmt.Errorf("reading metrics: %w", err)
		}
		if len(list.Items) < c.options.nodes {
			return fmt.Errorf("%d of %d nodes have metrics", len(list.Items), c.options.nodes)
		}
		return nil
	})
}

// registerMetrics makes the APIService. Its Service has an external name: no pod
// serves it and nothing routes cluster addresses.
func (c *controlPlane) registerMetrics(ctx context.Context, port int) error {
	service := object{
		"apiVersion": "v1", "kind": "Service",
		"metadata": object{"name": "metrics-server", "namespace": "kube-system"},
		"spec": object{
			"type": "ExternalName", "externalName": "localhost",
			"ports": []object{{"name": "https", "port": port, "protocol": "TCP"}},
		},
	}
	if err := c.client.apply(ctx, "/api/v1/namespaces/kube-system/services/metrics-server", service); err != nil {
		return fmt.Errorf("making the Service of metrics-server: %w", err)
	}
	const name = "v1beta1.metrics.k8s.io"
	api := object{
		"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
		"metadata": object{"name": name},
		"spec": object{
			"group": "metrics.k8s.io", "version": "v1beta1",
			"groupPriorityMinimum": 100, "versionPriority": 100,
			"insecureSkipTLSVerify": true,
			"service":               object{"namespace": "kube-system", "name": "metrics-server", "port": port},
		},
	}
	if err := c.client.apply(ctx, "/apis/apiregistration.k8s.io/v1/apiservices/"+name, api); err != nil {
		return fmt.Errorf("registering the metrics API: %w", err)
	}
	return nil
}
