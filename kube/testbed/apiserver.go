package main

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/csv"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
)

//go:embed audit-policy.yaml
var auditPolicy []byte

// readersGroup may read everything and change nothing.
const readersGroup = "auditors"

// startEtcd starts etcd and gives the URL of its clients.
func (c *controlPlane) startEtcd(ctx context.Context) (string, error) {
	clients, err := c.ports.next()
	if err != nil {
		return "", err
	}
	peers, err := c.ports.next()
	if err != nil {
		return "", err
	}
	clientURL := fmt.Sprintf("http://127.0.0.1:%d", clients)
	peerURL := fmt.Sprintf("http://127.0.0.1:%d", peers)
	err = c.start(ctx, etcd,
		"--data-dir="+filepath.Join(c.dir, "etcd"),
		"--unsafe-no-fsync",
		"--listen-client-urls="+clientURL,
		"--advertise-client-urls="+clientURL,
		"--listen-peer-urls="+peerURL,
		"--initial-advertise-peer-urls="+peerURL,
		"--initial-cluster=default="+peerURL,
		// Large enough for a cluster of 150,000 pods.
		"--quota-backend-bytes="+strconv.Itoa(8<<30),
	)
	if err != nil {
		return "", err
	}
	return clientURL, c.waitFor(ctx, "etcd", func(ctx context.Context) error {
		return probe(ctx, http.DefaultClient, clientURL+"/health")
	})
}

// startAPIServer starts kube-apiserver and waits for it to be ready.
func (c *controlPlane) startAPIServer(ctx context.Context, etcdURL string) error {
	serving, err := c.authority.server("apiserver")
	if err != nil {
		return err
	}
	frontProxy, err := c.authority.client("front-proxy-client")
	if err != nil {
		return err
	}
	if _, err := writeKey(c.serviceAccountKey()); err != nil {
		return err
	}
	policy := filepath.Join(c.dir, "audit-policy.yaml")
	if err := os.WriteFile(policy, auditPolicy, 0o600); err != nil {
		return fmt.Errorf("writing the audit policy: %w", err)
	}
	users := filepath.Join(c.dir, "tokens.csv")
	if err := writeTokens(users, c.tokens); err != nil {
		return err
	}
	port, err := portOf(c.server)
	if err != nil {
		return err
	}
	ca := c.authority.file()
	args := []string{
		"--etcd-servers=" + etcdURL,
		"--bind-address=127.0.0.1",
		"--secure-port=" + port,
		// The loopback address may not be an endpoint of the Service kubernetes.
		"--endpoint-reconciler-type=none",
		"--client-ca-file=" + ca,
		"--tls-cert-file=" + serving.certificate,
		"--tls-private-key-file=" + serving.key,
		"--service-account-key-file=" + c.serviceAccountKey(),
		"--service-account-signing-key-file=" + c.serviceAccountKey(),
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-cluster-ip-range=10.96.0.0/12",
		"--authorization-mode=Node,RBAC",
		"--token-auth-file=" + users,
		"--allow-privileged=true",
		// As kubeadm has it: Secrets of kube-system are credentials of new nodes.
		"--enable-bootstrap-token-auth",
		"--audit-policy-file=" + policy,
		"--audit-log-path=" + c.auditLog(),
		"--audit-log-maxsize=10240", // MB, before it would begin another file
		"--requestheader-client-ca-file=" + ca,
		"--requestheader-allowed-names=front-proxy-client",
		"--requestheader-username-headers=X-Remote-User",
		"--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--proxy-client-cert-file=" + frontProxy.certificate,
		"--proxy-client-key-file=" + frontProxy.key,
	}
	if !c.options.metrics {
		// Nothing routes cluster addresses: webhooks are called at the endpoints of their
		// Service, or refused for want of one. metrics-server's Service has no endpoints.
		args = append(args, "--enable-aggregator-routing=true")
	}
	if !c.options.controllers {
		// Nobody makes the default ServiceAccounts, and pods would be refused.
		args = append(args, "--disable-admission-plugins=ServiceAccount")
	}
	if err := c.start(ctx, apiServer, args...); err != nil {
		return err
	}
	return c.waitFor(ctx, "the API server", func(ctx context.Context) error {
		return probe(ctx, c.client.http, c.server+"/readyz")
	})
}

func (c *controlPlane) serviceAccountKey() string { return filepath.Join(c.dir, "service-account.key") }

func (c *controlPlane) auditLog() string { return filepath.Join(c.dir, "audit.log") }

// probe succeeds when the address answers 200.
func probe(ctx context.Context, client *http.Client, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", address, response.Status)
	}
	return nil
}

// tokens are the bearer tokens by user: admin, reader and viewer.
type tokens map[string]string

func newTokens() tokens {
	return tokens{"admin": rand.Text(), "reader": rand.Text(), "viewer": rand.Text()}
}

func groupOf(user string) string {
	switch user {
	case "admin":
		return "system:masters"
	case "reader":
		return readersGroup
	}
	return ""
}

// writeTokens writes the static token file: token, user, UID, groups.
func writeTokens(path string, t tokens) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("writing tokens: %w", err)
	}
	defer file.Close()
	rows := csv.NewWriter(file)
	for user, token := range t {
		if err := rows.Write([]string{token, user, user, groupOf(user)}); err != nil {
			return fmt.Errorf("writing tokens: %w", err)
		}
	}
	rows.Flush()
	return rows.Error()
}

// allowReaders gives the readers their rights.
func (c *controlPlane) allowReaders(ctx context.Context) error {
	const rbac = "/apis/rbac.authorization.k8s.io/v1/"
	role := object{
		"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
		"metadata": object{"name": readersGroup},
		"rules": []object{
			{"apiGroups": []string{"*"}, "resources": []string{"*"}, "verbs": []string{"get", "list", "watch"}},
			{"nonResourceURLs": []string{"*"}, "verbs": []string{"get"}},
		},
	}
	if err := c.client.apply(ctx, rbac+"clusterroles/"+readersGroup, role); err != nil {
		return fmt.Errorf("allowing readers: %w", err)
	}
	binding := object{
		"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
		"metadata": object{"name": readersGroup},
		"roleRef":  object{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": readersGroup},
		"subjects": []object{{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": readersGroup}},
	}
	if err := c.client.apply(ctx, rbac+"clusterrolebindings/"+readersGroup, binding); err != nil {
		return fmt.Errorf("allowing readers: %w", err)
	}
	return nil
}
