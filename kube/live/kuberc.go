package live

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/yaml"
)

// preferences is what a kuberc says of credential plugins
// (kubernetes.io/docs/reference/config-api/kuberc.v1beta1).
type preferences struct {
	Policy    clientcmdapi.PolicyType `json:"credentialPluginPolicy"`
	Allowlist []struct {
		Name    string `json:"name"` // Command in Kubernetes 1.35
		Command string `json:"command"`
	} `json:"credentialPluginAllowlist"`
}

// pluginPolicy reads which credential plugins the user lets kubectl run: a kubeconfig may
// come from anybody, and whoever forbids kubectl its commands means every client. Where
// kubectl only warns, of a file that cannot be read, this is an error.
func pluginPolicy(env func(string) string) (clientcmdapi.PluginPolicy, error) {
	file := cmp.Or(env("KUBERC"), filepath.Join(clientcmd.RecommendedConfigDir, "kuberc"))
	if file == "off" || env("KUBECTL_KUBERC") == "false" {
		return clientcmdapi.PluginPolicy{}, nil
	}
	var read preferences
	text, err := os.ReadFile(file) //nolint:gosec // the user's own file, where kubectl has it
	if err == nil {
		err = yaml.Unmarshal(text, &read)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && env("KUBERC") == "":
		return clientcmdapi.PluginPolicy{}, nil
	case err != nil:
		return clientcmdapi.PluginPolicy{}, fmt.Errorf("reading %s for which credential plugins may run: %w", file, err)
	}
	policy := clientcmdapi.PluginPolicy{PolicyType: read.Policy}
	for _, entry := range read.Allowlist {
		policy.Allowlist = append(policy.Allowlist, clientcmdapi.AllowlistEntry{Command: cmp.Or(entry.Command, entry.Name)})
	}
	return policy, nil
}
