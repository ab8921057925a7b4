package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
)

// startControllers starts the controller manager and the scheduler, and waits until
// what tests take for granted is there: the default ServiceAccount and the
// ClusterRole view, which is empty until it has been aggregated.
func (c *controlPlane) startControllers(ctx context.Context) error {
	for _, name := range []string{controllerManager, scheduler} {
		port, err := c.ports.next()
		if err != nil {
			return err
		}
		kubeconfig, err := c.writeComponentKubeconfig(name)
		if err != nil {
			return err
		}
		args := []string{
			"--kubeconfig=" + kubeconfig,
			"--authentication-kubeconfig=" + kubeconfig,
			"--authorization-kubeconfig=" + kubeconfig,
			"--leader-elect=false",
			"--bind-address=127.0.0.1",
			"--secure-port=" + strconv.Itoa(port),
		}
		if name == controllerManager {
			args = append(args,
				"--service-account-private-key-file="+c.serviceAccountKey(),
				"--root-ca-file="+c.authority.file(),
				// Certificates that are approved are signed.
				"--cluster-signing-cert-file="+c.authority.file(),
				"--cluster-signing-key-file="+c.authority.keyFile())
		}
		if err := c.start(ctx, name, args...); err != nil {
			return err
		}
	}
	err := c.waitFor(ctx, "the default ServiceAccount", func(ctx context.Context) error {
		return c.client.get(ctx, "/api/v1/namespaces/default/serviceaccounts/default", nil)
	})
	if err != nil {
		return err
	}
	return c.waitFor(ctx, "the ClusterRole view", func(ctx context.Context) error {
		var role struct {
			Rules []object `json:"rules"`
		}
		if err := c.client.get(ctx, "/apis/rbac.authorization.k8s.io/v1/clusterroles/view", &role); err != nil {
			return fmt.Errorf("reading the ClusterRole view: %w", err)
		}
		if len(role.Rules) == 0 {
			return errors.New("it has no rules yet")
		}
		return nil
	})
}
