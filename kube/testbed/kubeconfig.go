package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

// kubeconfig is as much of the client configuration file as the testbed writes and
// reads. Its fields are those of k8s.io/client-go/tools/clientcmd/api/v1.
type kubeconfig struct {
	APIVersion     string         `json:"apiVersion"`
	Kind           string         `json:"kind"`
	CurrentContext string         `json:"current-context"`
	Clusters       []namedCluster `json:"clusters"`
	Users          []namedUser    `json:"users"`
	Contexts       []namedContext `json:"contexts"`
}

type namedCluster struct {
	Name    string `json:"name"`
	Cluster struct {
		Server                   string `json:"server"`
		CertificateAuthorityData []byte `json:"certificate-authority-data,omitempty"`
	} `json:"cluster"`
}

type namedUser struct {
	Name string `json:"name"`
	User struct {
		ClientCertificateData []byte `json:"client-certificate-data,omitempty"`
		ClientKeyData         []byte `json:"client-key-data,omitempty"`
		Token                 string `json:"token,omitempty"`
	} `json:"user"`
}

type namedContext struct {
	Name    string `json:"name"`
	Context struct {
		Cluster string `json:"cluster"`
		User    string `json:"user"`
	} `json:"context"`
}

// newKubeconfig describes one cluster, called testbed, and nobody to reach it as.
func newKubeconfig(server string, ca []byte) *kubeconfig {
	cluster := namedCluster{Name: "testbed"}
	cluster.Cluster.Server = server
	cluster.Cluster.CertificateAuthorityData = ca
	return &kubeconfig{APIVersion: "v1", Kind: "Config", Clusters: []namedCluster{cluster}}
}

// add adds a user and a context of the same name. The first added is the current
// context.
func (k *kubeconfig) add(user namedUser) {
	entry := namedContext{Name: user.Name}
	entry.Context.Cluster, entry.Context.User = "testbed", user.Name
	k.Users = append(k.Users, user)
	k.Contexts = append(k.Contexts, entry)
	if k.CurrentContext == "" {
		k.CurrentContext = user.Name
	}
}

func (k *kubeconfig) write(path string) error {
	text, err := yaml.Marshal(k)
	if err != nil {
		return fmt.Errorf("writing kubeconfig %s: %w", path, err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return fmt.Errorf("writing kubeconfig: %w", err)
	}
	return nil
}

// certificateUser is a user that shows a client certificate.
func certificateUser(name string, files pair) (namedUser, error) {
	user := namedUser{Name: name}
	var err error
	if user.User.ClientCertificateData, err = os.ReadFile(files.certificate); err != nil {
		return user, fmt.Errorf("reading the certificate of %s: %w", name, err)
	}
	if user.User.ClientKeyData, err = os.ReadFile(files.key); err != nil {
		return user, fmt.Errorf("reading the key of %s: %w", name, err)
	}
	return user, nil
}

// tokenUser is a user that shows a bearer token.
func tokenUser(name, token string) namedUser {
	user := namedUser{Name: name}
	user.User.Token = token
	return user
}

// readKubeconfig makes a client of the current context of a file like those that
// the testbed writes: credentials in the file itself, no exec plug-ins.
func readKubeconfig(path string) (*client, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading kubeconfig: %w", err)
	}
	var k kubeconfig
	if err := yaml.Unmarshal(text, &k); err != nil {
		return nil, fmt.Errorf("reading kubeconfig %s: %w", path, err)
	}
	c, err := k.client()
	if err != nil {
		return nil, fmt.Errorf("reading kubeconfig %s: %w", path, err)
	}
	return c, nil
}

// client is a client of the current context.
func (k *kubeconfig) client() (*client, error) {
	var context namedContext
	for _, candidate := range k.Contexts {
		if candidate.Name == k.CurrentContext {
			context = candidate
		}
	}
	var cluster namedCluster
	for _, candidate := range k.Clusters {
		if candidate.Name == context.Context.Cluster {
			cluster = candidate
		}
	}
	var user namedUser
	for _, candidate := range k.Users {
		if candidate.Name == context.Context.User {
			user = candidate
		}
	}
	if cluster.Cluster.Server == "" {
		return nil, fmt.Errorf("context %q has no server", k.CurrentContext)
	}
	settings := &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	if !settings.RootCAs.AppendCertsFromPEM(cluster.Cluster.CertificateAuthorityData) {
		return nil, errors.New("no certificate in certificate-authority-data")
	}
	if len(user.User.ClientCertificateData) > 0 {
		certificate, err := tls.X509KeyPair(user.User.ClientCertificateData, user.User.ClientKeyData)
		if err != nil {
			return nil, fmt.Errorf("reading the client certificate of %s: %w", user.Name, err)
		}
		settings.Certificates = []tls.Certificate{certificate}
	}
	return newClient(cluster.Cluster.Server, settings, user.User.Token), nil
}
