package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// startNodes starts kwok, makes the nodes and waits until they are Ready.
func (c *controlPlane) startNodes(ctx context.Context) error {
	port, err := c.ports.next()
	if err != nil {
		return err
	}
	serving, err := c.authority.server("kubelet")
	if err != nil {
		return err
	}
	kubeconfig, err := c.writeComponentKubeconfig(kwok)
	if err != nil {
		return err
	}
	configuration, err := kwokConfiguration()
	if err != nil {
		return err
	}
	file := filepath.Join(c.dir, "kwok.yaml")
	if err := os.WriteFile(file, configuration, 0o600); err != nil {
		return fmt.Errorf("writing kwok's configuration: %w", err)
	}
	err = c.start(ctx, kwok,
		"--kubeconfig="+kubeconfig,
		"--config="+file,
		"--node-ip=127.0.0.1",
		"--node-port="+strconv.Itoa(port),
		"--server-address=127.0.0.1:"+strconv.Itoa(port),
		"--tls-cert-file="+serving.certificate,
		"--tls-private-key-file="+serving.key,
	)
	if err != nil {
		return err
	}
	version, err := c.kubernetesVersion(ctx)
	if err != nil {
		return err
	}
	for i := range c.options.nodes {
		if err := c.makeNode(ctx, i, version); err != nil {
			return err
		}
	}
	return c.waitFor(ctx, "the nodes", c.nodesReady)
}

func (c *controlPlane) kubernetesVersion(ctx context.Context) (string, error) {
	var version struct {
		GitVersion string `json:"gitVersion"`
	}
	if err := c.client.get(ctx, "/version", &version); err != nil {
		return "", fmt.Errorf("asking for the version: %w", err)
	}
	return version.GitVersion, nil
}

// makeNode makes a node of 8 CPUs and 32 GiB, in one of the zones.
func (c *controlPlane) makeNode(ctx context.Context, i int, version string) error {
	name := fmt.Sprintf("node-%d", i+1)
	path := "/api/v1/nodes/" + name
	node := object{
		"apiVersion": "v1", "kind": "Node",
		"metadata": object{
			"name": name,
			"labels": object{
				"kubernetes.io/hostname":           name,
				"kubernetes.io/os":                 "linux",
				"kubernetes.io/arch":               "amd64",
				"node.kubernetes.io/instance-type": "testbed",
				"topology.kubernetes.io/region":    "testbed",
				"topology.kubernetes.io/zone":      "testbed-" + string(rune('a'+i%c.options.zones)),
			},
			"annotations": object{"metrics.k8s.io/resource-metrics-path": metricsPath(name)},
		},
	}
	if err := c.client.apply(ctx, path, node); err != nil {
		return fmt.Errorf("making node %s: %w", name, err)
	}
	resources := object{"cpu": "8", "memory": "32Gi", "ephemeral-storage": "100Gi", "pods": "110"}
	node["status"] = object{
		"capacity": resources, "allocatable": resources,
		"nodeInfo": object{
			"kubeletVersion": version, "kubeProxyVersion": "", "containerRuntimeVersion": "containerd://2.1.4",
			"operatingSystem": "linux", "architecture": "amd64", "osImage": "testbed", "kernelVersion": "6.12.0",
			"machineID": name, "systemUUID": name, "bootID": name,
		},
	}
	if err := c.client.apply(ctx, path+"/status", node); err != nil {
		return fmt.Errorf("giving node %s its capacity: %w", name, err)
	}
	return nil
}

// nodesReady succeeds when every node is Ready and may be scheduled to.
func (c *controlPlane) nodesReady(ctx context.Context) error {
	var list struct {
		Items []struct {
			Metadata struct {
				Name string `json:"name"`
			} `json:"metadata"`
			Spec struct {
				Taints []object `json:"taints"`
			} `json:"spec"`
			Status struct {
				Conditions []struct{ Type, Status string } `json:"conditions"`
			} `json:"status"`
		} `json:"items"`
	}
	if err := c.client.get(ctx, "/api/v1/nodes", &list); err != nil {
		return fmt.Errorf("listing nodes: %w", err)
	}
	for _, node := range list.Items {
		ready := false
		for _, condition := range node.Status.Conditions {
			ready = ready || condition.Type == "Ready" && condition.Status == "True"
		}
		// Without a controller manager nobody takes the taint of new nodes away,
		// and without a scheduler nobody minds it.
		if !ready || c.options.controllers && len(node.Spec.Taints) > 0 {
			return fmt.Errorf("%s is not ready", node.Metadata.Name)
		}
	}
	return nil
}
